import CKernels
import Foundation

/// Selection of the samples that hold a given fraction of the probability.
///
/// Log-weights come in as scores; samples are taken from the highest score down until their weights sum to the fraction. A
/// histogram finds the score at which that happens, so that only one bin is sorted: O(n) instead of O(n log n), and
/// the choice does not depend on the order of equal scores.
struct SignificantSamples {
    /// Positions of the significant samples, ascending.
    private(set) var positions: [UInt32] = []
    /// Σ exp(score − maximum) over all samples.
    private(set) var sum = 0.0
    private(set) var maximum = -Float.infinity
    private var candidates: [UInt32] = []
    private var binSums = [Double](repeating: 0, count: SignificantSamples.binCount)
    private var binCounts = [Int](repeating: 0, count: SignificantSamples.binCount)

    /// Scores this far below the best are ignored: even 10⁸ of them change the sum by less than 10⁻⁷.
    static let cutoff: Float = 35
    private static let binCount = 2048

    /// - Parameters:
    ///   - scores: log-weights, `count` of them; −∞ for impossible samples.
    ///   - limit: largest number of samples; ≤ 0: no limit.
    /// - Returns: false when no sample has a finite score.
    mutating func select(_ scores: UnsafePointer<Float>, count: Int, fraction: Double, limit: Int) -> Bool {
        maximum = maximum_of(scores, count)
        positions.removeAll(keepingCapacity: true)
        sum = 0
        guard maximum.isFinite else { return false }
        collectCandidates(scores, count: count)
        for bin in 0..<Self.binCount {
            binSums[bin] = 0
            binCounts[bin] = 0
        }
        let perUnit = Float(Self.binCount) / Self.cutoff
        for position in candidates {
            let depth = maximum - scores[Int(position)]
            let weight = exp(-Double(depth))
            let bin = min(Self.binCount - 1, Int(depth * perUnit))
            binSums[bin] += weight
            binCounts[bin] += 1
            sum += weight
        }
        let threshold = self.threshold(scores, perUnit: perUnit, wanted: fraction * sum, limit: limit)
        for position in candidates where scores[Int(position)] >= threshold { positions.append(position) }
        return true
    }

    private mutating func collectCandidates(_ scores: UnsafePointer<Float>, count: Int) {
        if candidates.count < 1024 { candidates = [UInt32](repeating: 0, count: 1024) }
        var capacity = candidates.capacity
        var found = 0
        while true {
            candidates = [UInt32](unsafeUninitializedCapacity: capacity) { buffer, initialised in
                found = positions_above(scores, count, maximum - Self.cutoff, buffer.baseAddress, capacity)
                initialised = min(found, capacity)
            }
            if found <= capacity { return }
            capacity = found
        }
    }

    /// The lowest score that still belongs to the wanted sum.
    private func threshold(_ scores: UnsafePointer<Float>, perUnit: Float, wanted: Double, limit: Int) -> Float {
        var reached = 0.0, taken = 0, bin = 0
        while bin < Self.binCount - 1, reached + binSums[bin] <= wanted, limit <= 0 || taken + binCounts[bin] < limit {
            reached += binSums[bin]
            taken += binCounts[bin]
            bin += 1
        }
        var inBin: [Float] = []
        for position in candidates {
            let score = scores[Int(position)]
            if min(Self.binCount - 1, Int((maximum - score) * perUnit)) == bin { inBin.append(score) }
        }
        inBin.sort(by: >)
        var last = maximum
        for score in inBin {
            last = score
            reached += exp(-Double(maximum - score))
            taken += 1
            if reached > wanted || (limit > 0 && taken >= limit) { break }
        }
        return last
    }
}
