import Foundation
import Pipeline
import Reporting
import Testing
import TestSupport

@testable import ProjectPrograms

/// Jobs of the catalogue through the commands for people.
@Suite struct JobRunTests {
    private let folder: TemporaryFolder
    private let project: Project

    init() throws {
        folder = try TemporaryFolder()
        project = Project(root: folder.path)
        try project.initialise()
        try folder.write("#!/bin/sh\necho \"$@\"\ntouch External/job001/done.txt\n", to: "tool.sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: project.path("tool.sh"))
        try folder.write("data_\n", to: "parts.star")
    }

    private func job(_ words: String...) throws {
        var command = try JobCommand.parseAsRoot(words + ["--project", folder.path])
        try command.run()
    }

    @Test func externalJobsRunToTheirEnd() throws {
        try job("run", "external", "--wait", "--alias", "mine", "--set", "fn_exe=./tool.sh", "in_part=parts.star", "param1_label=x", "param1_value=3")
        let graph = try project.graph()
        let process = try #require(graph.process("External/job001/"))
        #expect(process.status == .succeeded && process.alias == "External/mine/")
        #expect(graph.inputs(of: process.name).map(\.name) == ["parts.star"])
        #expect(folder.exists("External/job001/done.txt"))
        let output = try String(contentsOfFile: project.path("External/job001/run.out"), encoding: .utf8)
        #expect(output.contains("--in_parts parts.star") && output.contains("--x 3"))
        let settings = try JobSettingsFile(contentsOf: project.path("External/job001/"))
        #expect(try settings.options().first { $0.key == "param1_value" }?.value == "3")
        #expect(folder.exists(".gui_externaljob.star"))
        // Its settings are a recipe for another one, which continues nothing.
        try job("export", "1", folder.file("recipe.star"))
        try job("run", folder.file("recipe.star"), "--schedule", "--set", "param1_value=4")
        #expect(try project.graph().process("External/job002/")?.status == .scheduled)
        try job("run", "2", "--wait")
        #expect(try project.graph().process("External/job002/")?.status == .succeeded)
        try job("continue", "1", "--wait")
        #expect(try JobSettingsFile(contentsOf: project.path("External/job001/")).isContinue)
        #expect(try project.graph().processes.count == 2)
    }

    @Test func faultsChangeNothing() throws {
        #expect(throws: (any Error).self) { try job("run", "externall", "--set", "fn_exe=./tool.sh") }
        #expect(throws: (any Error).self) { try job("run", "external", "--set", "fn_ex=./tool.sh", "do_queue=perhaps") }
        #expect(throws: (any Error).self) { try job("run", "external", "--set", "fn_exe=./tool.sh", "in_part=missing.star") }
        #expect(throws: (any Error).self) { try job("run", "class2d", "--dry_run", "--set", "fn_img=missing.star") }
        #expect(try project.graph().processes.isEmpty)
        #expect(!folder.exists("External/job001/job.star"))
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func plansAreThoseOfRealJobs() throws {
        let root = SharedData.tutorial("").path
        let real = Project(root: root.hasSuffix("/") ? String(root.dropLast()) : root)
        for process in try real.graph().processes {
            let plan = try JobAccess.job(process.name, in: real).plan(job: process.name)
            #expect(plan.typeLabel == process.typeLabel)
            let lines = real.note(of: process.name).split(separator: "\n").map(String.init)
            let start = try #require(lines.lastIndex { $0.contains("with the following command(s)") })
            let noted = lines[(start + 1)...].prefix { !$0.hasPrefix(" ++++") }
            func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }
            #expect(plan.commands.map(words) == noted.map(words), "\(process.name)")
        }
    }
}
