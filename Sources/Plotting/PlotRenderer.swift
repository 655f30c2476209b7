import Foundation

/// Draws one plot into a box.
struct PlotRenderer {
    static let titleSize = 12.0, labelSize = 10.0, tickSize = 8.5, legendSize = 8.5

    let plot: Plot
    let canvas: Canvas

    func draw(in box: Box) {
        let xRange = AxisMapping.range(of: plot.x, data: xData(), widenToTicks: false)
        let yRange = AxisMapping.range(of: plot.y, data: yData(), widenToTicks: true)
        let area = frame(in: box, xRange: xRange, yRange: yRange)
        let x = AxisMapping(axis: plot.x, range: xRange, start: area.x, end: area.right)
        let y = AxisMapping(axis: plot.y, range: yRange, start: area.bottom, end: area.y)
        let xTicks = x.ticks(spacing: 55), yTicks = y.ticks(spacing: 32)
        if plot.showsGrid { drawGrid(area, x, y, xTicks, yTicks) }
        canvas.clipped(to: area) {
            for (index, series) in plot.series.enumerated() {
                SeriesRenderer(series: series, colour: series.colour ?? .ofSeries(index), canvas: canvas).draw(x: x, y: y)
            }
        }
        drawGuides(area, x, y)
        drawFrame(area, x, y, xTicks, yTicks)
        drawTitles(box, area)
        LegendRenderer(plot: plot, canvas: canvas).draw(area: area, box: box, x: x, y: y)
    }

    // MARK: Extent

    private func xData() -> [Double] {
        var data = plot.series.flatMap { series -> [Double] in
            guard case .bars(let width) = series.style else { return series.x }
            return series.x.flatMap { [$0 - width / 2, $0 + width / 2] }
        }
        for case .vertical(let value, _, _) in plot.guides { data.append(value) }
        return data
    }

    private func yData() -> [Double] {
        var data: [Double] = []
        for series in plot.series {
            if case .bars = series.style, plot.y.scale == .linear { data.append(0) }
            for (index, value) in series.y.enumerated() where isShown(series.x[index]) {
                data.append(value)
                if series.errors.indices.contains(index) {
                    data.append(value - series.errors[index])
                    data.append(value + series.errors[index])
                }
            }
        }
        for case .horizontal(let value, _, _) in plot.guides { data.append(value) }
        return data
    }

    private func isShown(_ x: Double) -> Bool { plot.x.range?.contains(x) ?? true }

    // MARK: Layout

    private func frame(in box: Box, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>) -> Box {
        let probe = AxisMapping(axis: plot.y, range: yRange, start: box.bottom - 60, end: box.y + 30)
        let widest = plot.y.tickLabels == .none
            ? 0 : probe.ticks(spacing: 32).major.map { canvas.width(of: $0.label, size: Self.tickSize) }.max() ?? 0
        var top = plot.title.isEmpty ? 8.0 : 26
        if plot.showsResolutionOnTop { top += 24 }
        var right = 14.0
        if plot.legend == .outside { right += LegendRenderer(plot: plot, canvas: canvas).size().width + 10 }
        var area = box.inset(
            left: widest + 12 + (plot.y.label.isEmpty ? 0 : 18), top: top, right: right,
            bottom: 22 + (plot.x.label.isEmpty ? 0 : 16))
        if plot.aspect == .equal {
            let scale = min(
                area.width / (xRange.upperBound - xRange.lowerBound), area.height / (yRange.upperBound - yRange.lowerBound))
            let width = scale * (xRange.upperBound - xRange.lowerBound), height = scale * (yRange.upperBound - yRange.lowerBound)
            area = Box(x: area.x + (area.width - width) / 2, y: area.y, width: width, height: height)
        }
        return area
    }

    // MARK: Parts

    private func drawGrid(_ area: Box, _ x: AxisMapping, _ y: AxisMapping, _ xTicks: Ticks, _ yTicks: Ticks) {
        canvas.setColour(.grid)
        canvas.setLine(width: 0.6)
        for tick in xTicks.major {
            canvas.move(x.position(tick.value), area.y)
            canvas.line(x.position(tick.value), area.bottom)
        }
        for tick in yTicks.major {
            canvas.move(area.x, y.position(tick.value))
            canvas.line(area.right, y.position(tick.value))
        }
        canvas.stroke()
    }

