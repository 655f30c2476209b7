import Arrays
import Imaging

/// What a page needs to know of a map before it shows it.
package struct MapSummary: Codable, Sendable, Equatable {
    /// Voxels along x, y and z.
    package var shape: [Int]
    package var voxelSizeInAngstrom: Double
    package var minimum: Float
    package var maximum: Float
    package var mean: Double
    package var standardDeviation: Double
    /// Contour level to start with.
    package var suggestedLevel: Float
    /// Voxels in 256 equal steps of density from minimum to maximum.
    package var histogram: [Int]

    init(shape: Shape, voxelSizeInAngstrom: Double, densities: DensityHistogram) {
        self.shape = [shape.x, shape.y, shape.z]
        self.voxelSizeInAngstrom = voxelSizeInAngstrom
        (minimum, maximum, mean) = (densities.minimum, densities.maximum, densities.mean)
        (standardDeviation, suggestedLevel) = (densities.standardDeviation, densities.suggestedLevel)
        let step = densities.counts.count / 256
        histogram = (0..<256).map { bin in densities.counts[bin * step..<(bin + 1) * step].reduce(0, +) }
    }
}
