import Arrays
import Foundation
import Fourier
import Parallel

/// A real factor for every spatial frequency.
///
/// Frequencies are in 1/pixel. Resolutions that set an edge are first rounded to a shell of the box (its longest side), as
/// RELION does, so filters are made for a box size.
package struct FrequencyFilter: Sendable {
    package enum Axis: Int, Sendable { case x, y, z }

    /// The axis whose frequency counts; nil: the length of the frequency vector.
    let axis: Axis?
    let factor: @Sendable (_ frequencyInInversePixels: Double) -> Double

    package init(axis: Axis? = nil, factor: @escaping @Sendable (Double) -> Double) {
        self.axis = axis
        self.factor = factor
    }

    /// A raised cosine from 1 at `shell - width/2` to 0 at `shell + width/2` (whole numbers of shells).
    private static func fallingEdge(
        resolutionInAngstrom: Double, pixelSizeInAngstrom: Double, box: Int, widthInShells: Int
    ) -> @Sendable (Double) -> Double {
        let n = Double(box)
        let shell = (n * pixelSizeInAngstrom / resolutionInAngstrom).rounded()
        let half = Double(widthInShells / 2)
        let low = max(0, (shell - half) / n), high = (shell + half) / n
        return { frequency in
            if frequency < low { return 1 }
            if frequency > high { return 0 }
            return high > low ? 0.5 + 0.5 * cos(.pi * (frequency - low) / (high - low)) : 1
        }
    }

    /// Passes what is coarser than the resolution.
    /// - Parameters:
    ///   - widthInShells: of the soft edge, centred on the resolution; odd widths are rounded down.
    ///   - axis: filters along one axis only.
    package static func lowPass(
        resolutionInAngstrom: Double, pixelSizeInAngstrom: Double, box: Int, widthInShells: Int = 2, axis: Axis? = nil
    ) -> FrequencyFilter {
        FrequencyFilter(axis: axis, factor: fallingEdge(
            resolutionInAngstrom: resolutionInAngstrom, pixelSizeInAngstrom: pixelSizeInAngstrom, box: box,
            widthInShells: widthInShells))
    }

    /// Passes what is finer than the resolution; the mean becomes zero.
    package static func highPass(
        resolutionInAngstrom: Double, pixelSizeInAngstrom: Double, box: Int, widthInShells: Int = 2
    ) -> FrequencyFilter {
        let edge = fallingEdge(resolutionInAngstrom: resolutionInAngstrom, pixelSizeInAngstrom: pixelSizeInAngstrom, box: box,
                               widthInShells: widthInShells)
        return FrequencyFilter { 1 - edge($0) }
    }

    /// exp(−B/4·s²) up to Nyquist, zero beyond; a negative B (Å²) sharpens.
    package static func bFactor(_ bFactor: Double, pixelSizeInAngstrom: Double) -> FrequencyFilter {
        let scale = -bFactor / 4 / (pixelSizeInAngstrom * pixelSizeInAngstrom)
        return FrequencyFilter { $0 <= 0.5 ? exp(scale * $0 * $0) : 0 }
    }

    /// Laplacian of a Gaussian that answers most to discs of this diameter, normalised across scales
    /// (Gunn, Pattern Recogn. 32 (1999) 1463).
    package static func laplacianOfGaussian(diameterInAngstrom: Double, pixelSizeInAngstrom: Double) -> FrequencyFilter {
        let sigma = 0.5 * pixelSizeInAngstrom / diameterInAngstrom
        let inverse = 1 / (sigma * sigma)
        return FrequencyFilter { frequency in
            let ratio = frequency * frequency * inverse
            return ratio * exp(-0.5 * ratio)
        }
    }
}

extension FourierArray {
    /// Multiplies every coefficient by the filter's factor at its frequency.
    package mutating func apply(_ filter: FrequencyFilter, pool: ThreadPool? = nil) {
        let shape = realShape, half = self.shape.x
        let n = Double(max(shape.x, shape.y, shape.z))
        // Frequencies in units of 1/n: whole numbers for square and cubic arrays, so that shells are hit exactly.
        let (sx, sy, sz) = (n / Double(shape.x), n / Double(shape.y), n / Double(shape.z))
        values.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let data = buffer  // Sections are disjoint.
            (pool ?? .one).forEachChunk(count: shape.y * shape.z, chunk: 128) { rows, _ in
                for row in rows {
                    let ky = Double(signedFrequency(row % shape.y, length: shape.y)) * sy
                    let kz = shape.z > 1 ? Double(signedFrequency(row / shape.y, length: shape.z)) * sz : 0
                    for x in 0..<half {
                        let kx = Double(x) * sx
                        let radius: Double =
                            switch filter.axis {
                            case nil: (kx * kx + ky * ky + kz * kz).squareRoot()
                            case .x: kx
                            case .y: abs(ky)
                            case .z: abs(kz)
                            }
                        let index = row * half + x
                        data[index] = data[index].multiplied(by: Float(filter.factor(radius / n)))
                    }
                }
            }
        }
    }
}

extension RealArray {
    /// The array with its spectrum multiplied by all `filters`.
    package func filtered(by filters: FrequencyFilter..., pool: ThreadPool? = nil) -> RealArray {
        let transform = FourierTransform(shape: shape)
        var spectrum = transform.forward(self, pool: pool)
        for filter in filters { spectrum.apply(filter, pool: pool) }
        return transform.inverse(spectrum, pool: pool)
    }
}
