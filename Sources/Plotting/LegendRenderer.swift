/// Draws a plot's legend.
struct LegendRenderer {
    let plot: Plot
    let canvas: Canvas

    private static let rowHeight = 13.0, sampleWidth = 20.0, padding = 6.0

    private var entries: [(index: Int, series: Series)] {
        plot.series.enumerated().filter { !$0.element.name.isEmpty }.map { ($0.offset, $0.element) }
    }

    func size() -> (width: Double, height: Double) {
        let names = entries.map { canvas.width(of: $0.series.name, size: PlotRenderer.legendSize) }
        return (
            (names.max() ?? 0) + Self.sampleWidth + 3 * Self.padding, Double(entries.count) * Self.rowHeight + Self.padding
        )
    }

    func draw(area: Box, box: Box, x: AxisMapping, y: AxisMapping) {
        guard plot.legend != .none, !entries.isEmpty else { return }
        let place = place(area: area, box: box, x: x, y: y)
        canvas.setColour(Colour.white.withAlpha(0.85))
        canvas.rectangle(place)
        canvas.fill()
        canvas.setColour(Colour(grey: 0.75))
        canvas.setLine(width: 0.5)
        canvas.rectangle(place)
        canvas.stroke()
        for (row, entry) in entries.enumerated() {
            let top = place.y + Self.padding / 2 + Double(row) * Self.rowHeight
            let sample = Box(x: place.x + Self.padding, y: top, width: Self.sampleWidth, height: Self.rowHeight)
            SeriesRenderer(series: entry.series, colour: entry.series.colour ?? .ofSeries(entry.index), canvas: canvas)
                .drawSample(in: sample)
            canvas.text(
                entry.series.name, x: sample.right + Self.padding, y: top + Self.rowHeight * 0.74, size: PlotRenderer.legendSize)
        }
    }

    private func place(area: Box, box: Box, x: AxisMapping, y: AxisMapping) -> Box {
        let size = size(), margin = 7.0
        func corner(left: Bool, top: Bool) -> Box {
            Box(
                x: left ? area.x + margin : area.right - margin - size.width,
                y: top ? area.y + margin : area.bottom - margin - size.height, width: size.width, height: size.height)
        }
        switch plot.legend {
        case .outside: return Box(x: area.right + 10, y: area.y, width: size.width, height: size.height)
        case .topLeft: return corner(left: true, top: true)
        case .topRight: return corner(left: false, top: true)
        case .bottomLeft: return corner(left: true, top: false)
        case .bottomRight: return corner(left: false, top: false)
        case .automatic, .none:
            let corners = [(false, true), (true, true), (true, false), (false, false)].map { corner(left: $0.0, top: $0.1) }
            let hidden = corners.map { hiddenPoints($0, x, y) }
            let best = hidden.indices.min { hidden[$0] < hidden[$1] } ?? 0
            return corners[best]
        }
    }

    /// How many data points (of at most a few hundred a series) the legend would cover.
    private func hiddenPoints(_ box: Box, _ x: AxisMapping, _ y: AxisMapping) -> Int {
        var hidden = 0
        for series in plot.series {
            let every = max(1, series.x.count / 400)
            for index in stride(from: 0, to: series.x.count, by: every) {
                let at = (x: x.position(series.x[index]), y: y.position(series.y[index]))
                var isHidden = at.x >= box.x && at.x <= box.right && at.y >= box.y && at.y <= box.bottom
                // A bar hides the legend wherever it is taller than the legend's lower edge.
                if case .bars = series.style { isHidden = at.x >= box.x && at.x <= box.right && at.y <= box.bottom }
                if isHidden { hidden += 1 }
            }
        }
        for case .horizontal(let value, _, _) in plot.guides where (box.y...box.bottom).contains(y.position(value)) { hidden += 5 }
        for case .vertical(let value, _, _) in plot.guides where (box.x...box.right).contains(x.position(value)) { hidden += 5 }
        return hidden
    }
}
