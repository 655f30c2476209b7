import Foundation
import Jobs
import Reporting

/// Settings kept under a name for later jobs of the same type: `.gui_templates/TYPE/NAME.star`, each in the form of `job.star`.
///
/// RELION does not look into that folder; its own programs read such a file as they read any `job.star`.
package struct SettingsTemplates: Sendable {
    package static let folder = ".gui_templates"

    private let project: Project

    package init(_ project: Project) { self.project = project }

    /// Names of a job type's templates, sorted.
    package func names(of type: JobType) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: project.path(Self.folder(of: type)))) ?? []
        return files.filter { $0.hasSuffix(".star") && !$0.hasPrefix(".") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// - Throws: `InputError` where there is no such template, or its file is damaged.
    package func settings(_ name: String, of type: JobType) throws -> JobSettings {
        let file = try file(name, type)
        guard project.exists(file) else { throw unknown(name, type) }
        return try JobSettings(contentsOf: project.path(file))
    }

    /// Writes a template, or replaces the one of this name.
    package func save(_ settings: JobSettings, as name: String) throws {
        let file = try file(name, settings.type)
        try FileManager.default.createDirectory(atPath: project.path(Self.folder(of: settings.type)), withIntermediateDirectories: true)
        var settings = settings
        settings.isContinue = false
        try settings.write(to: project.path(file))
    }

    package func remove(_ name: String, of type: JobType) throws {
        let file = try file(name, type)
        guard project.exists(file) else { throw unknown(name, type) }
        try FileManager.default.removeItem(atPath: project.path(file))
    }

    private static func folder(of type: JobType) -> String { folder + "/" + type.label }

    private func unknown(_ name: String, _ type: JobType) -> InputError {
        let names = names(of: type).joined(separator: ", ")
        return InputError(place: "template \(name)", found: "there is no such template of \(type.label)", expected: names)
    }

    /// A name becomes part of a file's name: no folders, nothing hidden, nothing that breaks lines.
    private func file(_ name: String, _ type: JobType) throws -> String {
        let isUsable = !name.isEmpty && name.utf8.count <= 200 && !name.hasPrefix(".") && name.unicodeScalars.allSatisfy {
            $0 != "/" && $0.properties.generalCategory != .control && $0.properties.generalCategory != .lineSeparator
                && $0.properties.generalCategory != .paragraphSeparator
        }
        guard isUsable else {
            throw InputError(
                place: "name of the template", found: "“\(name)”", expected: "up to 200 characters without slashes and line ends, not beginning with a point",
                remedy: "Choose another name")
        }
        return Self.folder(of: type) + "/" + name + ".star"
    }
}
