/// The 32-bit Mersenne Twister MT19937 (Matsumoto & Nishimura 1998, ACM Trans Model Comput Simul 8:3), seeded with one word
/// as its authors' version of 2002 does.
///
/// RELION puts particles in random order with it, so that the same `--random_seed` takes the same particles here.
package struct MersenneTwister: Sendable {
    /// Words of state, and the distance of the two words that meet in the recurrence.
    private static let length = 624
    private static let middle = 397
    private var state: [UInt32]
    private var index = MersenneTwister.length

    /// - Parameter seed: its lowest 32 bits count.
    package init(seed: Int) {
        var word = UInt32(truncatingIfNeeded: seed)
        state = [word]
        state.reserveCapacity(Self.length)
        for i in 1..<UInt32(Self.length) {
            // Knuth's multiplier for generators modulo 2³² (TAOCP vol. 2, 3.3.4).
            word = 1_812_433_253 &* (word ^ (word >> 30)) &+ i
            state.append(word)
        }
    }

    package mutating func next() -> UInt32 {
        if index == Self.length { renew() }
        var y = state[index]
        index += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C_5680
        y ^= (y << 15) & 0xEFC6_0000
        return y ^ (y >> 18)
    }

    /// Twists all words of the state.
    private mutating func renew() {
        for i in 0..<Self.length {
            let joined = (state[i] & 0x8000_0000) | (state[(i + 1) % Self.length] & 0x7FFF_FFFF)
            let twisted = (joined >> 1) ^ (joined & 1 == 1 ? 0x9908_B0DF : 0)
            state[i] = state[(i + Self.middle) % Self.length] ^ twisted
        }
        index = 0
    }

    /// Uniform in 0..<count: the upper half of a product, without bias (Lemire 2019, ACM Trans Model Comput Simul 29:3).
    /// - Precondition: 0 < count < 2³².
    package mutating func next(below count: Int) -> Int {
        precondition(count > 0 && count < 1 << 32)
        let range = UInt32(count)
        var product = UInt64(next()) * UInt64(range)
        if UInt32(truncatingIfNeeded: product) < range {
            let threshold = (0 &- range) % range
            while UInt32(truncatingIfNeeded: product) < threshold { product = UInt64(next()) * UInt64(range) }
        }
        return Int(product >> 32)
    }
}
