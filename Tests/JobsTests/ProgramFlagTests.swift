import Foundation
import TestSupport
import Testing

@testable import Jobs

/// Flags of the catalogue's commands are options of the programs they name. That our programs accept these is tested where
/// the programs are.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: ProgramOptions.file.path), SharedData.hint))
struct ProgramFlagTests {
    private struct Program: Decodable { var options: [String: [String: String?]] }

    /// Flags that the program reads without listing them in its help; the last is what pipelines write for `--per_tomogram_scale`.
    private static let unlisted: Set = ["--continue", "--multibody_masks", "--reconstruct_subtracted_bodies", "--per_tomo_scale"]

    @Test func everyFlagIsAnOptionOfItsProgram() throws {
        let programs = try JSONDecoder().decode([String: Program].self, from: Data(contentsOf: ProgramOptions.file))
        var checked = 0
        for type in JobCatalogue.standard.types {
            for command in type.commands {
                guard case .named(let name, _, _) = command.program, let program = programs[name] else { continue }
                let options = Set(program.options.values.flatMap(\.keys))
                for flag in command.arguments.compactMap(\.flag) where !Self.unlisted.contains(flag) {
                    #expect(options.contains(flag), "\(type.label): \(name) \(flag)")
                    checked += 1
                }
            }
        }
        #expect(checked > 400)
    }

    @Test func argumentsAreSplitAsByAShell() {
        let command = JobCommand(program: "relion_x", line: "`which relion_x` --gpu \"\" --args \" a b \" --i x.star  --pipeline_control X/job001/")
        #expect(command.arguments == ["--gpu", "", "--args", " a b ", "--i", "x.star", "--pipeline_control", "X/job001/"])
    }
}

private enum ProgramOptions {
    static let file = SharedData.root.appendingPathComponent("reference/cli.json")
}
