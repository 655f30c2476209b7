import Foundation
import TestSupport
import Testing

@testable import Jobs

@Suite struct CatalogueTests {
    @Test func everyPageCanBeRead() throws {
        let catalogue = try JobCatalogue(pages: CataloguePage.all, shared: .shared, lists: .lists)
        #expect(catalogue.types.count == 32)
        #expect(catalogue.order.count == 22)
        #expect(catalogue.tomoOrder.count == 23)
    }

    /// A word that is neither option nor definition nor fact would make a job fail when it is run.
    @Test func everyWordOfEveryFormulaIsKnown() throws {
        let facts: Set = [
            "continue", "new", "tomo", "spa", "outdir", "jobname", "bodies", "bodies_readable", "model_built", "has_manualpick",
            "finished_root", "k", "b", "map",
        ]
        for type in JobCatalogue.standard.types {
            let keys = Set((type.options(tomo: false) + type.options(tomo: true)).map(\.key)).union(type.definitions.map(\.name))
            for word in words(of: type) where !keys.contains(word) && !facts.contains(word) {
                let picker = JobCatalogue.standard.type(label: "relion.manualpick")
                let isPickerOption = word.hasPrefix("manualpick.") && picker?.option(String(word.dropFirst(11)), tomo: false) != nil
                #expect(isPickerOption, "\(type.label): \(word)")
            }
        }
    }

    private func words(of type: JobType) -> [String] {
        let conditions = type.labels.compactMap(\.condition) + type.requirements.map(\.condition)
            + type.options(tomo: false).compactMap(\.enabled) + type.options(tomo: true).compactMap(\.enabled)
            + type.commands.compactMap(\.condition) + type.commands.flatMap(\.arguments).compactMap(\.condition)
            + (type.reads + type.writes).compactMap(\.condition) + type.definitions.compactMap(\.condition)
        let templates = type.commands.flatMap(\.arguments).map(\.text) + (type.reads + type.writes).map(\.path)
            + type.definitions.map(\.value) + type.requirements.map(\.message)
        return conditions.flatMap(\.words) + templates.flatMap(\.words)
    }

    @Test func everyOptionHasHelp() {
        for type in JobCatalogue.standard.types {
            #expect(!type.summary.isEmpty && type.summary != "TODO", "\(type.label)")
            for option in type.options(tomo: false) + type.options(tomo: true) {
                #expect(option.help.count > 10, "\(type.label) \(option.key)")
            }
        }
    }

    @Test func damagedPagesAreRefusedByLine() {
        for (text, place) in [
            ("job a\n    number x", "page"), ("job a\n    nonsense 1", "page:2"), ("tab I/O\nslider n = 1 | N: | 1 till 3", "page:2"),
            ("tab I/O\nboolean b = No | B? | sometimes", "page:2"), ("command relion_x, quickly", "page:1"),
            ("require a ==", "page:1"), ("    indented", "page:1"), ("use nothing", "page:1"), ("label x when (a", "page:1"),
            ("reads a", "page:1"), ("tab T\nradio r = a | R: | unknown", "page:2"),
        ] {
            let error = #expect(throws: (any Error).self) {
                _ = try JobCatalogue(pages: [CataloguePage(name: "page", text: text)], shared: .shared, lists: .lists)
            }
            #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(place), "\(text)")
        }
    }

    @Test func labelsFindTheirType() {
        let catalogue = JobCatalogue.standard
        #expect(catalogue.type(label: "relion.class2d.helical")?.label == "relion.class2d")
        #expect(catalogue.type(label: "relion.importtomo")?.number == 50)
        #expect(catalogue.type(number: 10)?.folder == "Refine3D")
        #expect(catalogue.type(label: "relion.unknown") == nil)
        #expect(throws: (any Error).self) { try catalogue.requireType(label: "relion.clas2d", place: "job.star") }
    }
}
