/// Repeatable damage to the bytes of files: cut off, flipped, missing, doubled, with wrong values.
///
/// A reader must either read the result or throw; a test that feeds it many of them fails by crashing.
package enum Damage {
    private static let values = [
        "nan", "-nan", "inf", "-1", "0", "1e308", "-1e308", "1e-320", "99999999999999999999", "9223372036854775807", "4294967296",
        "-2147483649", "\"", "''", "#", "_", "data_", "loop_", "@", "0@x.mrcs", "-5@x.mrcs", "None", "[1,2", "[]", "1.5", "0x10", "é",
    ]

    /// `count` damaged versions.
    package static func versions(of original: [UInt8], count: Int) -> [[UInt8]] { (0..<count).map { damaged(original, seed: $0) } }

    package static func damaged(_ original: [UInt8], seed: Int) -> [UInt8] {
        var state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func random(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, limit)))
        }
        var bytes = original
        guard !bytes.isEmpty else { return bytes }
        switch seed % 6 {
        case 0: bytes.removeLast(1 + random(below: bytes.count))
        case 1: for _ in 0..<(1 + random(below: 8)) { bytes[random(below: bytes.count)] = UInt8(random(below: 256)) }
        case 2:
            let start = random(below: bytes.count)
            bytes.removeSubrange(start..<min(bytes.count, start + 1 + random(below: 64)))
        case 3:
            let start = random(below: bytes.count), end = min(bytes.count, start + 1 + random(below: 200))
            bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 4:
            // Binary headers: a whole word.
            let word = random(below: min(bytes.count, 1024) / 4) * 4
            let patterns: [UInt32] = [0, 1, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0x7F80_0000, 0x7FC0_0000, 0x4F00_0000, 0x0010_0000]
            let pattern = patterns[random(below: patterns.count)]
            for i in 0..<4 where word + i < bytes.count { bytes[word + i] = UInt8(truncatingIfNeeded: pattern >> (8 * UInt32(i))) }
        default: replaceWord(&bytes) { random(below: $0) }
        }
        return bytes
    }

    private static func replaceWord(_ bytes: inout [UInt8], _ random: (Int) -> Int) {
        func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }
        var start = random(bytes.count)
        while start < bytes.count, isBlank(bytes[start]) { start += 1 }
        while start > 0, start < bytes.count, !isBlank(bytes[start - 1]) { start -= 1 }
        var end = start
        while end < bytes.count, !isBlank(bytes[end]) { end += 1 }
        bytes.replaceSubrange(start..<end, with: Array(values[random(values.count)].utf8))
    }
}
