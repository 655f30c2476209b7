import Arrays
import CKernels
import Parallel

/// Low-resolution coarse slices and, for each, an estimate of how much the remaining pixels can add to its score.
///
/// The score of a sample is cross − norm. Given an orientation, the part of `cross` beyond the scout's pixels is a Gaussian of
/// variance 2h about at most 2h, h being that part of the norm: the part of the score is at most h + z·√(2h) but for
/// a few samples in a million (z = 4.5). Samples that stay behind the best full score even so are not looked at again. The
/// idea is that of Punjani et al. 2017 (Nat Methods 14:290); `--exact` switches it off.
final class ScoutTable: Sendable {
    let slices: SliceTable
    /// h of each row for a scale and contrast of 1: ½Σ|P|²/σ² of the pixels beyond the scout's.
    let remainders: [Float]
    /// The slices rounded to bfloat16, where the machine multiplies these faster.
    let shortSlices: AlignedBuffer<UInt16>?

    static let deviations: Float = 4.5
    /// Samples this far behind the best are insignificant: a hundred thousand of them hold less than 10⁻³ of the probability.
    static let margin: Float = 20
    /// Radius of the scout over that of the coarse layout: 0.7 halves the pixels and leaves a few per cent of the samples. Where
    /// the first look is cheap, a wider one that leaves fewer samples is faster in all.
    static func radiusFraction(isVolume: Bool) -> Double { usesShortSlices(isVolume: isVolume) ? 0.9 : 0.7 }
    /// Scouting pays when the coarse layout reaches at least this far and probabilities are peaked.
    static let smallestCoarseRadius = 10
    static let smallestMaximumProbability = 0.3

    init(slices: SliceTable, full: SliceTable, group: GroupContext, isVolume: Bool, pool: ThreadPool) {
        self.slices = slices
        let layout = full.layout
        shortSlices = Self.usesShortSlices(isVolume: isVolume) ? Self.shortened(slices, pool: pool) : nil
        var weights = group.inverseNoiseCoarse.map { 0.5 * $0 }
        for position in group.scoutInCoarse { weights[Int(position)] = 0 }
        let fixed = weights
        let chunk = 256
        remainders = pool.map(count: (full.rowCount + chunk - 1) / chunk) { item, _ in
            (item * chunk..<min(full.rowCount, (item + 1) * chunk)).map { row in
                let slice = full.row(row)
                return fixed.withUnsafeBufferPointer { weighted_norm($0.baseAddress, slice, slice + layout.stride, layout.stride) }
            }
        }.flatMap { $0 }
    }

    /// In two dimensions the first look is not what takes the time.
    private static func usesShortSlices(isVolume: Bool) -> Bool { isVolume && bfloat_products_are_fast() != 0 }

    private static func shortened(_ slices: SliceTable, pool: ThreadPool) -> AlignedBuffer<UInt16> {
        let length = slices.layout.planarCount
        let short = AlignedBuffer<UInt16>(uninitialisedCount: slices.rowCount * length)
        pool.forEachChunk(count: slices.rowCount, chunk: 256) { rows, _ in
            for row in rows { bfloat_from_float(slices.row(row), length, short.base + row * length) }
        }
        return short
    }

    /// What the remainder of row `row` may add at most.
    @inline(__always)
    func reach(_ row: Int, scale: Float) -> Float {
        let h = remainders[row] * scale
        return h + Self.deviations * (2 * h).squareRoot()
    }
}
