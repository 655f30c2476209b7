import Foundation

/// The additive-feedback generator r[i] = r[i−3] + r[i−31] (mod 2³²) behind the `rand` of the GNU C library.
///
/// RELION draws its random numbers from it, so that the same `--random_seed` gives the same perturbations and subsets
/// here. Written out so that the sequence is the same on every system. Reference: Knuth, TAOCP vol. 2, 3.2.2.
package struct AdditiveFeedbackGenerator: Sendable {
    package static let maximum = Int32.max
    private var state: [UInt32]
    private var index = 0

    package init(seed: Int) {
        // The 31 words are seeded by the multiplicative generator 16807 mod 2³¹−1; seed 0 counts as 1.
        var word = Int64(Int32(truncatingIfNeeded: seed))
        if word == 0 { word = 1 }
        var words = [UInt32](repeating: 0, count: 31)
        words[0] = UInt32(truncatingIfNeeded: word)
        for i in 1..<31 {
            word = (word * 16807) % 2_147_483_647
            if word < 0 { word += 2_147_483_647 }
            words[i] = UInt32(truncatingIfNeeded: word)
        }
        state = words
        index = 3
        // The first 310 outputs are discarded to mix the seed in.
        for _ in 0..<310 { _ = next() }
    }

    /// A number in 0...2³¹−1.
    package mutating func next() -> Int32 {
        let sum = state[index] &+ state[(index + 28) % 31]
        state[index] = sum
        index = (index + 1) % 31
        return Int32(bitPattern: sum >> 1)
    }

    /// Uniform in [low, high], both ends included; single precision, as RELION draws.
    package mutating func uniform(_ low: Float = 0, _ high: Float = 1) -> Double {
        Double(low + Float(next()) / (Float(Self.maximum) / (high - low)))
    }

    /// From the normal distribution of mean 0 and variance 1, as RELION draws it for random references: Box & Muller 1958 with
    /// 3.14 for π.
    package mutating func standardNormal() -> Double {
        let scale = 1 / (Double(Self.maximum) + 1)
        let first = (Double(next()) + 1) * scale, second = (Double(next()) + 1) * scale
        return cos(2 * 3.14 * second) * (-2 * log(first)).squareRoot()
    }
}
