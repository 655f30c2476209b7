import Reporting
import StarFormat

extension PipelineGraph {
    /// Reads a pipeline file of any version.
    ///
    /// - Throws: `InputError` naming file and line for a damaged table, an unknown status, a name that stands twice.
    package init(contentsOf path: String) throws {
        try self.init(StarDocument(contentsOf: path))
    }

    package init(_ document: StarDocument) throws {
        self.init()
        let known = ["general", "processes", "nodes", "input_edges", "output_edges"].map { "pipeline_" + $0 }
        otherTables = document.tables.filter { !known.contains($0.name) }
        let general = try document.table("pipeline_general")
        jobCounter = try general.int("rlnPipeLineJobCounter")
        if jobCounter < 0 {
            throw general.mismatch("rlnPipeLineJobCounter", 0, found: "\(jobCounter)", expected: "the number of the next job")
        }
        if let table = document.firstTable("pipeline_nodes") { try readNodes(table) }
        if let table = document.firstTable("pipeline_processes") { try readProcesses(table) }
        if let table = document.firstTable("pipeline_input_edges") {
            inputEdges = try readEdges(table, nodeLabel: "rlnPipeLineEdgeFromNode")
        }
        if let table = document.firstTable("pipeline_output_edges") {
            outputEdges = try readEdges(table, nodeLabel: "rlnPipeLineEdgeToNode")
        }
    }

    private mutating func readNodes(_ table: StarTable) throws {
        let known = ["rlnPipeLineNodeName", "rlnPipeLineNodeTypeLabel", "rlnPipeLineNodeTypeLabelDepth", "rlnPipeLineNodeType"]
        extraNodeLabels = table.labels.filter { !known.contains($0) }
        let names = try table.strings("rlnPipeLineNodeName")
        let labels = try nodeTypes(in: table)
        let depths = try table.intsIfPresent("rlnPipeLineNodeTypeLabelDepth")
        let extra = try extraNodeLabels.map { try table.strings($0) }
        for (row, name) in names.enumerated() {
            if name.isEmpty { throw table.mismatch("rlnPipeLineNodeName", row, found: name, expected: "the name of a file") }
            guard nodeIndex[name] == nil else {
                warnings.append("\(table.place(ofRow: row))  the file \(name) stands twice; the first entry counts")
                continue
            }
            var node = PipelineNode(name: name, typeLabel: labels[row], depth: depths?[row] ?? 1)
            node.extra = extra.map { $0[row] }
            nodeIndex[name] = nodes.count
            nodes.append(node)
        }
    }

    private func nodeTypes(in table: StarTable) throws -> [String] {
        if let labels = try table.stringsIfPresent("rlnPipeLineNodeTypeLabel") {
            return table.version < NodeTypeHistory.firstCurrentVersion ? labels.map(NodeTypeHistory.current) : labels
        }
        if table.isEmpty { return [] }
        return try table.ints("rlnPipeLineNodeType").enumerated().map { row, number in
            guard let label = NodeTypeHistory.nodeType(number: number) else {
                throw table.mismatch("rlnPipeLineNodeType", row, found: "\(number)", expected: "a type from 0 to 15")
            }
            return label
        }
    }

    private mutating func readProcesses(_ table: StarTable) throws {
        let known = [
            "rlnPipeLineProcessName", "rlnPipeLineProcessAlias", "rlnPipeLineProcessTypeLabel",
            "rlnPipeLineProcessStatusLabel", "rlnPipeLineProcessType", "rlnPipeLineProcessStatus",
        ]
        extraProcessLabels = table.labels.filter { !known.contains($0) }
        let names = try table.strings("rlnPipeLineProcessName")
        let aliases = try table.strings("rlnPipeLineProcessAlias")
        let types = try jobTypes(in: table)
        let statuses = try statuses(in: table)
        let extra = try extraProcessLabels.map { try table.strings($0) }
        for (row, name) in names.enumerated() {
            guard !name.isEmpty, processIndex[name] == nil else {
                throw table.mismatch(
                    "rlnPipeLineProcessName", row, found: name, expected: "the name of a job, once in the table")
            }
            var process = PipelineProcess(
                name: name, alias: aliases[row] == "None" || aliases[row].isEmpty ? nil : aliases[row],
                typeLabel: types[row], status: statuses[row])
            process.extra = extra.map { $0[row] }
            processIndex[name] = processes.count
            processes.append(process)
        }
    }

    private func jobTypes(in table: StarTable) throws -> [String] {
        if let labels = try table.stringsIfPresent("rlnPipeLineProcessTypeLabel") { return labels }
        if table.isEmpty { return [] }
        return try table.ints("rlnPipeLineProcessType").enumerated().map { row, number in
            guard let label = NodeTypeHistory.jobType(number: number) else {
                throw table.mismatch("rlnPipeLineProcessType", row, found: "\(number)", expected: "the number of a job type")
            }
            return label
        }
    }

    private func statuses(in table: StarTable) throws -> [JobStatus] {
        if let labels = try table.stringsIfPresent("rlnPipeLineProcessStatusLabel") {
            return try labels.enumerated().map { row, label in
                guard let status = JobStatus(label: label) else {
                    throw table.mismatch(
                        "rlnPipeLineProcessStatusLabel", row, found: label,
                        expected: JobStatus.allCases.map(\.label).joined(separator: ", "))
                }
                return status
            }
        }
        if table.isEmpty { return [] }
        return try table.ints("rlnPipeLineProcessStatus").enumerated().map { row, number in
            guard let status = JobStatus(rawValue: number) else {
                throw table.mismatch("rlnPipeLineProcessStatus", row, found: "\(number)", expected: "a number from 0 to 4")
            }
            return status
        }
    }

    /// Edges of which one end is missing are dropped with a warning.
    private mutating func readEdges(_ table: StarTable, nodeLabel: String) throws -> [PipelineEdge] {
        let processNames = try table.strings("rlnPipeLineEdgeProcess")
        let nodeNames = try table.strings(nodeLabel)
        var seen: Set<PipelineEdge> = []
        return zip(processNames, nodeNames).enumerated().compactMap { row, ends in
            let edge = PipelineEdge(process: ends.0, node: ends.1)
            let missing = processIndex[edge.process] == nil ? edge.process : nodeIndex[edge.node] == nil ? edge.node : nil
            if let missing {
                warnings.append("\(table.place(ofRow: row))  \(missing) is not in the pipeline; the link to it is dropped")
                return nil
            }
            return seen.insert(edge).inserted ? edge : nil
        }
    }
}
