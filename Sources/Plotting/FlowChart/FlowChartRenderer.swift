/// Draws a flow chart: sizes of the boxes from their text, places from the layout, arrows as smooth curves.
struct FlowChartRenderer {
    private let chart: FlowChart
    private let titleSize = 9.0, lineSize = 7.0, labelSize = 6.0
    private let gap = 14.0, margin = 24.0
    /// Space between a row of boxes or labels and the next.
    private let rowGap = 11.0

    init(_ chart: FlowChart) { self.chart = chart }

    private func nodeHeight(_ node: FlowChart.Node) -> Double { titleSize + 10 + Double(node.lines.count) * (lineSize + 2.5) }
    private func labelHeight(_ edge: FlowChart.Edge) -> Double { Double(edge.labels.count) * (labelSize + 1.5) }

    private struct Layout {
        var layers: FlowChartLayers
        var x: [Double]
        var widths: [Double]
        var tops: [Double]
        var heights: [Double]
        var size: PageSize
        var left: Double
    }

    func draw(format: Canvas.Format, path: String) throws {
        // Widths of text do not depend on the page; any canvas can measure them.
        let ruler = try Canvas(format: .png(pixelsPerPoint: 1), path: path, size: PageSize(width: 8, height: 8))
        let layout = layout(ruler)
        let canvas = try Canvas(format: format, path: path, size: layout.size)
        canvas.setColour(.white)
        canvas.rectangle(Box(x: 0, y: 0, width: layout.size.width, height: layout.size.height))
        canvas.fill()
        if !chart.title.isEmpty { canvas.text(chart.title, x: margin, y: margin, size: 11, weight: .bold) }
        for index in chart.edges.indices { drawEdge(index, layout, canvas) }
        for index in chart.nodes.indices { drawNode(index, layout, canvas) }
        drawLegend(layout, canvas)
        try canvas.finish()
    }

    private func layout(_ ruler: Canvas) -> Layout {
        let layers = FlowChartLayers(nodeCount: chart.nodes.count, edges: chart.edges.map { ($0.from, $0.to) })
        let widths = layers.contents.map { content -> Double in
            switch content {
            case .node(let index):
                let node = chart.nodes[index]
                return ([ruler.width(of: node.title, size: titleSize, weight: .bold)]
                    + node.lines.map { ruler.width(of: $0, size: lineSize) }).reduce(50, max) + 16
            case .label(let edge): return chart.edges[edge].labels.map { ruler.width(of: $0, size: labelSize) }.reduce(4, max) + 4
            case .bend: return 4
            }
        }
        let places = FlowChartPlaces(layers, widths: widths, gap: gap)
        var (tops, heights): ([Double], [Double]) = ([], [])
        var y = margin + (chart.title.isEmpty ? 0 : 22)
        for layer in layers.layers {
            let height = layer.map { content -> Double in
                switch layers.contents[content] {
                case .node(let index): nodeHeight(chart.nodes[index])
                case .label(let edge): labelHeight(chart.edges[edge])
                case .bend: 0
                }
            }.max() ?? 0
            tops.append(y)
            heights.append(height)
            y += height + rowGap
        }
        let right = places.x.indices.map { places.x[$0] + widths[$0] / 2 }.max() ?? 0
        let legendWidth = chart.legend.reduce(0) { $0 + ruler.width(of: $1.text, size: lineSize) + 28 }
        let titleWidth = ruler.width(of: chart.title, size: 11, weight: .bold)
        let inner = max(right, legendWidth, titleWidth)
        let size = PageSize(width: inner + 2 * margin, height: y + margin + (chart.legend.isEmpty ? 0 : 24))
        return Layout(layers: layers, x: places.x, widths: widths, tops: tops, heights: heights, size: size, left: margin + (inner - right) / 2)
    }

