import Foundation
import Reporting

/// Runs scheduled jobs one after the other, once or again and again, as data come in.
package struct Schedule: Sendable {
    package struct Timing: Sendable {
        package var repeats = 1
        /// Seconds between the starts of two rounds, at least.
        package var betweenRounds = 0.0
        package var beforeFirst = 0.0
        /// Seconds between looks for a job's end.
        package var betweenLooks = 10.0
        /// Seconds between looks for missing input.
        package var betweenInputs = 60.0
        package init() {}
    }

    package enum Outcome: Sendable, Equatable {
        case done
        /// A job failed or was aborted.
        case stopped(job: String, JobStatus)
        /// Somebody removed the file `RUNNING_PIPELINER_NAME`.
        case calledOff
    }

    /// Types that do what is new in the next round.
    static let repeatable = ["relion.motioncorr", "relion.ctffind", "relion.autopick", "relion.extract", "relion.select"]

    let project: Project
    let name: String
    /// In the order of running.
    package let jobs: [String]
    let timing: Timing
    /// Reads the settings of a job from its folder.
    let settings: @Sendable (_ job: String) throws -> any JobSource

    package init(
        project: Project, name: String, jobs: [String], timing: Timing = Timing(),
        settings: @escaping @Sendable (_ job: String) throws -> any JobSource
    ) throws {
        let graph = try project.graph()
        if jobs.isEmpty { throw InputError(place: "--RunJobs", found: "no jobs are named", expected: "names of scheduled jobs") }
        let found = jobs.map { (text: $0, process: graph.find($0)) }
        let unknown = found.filter { $0.process == nil }
        if !unknown.isEmpty { throw InputError(unknown.flatMap { PipelineGraph.unknown($0.text).problems }) }
        self.project = project
        self.name = name
        self.jobs = found.compactMap { $0.process?.name }
        self.timing = timing
        self.settings = settings
    }

    /// While this file is there a repeated schedule goes on; removing it stops the schedule.
    package var runningFile: String { "RUNNING_PIPELINER_\(name)" }
    package var logFile: String { "pipeline_\(name).log" }

    private func log(_ text: String) { try? project.append(" + \(Project.time(Date()))  \(text)\n", to: logFile) }

    private var isCalledOff: Bool { timing.repeats > 1 && !project.exists(runningFile) }

    package func run() throws -> Outcome {
        if timing.repeats > 1 { try project.touch(runningFile) }
        log("schedule \(name): \(jobs.joined(separator: " ")), \(timing.repeats) time\(timing.repeats == 1 ? "" : "s")")
        if timing.repeats > 1 { log("stops when the file \(runningFile) is removed") }
        Thread.sleep(forTimeInterval: timing.beforeFirst)
        for round in 1...max(1, timing.repeats) {
            let start = Date()
            if timing.repeats > 1 { log("round \(round)") }
            for job in jobs {
                let outcome = try runOnce(job, isLastRound: round == timing.repeats)
                if outcome != .done {
                    log("stopped: \(outcome)")
                    return outcome
                }
            }
            if round < timing.repeats, !waitUntil(start + timing.betweenRounds) { return .calledOff }
        }
        try project.change("schedule \(name) has finished") { graph in
            for job in jobs { try graph.setStatus(.succeeded, of: job) }
        }
        project.remove(runningFile)
        log("all jobs of the schedule have finished")
        return .done
    }

    /// False when the schedule was called off meanwhile.
    private func waitUntil(_ date: Date) -> Bool {
        while date > Date() {
            if isCalledOff { return false }
            Thread.sleep(forTimeInterval: min(1, max(0.01, date.timeIntervalSinceNow)))
        }
        return !isCalledOff
    }

    private func runOnce(_ job: String, isLastRound: Bool) throws -> Outcome {
        var told: Set<String> = []
        while let missing = try project.graph().inputs(of: job).first(where: { !project.exists($0.name) }) {
            if told.insert(missing.name).inserted { log("\(job) waits for \(missing.name)") }
            if isCalledOff { return .calledOff }
            Thread.sleep(forTimeInterval: timing.betweenInputs)
        }
        log("starting \(job)")
        try project.start(try settings(job), .again(job: job))
        while true {
            if isCalledOff { return .calledOff }
            Thread.sleep(forTimeInterval: timing.betweenLooks)
            _ = try project.checkCompletion()
            guard let process = try project.graph().process(job) else { throw PipelineGraph.unknown(job) }
            switch process.status {
            case .succeeded:
                if !isLastRound { try prepareNextRound(process) }
                return .done
            case .failed, .aborted: return .stopped(job: job, process.status)
            case .running, .scheduled: break
            }
        }
    }

    private func prepareNextRound(_ process: PipelineProcess) throws {
        let settingsPath = project.path(process.name)
        if Self.repeatable.contains(where: { process.isOf(type: $0) }), var file = try? JobSettingsFile(contentsOf: settingsPath) {
            file.isContinue = true
            try file.write()
        }
        try project.change("next round of \(process.name)") { try $0.setStatus(.scheduled, of: process.name) }
    }
}

extension Schedule {
    /// Whether jobs of this type that are scheduled by type do only what is new.
    package static func startsAsContinuation(type: String) -> Bool {
        ["relion.motioncorr", "relion.ctffind", "relion.autopick", "relion.extract"].contains { type == $0 || type.hasPrefix($0 + ".") }
    }
}
