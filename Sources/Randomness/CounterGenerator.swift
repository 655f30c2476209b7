/// A small, fast generator whose stream is fixed by (seed, stream): every particle gets its own stream, so that random
/// numbers do not depend on the order of work. SplitMix64 (Steele, Lea & Flood 2014).
package struct CounterGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: Int, stream: Int) {
        state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15
        _ = next()
        state ^= UInt64(bitPattern: Int64(stream)) &* 0xD1B5_4A32_D192_ED03
        _ = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
