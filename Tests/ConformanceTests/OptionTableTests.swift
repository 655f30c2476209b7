import Foundation
import MicrographPrograms
import ParticlePrograms
import ProgramKit
import TestSupport
import Testing
import UtilityPrograms

/// The options of RELION 5, program by program: `program → section → option → default` (null: a value is required).
private struct ReferenceOptions: Decodable {
    struct Program: Decodable { var options: [String: [String: String?]] }
    var programs: [String: Program]

    init(from decoder: any Decoder) throws { programs = try [String: Program](from: decoder) }

    static let url = SharedData.root.appendingPathComponent("reference/cli.json")
    static var isPresent: Bool { FileManager.default.fileExists(atPath: url.path) }

    static func read() throws -> ReferenceOptions {
        try JSONDecoder().decode(ReferenceOptions.self, from: Data(contentsOf: url))
    }
}

@Suite("Options are those of RELION", .enabled(if: ReferenceOptions.isPresent, SharedData.hint))
struct OptionTableTests {
    static let programs = MicrographPrograms.programs + ParticlePrograms.programs + UtilityPrograms.programs

    /// Options whose default differs on purpose, with the reason.
    static let deliberate = [
        "--j": "all cores are used unless told otherwise",
        "--version": "handled by every program without being an option",
    ]

    @Test("every option exists with the same default", arguments: programs.map(\.name))
    func options(program: String) throws {
        let reference = try ReferenceOptions.read()
        guard let sections = reference.programs[program]?.options else { return }
        let entry = try #require(Self.programs.first { $0.name == program })
        let ours = Dictionary(entry.options().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let help = Set(entry.help().split { " ,=<>[]()\n".contains($0) }.map(String.init))
        for (section, options) in sections {
            for (name, expected) in options {
                #expect(help.contains(name), "\(program) \(name) (\(section)) is not in --help")
                guard Self.deliberate[name] == nil, let option = ours[name] else { continue }
                let isFlag = expected == "false" || expected == "true"
                if option.isFlag {
                    #expect(isFlag, "\(program) \(name) takes a value")
                } else if let expected, !isFlag {
                    #expect(
                        Self.isSame(option.defaultValue ?? "", expected),
                        "\(program) \(name): default '\(option.defaultValue ?? "")', RELION's is '\(expected)'")
                }
            }
        }
    }

    /// Numbers are compared as numbers (`-1` and `-1.0`), all else as text.
    static func isSame(_ ours: String, _ reference: String) -> Bool {
        if let a = Double(ours), let b = Double(reference) { return a == b }
        return ours == reference
    }

    @Test("no program declares an option twice", arguments: programs.map(\.name))
    func unique(program: String) throws {
        let entry = try #require(Self.programs.first { $0.name == program })
        let names = entry.options().map(\.name)
        #expect(Set(names).count == names.count, "\(Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys)")
    }

    @Test("a made-up option is refused", arguments: programs.map(\.name))
    func unknown(program: String) throws {
        let entry = try #require(Self.programs.first { $0.name == program })
        // A program that also misses a required option may complain of that first.
        let error = entry.parsingError(["--no_such_option", "1"]) ?? ""
        #expect(error.contains("--no_such_option") || error.contains("Missing expected"), "\(error)")
    }
}
