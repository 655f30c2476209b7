import Foundation

/// From data to points along one axis.
struct AxisMapping {
    let axis: Axis
    let range: ClosedRange<Double>
    /// Position in points of the lower and the upper end of the range.
    let start, end: Double

    init(axis: Axis, range: ClosedRange<Double>, start: Double, end: Double) {
        self.axis = axis
        self.range = range
        self.start = axis.isReversed ? end : start
        self.end = axis.isReversed ? start : end
    }

    /// NaN for what a logarithmic axis cannot show.
    func position(_ value: Double) -> Double {
        let fraction: Double
        switch axis.scale {
        case .linear: fraction = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        case .logarithmic:
            guard value > 0 else { return .nan }
            fraction = (log(value) - log(range.lowerBound)) / (log(range.upperBound) - log(range.lowerBound))
        }
        return start + fraction * (end - start)
    }

    /// About one tick every `spacing` points.
    func ticks(spacing: Double) -> Ticks {
        let target = max(2, Int(abs(end - start) / spacing))
        switch axis.tickLabels {
        case .names(let names): return .names(names)
        case .resolution:
            return .resolution(range, spacing: (range.upperBound - range.lowerBound) * spacing * 0.7 / abs(end - start))
        case .numbers, .none:
            return axis.scale == .linear ? .linear(range, target: target) : .logarithmic(range, target: target)
        }
    }

    /// The range to show: the one asked for, or that of the data, never empty.
    static func range(of axis: Axis, data: [Double], widenToTicks: Bool) -> ClosedRange<Double> {
        let usable = data.filter { $0.isFinite && (axis.scale == .linear || $0 > 0) }
        var low = axis.range?.lowerBound ?? usable.min() ?? (axis.scale == .linear ? 0 : 1)
        var high = axis.range?.upperBound ?? usable.max() ?? (axis.scale == .linear ? 1 : 10)
        if axis.scale == .logarithmic {
            if low <= 0 { low = min(high > 0 ? high / 1e3 : 1, usable.min() ?? 1) }
            if high <= low { (low, high) = (low / 2, low * 2) }
            if axis.range == nil, widenToTicks { (low, high) = (pow(10, floor(log10(low))), pow(10, ceil(log10(high)))) }
            return low...max(high, low * 1.0001)
        }
        if !(high > low) {
            let half = low == 0 ? 0.5 : abs(low) * 0.05
            (low, high) = (low - half, low + half)
        }
        if axis.range == nil, widenToTicks {
            let step = Ticks.step(for: high - low, target: 5) / 2
            (low, high) = (floor(low / step + 1e-6) * step, ceil(high / step - 1e-6) * step)
        }
        return low...high
    }
}
