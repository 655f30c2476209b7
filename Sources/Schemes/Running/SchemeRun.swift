import Foundation
import Jobs
import Pipeline
import Reporting

/// Walks through a scheme: carries out operators, runs jobs and waits for their ends, until an exit.
///
/// `scheme.star` is written at the end of each step, with the next node in it; what the step has begun stands beside it in `.step`.
/// A run that is killed at any moment and started again does nothing twice: it waits for the job that still runs, or takes note of its end.
///
/// A run after one that ended is a new one, with its own time for `exit_maxtime`. It begins where the last one ended, and where that was
/// an exit, at the first node; jobs and variables stay as they are. (RELION refuses to run a scheme that stands at an exit.)
package final class SchemeRun {
    package enum Outcome: Sendable, Equatable {
        /// An exit, or a node without an edge.
        case done
        /// `exit_maxtime` has passed.
        case timeIsUp
        case aborted
        case jobEnded(job: String, JobStatus)
    }

    package struct Timing: Sendable {
        /// Seconds between looks for the end of a job, an abort or an answer.
        package var look = 1.0
        /// Seconds to wait for a job's missing input, and how often.
        package var inputWait = 10.0
        package var inputLooks = 5
        package init() {}
    }

    private let folder: SchemeFolder
    private let timing: Timing
    private let tell: (String) -> Void
    private var scheme: Scheme
    private var project: Project { folder.project }

    /// - Parameter tell: takes one line for each step.
    package init(_ folder: SchemeFolder, timing: Timing = Timing(), tell: @escaping (String) -> Void) throws {
        (self.folder, self.timing, self.tell) = (folder, timing, tell)
        scheme = try folder.load()
    }

    private enum Step {
        case next
        case end(Outcome)
    }

    /// - Throws: `InputError` with everything that is wrong with the scheme, or what stopped a step.
    package func run() throws -> Outcome {
        let lock = try folder.lock("running scheme \(scheme.name)")
        defer { lock.release() }
        scheme = try folder.load()
        let problems = folder.findings(scheme)
        if !problems.isEmpty { throw InputError(problems) }
        folder.remove(folder.folder + JobFile.abortNow)
        try begin()
        // Not reached by a run that is killed.
        defer { folder.remove(folder.folder + RunRecord.fileName) }
        do {
            let outcome = try walk()
            mailEnd("\(outcome)")
            return outcome
        } catch {
            mailEnd("stopped: \(error)")
            throw error
        }
    }

    private func begin() throws {
        let killed = folder.read(RunRecord.self)
        if killed == nil {
            if scheme.current == nil || scheme.current.flatMap(scheme.operator)?.type == "exit" {
                scheme.current = scheme.start
                try folder.save(scheme)
            }
            try folder.write(RunRecord(begun: Date()))
        } else if let end = killed?.end, end <= Date() {
            // It passed while nothing ran; nobody starts a scheme to see it end.
            try folder.write(RunRecord(begun: Date()))
        }
    }

    private func mailEnd(_ text: String) { mail("Scheme \(scheme.name): \(text)\nCurrent node: \(scheme.current ?? "none")") }

    private func mail(_ text: String) {
        guard case .text(let address)? = scheme.variable("email")?.value, address.contains("@") else { return }
        if let fault = Mail.send(text, subject: "Scheme: \(scheme.name)", to: address) { tell("no mail was sent to \(address): \(fault)") }
    }

    private func walk() throws -> Outcome {
        var resumed = folder.read(StepRecord.self)
        while let node = scheme.current {
            if isAborted { return .aborted }
            let now = try content()
            if let record = resumed, record.node != node || !record.contents.contains(now) { resumed = nil }
            let step: Step
            if let item = scheme.operator(node) {
                if resumed == nil { try folder.write(StepRecord(node: node, begun: Date(), contents: [now])) }
                step = try carryOut(item, isRepeated: resumed != nil)
            } else if let job = scheme.job(node) {
                step = try run(job, resumed: resumed, content: now)
            } else {
                throw InputError(place: folder.file, found: "node \(node)", expected: "a job or an operator of the scheme")
            }
            resumed = nil
            if case .end(let outcome) = step {
                // What has ended badly is done anew by the next run.
                folder.remove(folder.folder + StepRecord.fileName)
                return outcome
            }
            scheme.current = try scheme.next(after: node)
            try folder.save(scheme)
            folder.remove(folder.folder + StepRecord.fileName)
        }
        return .done
    }

    private func content() throws -> String { try scheme.document.serialized().utf8.reduce(into: FNV()) { $0.add($1) }.text }

    private var isAborted: Bool { project.exists(folder.folder + JobFile.abortNow) }

    // MARK: Operators

    private func carryOut(_ item: Scheme.Operator, isRepeated: Bool) throws -> Step {
        switch item.type {
        case "exit":
            tell("\(item.name): the end")
            return .end(.done)
        case "exit_maxtime": return try checkTime(item)
        case "wait": return try wait(item)
        case "pause": return try pause(item)
        case "email":
            let lines = [item.input1, item.input2].compactMap { name in scheme.variable(name).map { "\(name) = \($0.value)" } }
            mail(lines.joined(separator: "\n"))
            tell("\(item.name): \(lines.joined(separator: ", "))")
        default:
            let execution = OperatorExecution(
                scheme: scheme, project: project, paths: JobFilling(folder: folder, scheme: scheme).paths, isRepeated: isRepeated)
            if let value = try execution.value(of: item) {
                scheme.set(item.output, to: value)
                tell("\(item.name): \(item.output) = \(value)")
            } else {
                tell("\(item.name): \(item.type) \(try execution.text(item.input1))")
            }
        }
        return .next
    }

    private func number(_ name: String) -> Double {
        if case .number(let value)? = scheme.variable(name)?.value { return value }
        return 0
    }

    private func checkTime(_ item: Scheme.Operator) throws -> Step {
        var record = folder.read(RunRecord.self) ?? RunRecord(begun: Date())
        guard let end = record.end else {
            record.end = Date() + number(item.input1) * 3600
            try folder.write(record)
            tell("\(item.name): the scheme may run for \(scheme.variable(item.input1)?.value.description ?? "0") hours")
            return .next
        }
        return Date() >= end ? .end(.timeIsUp) : .next
    }

    private func wait(_ item: Scheme.Operator) throws -> Step {
        var clock = folder.read(SchemeClock.self) ?? SchemeClock()
        if let last = clock.lastWait {
            let end = last + number(item.input1)
            if end > Date() { tell("\(item.name): waiting for \(Int(end.timeIntervalSinceNow.rounded(.up))) s") }
            while end > Date() {
                if isAborted { return .end(.aborted) }
                Thread.sleep(forTimeInterval: max(0.01, min(timing.look, end.timeIntervalSinceNow)))
            }
            if !item.output.isEmpty { scheme.set(item.output, to: .number(Date().timeIntervalSince(last))) }
        }
        clock.lastWait = Date()
        try folder.write(clock)
        return .next
    }

    private func pause(_ item: Scheme.Operator) throws -> Step {
        guard case .text(let text)? = scheme.variable(item.input1)?.value else { return .next }
        if folder.question?.node != item.name {
            folder.remove(folder.folder + Question.answerName)
            try folder.write(Question(node: item.name, text: text, asked: Date()))
            mail("\(text)\n\nrelion scheme answer \(scheme.name) yes|no lets the scheme go on.")
        }
        tell("\(item.name): \(text) (relion scheme answer \(scheme.name) yes|no)")
        while true {
            if isAborted { return .end(.aborted) }
            if let answer = folder.givenAnswer {
                if !item.output.isEmpty { scheme.set(item.output, to: .flag(answer)) }
                tell("\(item.name): \(answer ? "yes" : "no")")
                folder.remove(folder.folder + Question.fileName)
                folder.remove(folder.folder + Question.answerName)
                return .next
            }
            Thread.sleep(forTimeInterval: timing.look)
        }
    }

    // MARK: Jobs

    private func run(_ job: Scheme.Job, resumed: StepRecord?, content: String) throws -> Step {
        let filling = JobFilling(folder: folder, scheme: scheme)
        var settings = try filling.settings(of: job.name)
        let isAgain = resumed?.isAgain ?? (job.mode == .again && job.hasStarted)
        settings.isContinue = isAgain
        if isAgain, settings["fn_cont"] == "", let process = try project.graph().process(job.current), let last = project.lastOptimiser(of: process) {
            try settings.set("fn_cont", to: last)
        }
        let source = CatalogueJob(settings: settings, project: project)
        let name = isAgain ? job.current : try newJob(job, source, resumed: resumed, content: content)
        var record = resumed ?? StepRecord(node: job.name, begun: Date(), contents: [content], job: name, isAgain: true)
        if isAgain, resumed == nil { try folder.write(record) }
        record.job = name
        if try needsStart(record) {
            guard try waitForInputs(source, name) else { return .end(.aborted) }
            try project.start(source, .again(job: name), keepsForm: false)
            tell("\(job.name): \(name) \(isAgain ? "goes on" : "has started")")
        } else {
            tell("\(job.name): \(name) was started before")
        }
        return try waitForEnd(of: name)
    }

    /// Enters a new job as scheduled, and its name into the scheme. The name is noted before: a job of that name with these settings
    /// that is there already was made by a run that died before it could note more.
    private func newJob(_ job: Scheme.Job, _ source: CatalogueJob, resumed: StepRecord?, content: String) throws -> String {
        var name: String
        if let made = resumed?.job, isOurs(made, source) {
            name = made
        } else {
            var record = StepRecord(node: job.name, begun: Date(), contents: [content], job: try project.nextJob(folder: source.folder))
            try folder.write(record)
            name = try project.start(source, .newScheduled, keepsForm: false)
            if name != record.job {
                record.job = name
                try folder.write(record)
            }
        }
        if scheme.job(job.name)?.current != name || !job.hasStarted {
            scheme.update(job.name) { ($0.current, $0.hasStarted) = (name, true) }
            // The record must know this content too, before it stands in the file.
            if var record = folder.read(StepRecord.self) {
                record.contents.insert(try self.content())
                try folder.write(record)
            }
            try folder.save(scheme)
        }
        return name
    }

    private func isOurs(_ job: String, _ source: CatalogueJob) -> Bool {
        guard let process = try? project.graph().process(job), let made = try? JobSettings(contentsOf: project.path(job)) else { return false }
        return process.isOf(type: source.settings.type.label) && made.values == source.settings.values
    }

    /// Whether the job of this step has not been started since the step began.
    private func needsStart(_ record: StepRecord) throws -> Bool {
        guard let job = record.job else { return true }
        _ = try project.checkCompletion()
        guard let status = try project.graph().process(job)?.status else { throw PipelineGraph.unknown(job) }
        switch status {
        case .running: return false
        case .scheduled: return true
        case .succeeded, .failed, .aborted:
            // Exit files of earlier rounds are removed when a job starts.
            let ends = [JobFile.success, JobFile.failure, JobFile.aborted].compactMap { exit in
                (try? FileManager.default.attributesOfItem(atPath: project.path(job + exit)))?[.modificationDate] as? Date
            }
            return !ends.contains { $0 >= record.begun }
        }
    }

    /// False when the scheme is to be aborted meanwhile.
    private func waitForInputs(_ source: CatalogueJob, _ job: String) throws -> Bool {
        for look in 0...timing.inputLooks {
            let missing = try source.plan(job: job).inputs.filter { !$0.name.isEmpty && !project.exists($0.name) }
            guard let first = missing.first else { return true }
            if look == timing.inputLooks {
                throw InputError(missing.map {
                    InputProblem(place: job, found: "the input \($0.name) is not there", expected: $0.typeLabel,
                                 remedy: "Look at the job that should have made it")
                })
            }
            if look == 0 { tell("\(job) waits for \(first.name)") }
            for _ in 0..<max(1, Int(timing.inputWait / timing.look)) {
                if isAborted { return false }
                Thread.sleep(forTimeInterval: min(timing.look, timing.inputWait))
            }
        }
        return true
    }

    private func waitForEnd(of job: String) throws -> Step {
        // Short jobs need not wait for long looks.
        var isStopping = false, pause = min(0.02, timing.look)
        while true {
            _ = try project.checkCompletion()
            guard let status = try project.graph().process(job)?.status else { throw PipelineGraph.unknown(job) }
            if status == .succeeded { return isStopping ? .end(.aborted) : .next }
            if status.isFinished { return .end(isStopping ? .aborted : .jobEnded(job: job, status)) }
            if isAborted, !isStopping {
                tell("stopping \(job)")
                try? project.abort(job)
                isStopping = true
            }
            Thread.sleep(forTimeInterval: pause)
            pause = min(1.5 * pause, timing.look)
        }
    }
}

/// Fingerprint of a text (Fowler, Noll & Vo): tells two states of a small file apart.
private struct FNV {
    private var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var text: String { String(value, radix: 16) }
}
