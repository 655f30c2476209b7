import Foundation
import Jobs
import Pipeline
import Reporting
import Schemes
import Testing

@Suite struct SchemeRunTests {
    @Test func loop() throws {
        let test = try SchemeProject()
        try test.makeLoop()
        #expect(test.folder.findings(try test.folder.load()).isEmpty)
        #expect(try test.run() == .done)
        #expect(test.done == ["External/job001/", "External/job002/", "External/job003/", "External/job002/", "External/job004/", "External/job002/"])
        let scheme = try test.folder.load(), graph = try test.project.graph()
        #expect(scheme.variable("count")?.value == .number(3) && scheme.current == "end")
        #expect(scheme.job("work")?.current == "External/job004/" && scheme.job("again")?.current == "External/job002/")
        #expect((1...4).allSatisfy { graph.process("External/job00\($0)/")?.status == .succeeded })
        // Variables and folders of jobs as they were when the jobs ran.
        let third = try JobSettings(contentsOf: test.project.path("External/job003/"))
        #expect(third["param1_value"] == "1 of 3")
        #expect(try JobSettings(contentsOf: test.project.path("External/job002/"))["param1_value"] == "External/job004/x.star")
        // Nothing of the run stays behind.
        #expect(!test.project.exists(".relion_lock_scheme_test") && !test.project.exists("Schemes/test/.step"))

        try test.folder.reset()
        let reset = try test.folder.load()
        #expect(reset.variable("count")?.value == .number(0) && reset.current == "work" && reset.job("work")?.hasStarted == false)
        #expect(try test.run() == .done)
        #expect(test.done.count == 12)
    }

    /// Killed again and again at moments that no design foresees, a run ends as one that was left alone: each job ran once a round.
    @Test func killedRunsDoNothingTwice() throws {
        let test = try SchemeProject(script: "sleep 0.03\necho $2 >> done.txt")
        try test.makeLoop()
        let executable = try #require(SchemeProject.walker, "scheme-walker is not beside the tests")
        var generator = SystemRandomNumberGenerator(), kills = 0
        for attempt in 0..<200 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: executable)
            process.arguments = [test.temporary.path, "test"]
            process.standardError = FileHandle.nullDevice
            try process.run()
            if attempt < 40 {
                Thread.sleep(forTimeInterval: Double.random(in: 0.005...0.12, using: &generator))
                kill(process.processIdentifier, SIGKILL)
                kills += 1
            }
            process.waitUntilExit()
            if process.terminationReason == .exit, process.terminationStatus == 0 { break }
        }
        #expect(kills > 3)
        #expect(test.done.count == 6, "\(test.done)")
        #expect(Set(test.done.filter { $0 == test.done[1] }).count == 1 && test.done.filter { $0 == test.done[1] }.count == 3)
        #expect(Set(test.done).count == 4)
        #expect(try test.project.graph().processes.allSatisfy { $0.status == .succeeded })
        #expect(try test.folder.load().variable("count")?.value == .number(3))
    }

    @Test func failedJobStopsTheScheme() throws {
        let test = try SchemeProject(script: "[ -e good ] || exit 3\necho $2 >> done.txt")
        try test.makeLoop()
        #expect(try test.run() == .jobEnded(job: "External/job001/", .failed))
        #expect(try test.folder.load().current == "work")
        // The cause is gone: the step is done again, as a new job, since its mode says so.
        try test.temporary.write("", to: "good")
        #expect(try test.run() == .done)
        #expect(test.done.count == 6)
    }

    @Test func abortStopsJobAndScheme() throws {
        let test = try SchemeProject(script: "while [ ! -e ${2}RELION_JOB_ABORT_NOW ]; do sleep 0.02; done\ntouch ${2}RELION_JOB_EXIT_ABORTED")
        try test.makeLoop()
        let folder = test.folder, project = test.project
        let stopper = Meanwhile {
            while try !project.exists("External/job001/run.out") || project.graph().process("External/job001/")?.status != .running { usleep(10_000) }
            try folder.abort()
        }
        #expect(try test.run() == .aborted)
        stopper.wait()
        #expect(try test.project.graph().process("External/job001/")?.status == .aborted)
    }

    /// Only one at a time; and a lock that a dead process left is no obstacle.
    @Test func pauseForAPerson() throws {
        let test = try SchemeProject()
        try test.folder.create { scheme in
            try scheme.addVariable("text", value: .text("Are the picks good?"))
            try scheme.addVariable("good", value: .flag(false))
            try scheme.addOperator(.init(name: "ask", type: "pause", output: "good", input1: "text"))
            try scheme.addOperator(.init(name: "end", type: "exit"))
            try scheme.addEdge(.init(from: "ask", to: "end"))
        }
        #expect(throws: InputError.self) { try test.folder.answer(true) }
        let folder = test.folder
        let person = Meanwhile {
            while folder.question == nil { usleep(5_000) }
            #expect(folder.question?.text == "Are the picks good?")
            #expect(throws: InputError.self) { try SchemeRun(folder) { _ in }.run() }
            try folder.answer(true)
        }
        #expect(try test.run() == .done)
        person.wait()
        #expect(try test.folder.load().variable("good")?.value == .flag(true) && test.folder.question == nil)
    }

    @Test func missingInput() throws {
        let test = try SchemeProject()
        try test.folder.create { scheme in
            try scheme.addJob("work", mode: .new)
            try scheme.addOperator(.init(name: "end", type: "exit"))
            try scheme.addEdge(.init(from: "work", to: "end"))
        }
        try test.folder.save(try test.settings([("in_part", "Extract/job003/particles.star")]), of: "work")
        let error = #expect(throws: InputError.self) { try test.run() }
        #expect(error?.description.contains("Extract/job003/particles.star") == true)
        // Once the file is there the scheme goes on with the same job.
        try test.temporary.write("", to: "Extract/job003/particles.star")
        #expect(try test.run() == .done)
        #expect(test.done == ["External/job001/"])
    }
}

/// What another person does while a scheme runs, on a thread of its own: a run blocks the one it is on.
private final class Meanwhile: Sendable {
    private let end = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Void) {
        let end = end
        Thread.detachNewThread {
            do { try body() } catch { Issue.record(error) }
            end.signal()
        }
    }

    func wait() { end.wait() }
}
