import Foundation

/// Counts of values in equal intervals.
package struct Histogram: Sendable {
    package let lower: Double
    package let binWidth: Double
    package let counts: [Int]

    package var centres: [Double] { counts.indices.map { lower + (Double($0) + 0.5) * binWidth } }

    /// - Parameters:
    ///   - bins: when nil, from the interquartile range (Freedman & Diaconis 1981), between 5 and 100.
    ///   - range: the extent of the finite values when nil.
    package init(values: [Double], bins: Int? = nil, range: ClosedRange<Double>? = nil) {
        let sorted = values.filter { value in value.isFinite && (range?.contains(value) ?? true) }.sorted()
        var low = range?.lowerBound ?? sorted.first ?? 0
        var high = range?.upperBound ?? sorted.last ?? 1
        if high <= low {
            // All values are the same: one unit around them, or a hundredth of a large value.
            let half = max(0.5, abs(low) * 0.01)
            (low, high) = (low - half, high + half)
        }
        let number = max(1, bins ?? Self.naturalBins(sorted, extent: high - low))
        var counts = [Int](repeating: 0, count: number)
        let width = (high - low) / Double(number)
        for value in sorted { counts[min(number - 1, max(0, Int((value - low) / width)))] += 1 }
        (self.lower, self.binWidth, self.counts) = (low, width, counts)
    }

    private static func naturalBins(_ sorted: [Double], extent: Double) -> Int {
        guard sorted.count > 3 else { return 5 }
        let quartiles = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
        guard quartiles > 0 else { return 20 }
        let width = 2 * quartiles / cbrt(Double(sorted.count))
        return Int(min(100, max(5, (extent / width).rounded(.up))))
    }
}
