import Foundation
import Reporting

/// Running, continuing and scheduling of jobs.
extension Project {
    package enum Start: Sendable, Equatable {
        /// A new job, now or when it is asked for.
        case new, newScheduled
        /// In the folder of a job that was there before.
        case again(job: String)
        /// In the place of a job, which goes to the trash: same number, same folder. See `Project+Overwriting`.
        case overwriting(job: String, scheduled: Bool = false)

        /// The job that this is about; nil for new ones.
        package var job: String? {
            switch self {
            case .new, .newScheduled: nil
            case .again(let job), .overwriting(let job, _): job
            }
        }

        package var isScheduled: Bool {
            switch self {
            case .newScheduled, .overwriting(_, scheduled: true): true
            default: false
            }
        }
    }

    /// The folder that the next job of this kind gets.
    package func nextJob(folder: String) throws -> String { nextJob(folder: folder, in: try graph()) }

    private func nextJob(folder: String, in graph: PipelineGraph) -> String {
        var number = max(1, graph.jobCounter)
        // A folder may be there without an entry after a crash; its files must not be mixed with those of the new job.
        while !contents(JobName(folder: folder, number: number).path).isEmpty { number += 1 }
        return JobName(folder: folder, number: number).path
    }

    /// Puts a job into the pipeline and, unless it is only scheduled, starts it; gives its name.
    ///
    /// - Throws: `InputError` with all findings of `findings(_:)` that stand in the way.
    @discardableResult
    package func start(_ source: some JobSource, _ start: Start, keepsForm: Bool = true) throws -> String {
        let isScheduled = start.isScheduled
        // Inputs of a scheduled job may still change.
        let review = isScheduled ? JobReview() : source.review()
        let result = try change("runJob: \(source.folder)") { graph -> JobPlan in
            if case .overwriting(let job, _) = start {
                return try overwrite(job, with: source, review, isScheduled: isScheduled, keepsForm: keepsForm, in: &graph)
            }
            let name = if case .again(let job) = start { job } else { nextJob(folder: source.folder, in: graph) }
            if case .again = start {
                guard let process = graph.process(name) else { throw PipelineGraph.unknown(name) }
                if process.status == .running {
                    throw InputError(place: name, found: "the job is running", expected: "one that has ended",
                                     remedy: "Wait for its end, or abort it")
                }
            } else if let number = JobName(name)?.number {
                graph.jobCounter = number
            }
            let plan = try source.plan(job: name)
            if !isScheduled { try require(plan, review, in: graph) }
            try makeFolder(name)
            try prepare(plan, source, keepsForm: keepsForm)
            if case .again = start, RefinementFiles.types.contains(where: { graph.process(name)?.isOf(type: $0) == true })
                || graph.process(name)?.isOf(type: "relion.multibody") == true
            {
                dropMissingOutputs(of: name, from: &graph)
            }
            try enter(plan, as: isScheduled ? .scheduled : .running, into: &graph)
            return plan
        } afterwards: { graph, plan in
            if !isScheduled {
                try launch(plan)
                try noteStart(of: plan.job, commands: plan.commands)
            }
            try graph.write(to: path(plan.job + pipelineFile))
        }
        return result.job
    }

    func prepare(_ plan: JobPlan, _ source: some JobSource, keepsForm: Bool) throws {
        if keepsForm { try source.writeForm(to: root) }
        try source.writeSettings(to: path(plan.job))
        for name in JobFile.exits.map(\.name) + [JobFile.abortNow, JobFile.owner] { remove(plan.job + name) }
        // Until the job's own process is known: should this one die in between, the job counts as failed.
        try setRunOwner(.process(.current()), of: plan.job)
    }

    func enter(_ plan: JobPlan, as status: JobStatus, alias: String? = nil, into graph: inout PipelineGraph) throws {
        graph.add(PipelineProcess(name: plan.job, alias: alias, typeLabel: plan.typeLabel, status: status))
        for node in plan.inputs where !node.name.isEmpty { try graph.addInput(node, to: plan.job) }
        for node in plan.outputs { try graph.addOutput(node, of: plan.job) }
        if let process = graph.process(plan.job) { showNodes(of: process, in: graph) }
        var own = PipelineGraph()
        own.add(PipelineProcess(name: plan.job, typeLabel: plan.typeLabel, status: status))
        for node in plan.inputs where !node.name.isEmpty {
            try own.addInput(PipelineNode(name: graph.resolvingAliases(in: node.name), typeLabel: node.typeLabel, depth: node.depth), to: plan.job)
        }
        for node in plan.outputs { try own.addOutput(node, of: plan.job) }
        try own.write(to: path(plan.job + JobFile.pipeline))
    }

    private func launch(_ plan: JobPlan) throws {
        do {
            guard let queue = plan.queue else { return try LocalLaunch(project: self, plan: plan).start() }
            try submit(plan, queue)
        } catch {
            try? append("\(error)\n", to: plan.job + JobFile.errors)
            try? touch(plan.job + JobFile.failure)
            remove(plan.job + JobFile.owner)
            throw error
        }
    }

    /// Writes the queue's script and hands it over.
    private func submit(_ plan: JobPlan, _ queue: QueueSettings) throws {
        let script = try QueueTemplate(contentsOf: path(queue.template)).script(for: plan, queue)
        try Data(script.utf8).write(to: URL(fileURLWithPath: path(plan.job + JobFile.submission)), options: .atomic)
        let command = "\(queue.submitCommand) \(plan.job)\(JobFile.submission)"
        let environment = Shell.withOwnPrograms(ProcessInfo.processInfo.environment)
        guard let (status, text) = Shell.answer(["sh", "-c", command], in: root, environment: environment) else {
            throw InputError(place: command, found: "the command cannot be started")
        }
        try append(text, to: plan.job + JobFile.output)
        guard status == 0 else {
            throw InputError(
                place: command, found: "the queue refused the job (status \(status)): \(text.trimmingCharacters(in: .whitespacesAndNewlines))",
                remedy: "Check the queue's name and the script \(plan.job)\(JobFile.submission)")
        }
        if let entry = QueueEntry(submitOutput: text, submitCommand: queue.submitCommand) {
            try setRunOwner(.queue(entry), of: plan.job)
        } else {
            remove(plan.job + JobFile.owner)
        }
    }

    /// Stops a running job at once: the queue's entry is cancelled, or all processes of the job get a signal.
    package func stop(_ job: String) throws {
        try abort(job)
        switch runOwner(of: job) {
        case .queue(let entry): try entry.cancel()
        case .process(let owner) where owner.state == .running: kill(-owner.processNumber, SIGTERM)
        default: break
        }
    }
}
