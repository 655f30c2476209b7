import Foundation
import TestSupport
import Testing

/// The suite's executable under the names of its programs, as an installation has them.
final class SuitePrograms {
    private let folder: TemporaryFolder

    /// - Throws: where the executable was not built beside the tests.
    init() throws {
        folder = try TemporaryFolder()
        let bundle = try #require(CommandLine.arguments.compactMap { argument in argument.range(of: ".xctest").map { argument[..<$0.upperBound] } }.first)
        let built = URL(fileURLWithPath: String(bundle)).deletingLastPathComponent().appendingPathComponent("relion").path
        try #require(FileManager.default.isExecutableFile(atPath: built), "\(built) is not there")
        // The file itself: a link would lead to the build folder, whose programs are not under their names.
        if link(built, path("relion")) != 0 { try FileManager.default.copyItem(atPath: built, toPath: path("relion")) }
        for name in ["import", "run_motioncorr", "run_ctffind", "star_handler", "autopick", "preprocess", "refine", "simulate_movies"] {
            try FileManager.default.createSymbolicLink(atPath: path("relion_" + name), withDestinationPath: "relion")
        }
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    /// Starts a program in a folder; what it says is added to a file there.
    func start(_ name: String, _ arguments: [String], in place: TemporaryFolder, log: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path(name))
        process.arguments = arguments
        process.currentDirectoryURL = place.url
        process.standardInput = FileHandle.nullDevice
        if !place.exists(log) { try place.write("", to: log) }
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: place.path + "/" + log))
        try output.seekToEnd()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return process
    }
}