    private func middle(_ content: Int, _ layout: Layout) -> (x: Double, y: Double) {
        let layer = layout.layers.layerOf[content]
        return (layout.left + layout.x[content], layout.tops[layer] + layout.heights[layer] / 2)
    }

    private func drawNode(_ index: Int, _ layout: Layout, _ canvas: Canvas) {
        let node = chart.nodes[index]
        let centre = middle(index, layout)
        let height = nodeHeight(node)
        let box = Box(x: centre.x - layout.widths[index] / 2, y: centre.y - height / 2, width: layout.widths[index], height: height)
        canvas.roundedRectangle(box, radius: 4)
        canvas.setColour(node.fill)
        canvas.fill()
        canvas.roundedRectangle(box, radius: 4)
        canvas.setColour(.axis)
        canvas.setLine(width: 0.8)
        canvas.stroke()
        canvas.text(node.title, x: centre.x, y: box.y + 5 + titleSize * 0.9, size: titleSize, anchor: .middle, weight: .bold)
        for (line, text) in node.lines.enumerated() {
            let y = box.y + 5 + titleSize + Double(line + 1) * (lineSize + 2.5) - 1
            canvas.text(text, x: centre.x, y: y, size: lineSize, anchor: .middle, colour: .axis)
        }
    }

    /// From box to box through the bends, leaving and reaching each upright; the label stands in a gap of the line.
    private func drawEdge(_ index: Int, _ layout: Layout, _ canvas: Canvas) {
        let route = layout.layers.routes[index]
        guard let first = route.first, let last = route.last else { return }
        var points = route.map { middle($0, layout) }
        points[0].y += nodeHeight(chart.nodes[first]) / 2
        points[points.count - 1].y -= nodeHeight(chart.nodes[last]) / 2
        canvas.setColour(.guide)
        canvas.setLine(width: 0.8)
        canvas.move(points[0].x, points[0].y)
        for (a, b) in zip(points, points.dropFirst()) {
            let half = (b.y - a.y) / 2
            canvas.curve((a.x, a.y + half), (b.x, b.y - half), to: b)
        }
        canvas.stroke()
        let end = layout.layers.isTurned[index] ? points[0] : points[points.count - 1]
        let back = layout.layers.isTurned[index] ? 5.0 : -5.0
        canvas.move(end.x, end.y)
        canvas.line(end.x - 2.5, end.y + back)
        canvas.line(end.x + 2.5, end.y + back)
        canvas.closePath()
        canvas.fill()
        drawLabel(of: index, layout, canvas)
    }

    private func drawLabel(of index: Int, _ layout: Layout, _ canvas: Canvas) {
        let edge = chart.edges[index]
        guard !edge.labels.isEmpty, let content = layout.layers.routes[index].first(where: { layout.layers.contents[$0] == .label(index) })
        else { return }
        let centre = middle(content, layout)
        let height = labelHeight(edge)
        let box = Box(x: centre.x - layout.widths[content] / 2, y: centre.y - height / 2, width: layout.widths[content], height: height)
        canvas.setColour(.white)
        canvas.rectangle(box)
        canvas.fill()
        for (line, text) in edge.labels.enumerated() {
            let y = box.y + Double(line + 1) * (labelSize + 1.5) - 1.8
            canvas.text(text, x: centre.x, y: y, size: labelSize, anchor: .middle, colour: .blue)
        }
    }

    private func drawLegend(_ layout: Layout, _ canvas: Canvas) {
        var x = margin
        let y = layout.size.height - margin
        for (text, colour) in chart.legend {
            let box = Box(x: x, y: y - 7, width: 10, height: 8)
            canvas.setColour(colour)
            canvas.rectangle(box)
            canvas.fill()
            canvas.setColour(.axis)
            canvas.setLine(width: 0.6)
            canvas.rectangle(box)
            canvas.stroke()
            canvas.text(text, x: x + 14, y: y, size: lineSize)
            x += canvas.width(of: text, size: lineSize) + 28
        }
    }
}