    private func drawGuides(_ area: Box, _ x: AxisMapping, _ y: AxisMapping) {
        for guide in plot.guides {
            canvas.setLine(width: 0.9, dash: .dashed)
            switch guide {
            case .horizontal(let value, let label, let colour):
                let at = y.position(value)
                guard at >= area.y - 0.1, at <= area.bottom + 0.1 else { continue }
                canvas.setColour(colour)
                canvas.move(area.x, at)
                canvas.line(area.right, at)
                canvas.stroke()
                canvas.text(label, x: area.x + 5, y: at - 3, size: Self.tickSize, colour: colour)
            case .vertical(let value, let label, let colour):
                let at = x.position(value)
                guard at >= area.x - 0.1, at <= area.right + 0.1 else { continue }
                canvas.setColour(colour)
                canvas.move(at, area.y)
                canvas.line(at, area.bottom)
                canvas.stroke()
                let isLeft = at > area.x + area.width * 0.7
                canvas.text(
                    label, x: isLeft ? at - 4 : at + 4, y: area.bottom - 6, size: Self.tickSize, anchor: isLeft ? .end : .start,
                    colour: colour)
            }
        }
    }

    private func drawFrame(_ area: Box, _ x: AxisMapping, _ y: AxisMapping, _ xTicks: Ticks, _ yTicks: Ticks) {
        canvas.setColour(.axis)
        canvas.setLine(width: 0.8)
        canvas.rectangle(area)
        for tick in xTicks.major.map({ ($0.value, 4.0) }) + xTicks.minor.map({ ($0, 2.0) }) {
            canvas.move(x.position(tick.0), area.bottom)
            canvas.line(x.position(tick.0), area.bottom + tick.1)
        }
        for tick in yTicks.major.map({ ($0.value, 4.0) }) + yTicks.minor.map({ ($0, 2.0) }) {
            canvas.move(area.x, y.position(tick.0))
            canvas.line(area.x - tick.1, y.position(tick.0))
        }
        canvas.stroke()
        drawTickLabels(area, x, y, xTicks, yTicks)
        if plot.showsResolutionOnTop { drawResolutionAxis(area, x) }
    }

    private func drawTickLabels(_ area: Box, _ x: AxisMapping, _ y: AxisMapping, _ xTicks: Ticks, _ yTicks: Ticks) {
        if plot.x.tickLabels != .none {
            // Names may be many: every n-th is written so that they do not overlap.
            let widest = (xTicks.major.map { canvas.width(of: $0.label, size: Self.tickSize) }.max() ?? 0) + 6
            let room = area.width / Double(max(1, xTicks.major.count))
            let every = max(1, Int((widest / room).rounded(.up)))
            for (index, tick) in xTicks.major.enumerated() where index % every == 0 {
                canvas.text(
                    tick.label, x: x.position(tick.value), y: area.bottom + 14, size: Self.tickSize, anchor: .middle)
            }
        }
        if plot.y.tickLabels != .none {
            for tick in yTicks.major {
                canvas.text(
                    tick.label, x: area.x - 7, y: y.position(tick.value) + Self.tickSize * 0.36, size: Self.tickSize, anchor: .end)
            }
        }
    }

    private func drawResolutionAxis(_ area: Box, _ x: AxisMapping) {
        let spacing = 34 * (x.range.upperBound - x.range.lowerBound) / area.width
        for tick in Ticks.resolution(x.range, spacing: spacing).major {
            let at = x.position(tick.value)
            canvas.setColour(.axis)
            canvas.setLine(width: 0.8)
            canvas.move(at, area.y)
            canvas.line(at, area.y - 4)
            canvas.stroke()
            canvas.text(tick.label, x: at, y: area.y - 7, size: Self.tickSize, anchor: .middle)
        }
        canvas.text("Å", x: area.right + 4, y: area.y - 7, size: Self.tickSize)
    }

    private func drawTitles(_ box: Box, _ area: Box) {
        let title = canvas.shortened(plot.title, to: box.width - 8, size: Self.titleSize, weight: .bold)
        let centre = min(max(area.centre.x, box.x + canvas.width(of: title, size: Self.titleSize, weight: .bold) / 2), box.right)
        canvas.text(title, x: centre, y: box.y + 15, size: Self.titleSize, anchor: .middle, weight: .bold)
        canvas.text(plot.x.label, x: area.centre.x, y: area.bottom + 31, size: Self.labelSize, anchor: .middle)
        canvas.text(
            plot.y.label, x: box.x + 11, y: area.centre.y, size: Self.labelSize, anchor: .middle, isVertical: true)
    }
}
