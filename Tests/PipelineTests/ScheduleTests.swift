import Foundation
import Reporting
import StarFormat
import Testing
import TestSupport

@testable import Pipeline

/// Settings that are read from `job.star`, as those of real jobs: the command depends on whether the job continues.
private struct FileSource: JobSource {
    var folder = "Extract"
    var isContinue = false
    var command = "echo new"

    init() {}

    init(_ job: String, in project: Project) throws {
        let file = try JobSettingsFile(contentsOf: project.path(job))
        isContinue = file.isContinue
        command = try file.options()[0].value
    }

    func plan(job: String) throws -> JobPlan {
        JobPlan(
            typeLabel: "relion.extract", job: job, commands: [isContinue ? command + " --only_do_unfinished" : command],
            inputs: [PipelineNode(name: "input.star", typeLabel: "A.star")], outputs: [])
    }

    func writeSettings(to folder: String) throws {
        var job = StarTable(name: "job", kind: .list)
        job.setValue("rlnJobTypeLabel", "relion.extract")
        job.setValue("rlnJobIsContinue", isContinue)
        var options = StarTable(name: "joboptions_values")
        options.set("rlnJobOptionVariable", strings: ["command"])
        options.set("rlnJobOptionValue", strings: [command])
        try StarDocument(tables: [job, options]).write(to: folder + "job.star")
    }

    func writeForm(to folder: String) throws {}
}

@Suite struct ScheduleTests {
    private let folder: TemporaryFolder
    private let project: Project

    init() throws {
        folder = try TemporaryFolder(inMemory: true)
        project = Project(root: folder.path)
        try project.initialise()
    }

    private func schedule(_ jobs: [String], repeats: Int = 1) throws -> Schedule {
        var timing = Schedule.Timing()
        timing.repeats = repeats
        timing.betweenLooks = 0.02
        timing.betweenInputs = 0.02
        let project = project
        return try Schedule(project: project, name: "night", jobs: jobs, timing: timing) { try FileSource($0, in: project) }
    }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: project.path(name), encoding: .utf8) }

    @Test func roundsContinueWhatTheFirstBegan() throws {
        let job = try project.start(FileSource(), .newScheduled)
        try project.setAlias(of: job, to: "again")
        let schedule = try schedule(["Extract/again"], repeats: 3)
        // The input comes while the schedule waits for it.
        let path = project.path("input.star")
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: 0.3)
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        #expect(try schedule.run() == .done)
        #expect(try text(job + "run.out") == "new\nnew --only_do_unfinished\nnew --only_do_unfinished\n")
        #expect(try project.graph().process(job)?.status == .succeeded)
        #expect(!folder.exists("RUNNING_PIPELINER_night"))
        #expect(try text("pipeline_night.log").contains("waits for input.star"))
    }

    @Test func failuresStopTheSchedule() throws {
        try folder.write("", to: "input.star")
        var failing = FileSource()
        failing.command = "false"
        let first = try project.start(failing, .newScheduled)
        let second = try project.start(FileSource(), .newScheduled)
        #expect(try schedule([first, second]).run() == .stopped(job: first, .failed))
        #expect(try project.graph().process(second)?.status == .scheduled)
        #expect(throws: InputError.self) { try schedule(["Extract/job099"]) }
        #expect(throws: InputError.self) { try schedule([]) }
    }

    @Test func removingTheFileStopsTheSchedule() throws {
        let job = try project.start(FileSource(), .newScheduled)
        let schedule = try schedule([job], repeats: 2)
        let path = project.path(schedule.runningFile)
        Thread.detachNewThread {
            while unlink(path) != 0 { Thread.sleep(forTimeInterval: 0.05) }
        }
        #expect(try schedule.run() == .calledOff)
    }

    @Test func scheduledJobsTravelToOtherProjects() throws {
        let first = try project.start(FileSource(), .newScheduled)
        try project.change("link") { try $0.addOutput(PipelineNode(name: first + "a.star", typeLabel: "A.star"), of: first) }
        #expect(try project.exportScheduled(as: "recipe") == ["Extract/exp001/"])
        #expect(folder.exists("ExportJobs/recipe/Extract/exp001/job.star"))
        let other = try TemporaryFolder(inMemory: true)
        let target = Project(root: other.path)
        try target.initialise()
        try target.change("counter") { $0.jobCounter = 7 }
        let names = try target.importScheduled(from: project.path("ExportJobs/recipe/exported.star"))
        #expect(names == ["Extract/job007/"])
        #expect(try target.graph().process("Extract/job007/")?.status == .scheduled)
        #expect(try target.graph().jobCounter == 8)
        #expect(try JobSettingsFile(contentsOf: target.path("Extract/job007/")).typeLabel == "relion.extract")
        try project.setAlias(of: first, to: "named")
        #expect(throws: InputError.self) { try project.exportScheduled(as: "recipe") }
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func settingsFilesKeepTheirForm() throws {
        let source = SharedData.tutorial("Class2D/job010/job.star").path
        let target = folder.file("copy.star")
        var file = try JobSettingsFile(contentsOf: source)
        try file.write(to: target)
        #expect(try text("copy.star") == String(contentsOfFile: source, encoding: .utf8))
        try file.set("nr_classes", to: "7")
        file.isContinue = true
        try file.write(to: target)
        let again = try JobSettingsFile(contentsOf: target)
        #expect(again.isContinue)
        #expect(try again.options().first { $0.key == "nr_classes" }?.value == "7")
        #expect(throws: InputError.self) { try file.set("nr_clases", to: "7") }
    }
}
