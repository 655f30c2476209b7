import StarFormat

/// All jobs of a project, the files they exchange, and who made and uses which.
///
/// The content of `default_pipeline.star`. A value: read it, change it, write it; `ProjectStore` does so under a lock.
package struct PipelineGraph: Sendable {
    /// The number of the next job.
    package var jobCounter = 1
    package internal(set) var processes: [PipelineProcess] = []
    package internal(set) var nodes: [PipelineNode] = []
    /// Files that go into jobs, grouped by job when written.
    package internal(set) var inputEdges: [PipelineEdge] = []
    /// Files that come out of jobs.
    package internal(set) var outputEdges: [PipelineEdge] = []
    /// Doubtful things found on reading, for people.
    package internal(set) var warnings: [String] = []

    var extraProcessLabels: [String] = []
    var extraNodeLabels: [String] = []
    /// Tables that this suite does not know; kept.
    var otherTables: [StarTable] = []

    var processIndex: [String: Int] = [:]
    var nodeIndex: [String: Int] = [:]

    package init() {}

    // MARK: Looking up

    /// The job of this name (`Class2D/job010/`; the last slash may be missing).
    package func process(_ name: String) -> PipelineProcess? {
        processIndex[Self.folderName(name)].map { processes[$0] }
    }

    package func node(_ name: String) -> PipelineNode? { nodeIndex[name].map { nodes[$0] } }

    /// A job as people name it: `Class2D/job010/`, `job010`, `10`, an alias with or without its folder.
    package func find(_ text: String) -> PipelineProcess? {
        let name = Self.folderName(text)
        if let process = process(name) ?? processes.first(where: { $0.alias == name }) { return process }
        let bare = String(name.dropLast())
        if let number = Int(bare) ?? JobName.number(of: bare) {
            return processes.first { $0.jobName?.number == number }
        }
        let matches = processes.filter { $0.alias?.hasSuffix("/" + name) == true }
        return matches.count == 1 ? matches[0] : nil
    }

    static func folderName(_ text: String) -> String { text.hasSuffix("/") ? text : text + "/" }

    // MARK: Relations

    package func inputs(of process: String) -> [PipelineNode] {
        inputEdges.filter { $0.process == process }.compactMap { node($0.node) }
    }

    package func outputs(of process: String) -> [PipelineNode] {
        outputEdges.filter { $0.process == process }.compactMap { node($0.node) }
    }

    /// The job that made a file.
    package func producer(of node: String) -> PipelineProcess? {
        outputEdges.last { $0.node == node }.flatMap { process($0.process) }
    }

    /// The jobs that use a file, in the order of their edges.
    package func users(of node: String) -> [PipelineProcess] {
        inputEdges.filter { $0.node == node }.compactMap { process($0.process) }
    }

    /// The jobs whose files this job uses, each once.
    package func parents(of process: String) -> [PipelineProcess] {
        unique(inputs(of: process).compactMap { producer(of: $0.name) }, without: process)
    }

    /// The jobs that use this job's files, each once.
    package func children(of process: String) -> [PipelineProcess] {
        unique(outputs(of: process).flatMap { users(of: $0.name) }, without: process)
    }

    private func unique(_ list: [PipelineProcess], without name: String) -> [PipelineProcess] {
        var seen: Set<String> = [name]
        return list.filter { seen.insert($0.name).inserted }
    }

    /// Names of the jobs with all that use their files, directly or not; in the order of the graph.
    package func downstream(of names: [String]) -> [String] {
        closure(of: names, steps: stepsDown())
    }

    /// Names of the jobs with all whose files they use, directly or not.
    package func upstream(of names: [String]) -> [String] {
        var steps: [String: [String]] = [:]
        for (parent, children) in stepsDown() { for child in children { steps[child, default: []].append(parent) } }
        return closure(of: names, steps: steps)
    }

    private func stepsDown() -> [String: [String]] {
        let users = Dictionary(grouping: inputEdges, by: \.node)
        var steps: [String: [String]] = [:]
        for edge in outputEdges {
            steps[edge.process, default: []] += (users[edge.node] ?? []).map(\.process)
        }
        return steps
    }

    private func closure(of names: [String], steps: [String: [String]]) -> [String] {
        var found = Set(names.map(Self.folderName))
        var open = Array(found)
        while let next = open.popLast() {
            for child in steps[next] ?? [] where found.insert(child).inserted { open.append(child) }
        }
        return processes.map(\.name).filter(found.contains)
    }
}
