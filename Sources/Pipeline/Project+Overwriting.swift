import Foundation
import Reporting

/// Running a job anew in the place of an older run: same number, same folder.
///
/// The older run goes to the trash, alone; an older one there of the same name goes for good. The job counter stays, and so
/// does the alias. Jobs that use files of the older run stay, with their links to those files that the new run writes as well.
extension Project {
    /// Puts a job into another one's place and, unless it is only scheduled, starts it; gives its name.
    ///
    /// - Throws: `InputError` when the job is unknown, runs, or is of a kind with another folder; with all findings that
    ///   stand in the way of the new run. The older run stays as it is then.
    @discardableResult
    package func overwrite(_ job: String, with source: some JobSource, scheduled: Bool = false, keepsForm: Bool = true) throws -> String {
        try start(source, .overwriting(job: job, scheduled: scheduled), keepsForm: keepsForm)
    }

    func overwrite(
        _ job: String, with source: some JobSource, _ review: JobReview, isScheduled: Bool, keepsForm: Bool,
        in graph: inout PipelineGraph
    ) throws -> JobPlan {
        guard let old = graph.process(job) else { throw PipelineGraph.unknown(job) }
        try requireReplaceable(old, by: source)
        let plan = try source.plan(job: old.name)
        let own = plan.inputs.map { graph.resolvingAliases(in: $0.name) }.filter { $0.hasPrefix(old.name) }
        if !own.isEmpty {
            throw InputError(own.map {
                InputProblem(place: $0, found: "the job would read a file of the run that it replaces",
                             remedy: "Run it as a new job, or choose another input")
            })
        }
        if !isScheduled { try require(plan, review, in: graph) }
        let counter = graph.jobCounter
        let made = Set(graph.outputs(of: old.name).map(\.name))
        let uses = graph.inputEdges.filter { made.contains($0.node) && $0.process != old.name }
        let part = graph.part(processes: [old.name])
        if isFolder(old.name) { try part.write(to: path(old.name + JobFile.deletedPipeline)) }
        hideNodes(of: old, in: part)
        graph.remove(processes: [old.name])
        let hadFolder = isFolder(old.name)
        if hadFolder { try discard(old.name) }
        do {
            try makeFolder(old.name)
            try prepare(plan, source, keepsForm: keepsForm)
            try enter(plan, as: isScheduled ? .scheduled : .running, alias: old.alias, into: &graph)
        } catch {
            if hadFolder { try? bringBack(old.name) }
            throw error
        }
        let writes = Set(plan.outputs.map(\.name))
        graph.inputEdges += uses.filter { writes.contains($0.node) }
        graph.jobCounter = counter
        return plan
    }

    private func requireReplaceable(_ old: PipelineProcess, by source: some JobSource) throws {
        if old.status == .running {
            throw InputError(
                place: old.name, found: "the job is running", expected: "one that has ended",
                remedy: "Abort it, or mark it as failed, first")
        }
        guard let folder = JobName(old.name)?.folder, folder == source.folder else {
            throw InputError(
                place: old.name, found: "a job of \(source.folder) cannot take its place", expected: "settings of the same kind of job",
                remedy: "Run it as a new job")
        }
    }

    /// Moves a folder back from the trash over what has been begun in its place.
    private func bringBack(_ job: String) throws {
        let folder = String(job.dropLast())
        remove(folder)
        try move("\(Self.trash)/\(folder)", to: folder)
        remove(job + JobFile.deletedPipeline)
    }
}
