import Arrays
import Foundation
import Fourier
import Parallel

/// Averages the amplitude spectra of overlapping tiles of one or several images (Welch's method).
///
/// A tile covers `box` pixels of the sampling that the spectrum will have: the finer the micrograph is sampled, the more of its pixels.
/// Tiles overlap by half and are tapered by a Hann window, so that neither gradients nor the edges leak into the rings.
/// Averages are taken of amplitudes, which strong single features disturb less than powers.
package final class SpectrumAverage: Sendable {
    /// Å per pixel to which spectra are cropped: rings finer than 2.8 Å carry nothing for the fit, and the box is better spent
    /// on fine sampling of the others (Rohou & Grigorieff 2015).
    package static let targetPixelSizeInAngstrom = 1.4

    package let box: Int
    package let tile: Int
    package let pixelSizeInAngstrom: Double
    private let transform: FourierTransform
    private let window: [Float]

    /// - Parameters:
    ///   - box: size of the spectrum in pixels, even, at least 32.
    ///   - finestInAngstrom: the spectrum reaches at least to this resolution, where the micrograph does.
    package init(box: Int, micrographPixelSizeInAngstrom: Double, finestInAngstrom: Double) {
        precondition(box >= 32 && box % 2 == 0 && micrographPixelSizeInAngstrom > 0)
        let wanted = min(Self.targetPixelSizeInAngstrom, finestInAngstrom / 2)
        let size = Double(box) * max(1, wanted / micrographPixelSizeInAngstrom)
        self.box = box
        tile = Self.transformSize(atLeast: Int(size.rounded(.up)))
        pixelSizeInAngstrom = micrographPixelSizeInAngstrom * Double(tile) / Double(box)
        transform = FourierTransform(shape: .square(tile))
        let n = Double(tile)
        window = (0..<tile).map { Float(0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / n)) }
    }

    /// Even, with no prime factor above 5.
    private static func transformSize(atLeast size: Int) -> Int {
        var candidate = size + size % 2
        while true {
            var rest = candidate
            for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
            if rest == 1 { return candidate }
            candidate += 2
        }
    }

    /// Tiles summed as one part: fixed, so that the result does not depend on the number of threads.
    private static let tilesPerPart = 8

    /// The average over all tiles of all images. Images smaller than a tile are put into one, in the middle.
    /// - Parameter images: of one shape; frames or groups of frames of one micrograph, or the micrograph alone.
    package func spectrum(of images: [RealArray], pool: ThreadPool) -> AmplitudeSpectrum {
        let padded = images.map { image in
            image.shape.x >= tile && image.shape.y >= tile
                ? image
                : image.windowed(
                    to: Shape(x: max(tile, image.shape.x), y: max(tile, image.shape.y)), fill: Self.mean(image.values))
        }
        let places = padded.indices.flatMap { index in
            starts(padded[index].shape.y).flatMap { y in starts(padded[index].shape.x).map { (index, $0, y) } }
        }
        let partCount = (places.count + Self.tilesPerPart - 1) / Self.tilesPerPart
        let parts = pool.map(count: partCount) { part, _ in
            let range = part * Self.tilesPerPart..<min(places.count, (part + 1) * Self.tilesPerPart)
            return sum(of: places[range].map { (padded[$0.0], $0.1, $0.2) })
        }
        var total = [Float](repeating: 0, count: box * (box / 2 + 1))
        for part in parts { for i in total.indices { total[i] += part[i] } }
        return AmplitudeSpectrum(
            image: centred(total, scale: 1 / Float(max(1, places.count))), pixelSizeInAngstrom: pixelSizeInAngstrom)
    }

    private static func mean(_ values: [Float]) -> Float {
        var sum = 0.0
        for value in values { sum += Double(value) }
        return Float(sum / Double(max(1, values.count)))
    }

    /// First pixels of the tiles along an axis: evenly spread, overlapping by about half.
    private func starts(_ length: Int) -> [Int] {
        let room = length - tile
        let steps = (2 * room + tile - 1) / tile
        guard steps > 0 else { return [room / 2] }
        return (0...steps).map { room * $0 / steps }
    }

    /// Amplitudes of the half plane x ≥ 0 cropped to the box, rows in FFTW order.
    private func sum(of tiles: [(image: RealArray, x: Int, y: Int)]) -> [Float] {
        let real = AlignedBuffer<Float>(count: transform.shape.count)
        let spectrum = AlignedBuffer<ComplexFloat>(count: transform.shape.halfPlane.count)
        let columns = box / 2 + 1, stride = tile / 2 + 1
        var result = [Float](repeating: 0, count: box * columns)
        for tile in tiles {
            cut(tile.image, tile.x, tile.y, into: real.base)
            transform.forward(real.base, into: spectrum.base)
            result.withUnsafeMutableBufferPointer { result in
                for row in 0..<box {
                    let y = signedFrequency(row, length: box)
                    let source = spectrum.base + frequencyIndex(y, length: self.tile) * stride
                    for x in 0..<columns { result[row * columns + x] += source[x].power.squareRoot() }
                }
            }
        }
        return result
    }

    private func cut(_ image: RealArray, _ x: Int, _ y: Int, into target: UnsafeMutablePointer<Float>) {
        image.values.withUnsafeBufferPointer { values in
            var sum = 0.0
            for row in 0..<tile {
                let start = (y + row) * image.shape.x + x
                var line: Float = 0
                for i in 0..<tile { line += values[start + i] }
                sum += Double(line)
            }
            let mean = Float(sum / Double(tile * tile))
            window.withUnsafeBufferPointer { window in
                for row in 0..<tile {
                    let start = (y + row) * image.shape.x + x, factor = window[row]
                    for i in 0..<tile { target[row * tile + i] = (values[start + i] - mean) * factor * window[i] }
                }
            }
        }
    }

    private func centred(_ half: [Float], scale: Float) -> RealArray {
        var image = RealArray(shape: .square(box))
        let columns = box / 2 + 1, centre = box / 2
        for row in 0..<box {
            let y = row - centre
            for column in 0..<box {
                let x = column - centre
                let (fx, fy) = x >= 0 ? (x, y) : (-x, -y)
                image[column, row] = half[((fy + box) % box) * columns + fx] * scale
            }
        }
        return image
    }
}
