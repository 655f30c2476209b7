import Foundation
import Reporting

/// All jobs that led to a file or a job, in the order of the pipeline, with what each of them did.
package struct ProjectHistory: Sendable {
    /// The file or job asked for, relative to the project.
    package let subject: String
    package let jobs: [JobRecord]

    /// - Parameter subject: a file in the project, by any path; or a job by its folder, number or alias.
    /// - Throws: `InputError` when nothing is known of it.
    package init(of subject: String, in project: Project) throws {
        let graph = try project.graph()
        let (name, process) = try Self.find(subject, in: project, graph)
        let names = Set(graph.upstream(of: [process.name]))
        self.subject = name
        jobs = graph.processes.filter { names.contains($0.name) }.map { project.record(of: $0, in: graph) }
    }

    /// The name of a file or job within the project, and the job that made it.
    static func find(_ text: String, in project: Project, _ graph: PipelineGraph) throws -> (name: String, process: PipelineProcess) {
        if let process = graph.find(text) { return (process.name, process) }
        var name = text
        if name.hasPrefix("./") { name = String(name.dropFirst(2)) }
        let root = URL(fileURLWithPath: project.root.isEmpty ? "." : project.root).standardizedFileURL.path + "/"
        if name.hasPrefix(root) { name = String(name.dropFirst(root.count)) }
        name = graph.resolvingAliases(in: name)
        if let process = graph.producer(of: name) { return (name, process) }
        if let process = JobName(name).flatMap({ graph.process($0.path) }), project.exists(name) { return (name, process) }
        throw InputError(
            place: text, found: project.exists(name) ? "no job of the pipeline made this file" : "there is no such file or job",
            expected: "a job (name, number, alias), or a file that one wrote", remedy: "relion project status lists all jobs")
    }
}

/// What `relion project history --format json` prints. The names are kept; a change of their meaning raises the number of the schema.
package struct HistoryDocument: Codable, Sendable {
    package static let schemaName = "relion-history/1"

    package var schema = HistoryDocument.schemaName
    package var subject: String
    package var jobs: [JobRecord]
    package var methods: String
    package var references: [String]

    package init(_ history: ProjectHistory, methods: MethodsText) {
        subject = history.subject
        jobs = history.jobs
        self.methods = methods.text
        references = methods.references
    }

    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension ProjectHistory {
    /// For people: each job with its inputs, commands and the settings that somebody changed.
    package var text: String {
        var lines = ["History of \(subject): \(jobs.count) job\(jobs.count == 1 ? "" : "s"), first to last.", ""]
        for (index, job) in jobs.enumerated() {
            let alias = job.alias.map { " (\($0))" } ?? ""
            lines.append("\(index + 1). \(job.name)\(alias)  \(job.type)  \(job.status)")
            for file in job.inputs { lines.append("     from      \(file.name)\(file.exists ? "" : "  (not there any more)")") }
            for file in job.outputs { lines.append("     made      \(file.name)\(file.exists ? "" : "  (not there any more)")") }
            if let version = job.version { lines.append("     version   RELION \(version)") }
            for run in job.runs {
                lines.append("     run on    \(run.started)")
                lines += run.commands.map { "       $ \($0)" }
            }
            if job.runs.isEmpty { lines.append("     (its note.txt tells of no run)") }
            let changed = job.changedParameters.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty && !Self.isAboutRunning($0.key) }
            if !changed.isEmpty { lines.append("     settings other than the defaults") }
            lines += changed.map { "       \($0.key) = \($0.value)" }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    /// Settings that say where a job ran, not what it did.
    private static func isAboutRunning(_ key: String) -> Bool {
        ["nr_mpi", "nr_threads", "do_queue", "qsub", "qsubscript", "queuename", "min_dedicated", "gpu_ids", "use_gpu", "scratch_dir",
         "nr_pool", "do_preread_images", "do_parallel_discio", "do_combine_thru_disc"].contains(key) || key.hasPrefix("qsub_extra")
    }
}
