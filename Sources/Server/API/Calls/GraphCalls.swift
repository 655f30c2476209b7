import Pipeline
import Plotting

/// The project's jobs as a flow chart.
enum GraphCalls {
    static let all: [APICall] = [
        .get("graph", "The jobs as a flow chart: boxes, and the routes of the arrows between them, in pixels with y downwards") { context, _ in
            try HTTPResponse(json: GraphAnswer(context.project.graph()))
        }
    ]
}

struct GraphAnswer: Codable, Sendable {
    struct Node: Codable, Sendable {
        var job: JobAnswer
        /// Of the middle.
        var x: Double
        var y: Double
        var width: Double
        var height: Double
    }

    struct Edge: Codable, Sendable {
        /// Numbers of nodes.
        var from: Int
        var to: Int
        /// From the upper end to the lower one.
        var points: [[Double]]
        /// The arrow is at the upper end.
        var isTurned: Bool
        var files: [String]
    }

    var width: Double
    var height: Double
    var nodes: [Node]
    var edges: [Edge]

    init(_ graph: PipelineGraph) {
        let jobs = graph.processes
        let numbers = Dictionary(jobs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let makers = Dictionary(graph.outputEdges.map { ($0.node, $0.process) }, uniquingKeysWith: { $1 })
        var files: [[Int]: [String]] = [:]
        for edge in graph.inputEdges {
            guard let from = makers[edge.node].flatMap({ numbers[$0] }), let to = numbers[edge.process], from != to else { continue }
            files[[from, to], default: []].append(edge.node)
        }
        let pairs = files.keys.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
        let sizes = jobs.map { job in
            FlowChartLayout.Size(
                width: 24 + max(7.5 * Double((job.alias ?? job.name).count), 6 * Double(job.typeLabel.count - 5 + job.status.label.count)), height: 40)
        }
        let layout = FlowChartLayout(nodes: sizes, edges: pairs.map { ($0[0], $0[1]) }, gap: 18)
        (width, height) = (layout.size.width, layout.size.height)
        nodes = jobs.indices.map { index in
            let centre = layout.centres[index]
            return Node(job: JobAnswer(jobs[index]), x: centre.x, y: centre.y, width: sizes[index].width, height: sizes[index].height)
        }
        edges = pairs.indices.map { index in
            Edge(
                from: pairs[index][0], to: pairs[index][1], points: layout.routes[index].map { [$0.x, $0.y] }, isTurned: layout.isTurned[index],
                files: files[pairs[index]] ?? [])
        }
    }
}
