import Arrays
import Foundation

/// Texture of a class average: entropies and local binary patterns of the whole circle, the density and the solvent.
package struct Granularity: Sendable, Hashable {
    /// Bits; of the histogram of grey values.
    package var totalEntropy = 0.0, densityEntropy = 0.0, solventEntropy = 0.0
    /// Frequencies of the nine rotation-invariant uniform patterns of eight neighbours and of all others (Ojala et al.,
    /// IEEE Trans. Pattern Anal. 24 (2002) 971).
    package var totalPatterns: [Double] = [], densityPatterns: [Double] = [], solventPatterns: [Double] = []

    init(_ image: RealArray, disc: Disc, isDensity: [Bool]) {
        let density = disc.pixels.filter { isDensity[$0] }, solvent = disc.pixels.filter { !isDensity[$0] }
        let range = (disc.pixels.map { image.values[$0] }.min() ?? 0, disc.pixels.map { image.values[$0] }.max() ?? 0)
        totalEntropy = Self.entropy(image, disc.pixels, range)
        densityEntropy = Self.entropy(image, density, range)
        solventEntropy = Self.entropy(image, solvent, range)
        totalPatterns = Self.patterns(image, disc.pixels)
        densityPatterns = Self.patterns(image, density)
        solventPatterns = Self.patterns(image, solvent)
    }

    private static func entropy(_ image: RealArray, _ pixels: [Int], _ range: (low: Float, high: Float)) -> Double {
        guard !pixels.isEmpty, range.high > range.low else { return 0 }
        let levels = 256
        var histogram = [Int](repeating: 0, count: levels)
        let scale = Float(levels) / (range.high - range.low)
        for index in pixels { histogram[min(levels - 1, Int((image.values[index] - range.low) * scale))] += 1 }
        return histogram.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let p = Double(count) / Double(pixels.count)
            return sum - p * log2(p)
        }
    }

    private static func patterns(_ image: RealArray, _ pixels: [Int]) -> [Double] {
        let box = image.shape.x
        let around = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]
        var counts = [Double](repeating: 0, count: 10)
        for index in pixels {
            let (x, y) = (index % box, index / box)
            guard x > 0, x < box - 1, y > 0, y < box - 1 else { continue }
            let isBrighter = around.map { image[x + $0.0, y + $0.1] >= image.values[index] }
            let changes = isBrighter.indices.count { isBrighter[$0] != isBrighter[($0 + 1) % 8] }
            counts[changes <= 2 ? isBrighter.count { $0 } : 9] += 1
        }
        let total = max(1, counts.reduce(0, +))
        return counts.map { $0 / total }
    }
}
