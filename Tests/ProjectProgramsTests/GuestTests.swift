import Foundation
import Pipeline
import Testing
import TestSupport

/// Looking at a project without permission to write in it.
@Suite struct GuestTests {
    private let folder: TemporaryFolder
    private let project: Project

    /// A project with a job that has succeeded, and one that has ended without anybody having entered it.
    init() throws {
        folder = try TemporaryFolder()
        project = Project(root: folder.path)
        try project.initialise()
        try project.change("jobs") { graph in
            graph.add(PipelineProcess(name: "Import/job001/", typeLabel: "relion.import", status: .succeeded))
            graph.add(PipelineProcess(name: "External/job002/", typeLabel: "relion.external", status: .running))
            try graph.addOutput(PipelineNode(name: "Import/job001/movies.star", typeLabel: "MicrographMovieGroupMetadata.star"), of: "Import/job001/")
            try graph.addInput(PipelineNode(name: "Import/job001/movies.star", typeLabel: "MicrographMovieGroupMetadata.star"), to: "External/job002/")
        }
        try folder.write("data_movies\n", to: "Import/job001/movies.star")
        try folder.write("hello\n", to: "External/job002/run.out")
        try folder.write("", to: "External/job002/RELION_JOB_EXIT_SUCCESS")
        try folder.write("""
            data_job

            _rlnJobTypeLabel relion.external
            _rlnJobIsContinue 0
            _rlnJobIsTomo 0

            data_joboptions_values

            loop_
            _rlnJobOptionVariable
            _rlnJobOptionValue
            fn_exe ./tool.sh

            """, to: "External/job002/job.star")
        try folder.write("#!/bin/sh\n", to: "tool.sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file("tool.sh"))
    }

    /// Names, sizes and times of all that is in the project.
    private func listing() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)
            return "\(name) \(attributes[.size] ?? "") \(attributes[.modificationDate] ?? "")"
        }
    }

    private func setWritable(_ isWritable: Bool) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        for path in [folder.path] + names.map({ folder.path + "/" + $0 }) {
            let isFolder = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeDirectory
            let mode = isFolder || path.hasSuffix(".sh") ? 0o755 : 0o644
            try FileManager.default.setAttributes([.posixPermissions: isWritable ? mode : mode & ~0o222], ofItemAtPath: path)
        }
    }

    /// The tests' executables lie beside the bundle of tests.
    private static let executable: String? = CommandLine.arguments.filter { $0.contains(".xctest") }.compactMap { argument in
        guard let end = argument.range(of: ".xctest") else { return nil }
        return URL(fileURLWithPath: String(argument[..<end.upperBound])).deletingLastPathComponent().appendingPathComponent("project-guest").path
    }.first { FileManager.default.isExecutableFile(atPath: $0) }

    private func run(_ words: [String]) throws -> (status: Int32, text: String) {
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: try #require(Self.executable, "project-guest is not beside the tests"))
        process.arguments = words + ["--project", folder.path]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test func everythingCanBeLookedAtAndNothingIsWritten() throws {
        try setWritable(false)
        defer { try? setWritable(true) }
        let before = try listing()
        let external = ["--set", "fn_exe=./tool.sh", "in_mov=Import/job001/movies.star"]
        for (words, expected) in [
            (["project", "status"], "External/job002/  Succeeded"), (["project", "graph"], "Succeeded"), (["project", "graph", "--dot"], "->"),
            (["project", "history", "External/job002"], "Import/job001/"), (["project", "history", "2", "--format", "json"], "relion-history/1"),
            (["project", "check"], "all is well"), (["project", "disk"], "Import/job001/"), (["job", "show", "1"], "movies.star"),
            (["job", "wait", "2"], "hello"),
            (["job", "run", "external", "--dry_run"] + external, "tool.sh"), (["job", "continue", "2", "--dry_run"] + external, "tool.sh"),
            (["job", "overwrite", "2", "--dry_run", "--yes"] + external, "tool.sh"), (["job", "delete", "2", "--dry_run"], "External/job002/"),
            (["job", "clean", "1", "--dry_run"], "nothing to clean"),
        ] {
            let (status, text) = try run(words)
            #expect(status == 0 && text.contains(expected), "\(words): \(status) \(text)")
            #expect(try listing() == before, "\(words)")
        }
        // What cannot be done is refused with the reason.
        for words in [["job", "run", "external"] + external, ["job", "alias", "1", "first"]] {
            let (status, text) = try run(words)
            #expect(status == 1 && text.lowercased().contains("permission"), "\(words): \(status) \(text)")
            #expect(try listing() == before, "\(words)")
        }
    }

    @Test func dryRunsOfThoseWhoMayWriteWriteNothing() throws {
        let before = try listing()
        for words in [["job", "run", "external", "--dry_run", "--set", "fn_exe=./tool.sh"], ["project", "graph"], ["project", "history", "1"]] {
            _ = try run(words)
            #expect(try listing() == before, "\(words)")
        }
    }
}
