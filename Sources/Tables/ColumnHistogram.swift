import Foundation

/// How often values of a column occur, with a few numbers that describe them.
package struct ColumnHistogram: Codable, Equatable, Sendable {
    /// Rows with a number, and rows without one.
    package var count = 0
    package var missing = 0
    package var minimum: Double?
    package var maximum: Double?
    package var mean: Double?
    package var median: Double?
    /// Root of the mean squared distance from the mean.
    package var deviation: Double?
    /// Lower edge of the first bin.
    package var start = 0.0
    /// Width of a bin.
    package var step = 1.0
    package var counts: [Int] = []
    /// Numbers outside the bins.
    package var below = 0
    package var above = 0

    package static let binLimit = 2000

    /// Bins in which so many values are seen well: 10 for a few dozen, 36 for ten thousand.
    package static func bins(for count: Int) -> Int { min(60, max(10, Int(3.6 * Double(count).squareRoot().squareRoot()))) }

    /// - Parameters:
    ///   - rows: nil: all.
    ///   - bins: asked for; whole numbers that need fewer bins get one each, centred on them.
    ///   - range: of the bins; nil: from the smallest to the largest value.
    package init(_ values: [Double], rows: [Int32]? = nil, bins: Int = 60, range: ClosedRange<Double>? = nil) {
        var numbers: [Double] = []
        numbers.reserveCapacity(rows?.count ?? values.count)
        if let rows { for row in rows where values[Int(row)].isFinite { numbers.append(values[Int(row)]) } }
        else { for value in values where value.isFinite { numbers.append(value) } }
        count = numbers.count
        missing = (rows?.count ?? values.count) - count
        guard !numbers.isEmpty else { return }
        describe(numbers)
        let low = range?.lowerBound ?? minimum ?? 0, high = range?.upperBound ?? maximum ?? 0
        arrange(numbers, low: low, high: high, bins: min(Self.binLimit, max(1, bins)))
        let scale = 1 / step, last = counts.count
        for value in numbers {
            let place = ((value - start) * scale).rounded(.down)
            if place < 0 { below += 1 } else if place < Double(last) { counts[Int(place)] += 1 }
            else if value <= high { counts[last - 1] += 1 } else { above += 1 }
        }
    }

    private mutating func describe(_ numbers: [Double]) {
        var low = numbers[0], high = numbers[0], sum = 0.0
        for value in numbers {
            low = min(low, value)
            high = max(high, value)
            sum += value
        }
        let mean = sum / Double(numbers.count)
        var squares = 0.0
        for value in numbers { squares += (value - mean) * (value - mean) }
        (minimum, maximum, self.mean, deviation) = (low, high, mean, (squares / Double(numbers.count)).squareRoot())
        median = Self.median(numbers, low: low, high: high)
    }

    /// Bins between the extremes; of the bin in which the middle lies the values are sorted, so that a million values need no full sort.
    private static func median(_ numbers: [Double], low: Double, high: Double) -> Double {
        guard high > low, (high - low).isFinite else { return low }
        let binCount = 4096, scale = Double(binCount) / (high - low)
        func bin(_ value: Double) -> Int { min(binCount - 1, max(0, Int((value - low) * scale))) }
        var counts = [Int](repeating: 0, count: binCount)
        for value in numbers { counts[bin(value)] += 1 }
        func value(rank: Int) -> Double {
            var before = 0, index = 0
            while before + counts[index] <= rank {
                before += counts[index]
                index += 1
            }
            let inside = numbers.filter { bin($0) == index }.sorted()
            return inside[rank - before]
        }
        let middle = value(rank: numbers.count / 2)
        return numbers.count % 2 == 1 ? middle : (value(rank: numbers.count / 2 - 1) + middle) / 2
    }

    private mutating func arrange(_ numbers: [Double], low: Double, high: Double, bins: Int) {
        let isWhole = high - low < Double(bins) && numbers.allSatisfy { $0 == $0.rounded() }
        if isWhole {
            (start, step) = (low.rounded(.down) - 0.5, 1)
            counts = Array(repeating: 0, count: Int((high - low).rounded(.up)) + 1)
        } else if high > low, (high - low).isFinite {
            (start, step) = (low, (high - low) / Double(bins))
            counts = Array(repeating: 0, count: bins)
        } else {
            (start, step) = (low - 0.5, 1)
            counts = [0]
        }
    }
}
