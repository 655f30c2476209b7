import Pipeline

/// The pipeline as text.
enum GraphText {
    /// Each job under those whose files it uses; a job with several parents stands under the first, with the others named.
    static func tree(_ graph: PipelineGraph) -> String {
        var lines: [String] = []
        var told: Set<String> = []
        func tell(_ process: PipelineProcess, depth: Int) {
            guard told.insert(process.name).inserted else { return }
            let parents = graph.parents(of: process.name).dropFirst().map(\.name)
            let others = parents.isEmpty ? "" : "  (also from \(parents.joined(separator: ", ")))"
            lines.append(String(repeating: "  ", count: depth) + "\(process.alias ?? process.name)  \(process.status.label)\(others)")
            for child in graph.children(of: process.name) where graph.parents(of: child.name).first?.name == process.name {
                tell(child, depth: depth + 1)
            }
        }
        for process in graph.processes where graph.parents(of: process.name).isEmpty { tell(process, depth: 0) }
        for process in graph.processes { tell(process, depth: 0) }
        return lines.joined(separator: "\n")
    }

    static func dot(_ graph: PipelineGraph) -> String {
        let colours: [JobStatus: String] = [
            .running: "gold", .scheduled: "lightgrey", .succeeded: "palegreen", .failed: "tomato", .aborted: "orange",
        ]
        var lines = ["digraph jobs {", "  node [shape=box, style=filled];"]
        for process in graph.processes {
            lines.append("  \"\(process.name)\" [label=\"\(process.alias ?? process.name)\", fillcolor=\(colours[process.status] ?? "white")];")
        }
        for process in graph.processes {
            for child in graph.children(of: process.name) { lines.append("  \"\(process.name)\" -> \"\(child.name)\";") }
        }
        return (lines + ["}"]).joined(separator: "\n")
    }
}
