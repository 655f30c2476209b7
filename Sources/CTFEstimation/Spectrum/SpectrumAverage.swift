import Arrays
import Foundation
import Fourier

/// Makes the amplitude spectrum of a micrograph: the transform of the whole image, its power averaged over the frequencies that
/// fall into each pixel of the spectrum.
///
/// So every pixel of the micrograph counts alike, and rings are blurred by the spectrum's pixel and nothing else. Images that are too
/// large for one transform are cut into equal tiles, whose powers are averaged.
package struct SpectrumAverage: Sendable {
    /// Å per pixel to which spectra are cropped: rings finer than 2.8 Å carry nothing for the fit, and the box is better spent
    /// on fine sampling of the others (Rohou & Grigorieff 2015).
    package static let targetPixelSizeInAngstrom = 1.4
    /// Pixels of a side from which on images are cut.
    private static let largestSide = 6144
    /// Share of a side over which images fade into their mean, at either end.
    private static let taperShare = 1.0 / 32

    package let box: Int
    /// Of the spectrum.
    package let pixelSizeInAngstrom: Double
    private let micrographPixelSize: Double
    private let imageShape: Shape
    private let tiles: [(x: Int, y: Int)]
    private let tile: Shape
    private let transform: FourierTransform
    private let columns: FrequencyBins
    private let rows: FrequencyBins

    /// - Parameters:
    ///   - box: size of the spectrum in pixels, even, at least 32.
    ///   - finestInAngstrom: the spectrum reaches at least to this resolution, where the micrograph does.
    package init(shape: Shape, box: Int, micrographPixelSizeInAngstrom: Double, finestInAngstrom: Double) {
        precondition(box >= 32 && box % 2 == 0 && micrographPixelSizeInAngstrom > 0 && shape.count > 0)
        self.box = box
        imageShape = shape
        micrographPixelSize = micrographPixelSizeInAngstrom
        pixelSizeInAngstrom = max(
            micrographPixelSizeInAngstrom, min(Self.targetPixelSizeInAngstrom, finestInAngstrom / 2))
        let (across, down) = (Self.parts(shape.x), Self.parts(shape.y))
        tile = Shape(x: shape.x / across, y: shape.y / down)
        let (width, height) = (tile.x, tile.y)
        tiles = (0..<down).flatMap { row in (0..<across).map { (x: $0 * width, y: row * height) } }
        let padded = Shape(x: Self.transformSize(atLeast: tile.x), y: Self.transformSize(atLeast: tile.y))
        transform = FourierTransform(shape: padded)
        // Frequencies of the transform per pixel of the spectrum.
        let extent = Double(box) * pixelSizeInAngstrom / micrographPixelSizeInAngstrom
        columns = FrequencyBins(box: box, ratio: Double(padded.x) / extent, highest: padded.x / 2)
        rows = FrequencyBins(box: box, ratio: Double(padded.y) / extent, highest: padded.y / 2)
    }

    private static func parts(_ side: Int) -> Int { (side + largestSide - 1) / largestSide }

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

    /// Independent values per pixel of the spectrum.
    private var independentShare: Double {
        columns.independentShare * rows.independentShare * Double(tile.count) / Double(transform.shape.count)
    }

    /// The average over all images: frames or groups of frames of one micrograph, or the micrograph alone.
    /// - Precondition: images of the shape that this was made for, at least one.
    package func spectrum(of images: some Sequence<RealArray>) -> AmplitudeSpectrum {
        var power = [Double](repeating: 0, count: box * (box / 2 + 1))
        let buffer = AlignedBuffer<Float>(count: transform.inPlaceCount)
        var count = 0
        for image in images {
            precondition(image.shape == imageShape)
            for place in tiles { add(image, place, to: &power, buffer) }
            count += 1
        }
        return AmplitudeSpectrum(
            image: centred(power, count: max(1, count * tiles.count)), pixelSizeInAngstrom: pixelSizeInAngstrom,
            independentShare: independentShare)
    }

    private func add(
        _ image: RealArray, _ place: (x: Int, y: Int), to power: inout [Double], _ buffer: AlignedBuffer<Float>
    ) {
        buffer.clear()
        fill(buffer.base, image, place)
        transform.forwardInPlace(buffer.base)
        let halfWidth = box / 2 + 1, stride = transform.inPlaceRowStride, height = transform.shape.y
        var line = [Float](repeating: 0, count: columns.highest + 1), binned = [Float](repeating: 0, count: halfWidth)
        for frequency in -rows.highest...rows.highest where -frequency != height / 2 {
            let source = buffer.base + frequencyIndex(frequency, length: height) * stride
            for x in line.indices { line[x] = source[2 * x] * source[2 * x] + source[2 * x + 1] * source[2 * x + 1] }
            for x in binned.indices { binned[x] = 0 }
            columns.add(line, to: &binned)
            rows.forEachBin(of: frequency) { bin, weight in
                let row = (bin + box) % box * halfWidth
                for x in 0..<halfWidth { power[row + x] += Double(weight * binned[x]) }
            }
        }
    }

    /// The tile less its mean, faded at its edges, in rows as the transform wants them.
    private func fill(_ target: UnsafeMutablePointer<Float>, _ image: RealArray, _ place: (x: Int, y: Int)) {
        let stride = transform.inPlaceRowStride, width = tile.x
        let across = Self.taper(tile.x), down = Self.taper(tile.y)
        image.values.withUnsafeBufferPointer { values in
            var sum = 0.0
            for row in 0..<tile.y {
                let start = (place.y + row) * image.shape.x + place.x
                var line: Float = 0
                for i in 0..<width { line += values[start + i] }
                sum += Double(line)
            }
            let mean = Float(sum / Double(tile.count))
            across.withUnsafeBufferPointer { across in
                for row in 0..<tile.y {
                    let start = (place.y + row) * image.shape.x + place.x, factor = down[row]
                    let line = target + row * stride
                    for i in 0..<width { line[i] = (values[start + i] - mean) * factor * across[i] }
                }
            }
        }
    }

    private static func taper(_ length: Int) -> [Float] {
        let width = max(1, (Double(length) * taperShare).rounded())
        return (0..<length).map { index in
            let distance = Double(min(index, length - 1 - index)) + 0.5
            return distance >= width ? 1 : Float(0.5 - 0.5 * cos(.pi * distance / width))
        }
    }

    private func centred(_ power: [Double], count: Int) -> RealArray {
        var image = RealArray(shape: .square(box))
        let halfWidth = box / 2 + 1, centre = box / 2
        for row in 0..<box {
            for column in 0..<box {
                let x = column - centre, y = x >= 0 ? row - centre : centre - row
                let weight = columns.total(abs(x)) * rows.total(y) * Double(count)
                let sum = power[(y + box) % box * halfWidth + abs(x)]
                image[column, row] = weight > 0 ? Float((sum / weight).squareRoot()) : 0
            }
        }
        return image
    }
}
