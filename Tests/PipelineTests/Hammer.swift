import Foundation
import Testing

/// A child process that changes a project again and again (Tests/ProjectHammer).
final class Hammer {
    private let process = Process()
    private let output = Pipe()

    /// The tests' executables lie beside the bundle of tests.
    private static let executable: String? = {
        let candidates = CommandLine.arguments.filter { $0.contains(".xctest") }.map { argument in
            URL(fileURLWithPath: String(argument[..<argument.range(of: ".xctest")!.upperBound])).deletingLastPathComponent()
                .appendingPathComponent("project-hammer").path
        }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    init(project: String, count: Int, name: String) throws {
        process.executableURL = URL(fileURLWithPath: try #require(Self.executable, "project-hammer is not beside the tests"))
        process.arguments = [project, String(count), name]
        process.standardOutput = output
        try process.run()
    }

    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    var number: Int32 { process.processIdentifier }

    /// Waits for the end; the names it printed, whole lines only.
    func finish() -> (names: [String], status: Int32) {
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init), process.terminationStatus)
    }
}
