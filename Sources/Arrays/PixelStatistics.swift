/// Extremes, mean and standard deviation (divided by N) of pixel values; what image headers carry.
///
/// Partial statistics of several images combine with `merge`; the result depends on the order of merging only by
/// rounding, so merge in image order.
package struct PixelStatistics: Sendable, Equatable {
    package private(set) var count = 0
    package private(set) var minimum: Float = 0
    package private(set) var maximum: Float = 0
    package private(set) var mean = 0.0
    /// Sum of squared deviations from the mean.
    private var squaredDeviation = 0.0

    package init() {}

    /// Statistics of `values`, in two passes with sums in `Double`.
    package init(_ values: UnsafeBufferPointer<Float>) {
        guard let first = values.first else { return }
        var low = first, high = first, sum = 0.0
        for value in values {
            low = value < low ? value : low
            high = value > high ? value : high
            sum += Double(value)
        }
        let average = sum / Double(values.count)
        var squares = 0.0
        for value in values {
            let deviation = Double(value) - average
            squares += deviation * deviation
        }
        (count, minimum, maximum, mean, squaredDeviation) = (values.count, low, high, average, squares)
    }

    package init(_ image: RealArray) { self = image.values.withUnsafeBufferPointer { PixelStatistics($0) } }

    /// Statistics as a file's header states them.
    package init(count: Int, minimum: Float, maximum: Float, mean: Double, standardDeviation: Double) {
        self.count = count
        self.minimum = minimum
        self.maximum = maximum
        self.mean = mean
        squaredDeviation = standardDeviation * standardDeviation * Double(count)
    }

    package var standardDeviation: Double { count > 0 ? (squaredDeviation / Double(count)).squareRoot() : 0 }

    /// Adds the pixels behind `other` (Chan, Golub & LeVeque 1979).
    package mutating func merge(_ other: PixelStatistics) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let total = count + other.count
        let difference = other.mean - mean
        squaredDeviation += other.squaredDeviation
            + difference * difference * Double(count) * Double(other.count) / Double(total)
        mean += difference * Double(other.count) / Double(total)
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        count = total
    }
}
