import Arrays
import Fourier
import Foundation
import Parallel

/// Finds particles by their likeness to references in all in-plane angles (Scheres 2015).
///
/// Figure of merit at a position: the probability of the pixels there, normalised by mean and deviation of the background
/// around, given the reference, over that given no particle; less 1, as a fraction of what a perfect particle would have.
/// It grows with the correlation alone, so that the best angle is found from correlations and the rest is done once.
package struct ReferencePicker: Sendable {
    package struct Settings: Sendable, Hashable {
        /// Radius of the circle in which references count, in pixels of the micrograph.
        package var radius: Int
        /// Degrees; rounded so that it divides 360.
        package var angularStep = 10.0
        /// Highest frequency of references, in Å; nil: no limit.
        package var lowpassInAngstrom: Double?
        /// Fine samples in a coefficient of the references' transforms.
        package var oversampling = 4
        package var threshold = 0.25
        /// Pixels of the micrograph.
        package var leastDistance: Double
        /// Of the background's standard deviation and mean, in deviations of the micrograph; nil: no limit.
        package var largestNoise: Double?
        package var leastBackground: Double?
        /// Pixels at each side, besides half a box, in which nothing is picked.
        package var margin = 0

        package init(radius: Int, leastDistance: Double) { (self.radius, self.leastDistance) = (radius, leastDistance) }

        package var angleCount: Int { max(1, Int((360 / angularStep).rounded())) }
    }

    /// Best figure of merit and angle (degrees) at each working pixel.
    package struct Match: Sendable, Equatable {
        package var figure: RealArray
        package var psi: RealArray
        package init(figure: RealArray, psi: RealArray) { (self.figure, self.psi) = (figure, psi) }
    }

    /// Mean and standard deviation around each working pixel.
    package struct Background: Sendable, Equatable {
        package var mean: RealArray
        package var deviation: RealArray
        package init(mean: RealArray, deviation: RealArray) { (self.mean, self.deviation) = (mean, deviation) }
    }

    package let settings: Settings
    package let grid: PickingGrid
    package let box: Int
    let references: [RotatableReference]
    private let ring: FourierArray
    private let ringCount: Int
    let discCount: Int
    private let transform: FourierTransform
    /// Maps of correlation, and references in pixels fine enough for a circle of few.
    let correlation: BandLimitedInverse
    let fine: BandLimitedInverse

    /// - Parameter images: of one square even shape, in pixels of the micrograph, centres at box/2.
    package init(_ settings: Settings, references images: [RealArray], grid: PickingGrid, pool: ThreadPool) {
        precondition(!images.isEmpty && images.allSatisfy { $0.shape == images[0].shape && $0.shape.isSquare && $0.shape.x % 2 == 0 })
        let box = images[0].shape.x
        (self.settings, self.grid, self.box) = (settings, grid, box)
        transform = FourierTransform(shape: .square(grid.workSize))
        let radius = settings.radius
        func isInDisc(_ x: Int, _ y: Int) -> Bool { (x - box / 2) * (x - box / 2) + (y - box / 2) * (y - box / 2) < radius * radius }
        var disc = RealArray(shape: .square(box)), around = RealArray(shape: .square(box), repeating: 1)
        for y in 0..<box {
            for x in 0..<box where isInDisc(x, y) { (disc.values[y * box + x], around.values[y * box + x]) = (1, 0) }
        }
        let count = disc.values.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
        (discCount, ringCount) = (max(1, count), max(1, box * box - count))
        let limit = settings.lowpassInAngstrom.map { Int((Double(grid.size) * grid.pixelSizeInAngstrom / $0).rounded()) }
        let kept = min(limit ?? grid.workSize, grid.workSize / 2 - 1)
        let oversampling = settings.oversampling, mask = disc.values
        let references = pool.map(count: images.count) { index, _ in
            var image = images[index]
            for pixel in image.values.indices { image.values[pixel] *= mask[pixel] }
            return RotatableReference(image, grid: grid, radius: kept, oversampling: oversampling)
        }
        self.references = references
        correlation = BandLimitedInverse(size: grid.workSize, radius: references[0].radius)
        let size = PickingGrid.fastSize(near: min(grid.size - grid.size % 2, 3 * grid.workSize), atMost: grid.size)
        fine = BandLimitedInverse(size: max(grid.workSize, size), radius: references[0].radius)
        ring = Self.spectrum(of: around, grid)
    }

    package var referenceCount: Int { references.count }

    /// A small image in the square, its centre in the first pixel.
    private static func spectrum(of image: RealArray, _ grid: PickingGrid) -> FourierArray {
        let cropping = CroppingTransform(size: grid.size, newSize: grid.workSize), box = image.shape.x, size = grid.size
        var result = FourierArray(realShape: .square(grid.workSize))
        result.values.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            cropping.forward(into: target, filledRows: 0..<size, scratch: cropping.makeScratch()) { y, row in
                row.update(repeating: 0, count: size)
                let line = (y < size - y ? y : y - size) + box / 2
                guard line >= 0, line < box else { return }
                for x in 0..<box { row[(x - box / 2 + size) % size] += image.values[line * box + x] }
            }
        }
        return result
    }

    // MARK: Background

    /// - Parameters:
    ///   - spectrum: of the micrograph.
    ///   - squared: of its squared pixels.
    package func background(_ spectrum: FourierArray, squared: FourierArray) -> Background {
        let factor = Float(grid.size * grid.size) / Float(ringCount)
        func average(_ spectrum: FourierArray) -> RealArray {
            var product = spectrum
            for index in product.values.indices {
                product.values[index] = product.values[index].times(ring.values[index].conjugate).multiplied(by: factor)
            }
            return transform.inverse(product)
        }
        let mean = average(spectrum)
        var deviation = average(squared)
        for index in deviation.values.indices {
            let variance = deviation.values[index] - mean.values[index] * mean.values[index]
            deviation.values[index] = variance > 1e-10 ? variance.squareRoot() : 1
        }
        return Background(mean: mean, deviation: deviation)
    }
}
