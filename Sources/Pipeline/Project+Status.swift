import Foundation
import Reporting
import StarFormat

/// What has become of running jobs.
extension Project {
    /// Makes a project of a folder: marker, pipeline file, `.Nodes`. An existing project stays as it is.
    package func initialise() throws {
        if !root.isEmpty { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }
        try touch(Self.marker)
        if !isPresent {
            // Under the lock, so that two who make the same project do not overwrite each other's first job.
            let lock = try ProjectLock(folder: path(".relion_lock"), fileName: "lock_" + pipelineFile, message: "making the project")
            defer { lock.release() }
            if !isPresent { try PipelineGraph().write(to: pipelinePath) }
        }
        try makeFolder(Self.nodesFolder)
    }

    /// One running job that has ended, or a thing to tell about it.
    package struct Completion: Sendable {
        package var job: String
        package var status: JobStatus
        /// Outputs that the job should have written, and did not.
        package var missingOutputs: [String]
        /// Why a job without an exit file counts as ended; empty for others.
        package var reason: String
    }

    /// Looks whether running jobs have ended, and enters what has become of them.
    ///
    /// The exit files decide. A job of which the process is known, and is dead without having left an exit file (the machine
    /// was switched off, the process killed), has failed; or it was aborted, when that had been asked for. While the process
    /// of a job of several commands lives, the exit files of its first commands do not count.
    package func checkCompletion() throws -> [Completion] {
        let ended = try graph().processes.filter { $0.status == .running && end(of: $0.name) != nil }.map(\.name)
        if ended.isEmpty { return [] }
        return try change("finished: \(ended.joined(separator: " "))") { graph in
            var completions: [Completion] = []
            for name in ended {
                guard graph.process(name)?.status == .running, let end = end(of: name) else { continue }
                try graph.setStatus(end.status, of: name)
                if end.status == .succeeded { try addOutputNodes(of: name, to: &graph) }
                completions.append(Completion(job: name, status: end.status, missingOutputs: [], reason: end.reason))
            }
            for index in completions.indices where completions[index].status == .succeeded {
                guard let process = graph.process(completions[index].job) else { continue }
                completions[index].missingOutputs = showNodes(of: process, in: graph)
            }
            return completions
        }
    }

    /// Whether this user may change the project; looking at it needs no permission to write.
    package var isWritable: Bool { access(root.isEmpty ? "." : root, W_OK) == 0 }

    /// The pipeline with what has become of running jobs: entered in the file where that may be written, else only in the
    /// graph that is given back.
    ///
    /// - Parameter writes: nil: where the user may.
    package func upToDateGraph(writes: Bool? = nil) throws -> (graph: PipelineGraph, completions: [Completion]) {
        if writes ?? isWritable {
            let completions = try checkCompletion()
            return (try graph(), completions)
        }
        var graph = try graph()
        var completions: [Completion] = []
        for process in graph.processes where process.status == .running {
            guard let end = end(of: process.name) else { continue }
            try graph.setStatus(end.status, of: process.name)
            if end.status == .succeeded { try addOutputNodes(of: process.name, to: &graph) }
            let missing = end.status == .succeeded ? graph.outputs(of: process.name).map(\.name).filter { !exists($0) } : []
            completions.append(Completion(job: process.name, status: end.status, missingOutputs: missing, reason: end.reason))
        }
        return (graph, completions)
    }

    /// How a running job ended; nil while it runs.
    private func end(of job: String) -> (status: JobStatus, reason: String)? {
        let owner = runOwner(of: job)
        let state = owner?.state ?? .unknown
        if state == .running { return nil }
        for exit in JobFile.exits where exists(job + exit.name) { return (exit.status, "") }
        guard state == .dead, let owner else { return nil }
        if exists(job + JobFile.abortNow) { return (.aborted, "stopped on request") }
        return (.failed, "\(owner.description) ended without a word: the machine went down, or the process was killed")
    }

    /// Adds the outputs that a job lists itself; files that are in the graph already are skipped.
    ///
    /// Other jobs may use the new ones already: those of a job that was overwritten left the graph with its older run.
    func addOutputNodes(of job: String, to graph: inout PipelineGraph) throws {
        guard exists(job + JobFile.outputNodes) else { return }
        let table = try StarDocument(contentsOf: path(job + JobFile.outputNodes)).table("output_nodes")
        let names = try table.strings("rlnPipeLineNodeName")
        let labels = try table.strings("rlnPipeLineNodeTypeLabel")
        let depths = try table.intsIfPresent("rlnPipeLineNodeTypeLabelDepth")
        let known = Set(graph.nodes.map(\.name))
        for row in names.indices where !names[row].isEmpty {
            try graph.addOutput(PipelineNode(name: names[row], typeLabel: labels[row], depth: depths?[row] ?? 1), of: job)
        }
        let added = Set(graph.outputs(of: job).map(\.name)).subtracting(known)
        if !added.isEmpty { try reconnect(added, in: &graph) }
    }

    /// Marks a job as finished by hand.
    ///
    /// Refinements get the files of their last iteration as outputs; without any iteration they cannot have finished. Outputs
    /// without a file leave the graph.
    package func mark(_ job: String, as status: JobStatus) throws {
        try change("marking \(job) as \(status.label)") { graph in
            guard let process = graph.process(job) else { throw PipelineGraph.unknown(job) }
            let isRefinement = RefinementFiles.types.contains { process.isOf(type: $0) }
            if isRefinement {
                guard let last = RefinementFiles(project: self, job: process.name).lastIteration else {
                    throw InputError(
                        place: process.name, found: "the refinement has not written any iteration",
                        remedy: "Delete the job if it is not needed")
                }
                for node in last.nodes(halves: process.isOf(type: "relion.refine3d")) {
                    try graph.addOutput(node, of: process.name)
                }
            }
            try addOutputNodes(of: process.name, to: &graph)
            dropMissingOutputs(of: process.name, from: &graph)
            try graph.setStatus(status, of: process.name)
            if let process = graph.process(job) { showNodes(of: process, in: graph) }
        }
    }

    func dropMissingOutputs(of job: String, from graph: inout PipelineGraph) {
        graph.remove(nodes: Set(graph.outputs(of: job).map(\.name).filter { !exists($0) }))
    }

    /// Asks a running job to stop.
    package func abort(_ job: String) throws {
        guard let process = try graph().process(job) else { throw PipelineGraph.unknown(job) }
        guard process.status == .running else {
            throw InputError(place: process.name, found: "the job is \(process.status.label)", expected: "a running job")
        }
        try touch(process.name + JobFile.abortNow)
    }
}
