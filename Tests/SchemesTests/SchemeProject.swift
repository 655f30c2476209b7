import Foundation
import Jobs
import Pipeline
import Schemes
import TestSupport
import Testing

/// A project with a scheme of two jobs in a loop that is gone through three times: `work` is a new job each time, `again` one
/// that is continued. Each run of a job adds a line to `done.txt`.
final class SchemeProject {
    let temporary: TemporaryFolder
    let project: Project
    let folder: SchemeFolder

    /// - Parameter script: what the jobs do; `$2` is the job's folder.
    init(script: String = "echo $2 >> done.txt", name: String = "test") throws {
        temporary = try TemporaryFolder()
        project = Project(root: temporary.path)
        folder = SchemeFolder(project: project, name: name)
        try PipelineGraph().write(to: project.pipelinePath)
        let program = try temporary.write("#!/bin/sh\n\(script)\n", to: "work.sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }

    func settings(_ values: [(String, String)] = []) throws -> JobSettings {
        var settings = JobSettings(try JobCatalogue.standard.requireType(label: "relion.external", place: "test"))
        try settings.set("fn_exe", to: temporary.path + "/work.sh")
        for (key, value) in values { try settings.set(key, to: value) }
        return settings
    }

    func makeLoop() throws {
        try folder.create { scheme in
            try scheme.addVariable("count", value: .number(0))
            try scheme.addVariable("one", value: .number(1))
            try scheme.addVariable("limit", value: .number(3))
            try scheme.addVariable("more", value: .flag(false))
            try scheme.addOperator(.init(name: "increase", type: "float=plus", output: "count", input1: "count", input2: "one"))
            try scheme.addOperator(.init(name: "compare", type: "bool=lt", output: "more", input1: "count", input2: "limit"))
            try scheme.addOperator(.init(name: "end", type: "exit"))
            try scheme.addJob("work", mode: .new)
            try scheme.addJob("again", mode: .again)
            try scheme.addEdge(.init(from: "work", to: "again"))
            try scheme.addEdge(.init(from: "again", to: "increase"))
            try scheme.addEdge(.init(from: "increase", to: "compare"))
            try scheme.addEdge(.init(from: "compare", to: "end", fork: .init(variable: "more", toIfTrue: "work")))
        }
        try folder.save(try settings([("param1_label", "count"), ("param1_value", "$$count of $$limit")]), of: "work")
        try folder.save(try settings([("param1_label", "result"), ("param1_value", "\(folder.folder)work/x.star")]), of: "again")
    }

    var quick: SchemeRun.Timing {
        var timing = SchemeRun.Timing()
        timing.look = 0.01
        timing.inputWait = 0.02
        return timing
    }

    func run() throws -> SchemeRun.Outcome { try SchemeRun(folder, timing: quick) { _ in }.run() }

    /// Lines of `done.txt`.
    var done: [String] {
        ((try? String(contentsOfFile: temporary.path + "/done.txt", encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    // MARK: Another process

    static let walker: String? = {
        let candidates = CommandLine.arguments.compactMap { argument -> String? in
            guard let bundle = argument.range(of: ".xctest") else { return nil }
            return URL(fileURLWithPath: String(argument[..<bundle.upperBound])).deletingLastPathComponent().appendingPathComponent("scheme-walker").path
        }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// The scheme runs in a process of its own until the condition holds, and is killed then.
    func runKilled(when isDone: () throws -> Bool) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.walker, "scheme-walker is not beside the tests"))
        process.arguments = [temporary.path, folder.name]
        process.standardError = FileHandle.nullDevice
        try process.run()
        let end = Date() + 20
        while try !isDone(), Date() < end { usleep(5_000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try isDone(), "it did not get so far")
    }
}
