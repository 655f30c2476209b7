/// Draws the data of one series.
struct SeriesRenderer {
    let series: Series
    let colour: Colour
    let canvas: Canvas

    func draw(x: AxisMapping, y: AxisMapping) {
        drawErrors(x, y)
        switch series.style {
        case .line(let width, let dash): drawLine(x, y, width: width, dash: dash)
        case .points(let marker, let size): drawPoints(x, y, marker: marker, size: size)
        case .lineAndPoints(let width, let marker, let size):
            drawLine(x, y, width: width, dash: .solid)
            drawPoints(x, y, marker: marker, size: size)
        case .bars(let width): drawBars(x, y, width: width)
        case .steps(let width): drawSteps(x, y, width: width)
        }
    }

    /// What stands for the series in the legend.
    func drawSample(in box: Box) {
        let middle = box.y + box.height / 2
        canvas.setColour(colour)
        switch series.style {
        case .line(let width, let dash): sampleLine(box, middle, width, dash)
        case .steps(let width): sampleLine(box, middle, width, .solid)
        case .points(let marker, let size): self.marker(marker, box.centre.x, middle, size: max(3, size))
        case .lineAndPoints(let width, let marker, let size):
            sampleLine(box, middle, width, .solid)
            self.marker(marker, box.centre.x, middle, size: size)
        case .bars:
            canvas.rectangle(Box(x: box.x + 3, y: middle - 4, width: box.width - 6, height: 8))
            canvas.fill()
        }
        if case .points(let marker, _) = series.style { paint(marker) }
        if case .lineAndPoints(_, let marker, _) = series.style { paint(marker) }
    }

    private func sampleLine(_ box: Box, _ middle: Double, _ width: Double, _ dash: Series.Dash) {
        canvas.setLine(width: width, dash: dash)
        canvas.move(box.x, middle)
        canvas.line(box.right, middle)
        canvas.stroke()
    }

    private func drawLine(_ x: AxisMapping, _ y: AxisMapping, width: Double, dash: Series.Dash) {
        canvas.setColour(colour)
        canvas.setLine(width: width, dash: dash)
        var isDrawing = false
        var last = (x: -1e9, y: -1e9)
        for (xValue, yValue) in zip(series.x, series.y) {
            let at = (x: x.position(xValue), y: limited(y.position(yValue)))
            guard at.x.isFinite, at.y.isFinite else {
                isDrawing = false
                continue
            }
            if isDrawing {
                // Long series: what moves less than a twentieth of a point cannot be seen.
                if abs(at.x - last.x) + abs(at.y - last.y) < 0.05 { continue }
                canvas.line(at.x, at.y)
            } else {
                canvas.move(at.x, at.y)
            }
            (isDrawing, last) = (true, at)
        }
        canvas.stroke()
    }

    private func drawSteps(_ x: AxisMapping, _ y: AxisMapping, width: Double) {
        canvas.setColour(colour)
        canvas.setLine(width: width)
        for index in series.x.indices {
            let before = index > 0 ? (series.x[index - 1] + series.x[index]) / 2 : series.x[index]
            let after = index + 1 < series.x.count ? (series.x[index] + series.x[index + 1]) / 2 : series.x[index]
            let at = limited(y.position(series.y[index]))
            guard at.isFinite else { continue }
            if index == 0 || !series.y[index - 1].isFinite { canvas.move(x.position(before), at) }
            canvas.line(x.position(before), at)
            canvas.line(x.position(after), at)
        }
        canvas.stroke()
    }

    /// Points that fall on the same spot are drawn once: millions of particles stay a small file.
    private func drawPoints(_ x: AxisMapping, _ y: AxisMapping, marker: Series.Marker, size: Double) {
        canvas.setColour(colour)
        var drawn = Set<Int64>()
        for (xValue, yValue) in zip(series.x, series.y) {
            let at = (x: x.position(xValue), y: y.position(yValue))
            guard at.x.isFinite, at.y.isFinite, abs(at.x) < 1e5, abs(at.y) < 1e5 else { continue }
            guard drawn.insert(Int64((at.x * 4).rounded()) << 32 ^ Int64((at.y * 4).rounded())).inserted else { continue }
            self.marker(marker, at.x, at.y, size: size)
            // A path of many parts is slow to fill; overlapping parts would also cancel.
            if drawn.count % 64 == 0 { paint(marker) }
        }
        paint(marker)
    }

    private func paint(_ marker: Series.Marker) { if marker == .cross { canvas.stroke() } else { canvas.fill() } }

    private func marker(_ marker: Series.Marker, _ x: Double, _ y: Double, size: Double) {
        let half = size / 2
        switch marker {
        case .circle: canvas.circle(x, y, radius: half)
        case .dot, .square: canvas.rectangle(Box(x: x - half, y: y - half, width: size, height: size))
        case .triangle:
            canvas.move(x, y - half * 1.15)
            canvas.line(x + half, y + half * 0.7)
            canvas.line(x - half, y + half * 0.7)
            canvas.closePath()
        case .cross:
            canvas.setLine(width: 0.8)
            canvas.move(x - half, y - half)
            canvas.line(x + half, y + half)
            canvas.move(x - half, y + half)
            canvas.line(x + half, y - half)
        }
    }

    private func drawBars(_ x: AxisMapping, _ y: AxisMapping, width: Double) {
        canvas.setColour(colour.withAlpha(colour.alpha * 0.85))
        let base = y.axis.scale == .linear ? limited(y.position(0)) : y.start
        for (xValue, yValue) in zip(series.x, series.y) {
            let left = x.position(xValue - width / 2), right = x.position(xValue + width / 2)
            let top = limited(y.position(yValue))
            guard left.isFinite, right.isFinite, top.isFinite else { continue }
            let gap = abs(right - left) > 4 ? 0.4 : 0
            canvas.rectangle(
                Box(x: min(left, right) + gap, y: min(top, base), width: abs(right - left) - 2 * gap, height: abs(base - top)))
        }
        canvas.fill()
    }

    private func drawErrors(_ x: AxisMapping, _ y: AxisMapping) {
        guard !series.errors.isEmpty else { return }
        canvas.setColour(colour.withAlpha(0.6))
        canvas.setLine(width: 0.8)
        for (index, error) in series.errors.enumerated() where index < series.x.count && error.isFinite {
            let at = x.position(series.x[index])
            let low = limited(y.position(series.y[index] - error)), high = limited(y.position(series.y[index] + error))
            guard at.isFinite, low.isFinite, high.isFinite else { continue }
            canvas.move(at, low)
            canvas.line(at, high)
        }
        canvas.stroke()
    }

    /// Cairo's fixed-point coordinates end at ±2²³; far outside is as good as just outside.
    private func limited(_ position: Double) -> Double {
        position.isNaN ? position : min(20_000, max(-20_000, position))
    }
}
