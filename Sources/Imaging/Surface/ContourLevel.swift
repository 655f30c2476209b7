import Arrays

/// The densities of a map in order of size, to go between a contour level and the volume that it encloses.
///
/// A fixed number of bins, so that a slider is served without looking at the map again; a level is exact to a bin.
package struct DensityHistogram: Sendable, Equatable {
    package let minimum: Float
    package let maximum: Float
    /// Voxels per bin; bins are equally wide from `minimum` to `maximum`. Values that are not finite are left out.
    package let counts: [Int]
    package let mean: Double
    package let standardDeviation: Double

    package init(of map: RealArray, bins: Int = 4096) {
        precondition(bins > 0)
        let finite = map.values.lazy.filter(\.isFinite)
        var low = Float.infinity, high = -Float.infinity, sum = 0.0, count = 0
        for value in finite {
            (low, high) = (min(low, value), max(high, value))
            sum += Double(value)
            count += 1
        }
        guard count > 0 else {
            (minimum, maximum, counts, mean, standardDeviation) = (0, 0, [Int](repeating: 0, count: bins), 0, 0)
            return
        }
        let average = sum / Double(count), scale = high > low ? Float(bins) / (high - low) : 0
        var histogram = [Int](repeating: 0, count: bins), squares = 0.0
        for value in finite {
            histogram[min(bins - 1, Int((value - low) * scale))] += 1
            let deviation = Double(value) - average
            squares += deviation * deviation
        }
        (minimum, maximum, counts, mean) = (low, high, histogram, average)
        standardDeviation = (squares / Double(count)).squareRoot()
    }

    /// Lower edge of a bin.
    package func level(ofBin bin: Int) -> Float { minimum + (maximum - minimum) * Float(bin) / Float(counts.count) }

    /// The level that `voxels` voxels reach or exceed.
    package func level(enclosing voxels: Int) -> Float {
        var above = 0
        for bin in counts.indices.reversed() {
            above += counts[bin]
            if above >= voxels { return level(ofBin: bin) }
        }
        return minimum
    }

    /// A level to start from: one that as many voxels reach as a compact molecule has in a box twice its diameter, that is about
    /// 1 in 60 (π/6 · (1/2)³ of the box, a quarter of that sphere filled), but never within three standard deviations of the mean
    /// unless the map has nothing higher.
    package var suggestedLevel: Float {
        let total = counts.reduce(0, +)
        let byVolume = level(enclosing: max(1, total / 60))
        let byNoise = Float(mean + 3 * standardDeviation)
        return byNoise < maximum ? max(byVolume, byNoise) : byVolume
    }
}
