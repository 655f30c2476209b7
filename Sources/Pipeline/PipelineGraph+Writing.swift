import StarFormat

extension PipelineGraph {
    /// The tables of a pipeline file in RELION's order; empty ones are left out on writing.
    package var document: StarDocument {
        StarDocument(tables: [generalTable, processTable, nodeTable, edgeTable(.input), edgeTable(.output)] + otherTables)
    }

    /// Writes the file under a temporary name, flushes it to the disk and renames it.
    package func write(to path: String) throws { try document.write(to: path, flushingToDisk: true) }

    private var generalTable: StarTable {
        var table = StarTable(name: "pipeline_general", kind: .list)
        table.setValue("rlnPipeLineJobCounter", jobCounter)
        return table
    }

    private var processTable: StarTable {
        var table = StarTable(name: "pipeline_processes")
        table.set("rlnPipeLineProcessName", strings: processes.map(\.name))
        table.set("rlnPipeLineProcessAlias", strings: processes.map { $0.alias ?? "None" })
        table.set("rlnPipeLineProcessTypeLabel", strings: processes.map(\.typeLabel))
        table.set("rlnPipeLineProcessStatusLabel", strings: processes.map(\.status.label))
        for (column, label) in extraProcessLabels.enumerated() {
            table.set(label, strings: processes.map { column < $0.extra.count ? $0.extra[column] : "None" })
        }
        return table
    }

    private var nodeTable: StarTable {
        var table = StarTable(name: "pipeline_nodes")
        table.set("rlnPipeLineNodeName", strings: nodes.map(\.name))
        table.set("rlnPipeLineNodeTypeLabel", strings: nodes.map(\.typeLabel))
        table.set("rlnPipeLineNodeTypeLabelDepth", ints: nodes.map(\.depth))
        for (column, label) in extraNodeLabels.enumerated() {
            table.set(label, strings: nodes.map { column < $0.extra.count ? $0.extra[column] : "None" })
        }
        return table
    }

    private enum Direction { case input, output }

    /// Edges grouped by job in the jobs' order, as RELION writes them.
    private func edgeTable(_ direction: Direction) -> StarTable {
        let groups = Dictionary(grouping: direction == .input ? inputEdges : outputEdges, by: \.process)
        let edges = processes.flatMap { groups[$0.name] ?? [] }
        var table = StarTable(name: direction == .input ? "pipeline_input_edges" : "pipeline_output_edges")
        switch direction {
        case .input:
            table.set("rlnPipeLineEdgeFromNode", strings: edges.map(\.node))
            table.set("rlnPipeLineEdgeProcess", strings: edges.map(\.process))
        case .output:
            table.set("rlnPipeLineEdgeProcess", strings: edges.map(\.process))
            table.set("rlnPipeLineEdgeToNode", strings: edges.map(\.node))
        }
        return table
    }
}
