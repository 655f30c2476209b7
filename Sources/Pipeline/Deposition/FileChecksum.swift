import Foundation
import Reporting

/// SHA-256 (FIPS 180-4) of files, read in pieces.
package struct FileChecksum {
    private var state: [UInt32] = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
    ]

    /// The fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < 64 {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { prime in
            // Exactly, by whole numbers: floor(2³² ∛p) by bisection.
            var (low, high): (UInt64, UInt64) = (0, 1 << 36)
            let target = UInt64(prime)
            while high - low > 1 {
                let middle = (low + high) / 2
                let square = middle.multipliedFullWidth(by: middle)
                // middle³ ≤ p·2⁹⁶ ⇔ the cube's words above 2⁹⁶ stay below p.
                let (upper, lower) = (square.high, square.low.multipliedFullWidth(by: middle))
                let cubeHigh = upper * middle + lower.high
                if cubeHigh >> 32 < target { low = middle } else { high = middle }
            }
            return UInt32(truncatingIfNeeded: low)
        }
    }()

    /// As 64 hexadecimal digits.
    package static func sha256(ofFile path: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw InputError(place: path, found: "the file cannot be read", remedy: "Check the path and permissions")
        }
        defer { try? file.close() }
        var sum = FileChecksum()
        var count: UInt64 = 0
        var rest: [UInt8] = []
        while let piece = try file.read(upToCount: 1 << 22), !piece.isEmpty {
            count += UInt64(piece.count)
            let bytes = rest + piece
            let whole = bytes.count / 64 * 64
            sum.take(bytes[0..<whole])
            rest = Array(bytes[whole...])
        }
        return sum.finish(rest, count: count)
    }

    package static func sha256(_ bytes: [UInt8]) -> String {
        var sum = FileChecksum()
        let whole = bytes.count / 64 * 64
        sum.take(bytes[0..<whole])
        return sum.finish(Array(bytes[whole...]), count: UInt64(bytes.count))
    }

    private mutating func finish(_ rest: [UInt8], count: UInt64) -> String {
        var last = rest + [0x80]
        while last.count % 64 != 56 { last.append(0) }
        last += (0..<8).map { UInt8(truncatingIfNeeded: (count * 8) >> (56 - 8 * UInt64($0))) }
        take(last[...])
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        var schedule = [UInt32](repeating: 0, count: 64)
        bytes.withUnsafeBufferPointer { buffer in
            for block in stride(from: 0, to: buffer.count, by: 64) {
                for i in 0..<16 {
                    let at = block + 4 * i
                    schedule[i] = UInt32(buffer[at]) << 24 | UInt32(buffer[at + 1]) << 16 | UInt32(buffer[at + 2]) << 8 | UInt32(buffer[at + 3])
                }
                mix(&schedule)
            }
        }
    }

    private mutating func mix(_ schedule: inout [UInt32]) {
        func turned(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
        for i in 16..<64 {
            let (early, late) = (schedule[i - 15], schedule[i - 2])
            let first = turned(early, 7) ^ turned(early, 18) ^ early >> 3
            let second = turned(late, 17) ^ turned(late, 19) ^ late >> 10
            schedule[i] = schedule[i - 16] &+ first &+ schedule[i - 7] &+ second
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        let constants = Self.constants
        for i in 0..<64 {
            let choice = (e & f) ^ (~e & g), majority = (a & b) ^ (a & c) ^ (b & c)
            let first = h &+ (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) &+ choice &+ constants[i] &+ schedule[i]
            let second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
        for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] = state[i] &+ word }
    }
}
