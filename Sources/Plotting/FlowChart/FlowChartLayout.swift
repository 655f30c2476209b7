/// Places of boxes and arrows for whoever draws a flow chart by other means than `FlowChart.write`.
package struct FlowChartLayout: Sendable {
    package struct Size: Sendable {
        package var width, height: Double

        package init(width: Double, height: Double) { (self.width, self.height) = (width, height) }
    }

    package struct Point: Sendable, Equatable {
        package var x, y: Double
    }

    package let size: Size
    /// Middles of the nodes; y grows downwards.
    package let centres: [Point]
    /// For each edge the points that it passes from the node above to the node below; it leaves and reaches them upright.
    package let routes: [[Point]]
    /// Whether an edge runs against the stream: its arrow is at its upper end.
    package let isTurned: [Bool]

    /// - Parameters:
    ///   - edges: indices of nodes; never from a node to itself.
    ///   - gap: between neighbours in a row; between a row and the next lies twice as much.
    package init(nodes: [Size], edges: [(from: Int, to: Int)], gap: Double) {
        let layers = FlowChartLayers(nodeCount: nodes.count, edges: edges)
        func extent(_ content: FlowChartLayers.Content) -> Size {
            if case .node(let index) = content { nodes[index] } else { Size(width: 6, height: 0) }
        }
        let places = FlowChartPlaces(layers, widths: layers.contents.map { extent($0).width }, gap: gap)
        var middles: [Double] = [], y = 0.0
        for layer in layers.layers {
            let height = layer.map { extent(layers.contents[$0]).height }.max() ?? 0
            middles.append(y + height / 2)
            y += height + gap
        }
        func point(_ content: Int) -> Point { Point(x: places.x[content], y: middles[layers.layerOf[content]]) }
        centres = nodes.indices.map(point)
        isTurned = layers.isTurned
        routes = layers.routes.map { route in
            // Between rows that follow each other nothing lies in the way.
            var points = (route.count == 3 ? [route[0], route[2]] : route).map(point)
            if let first = route.first, let last = route.last {
                points[0].y += extent(layers.contents[first]).height / 2
                points[points.count - 1].y -= extent(layers.contents[last]).height / 2
            }
            return points
        }
        let right = layers.contents.indices.map { places.x[$0] + extent(layers.contents[$0]).width / 2 }.max() ?? 0
        size = Size(width: right, height: max(0, y - gap))
    }
}
