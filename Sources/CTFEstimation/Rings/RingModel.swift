import Foundation
import Optimisation

/// How well rings explain a spectrum when background and envelope may be any smooth curves.
///
/// Model of the spectrum, divided by its smooth radial trend: B(k) + E(k) · (2 CTF²(k, φ) − 1), with B and E ≥ 0 cubic splines of
/// the frequency. For given CTF parameters this is a linear least-squares problem of a few coefficients, whose sums come shell by
/// shell from the ring kernel (variable projection: Golub & Pereyra 1973). So no background is subtracted beforehand that could
/// swallow or imitate rings. Amplitudes of averaged spectra scatter in proportion to their mean, hence the division.
///
/// The score is the logarithm of the likelihood ratio to a spectrum without rings: N/2 · ln(rest without / rest with rings).
final class RingModel: Sendable {
    let pixels: RingPixels
    /// The relative deviation from the trend for each pixel, outliers cut off.
    let values: [Float]
    /// The trend that the spectrum was divided by, per shell.
    let trend: [Double]
    let background: SmoothBasis
    let envelope: SmoothBasis
    private let backgroundAtShell: [(first: Int, values: SIMD4<Double>)]
    private let envelopeAtShell: [(first: Int, values: SIMD4<Double>)]
    private let backgroundProducts: [Double]
    private let backgroundRight: [Double]
    /// Squares left when only a background is fitted.
    private let restWithoutRings: Double
    private let explainedByBackground: Double
    private let independentCount: Double

    /// Spacing of the splines' knots in 1/Å: a background that bends faster would follow rings.
    private static let backgroundSpacing = 0.028
    private static let envelopeSpacing = 0.085
    /// Pixels farther from the trend than so many standard deviations count as if they were there.
    private static let outlierLimit = 4.0
    private static let ridge = 1e-6

    /// - Precondition: `pixels` was made for a spectrum of this box and pixel size, and is not empty.
    init(_ spectrum: AmplitudeSpectrum, _ pixels: RingPixels) {
        let shells = pixels.shells
        let low = shells[0].frequency, span = max(shells[shells.count - 1].frequency - low, 1e-9)
        let positions = shells.map { ($0.frequency - low) / span }
        let most = max(4, shells.count / 5)
        let background = SmoothBasis(count: min(most, max(6, Int((span / Self.backgroundSpacing).rounded()) + 3)))
        let envelope = SmoothBasis(count: min(most, max(4, Int((span / Self.envelopeSpacing).rounded()) + 3)))
        let atShell = positions.map { background.values(at: $0) }
        let products = Self.products(background.count, atShell, shells.map { Double($0.pixelCount) })
        let trend = Self.trend(spectrum, pixels, atShell, products)
        let values = Self.deviations(spectrum, pixels, trend)
        var right = [Double](repeating: 0, count: background.count), total = 0.0
        for (index, (first, weights)) in atShell.enumerated() {
            var sum = 0.0
            for i in pixels.range(ofShell: index) {
                sum += Double(values[i])
                total += Double(values[i]) * Double(values[i])
            }
            for i in 0..<SmoothBasis.reach { right[first + i] += weights[i] * sum }
        }
        let alone = LinearSystem.solveSymmetric(products, right) ?? []
        explainedByBackground = zip(alone, right).reduce(0) { $0 + $1.0 * $1.1 }
        restWithoutRings = max(total - explainedByBackground, 1e-30)
        independentCount = Double(pixels.count) * spectrum.independentShare
        (self.pixels, self.values, self.trend) = (pixels, values, trend)
        (self.background, self.envelope) = (background, envelope)
        backgroundAtShell = atShell
        envelopeAtShell = positions.map { envelope.values(at: $0) }
        (backgroundProducts, backgroundRight) = (products, right)
    }

    // MARK: Preparation

    private static func products(
        _ count: Int, _ atShell: [(first: Int, values: SIMD4<Double>)], _ weights: [Double]
    ) -> [Double] {
        var result = [Double](repeating: 0, count: count * count)
        for ((first, values), weight) in zip(atShell, weights) {
            for i in 0..<SmoothBasis.reach {
                for j in 0..<SmoothBasis.reach {
                    result[(first + i) * count + first + j] += weight * values[i] * values[j]
                }
            }
        }
        for i in 0..<count { result[i * count + i] += ridge * (weights.reduce(0, +) / Double(count)) }
        return result
    }

    /// The smooth curve through the logarithms of the shells' means, so that it is positive and steep ends are no trouble.
    private static func trend(
        _ spectrum: AmplitudeSpectrum, _ pixels: RingPixels, _ atShell: [(first: Int, values: SIMD4<Double>)],
        _ products: [Double]
    ) -> [Double] {
        let count = Int(Double(products.count).squareRoot())
        var right = [Double](repeating: 0, count: count)
        var logarithms: [Double] = []
        for (index, (first, weights)) in atShell.enumerated() {
            let range = pixels.range(ofShell: index)
            let mean =
                range.reduce(0.0) { $0 + Double(spectrum.image.values[Int(pixels.places[$1])]) } / Double(range.count)
            let logarithm = log(max(mean, 1e-30))
            logarithms.append(logarithm)
            for i in 0..<SmoothBasis.reach { right[first + i] += weights[i] * logarithm * Double(range.count) }
        }
        guard let coefficients = LinearSystem.solveSymmetric(products, right) else { return logarithms.map(exp) }
        return atShell.map { first, weights in
            exp((0..<SmoothBasis.reach).reduce(0.0) { $0 + coefficients[first + $1] * weights[$1] })
        }
    }

