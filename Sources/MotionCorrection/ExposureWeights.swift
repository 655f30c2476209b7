import Foundation

/// What a frame tells at a spatial frequency after the sample has taken an exposure (Grant & Grigorieff 2015, eLife 4:e06980).
///
/// Each frame is weighted by exp(−N / 2Nc(k)) with the critical exposure Nc = 0.245 k^−1.665 + 2.81 e/Å² at 300 kV (their equations 3 and
/// 5), and the sum is scaled so that its noise is that of a single frame's (equation 9).
package struct ExposureWeights: Sendable {
    /// e/Å² at 300 kV.
    package let exposures: [Double]
    package let pixelSizeInAngstrom: Double

    package init(exposures: [Double], pixelSizeInAngstrom: Double) {
        (self.exposures, self.pixelSizeInAngstrom) = (exposures, pixelSizeInAngstrom)
    }

    /// Damage per electron against that at 300 kV; nil for voltages for which it is not known.
    package static func damage(atVoltage voltage: Double) -> Double? {
        [300.0: 1, 200: 1 / 0.8, 100: 1 / 0.64].first { abs($0.key - voltage) <= 2 }?.value
    }

    package static func criticalExposure(atFrequency k: Double) -> Double { 0.245 * pow(k, -1.665) + 2.81 }

    /// Weight of a frame at a frequency in 1/Å.
    package func weight(frame: Int, atFrequency k: Double) -> Double {
        let twice = 2 * Self.criticalExposure(atFrequency: max(k, 1e-6))
        let squares = exposures.reduce(0) { $0 + exp(-2 * $1 / twice) }
        return exp(-exposures[frame] / twice) / squares.squareRoot()
    }

    /// Weights at frequencies from 0 to √½ per pixel in `tableSize` steps, with one more entry for interpolation.
    func table(frame: Int) -> [Float] {
        (0...Self.tableSize + 1).map { Float(weight(frame: frame, atFrequency: Double($0) / Self.entriesPerUnit / pixelSizeInAngstrom)) }
    }

    static let tableSize = 4096
    /// Entries of a table to a frequency of one per pixel.
    static let entriesPerUnit = Double(tableSize) / 0.7072
}
