import Foundation
import Jobs
import Pipeline
import Reporting
import Testing
import TestSupport

@Suite struct SettingsTemplatesTests {
    @Test func templatesAreKeptByTypeAndName() throws {
        let folder = try TemporaryFolder()
        let templates = SettingsTemplates(Project(root: folder.path))
        let type = try JobCatalogue.standard.requireType(label: "relion.class2d", place: "test")
        #expect(templates.names(of: type).isEmpty)
        var settings = JobSettings(type)
        settings.isContinue = true
        try settings.set("nr_classes", to: "77")
        try templates.save(settings, as: "many classes")
        try templates.save(JobSettings(type), as: "ein Ö")
        #expect(templates.names(of: type) == ["ein Ö", "many classes"])
        let found = try templates.settings("many classes", of: type)
        #expect(found["nr_classes"] == "77" && !found.isContinue)
        // Any reader of job.star reads them.
        #expect(try JobSettingsFile(contentsOf: folder.file(".gui_templates/relion.class2d/many classes.star")).options().contains { $0 == ("nr_classes", "77") })
        #expect(templates.names(of: try JobCatalogue.standard.requireType(label: "relion.class3d", place: "test")).isEmpty)
        try templates.remove("many classes", of: type)
        #expect(templates.names(of: type) == ["ein Ö"])
        #expect(throws: InputError.self) { try templates.remove("many classes", of: type) }
        #expect(throws: InputError.self) { try templates.settings("many classes", of: type) }
    }

    @Test(arguments: ["", ".", "..", "../x", "a/b", ".hidden", "two\nlines", "a\u{0}b", "a\u{2028}b", String(repeating: "x", count: 201)])
    func namesThatAreNoFiles(name: String) throws {
        let folder = try TemporaryFolder()
        let type = try JobCatalogue.standard.requireType(label: "relion.external", place: "test")
        #expect(throws: InputError.self) { try SettingsTemplates(Project(root: folder.path)).save(JobSettings(type), as: name) }
    }
}
