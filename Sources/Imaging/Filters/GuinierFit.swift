import Arrays
import Foundation
import Fourier
import Parallel

/// A straight line through ln⟨|F|⟩ against 1/d² (Rosenthal & Henderson, J Mol Biol 333 (2003) 721).
package struct GuinierFit: Sendable {
    /// In Å².
    package let slope: Double
    package let intercept: Double
    /// Squared coefficient of correlation.
    package let correlation: Double
    /// The B-factor (Å²) that describes the fall-off: −4 · slope; positive for a decaying map.
    package var bFactor: Double { -4 * slope }

    /// - Parameter range: resolutions in Å that take part, finest first.
    /// - Returns: nil with fewer than two shells of positive amplitude in the range.
    package init?(map: RealArray, pixelSizeInAngstrom: Double, range: ClosedRange<Double>, pool: ThreadPool? = nil) {
        let amplitudes = FourierTransform(shape: map.shape).forward(map, pool: pool).amplitudeSpectrum(pool: pool)
        let extent = Double(map.shape.x) * pixelSizeInAngstrom
        let points: [(x: Double, y: Double)] = amplitudes.indices.dropFirst().compactMap { shell in
            let resolution = extent / Double(shell)
            guard range.contains(resolution), amplitudes[shell] > 0 else { return nil }
            return (1 / (resolution * resolution), log(amplitudes[shell]))
        }
        guard points.count > 1 else { return nil }
        let n = Double(points.count)
        let (mx, my) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
        let sxx = points.reduce(0) { $0 + ($1.x - mx) * ($1.x - mx) }
        let sxy = points.reduce(0) { $0 + ($1.x - mx) * ($1.y - my) }
        let syy = points.reduce(0) { $0 + ($1.y - my) * ($1.y - my) }
        slope = sxy / sxx
        intercept = my - sxy / sxx * mx
        correlation = syy > 0 ? sxy * sxy / (sxx * syy) : 1
    }
}