    private static func deviations(_ spectrum: AmplitudeSpectrum, _ pixels: RingPixels, _ trend: [Double]) -> [Float] {
        var values = [Float](repeating: 0, count: pixels.valueCount)
        var squares = 0.0
        for (shell, mean) in trend.enumerated() {
            for i in pixels.range(ofShell: shell) {
                let value = Double(spectrum.image.values[Int(pixels.places[i])]) / mean - 1
                values[i] = Float(value)
                squares += value * value
            }
        }
        // Once more without those beyond the limit, which would widen it themselves.
        var limit = outlierLimit * (squares / Double(pixels.count)).squareRoot()
        let kept = values.reduce(0.0) { abs(Double($1)) <= limit ? $0 + Double($1) * Double($1) : $0 }
        limit = outlierLimit * (kept / Double(pixels.count)).squareRoot()
        return values.map { min(max($0, Float(-limit)), Float(limit)) }
    }

    // MARK: Fit

    /// Background and envelope that fit best for given rings.
    struct Solution: Sendable {
        var background: [Double]
        var envelope: [Double]
        /// Logarithm of the likelihood ratio to no rings, ≥ 0.
        var gain: Double
        /// Correlation of rings and spectrum over the pixels, once the background is gone from both.
        var correlation: Double
    }

    func gain(_ parameters: RingParameters, _ sums: inout [Float]) -> Double { solve(parameters, &sums).gain }

    func solution(_ parameters: RingParameters) -> Solution {
        var sums = scratch
        return solve(parameters, &sums)
    }

    /// Working space for the sums of one thread.
    var scratch: [Float] { [Float](repeating: 0, count: 3 * pixels.shells.count) }

    private func solve(_ parameters: RingParameters, _ sums: inout [Float]) -> Solution {
        pixels.sums(parameters, values: values, into: &sums)
        let b = background.count, n = b + envelope.count
        var matrix = [Double](repeating: 0, count: n * n), right = backgroundRight
        right += [Double](repeating: 0, count: envelope.count)
        assemble(sums, &matrix, &right)
        let ridge = Self.ridge * Double(pixels.count) / Double(n)
        for i in b..<n { matrix[i * n + i] += ridge }
        // An envelope is not negative: coefficients that would be are taken out, the worst first.
        var active = Array(0..<n)
        while active.count > b {
            let part = active.flatMap { row in active.map { matrix[row * n + $0] } }
            guard let found = LinearSystem.solveSymmetric(part, active.map { right[$0] }) else { break }
            if let worst = (b..<active.count).min(by: { found[$0] < found[$1] }), found[worst] < 0 {
                active.remove(at: worst)
                continue
            }
            return solution(active, found, right)
        }
        return Solution(
            background: [Double](repeating: 0, count: b), envelope: [Double](repeating: 0, count: envelope.count),
            gain: 0,
            correlation: 0)
    }

    private func assemble(_ sums: [Float], _ matrix: inout [Double], _ right: inout [Double]) {
        let b = background.count, n = b + envelope.count
        for row in 0..<b {
            for column in 0..<b { matrix[row * n + column] = backgroundProducts[row * b + column] }
        }
        for shell in pixels.shells.indices {
            let first = Double(sums[3 * shell]), second = Double(sums[3 * shell + 1])
            let product = Double(sums[3 * shell + 2])
            let (column, weights) = backgroundAtShell[shell], (row, envelopes) = envelopeAtShell[shell]
            for i in 0..<SmoothBasis.reach {
                let line = b + row + i
                right[line] += envelopes[i] * product
                for j in 0..<SmoothBasis.reach {
                    matrix[line * n + column + j] += envelopes[i] * weights[j] * first
                    matrix[line * n + b + row + j] += envelopes[i] * envelopes[j] * second
                }
            }
        }
        for line in b..<n {
            for column in 0..<b { matrix[column * n + line] = matrix[line * n + column] }
        }
    }

    private func solution(_ active: [Int], _ found: [Double], _ right: [Double]) -> Solution {
        let b = background.count
        var all = [Double](repeating: 0, count: b + envelope.count)
        var explained = 0.0
        for (index, value) in zip(active, found) {
            all[index] = value
            explained += value * right[index]
        }
        let share = min(max((explained - explainedByBackground) / restWithoutRings, 0), 1 - 1e-12)
        return Solution(
            background: Array(all[..<b]), envelope: Array(all[b...]),
            gain: -0.5 * independentCount * log(1 - share), correlation: share.squareRoot())
    }

    /// B and E of a solution at the shells, relative to the trend.
    func curves(_ solution: Solution) -> (background: [Double], envelope: [Double]) {
        func curve(_ coefficients: [Double], _ atShell: [(first: Int, values: SIMD4<Double>)]) -> [Double] {
            atShell.map { first, weights in
                (0..<SmoothBasis.reach).reduce(0.0) { $0 + coefficients[first + $1] * weights[$1] }
            }
        }
        return (curve(solution.background, backgroundAtShell), curve(solution.envelope, envelopeAtShell))
    }
}
