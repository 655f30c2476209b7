import Arrays
import Fourier
import Foundation
import Parallel

/// The logarithm of the mean amplitude against the squared resolution, shell by shell up to Nyquist.
package struct GuinierPlot: Sendable, Equatable {
    /// In 1/Å².
    package let squaredResolutions: [Double]
    /// ln of the mean amplitude; −99 for a shell without amplitude.
    package let logAmplitudes: [Double]

    package static let empty = -99.0

    package init(_ spectrum: FourierArray, pixelSizeInAngstrom: Double, pool: ThreadPool) {
        let side = Double(spectrum.realShape.x) * pixelSizeInAngstrom
        let amplitudes = spectrum.amplitudeSpectrum(pool: pool)
        let shells = 0...spectrum.realShape.x / 2
        squaredResolutions = shells.map { Double($0 * $0) / (side * side) }
        logAmplitudes = shells.map { amplitudes[$0] > 0 ? log(amplitudes[$0]) : Self.empty }
    }

    package init(squaredResolutions: [Double], logAmplitudes: [Double]) {
        self.squaredResolutions = squaredResolutions
        self.logAmplitudes = logAmplitudes
    }

    /// A straight line through the plot; a quarter of the B-factor is its slope (Rosenthal & Henderson, JMB 333 (2003) 721).
    package struct Fit: Sendable, Equatable {
        package var slope: Double
        package var intercept: Double
        /// Squared coefficient of correlation.
        package var correlation: Double
        package var bFactor: Double { 4 * slope }
    }

    /// Least squares over the shells between two resolutions in Å, both included; nil where fewer than two have amplitude.
    ///
    /// - Parameter highestResolution: 0 for all up to Nyquist.
    package func fit(lowestResolution: Double, highestResolution: Double) -> Fit? {
        var n = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0, syy = 0.0
        for (x, y) in zip(squaredResolutions, logAmplitudes) where x > 0 && y != Self.empty {
            let resolution = 1 / x.squareRoot()
            // Resolutions typed as round numbers must not fall out by rounding.
            guard resolution <= lowestResolution * (1 + 1e-9), resolution >= highestResolution * (1 - 1e-9) else { continue }
            n += 1
            sx += x
            sy += y
            sxx += x * x
            sxy += x * y
            syy += y * y
        }
        guard n >= 2 else { return nil }
        let xx = sxx - sx * sx / n, xy = sxy - sx * sy / n, yy = syy - sy * sy / n
        guard xx > 0 else { return nil }
        let slope = xy / xx
        return Fit(slope: slope, intercept: (sy - slope * sx) / n, correlation: yy > 0 ? xy * xy / (xx * yy) : 0)
    }
}
