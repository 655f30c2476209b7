import Foundation
import Reporting

/// The modulation transfer function of a detector: a curve of `rlnResolutionInversePixel` and `rlnMtfValue`.
package struct DetectorTransfer: Sendable, Hashable {
    /// Ascending, in 1/pixel of the unbinned detector (Nyquist: 0.5).
    package let frequencies: [Double]
    package let transfer: [Double]

    /// - Parameter name: of the file, for messages.
    /// - Throws: `InputError` when the curve is empty, not ascending, or has values that are not positive.
    package init(frequenciesPerPixel frequencies: [Double], values: [Double], name: String) throws {
        precondition(frequencies.count == values.count)
        if frequencies.count < 2 {
            throw InputError(place: name, found: "an MTF curve of \(values.count) points", expected: "two or more")
        }
        for index in values.indices {
            // Corrections divide by the curve.
            if !(values[index] >= 1e-10) || !values[index].isFinite {
                throw InputError(
                    place: "\(name), point \(index + 1)", found: "an MTF value of \(values[index])",
                    expected: "a positive number")
            }
            if index > 0 && !(frequencies[index] > frequencies[index - 1]) {
                throw InputError(
                    place: "\(name), point \(index + 1)", found: "a frequency of \(frequencies[index])",
                    expected: "more than that of the point before, \(frequencies[index - 1])")
            }
        }
        self.frequencies = frequencies
        transfer = values
    }

    /// Linear interpolation; the ends continue as constants.
    package func value(atFrequencyPerPixel frequency: Double) -> Double {
        // The first point above the frequency, by bisection.
        var above = 0
        var end = frequencies.count
        while above < end {
            let middle = (above + end) / 2
            if frequencies[middle] > frequency { end = middle } else { above = middle + 1 }
        }
        if above == frequencies.count { return transfer[above - 1] }
        if above == 0 { return transfer[0] }
        let t = (frequency - frequencies[above - 1]) / (frequencies[above] - frequencies[above - 1])
        return transfer[above - 1] + t * (transfer[above] - transfer[above - 1])
    }

    /// The curve on a half-plane grid of images made with a detector pixel of a size in Å.
    package func values(on grid: FrequencyGrid, detectorPixelSizeInAngstrom pixelSize: Double) -> [Float] {
        var result = [Float](repeating: 0, count: grid.count)
        for row in 0..<grid.rows {
            let y = grid.y(row)
            for column in 0..<grid.columns {
                let x = grid.x(column)
                let k = (x * x + y * y).squareRoot()
                result[row * grid.columns + column] = Float(value(atFrequencyPerPixel: k * pixelSize))
            }
        }
        return result
    }
}
