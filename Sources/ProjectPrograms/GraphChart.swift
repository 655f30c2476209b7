import Pipeline
import Plotting

/// The pipeline as a flow chart.
enum GraphChart {
    static let colours: [JobStatus: Colour] = [
        .succeeded: Colour(hex: 0xCFEBD6), .running: Colour(hex: 0xFFF0A8), .scheduled: Colour(hex: 0xE4E7EB), .failed: Colour(hex: 0xF4B6A9),
        .aborted: Colour(hex: 0xF7D9A8),
    ]

    /// - Parameter names: the jobs to show; nil for all.
    static func chart(_ graph: PipelineGraph, jobs names: [String]? = nil, title: String) -> FlowChart {
        let wanted = names.map(Set.init)
        let jobs = graph.processes.filter { wanted?.contains($0.name) ?? true }
        let index = Dictionary(uniqueKeysWithValues: jobs.enumerated().map { ($1.name, $0) })
        let nodes = jobs.map { job in
            FlowChart.Node(
                title: trimmed(job.alias ?? job.name),
                lines: (job.alias == nil ? [] : [trimmed(job.name)]) + ["\(job.typeLabel.replacingOccurrences(of: "relion.", with: "")), \(job.status.label.lowercased())"],
                fill: colours[job.status] ?? .white)
        }
        var edges: [FlowChart.Edge] = []
        for job in jobs {
            var byParent: [(parent: Int, files: [String])] = []
            for file in graph.inputs(of: job.name) {
                guard let maker = graph.producer(of: file.name), let parent = index[maker.name], maker.name != job.name else { continue }
                let label = file.name.hasPrefix(maker.name) ? String(file.name.dropFirst(maker.name.count)) : file.name
                if let place = byParent.firstIndex(where: { $0.parent == parent }) { byParent[place].files.append(label) } else {
                    byParent.append((parent, [label]))
                }
            }
            edges += byParent.map { FlowChart.Edge(from: $0.parent, to: index[job.name] ?? 0, labels: labels($0.files)) }
        }
        let present = Set(jobs.map(\.status))
        let legend = JobStatus.allCases.filter(present.contains).map { ($0.label, colours[$0] ?? .white) }
        return FlowChart(title: title, nodes: nodes, edges: edges, legend: legend)
    }

    private static func labels(_ files: [String]) -> [String] {
        files.count <= 3 ? files : Array(files.prefix(2)) + ["and \(files.count - 2) more"]
    }

    private static func trimmed(_ name: String) -> String { name.hasSuffix("/") ? String(name.dropLast()) : name }
}
