import Foundation

/// Mean, spread and shape of the distribution of some pixels.
package struct PixelMoments: Sendable, Hashable {
    package var count = 0
    package var sum = 0.0, mean = 0.0
    /// Standard deviation, divided by N.
    package var deviation = 0.0
    /// Third and fourth central moment over powers of the deviation: 0 and 3 for a Gaussian; 0 where all pixels are equal.
    package var skewness = 0.0, kurtosis = 0.0

    package init() {}

    package init(_ values: some Collection<Float>) {
        count = values.count
        guard count > 0 else { return }
        for value in values { sum += Double(value) }
        let n = Double(count)
        mean = sum / n
        var (second, third, fourth) = (0.0, 0.0, 0.0)
        for value in values {
            let d = Double(value) - mean, square = d * d
            second += square
            third += square * d
            fourth += square * square
        }
        let variance = second / n
        deviation = variance.squareRoot()
        // Pixels that differ by rounding only have no shape.
        guard variance > 1e-12 * mean * mean, variance > 0 else { return }
        skewness = third / n / (variance * deviation)
        kurtosis = fourth / n / (variance * variance)
    }
}
