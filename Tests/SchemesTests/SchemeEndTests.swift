import Foundation
import Jobs
import Pipeline
import Reporting
import Schemes
import Testing

/// How runs end, and what the next one does then.
@Suite struct SchemeEndTests {
    /// Rounds of `count += 1`, `wait` and `exit_maxtime`.
    private func clockProject(hours: Double) throws -> SchemeProject {
        let test = try SchemeProject()
        try test.folder.create { scheme in
            for (name, value) in [("hours", hours), ("seconds", 0.02), ("gone", 0), ("count", 0), ("one", 1)] {
                try scheme.addVariable(name, value: .number(value))
            }
            try scheme.addOperator(.init(name: "clock", type: "exit_maxtime", input1: "hours"))
            try scheme.addOperator(.init(name: "increase", type: "float=plus", output: "count", input1: "count", input2: "one"))
            try scheme.addOperator(.init(name: "wait", type: "wait", output: "gone", input1: "seconds"))
            try scheme.addEdge(.init(from: "clock", to: "increase"))
            try scheme.addEdge(.init(from: "increase", to: "wait"))
            try scheme.addEdge(.init(from: "wait", to: "clock"))
        }
        return test
    }

    private func number(_ name: String, _ test: SchemeProject) throws -> Double {
        guard case .number(let value)? = try test.folder.load().variable(name)?.value else { return .nan }
        return value
    }

    private func runRecord(_ test: SchemeProject) -> String? {
        try? String(contentsOfFile: test.project.path("Schemes/test/.run"), encoding: .utf8)
    }

    /// Without a reset, the next run has as much time again.
    @Test func timeIsUpAndBeginsAnew() throws {
        let test = try clockProject(hours: 0.1 / 3600)
        #expect(try test.run() == .timeIsUp)
        let first = try number("count", test)
        #expect(try first > 0 && number("gone", test) >= 0.02)
        #expect(runRecord(test) == nil)
        #expect(try test.run() == .timeIsUp)
        #expect(try number("count", test) > first)
    }

    @Test func killedRunKeepsItsTime() throws {
        let test = try clockProject(hours: 1)
        try test.runKilled { runRecord(test)?.contains("\"end\"") == true }
        let record = runRecord(test), count = try number("count", test)
        try test.runKilled { try number("count", test) > count + 1 }
        #expect(runRecord(test) == record)
    }

    /// Whose time passed while it lay dead: it would end without having done anything.
    @Test func timeThatPassedAfterAKillCountsAnew() throws {
        let test = try clockProject(hours: 0.3 / 3600)
        try test.runKilled { runRecord(test)?.contains("\"end\"") == true }
        Thread.sleep(forTimeInterval: 0.4)
        let before = try number("count", test)
        #expect(try test.run() == .timeIsUp)
        #expect(try number("count", test) > before + 1)
    }

    /// A scheme that stands at its exit goes through another round, with the same jobs and its variables as they are.
    @Test func goesOnAfterAnExit() throws {
        let test = try SchemeProject()
        try test.makeLoop()
        #expect(try test.run() == .done)
        #expect(try test.run() == .done)
        #expect(Array(test.done.dropFirst(6)) == ["External/job005/", "External/job002/"])
        #expect(try number("count", test) == 4)
    }

    /// A run that was killed between making the lock's folder and its file leaves it empty.
    @Test func emptyLockIsTakenOver() throws {
        let test = try SchemeProject(script: "echo $2 >> done.txt")
        try test.makeLoop()
        try FileManager.default.createDirectory(atPath: test.temporary.path + "/.relion_lock_scheme_test", withIntermediateDirectories: false)
        #expect(try test.run() == .done)
        #expect(!test.project.exists(".relion_lock_scheme_test"))
    }

    @Test func lockOfAKilledRunIsStale() throws {
        let test = try clockProject(hours: 1)
        #expect(test.folder.lockState == .free)
        var held = ProjectLock.State.free
        try test.runKilled {
            if case .held = test.folder.lockState { held = test.folder.lockState }
            return held != .free
        }
        guard case .held(let owner) = held else { return }
        #expect(test.folder.lockState == .stale(left: owner))
        test.folder.unlock()
        #expect(test.folder.lockState == .free)
    }

    /// However many iterations a refinement did, its last file is found.
    @Test func pathToTheLastIteration() throws {
        let test = try SchemeProject(script: "for i in 000 025 100; do echo $2 > ${2}run_it${i}_optimiser.star; done\necho $2 >> done.txt")
        try test.makeLoop()
        try test.folder.save(try test.settings([("param1_label", "model"), ("param1_value", "Schemes/test/work/run_it*_optimiser.star")]), of: "again")
        #expect(test.folder.findings(try test.folder.load()).isEmpty)
        #expect(try test.run() == .done)
        #expect(try JobSettings(contentsOf: test.project.path("External/job002/"))["param1_value"] == "External/job004/run_it100_optimiser.star")
        try test.temporary.write("", to: "External/job004/run_ct100_it120_optimiser.star")
        #expect(test.project.lastIteration("External/job004/run_it*_optimiser.star") == "External/job004/run_ct100_it120_optimiser.star")
        #expect(test.project.lastIteration("External/job004/run_it*_data.star") == nil)
        #expect(test.project.lastIteration("External/job004/run_it100_optimiser.star") == nil)
    }
}
