import Arrays
import Fourier
import Randomness

/// Transforms of micrographs of one size, cropped to the working image: normalised, without outliers, in their square.
///
/// Normalised means mean 0 and standard deviation 1 over all pixels. The square around an oblong micrograph is filled with
/// white noise of that deviation, which no method takes for particles and which has no standard deviation of zero.
package final class MicrographTransform: Sendable {
    package let grid: PickingGrid
    /// Pixels this many standard deviations off the mean are replaced by the mean.
    private let outlierLimit: Float
    private let transform: CroppingTransform
    private let work: FourierTransform

    package init(_ grid: PickingGrid, outlierLimit: Double = 8) {
        self.grid = grid
        self.outlierLimit = Float(outlierLimit)
        transform = CroppingTransform(size: grid.size, newSize: grid.workSize)
        work = FourierTransform(shape: .square(grid.workSize))
    }

    /// Room for one thread.
    package final class Scratch {
        fileprivate let space: CroppingTransform.Scratch
        fileprivate init(_ space: CroppingTransform.Scratch) { self.space = space }
    }

    package func makeScratch() -> Scratch { Scratch(transform.makeScratch()) }

    /// - Parameters:
    ///   - micrograph: `grid.shape.count` pixels.
    ///   - inverts: makes dark particles bright.
    ///   - power: 2 for the transform of the squared pixels.
    ///   - seed: of the noise around the micrograph.
    /// - Returns: nil when all pixels have one value, or some are no numbers.
    package func spectrum(
        of micrograph: UnsafeBufferPointer<Float>, inverts: Bool = false, power: Int = 1, seed: Int, scratch: Scratch
    ) -> FourierArray? {
        precondition(micrograph.count == grid.shape.count && (1...2).contains(power))
        let statistics = PixelStatistics(micrograph)
        let deviation = Float(statistics.standardDeviation)
        guard deviation > 0, deviation.isFinite, statistics.mean.isFinite else { return nil }
        let (mean, factor, limit) = (Float(statistics.mean), (inverts ? -1 : 1) / deviation, outlierLimit)
        let (width, left, top, size) = (grid.shape.x, grid.offsetX, grid.offsetY, grid.size)
        var result = FourierArray(realShape: .square(grid.workSize))
        result.values.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress, let pixels = micrograph.baseAddress else { return }
            transform.forward(into: target, filledRows: top..<top + grid.shape.y, scratch: scratch.space) { y, row in
                row.update(repeating: 0, count: left)
                (row + left + width).update(repeating: 0, count: size - left - width)
                let (source, to) = (pixels + (y - top) * width, row + left)
                for x in 0..<width {
                    let value = (source[x] - mean) * factor
                    let kept = abs(value) > limit ? 0 : value
                    to[x] = power == 2 ? kept * kept : kept
                }
            }
        }
        addSurroundings(to: &result, power: power, seed: seed)
        return result
    }

    /// Noise outside the micrograph, made at the working size: white noise of deviation 1 that is cropped in Fourier space
    /// is white with the deviation `scale`; its square has the mean 1.
    private func addSurroundings(to spectrum: inout FourierArray, power: Int, seed: Int) {
        let (columns, rows) = (grid.columns(margin: 0), grid.rows(margin: 0))
        guard columns.count < grid.workSize || rows.count < grid.workSize else { return }
        var generator = CounterGenerator(seed: seed, stream: 0)
        var image = RealArray(shape: .square(grid.workSize))
        let deviation = Float(grid.scale)
        for y in 0..<grid.workSize {
            for x in 0..<grid.workSize where !(rows.contains(y) && columns.contains(x)) {
                image.values[y * grid.workSize + x] = power == 2 ? 1 : deviation * Float(generator.standardNormal())
            }
        }
        let noise = work.forward(image)
        for index in spectrum.values.indices { spectrum.values[index] = spectrum.values[index] + noise.values[index] }
    }
}
