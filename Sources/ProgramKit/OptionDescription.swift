import ArgumentParser
import Foundation

/// One declared option of a program, as `--help` shows it.
package struct OptionDescription: Sendable, Hashable, Codable {
    /// With its dashes: `--particle_diameter`.
    package var name: String
    /// Title of the section it stands in; empty for options outside sections.
    package var section: String
    /// Flags take no value.
    package var isFlag: Bool
    /// As text; nil for flags and for options without default.
    package var defaultValue: String?
    package var help: String

    /// The options of a program in the order in which they are declared.
    static func all<P: RelionProgram>(of type: P.Type) -> [OptionDescription] {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(P._dumpHelp().utf8)) else { return [] }
        return (document.command.arguments ?? []).compactMap { argument in
            guard argument.kind != "positional",
                let name = argument.names?.first(where: { $0.kind == "long" })?.name
            else { return nil }
            return OptionDescription(
                name: "--" + name, section: argument.sectionTitle ?? "", isFlag: argument.kind == "flag",
                defaultValue: argument.defaultValue, help: argument.abstract ?? "")
        }
    }

    // The part of the argument parser's own description of a command that is needed here.
    private struct Document: Decodable { var command: Command }
    private struct Command: Decodable { var arguments: [Argument]? }
    private struct Argument: Decodable {
        struct Name: Decodable { var kind: String; var name: String }
        var kind: String
        var sectionTitle: String?
        var names: [Name]?
        var defaultValue: String?
        var abstract: String?
    }
}
