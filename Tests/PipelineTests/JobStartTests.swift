import Foundation
import Reporting
import Testing
import TestSupport

@testable import Pipeline

/// A job of shell commands.
private struct ShellSource: JobSource {
    var folder = "External"
    var commands: [String]
    var inputs: [PipelineNode] = []
    var queue: QueueSettings?
    var processCount = 1

    func plan(job: String) throws -> JobPlan {
        var plan = JobPlan(
            typeLabel: "relion.external", job: job,
            commands: commands.map { $0.replacingOccurrences(of: "{job}", with: job) }, inputs: inputs,
            outputs: [PipelineNode(name: job + "result.star", typeLabel: "ProcessData.star")])
        plan.queue = queue
        plan.processCount = processCount
        return plan
    }

    func writeSettings(to folder: String) throws { try Data("settings\n".utf8).write(to: URL(fileURLWithPath: folder + "job.star")) }
    func writeForm(to folder: String) throws {}
}

@Suite struct JobStartTests {
    private let folder: TemporaryFolder
    private let project: Project

    init() throws {
        folder = try TemporaryFolder(inMemory: true)
        project = Project(root: folder.path)
        try project.initialise()
    }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: project.path(name), encoding: .utf8) }

    private func wait(for job: String, seconds: Double = 10) throws -> JobStatus {
        let start = ContinuousClock.now
        while (ContinuousClock.now - start).inSeconds < seconds {
            _ = try project.checkCompletion()
            if let status = try project.graph().process(job)?.status, status.isFinished { return status }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return .running
    }

    @Test func jobsRunAndLeaveAllTheirFiles() throws {
        let job = try project.start(ShellSource(commands: ["sh -c 'echo said; echo complained >&2'", "touch {job}result.star"]), .new)
        #expect(job == "External/job001/")
        #expect(try wait(for: job) == .succeeded)
        #expect(try text(job + "run.out") == "said\n")
        #expect(try text(job + "run.err") == "complained\n")
        #expect(folder.exists(job + "RELION_JOB_EXIT_SUCCESS"))
        #expect(folder.exists(job + "job.star") && folder.exists(job + "default_pipeline.star"))
        #expect(folder.exists(".Nodes/ProcessData/External/job001/result.star"))
        let own = try PipelineGraph(contentsOf: project.path(job + "job_pipeline.star"))
        #expect(own.jobCounter == 2 && own.processes.map(\.name) == [job])
        #expect(project.note(of: job).contains("touch External/job001/result.star\n ++++ \n"))
        #expect(try project.graph().jobCounter == 2)
        // Again in the same folder: texts are appended, the number stays.
        #expect(try project.start(ShellSource(commands: ["echo again"]), .again(job: job)) == job)
        #expect(try wait(for: job) == .succeeded)
        #expect(try text(job + "run.out") == "said\nagain\n")
        #expect(try project.graph().jobCounter == 2)
    }

    // MARK: Overwriting

    @Test func overwritingKeepsNumberAliasAndLinks() throws {
        let first = try project.start(ShellSource(commands: ["sh -c 'echo one > {job}result.star'"]), .new)
        #expect(try wait(for: first) == .succeeded)
        try project.setAlias(of: first, to: "mine")
        let result = PipelineNode(name: first + "result.star", typeLabel: "ProcessData.star")
        let user = try project.start(ShellSource(commands: ["true"], inputs: [result]), .new)
        #expect(try wait(for: user) == .succeeded)
        // What the new run needs is not there: the older one stays.
        let faulty = ShellSource(commands: ["true"], inputs: [PipelineNode(name: "none.star", typeLabel: "X.star")])
        #expect(throws: InputError.self) { try project.overwrite(first, with: faulty) }
        #expect(throws: InputError.self) { try project.overwrite(first, with: ShellSource(commands: ["true"], inputs: [result])) }
        #expect(throws: InputError.self) { try project.overwrite(first, with: ShellSource(folder: "Other", commands: ["true"])) }
        #expect(throws: InputError.self) { try project.overwrite("External/job009/", with: ShellSource(commands: ["true"])) }
        #expect(try text(first + "result.star") == "one\n" && !folder.exists("Trash/" + first))
        let again = ShellSource(commands: ["sh -c 'echo two > {job}result.star'"])
        #expect(try project.overwrite(first, with: again) == first)
        #expect(try wait(for: first) == .succeeded)
        #expect(try text("External/mine/result.star") == "two\n")
        #expect(try text("Trash/" + first + "result.star") == "one\n")
        #expect(!project.note(of: first).contains("one"))
        let graph = try project.graph()
        #expect(graph.jobCounter == 3 && graph.processes.map(\.name) == [user, first])
        #expect(graph.process(first)?.alias == "External/mine/")
        #expect(graph.inputs(of: user).map(\.name) == [result.name] && graph.outputs(of: first).map(\.name) == [result.name])
        #expect(folder.exists(".Nodes/ProcessData/External/mine/result.star"))
        // Only scheduled; and not while it runs.
        try project.overwrite(first, with: ShellSource(commands: ["sleep 100"]), scheduled: true)
        #expect(try project.graph().process(first)?.status == .scheduled)
        try project.start(ShellSource(commands: ["sleep 100"]), .again(job: first))
        #expect(throws: InputError.self) { try project.overwrite(first, with: again) }
        try project.stop(first)
        #expect(try wait(for: first) == .aborted)
    }

    @Test func overwritingKeepsLinksToFilesThatTheJobListsItself() throws {
        let list = """
            data_output_nodes
            loop_
            _rlnPipeLineNodeName
            _rlnPipeLineNodeTypeLabel
            External/job001/extra.star ParticleGroupMetadata.star

            """
        try folder.write(list, to: "list.star")
        let source = ShellSource(commands: ["touch {job}result.star {job}extra.star", "cp list.star {job}RELION_OUTPUT_NODES.star"])
        let first = try project.start(source, .new)
        #expect(try wait(for: first) == .succeeded)
        let extra = PipelineNode(name: first + "extra.star", typeLabel: "ParticleGroupMetadata.star")
        let user = try project.start(ShellSource(commands: ["true"], inputs: [extra]), .new)
        #expect(try wait(for: user) == .succeeded)
        try project.overwrite(first, with: source)
        #expect(try wait(for: first) == .succeeded)
        let graph = try project.graph()
        #expect(graph.outputs(of: first).map(\.name).sorted() == [extra.name, first + "result.star"])
        #expect(graph.inputs(of: user).map(\.name) == [extra.name])
        #expect(graph.children(of: first).map(\.name) == [user])
    }

    @Test func lookingNeedsNoPermissionToWrite() throws {
        let job = try project.start(ShellSource(commands: ["touch {job}result.star"]), .new)
        while case .process(let owner)? = project.runOwner(of: job), owner.state == .running { Thread.sleep(forTimeInterval: 0.02) }
        let before = try text(project.pipelineFile)
        let (graph, completions) = try project.upToDateGraph(writes: false)
        #expect(graph.process(job)?.status == .succeeded && completions.map(\.status) == [.succeeded])
        #expect(try text(project.pipelineFile) == before)
        #expect(try project.upToDateGraph(writes: true).graph.process(job)?.status == .succeeded)
        #expect(try text(project.pipelineFile) != before)
    }

    @Test func missingProgramsOfTheSuiteAreNamed() throws {
        let error = #expect(throws: InputError.self) {
            try project.start(ShellSource(commands: ["`which relion_xyz_mpi` --i a"]), .new)
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("relion_xyz is not part of this suite yet"))
    }

    @Test func failuresAreSeen() throws {
        let failing = try project.start(ShellSource(commands: ["false", "touch {job}never"]), .new)
        #expect(try wait(for: failing) == .failed)
        #expect(!folder.exists(failing + "never"))
        #expect(try text(failing + "run.err").contains("status 1"))
        // The first command says that all is well, the second fails.
        let late = try project.start(ShellSource(commands: ["touch {job}RELION_JOB_EXIT_SUCCESS", "false"]), .new)
        #expect(try wait(for: late) == .failed)
    }

    @Test func killedJobsHaveFailedAndStoppedOnesWereAborted() throws {
        let killed = try project.start(ShellSource(commands: ["sleep 100"]), .new)
        guard case .process(let owner) = try #require(project.runOwner(of: killed)) else { return }
        #expect(owner.state == .running)
        #expect(try project.checkCompletion().isEmpty)
        kill(-owner.processNumber, SIGKILL)
        #expect(try wait(for: killed) == .failed)
        let stopped = try project.start(ShellSource(commands: ["sleep 100"]), .new)
        #expect(throws: InputError.self) { try project.delete([stopped]) }
        #expect(throws: InputError.self) { try project.start(ShellSource(commands: ["echo"]), .again(job: stopped)) }
        try project.stop(stopped)
        #expect(try wait(for: stopped) == .aborted)
        // A program that looks for the request by itself.
        let polite = try project.start(
            ShellSource(commands: ["sh -c 'while [ ! -e {job}RELION_JOB_ABORT_NOW ]; do sleep 0.05; done; touch {job}RELION_JOB_EXIT_ABORTED; exit 1'"]),
            .new)
        try project.abort(polite)
        #expect(try wait(for: polite) == .aborted)
    }

    @Test func allFindingsAreToldAtOnce() throws {
        let source = ShellSource(
            commands: ["`which relion_no_such_program` --i a"],
            inputs: ["Extract/job001/particles.star", "mask.mrc"].map { PipelineNode(name: $0, typeLabel: "X.star") }, processCount: 100)
        let error = #expect(throws: InputError.self) { try project.start(source, .new) }
        #expect(error?.problems.count == 4, "\(String(describing: error))")
        #expect(try project.graph().processes.isEmpty)
        #expect(try project.graph().jobCounter == 1)
        #expect(!folder.exists("External/job001/job.star"))
        // Scheduled ones may wait for their input.
        #expect(try project.start(source, .newScheduled) == "External/job001/")
        #expect(try project.graph().process("External/job001/")?.status == .scheduled)
        #expect(project.note(of: "External/job001/").isEmpty)
    }

    @Test func queuesGetTheFilledTemplate() throws {
        try folder.write("#!/bin/sh\necho \"Submitted batch job 4711\"\nsh $1 >/dev/null 2>&1\n", to: "sbatch")
        try folder.write("#!/bin/sh\nexit 0\n", to: "squeue")
        for name in ["sbatch", "squeue"] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: project.path(name))
        }
        try folder.write("""
            # XXXnameXXX XXXqueueXXX XXXmpinodesXXX XXXthreadsXXX XXXcoresXXX XXXnodesXXX XXXdedicatedXXX XXXextra1XXX XXXotherXXX
            touch before; XXXcommandXXX
            """, to: "template.sh")
        let queue = QueueSettings(
            submitCommand: project.path("sbatch"), template: "template.sh", queueName: "long", dedicatedCores: 16, extras: [1: "2h"])
        var source = ShellSource(commands: ["`which relion_x_mpi` --o {job}", "touch {job}RELION_JOB_EXIT_SUCCESS"], queue: queue)
        source.processCount = 5
        var plan = try source.plan(job: "External/job001/")
        plan.threadCount = 4
        let script = try QueueTemplate(contentsOf: project.path("template.sh")).script(for: plan, queue)
        #expect(script == """
            # External/job001/ long 5 4 20 2 16 2h XXXotherXXX
            touch before; `which relion_x_mpi` --o External/job001/
            touch External/job001/RELION_JOB_EXIT_SUCCESS

            """)
        #expect(try QueueTemplate(contentsOf: project.path("template.sh")).unknownVariables(for: plan, queue) == ["other"])
        let job = try project.start(source, .new)
        #expect(try wait(for: job) == .succeeded)
        #expect(folder.exists(job + "run_submit.script"))
        guard case .queue(let entry) = try #require(project.runOwner(of: job)) else { return }
        #expect(entry.identity == "4711" && entry.cancelCommand == [project.path("scancel"), "4711"])
        for name in QueueTemplate.shippedNames {
            let text = try #require(QueueTemplate.shipped(name)).script(for: plan, queue)
            #expect(!text.contains("XXX"), "\(name)")
        }
    }

    @Test func answersOfQueues() {
        for (text, identity) in [
            ("Submitted batch job 123\n", "123"), ("123.server.org\n", "123.server.org"),
            ("Your job 123 (\"relion\") has been submitted\n", "123"), ("Job <123> is submitted to queue <long>.\n", "123"),
            // Slurm's own words on more nodes than tasks, as the template's defaults ask for.
            ("sbatch: Warning: can't run 1 processes on 2 nodes, setting nnodes to 1\nSubmitted batch job 123\n", "123"),
            ("2 nodes are down today\n123.server.org\n", "123.server.org"), ("Entry 123 waits\n", "123"),
        ] {
            #expect(QueueEntry(submitOutput: text, submitCommand: "qsub -V")?.identity == identity)
        }
        #expect(QueueEntry(submitOutput: "queued\n", submitCommand: "qsub") == nil)
        #expect(QueueEntry(submitOutput: "entry 7 of 9 waits\n", submitCommand: "qsub") == nil)
        let entry = QueueEntry(identity: "7", submitCommand: "/opt/pbs/qsub")
        #expect(QueueEntry(in: RunOwner.queue(entry).line) == entry)
        #expect(entry.cancelCommand == ["/opt/pbs/qdel", "7"])
    }
}
