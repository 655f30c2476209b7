import Foundation
import Reporting

/// Changes of the graph, with RELION's rules: a job that exists keeps its type and alias, a file keeps its first type.
extension PipelineGraph {
    /// Adds a job, or sets the status of the one with this name. A new job raises the job counter.
    package mutating func add(_ process: PipelineProcess) {
        if let index = processIndex[process.name] {
            processes[index].status = process.status
        } else {
            insert(process)
            jobCounter += 1
        }
    }

    private mutating func insert(_ process: PipelineProcess) {
        processIndex[process.name] = processes.count
        processes.append(process)
    }

    /// - Throws: `InputError` when there is no such job.
    package mutating func update(_ name: String, _ change: (inout PipelineProcess) throws -> Void) throws {
        guard let index = processIndex[Self.folderName(name)] else { throw Self.unknown(name) }
        try change(&processes[index])
    }

    package mutating func setStatus(_ status: JobStatus, of name: String) throws {
        try update(name) { $0.status = status }
    }

    /// The file's name with the real folder of the job where an alias stood.
    package func resolvingAliases(in path: String) -> String {
        for process in processes {
            if let alias = process.alias, path.hasPrefix(alias) { return process.name + path.dropFirst(alias.count) }
        }
        return path
    }

    /// Adds a file that a job reads. A file new to the graph that lies in a job's folder becomes an output of that job.
    package mutating func addInput(_ node: PipelineNode, to process: String) throws {
        let (name, isNew) = try add(node, place: process)
        let edge = PipelineEdge(process: process, node: name)
        if !inputEdges.contains(edge) { inputEdges.append(edge) }
        if isNew, let maker = processes.first(where: { name.hasPrefix($0.name) }) {
            outputEdges.append(PipelineEdge(process: maker.name, node: name))
        }
    }

    /// Adds a file that a job writes; one that is in the graph already stays as it is.
    package mutating func addOutput(_ node: PipelineNode, of process: String) throws {
        let (name, isNew) = try add(node, place: process)
        if isNew { outputEdges.append(PipelineEdge(process: process, node: name)) }
    }

    private mutating func add(_ node: PipelineNode, place: String) throws -> (name: String, isNew: Bool) {
        guard processIndex[place] != nil else { throw Self.unknown(place) }
        if node.name.isEmpty {
            throw InputError(place: place, found: "a file of type \(node.typeLabel) has no name", expected: "the name of a file")
        }
        var node = node
        node.name = resolvingAliases(in: node.name)
        if nodeIndex[node.name] != nil { return (node.name, false) }
        nodeIndex[node.name] = nodes.count
        nodes.append(node)
        return (node.name, true)
    }

    /// Takes jobs with all files they made out of the graph.
    package mutating func remove(processes names: Set<String>) {
        let made = Set(outputEdges.filter { names.contains($0.process) }.map(\.node))
        processes.removeAll { names.contains($0.name) }
        inputEdges.removeAll { names.contains($0.process) }
        outputEdges.removeAll { names.contains($0.process) }
        processIndex = Dictionary(uniqueKeysWithValues: processes.enumerated().map { ($1.name, $0) })
        remove(nodes: made)
    }

    /// Takes files out of the graph with all links to them.
    package mutating func remove(nodes names: Set<String>) {
        if names.isEmpty { return }
        nodes.removeAll { names.contains($0.name) }
        inputEdges.removeAll { names.contains($0.node) }
        outputEdges.removeAll { names.contains($0.node) }
        nodeIndex = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
    }

    /// The part with these jobs: their own files, the files they use and the links between them.
    package func part(processes names: Set<String>) -> PipelineGraph {
        var part = PipelineGraph()
        part.extraProcessLabels = extraProcessLabels
        part.extraNodeLabels = extraNodeLabels
        part.inputEdges = inputEdges.filter { names.contains($0.process) }
        part.outputEdges = outputEdges.filter { names.contains($0.process) }
        let files = Set((part.inputEdges + part.outputEdges).map(\.node))
        for process in processes where names.contains(process.name) { part.insert(process) }
        for node in nodes where files.contains(node.name) {
            part.nodeIndex[node.name] = part.nodes.count
            part.nodes.append(node)
        }
        part.jobCounter = part.processes.count + 1
        return part
    }

    /// Adds all of another graph. An alias that is taken is dropped with a warning; the job counter stays above all numbers.
    ///
    /// - Throws: `InputError` naming all jobs that exist in both.
    package mutating func merge(_ other: PipelineGraph) throws {
        let clashes = other.processes.filter { processIndex[$0.name] != nil }
        if !clashes.isEmpty {
            throw InputError(clashes.map {
                InputProblem(place: $0.name, found: "there is a job of this name already", expected: "a name that is free",
                             remedy: "Delete that job first")
            })
        }
        for var process in other.processes {
            if let alias = process.alias, processes.contains(where: { $0.alias == alias }) {
                warnings.append("the alias \(alias) of \(process.name) is taken; it is dropped")
                process.alias = nil
            }
            process.extra = []
            insert(process)
        }
        for var node in other.nodes where nodeIndex[node.name] == nil {
            node.extra = []
            nodeIndex[node.name] = nodes.count
            nodes.append(node)
        }
        inputEdges += other.inputEdges.filter { !inputEdges.contains($0) }
        outputEdges += other.outputEdges.filter { edge in !outputEdges.contains { $0.node == edge.node } }
        jobCounter = max(jobCounter, (other.processes.compactMap { $0.jobName?.number }.max() ?? 0) + 1)
    }

    package static func unknown(_ name: String) -> InputError {
        InputError(place: name, found: "there is no such job in the pipeline", remedy: "relion project status lists all")
    }
}
