import Arrays
import Foundation
import Reporting

/// One detected electron: its detector pixel and its place within it.
package struct ElectronEvent: Sendable, Hashable {
    package var x: Int, y: Int
    /// In fractions of a pixel from its edge: 0 ..< 4 quarters.
    package var quarterX: Int, quarterY: Int

    package init(x: Int, y: Int, quarterX: Int = 0, quarterY: Int = 0) {
        (self.x, self.y, self.quarterX, self.quarterY) = (x, y, quarterX, quarterY)
    }
}

/// Writes EER movies: for simulations and tests. Frames are encoded one after the other; the file is kept in memory
/// until `write`.
package struct EERWriter {
    package enum Compression: Int, Sendable, CaseIterable {
        case eightBit = 65000, sevenBit = 65001
        /// 7 bits a run and 1 + 1 bits a place: halves of a pixel.
        case detailed = 65002
    }

    private let shape: Shape
    private let compression: Compression
    private let isBig: Bool
    private var frames: [[UInt8]] = []

    /// - Parameters:
    ///   - shape: of the detector; the width is a power of two.
    ///   - isBig: BigTIFF, as files above 4 GiB must be.
    package init(shape: Shape, compression: Compression = .sevenBit, isBig: Bool = false) {
        precondition(shape.x.nonzeroBitCount == 1, "the width of an EER frame is a power of two")
        (self.shape, self.compression, self.isBig) = (shape, compression, isBig)
    }

    /// Adds a detector frame. A pixel detects one electron at most; further ones are dropped.
    package mutating func append(_ events: [ElectronEvent]) {
        let code: EERCode =
            switch compression {
            case .eightBit: .eightBit
            case .sevenBit: .sevenBit
            case .detailed: EERCode(runBits: 7, xBits: 1, yBits: 1, escapeHasPlace: false)
            }
        var words = BitWords()
        var next = 0
        let escape = (1 << code.runBits) - 1
        func run(_ length: Int) -> Int {
            var left = length
            while left >= escape {
                words.append(escape, bits: code.runBits + (code.escapeHasPlace ? code.xBits + code.yBits : 0))
                left -= escape
            }
            return left
        }
        for event in events.sorted(by: { ($0.y, $0.x) < ($1.y, $1.x) }) {
            let pixel = event.y * shape.x + event.x
            guard pixel >= next, pixel < shape.count else { continue }
            words.append(run(pixel - next), bits: code.runBits)
            words.append(Self.place(event.quarterX, bits: code.xBits), bits: code.xBits)
            words.append(Self.place(event.quarterY, bits: code.yBits), bits: code.yBits)
            next = pixel + 1
        }
        let left = run(shape.count - next)
        // Behind an event on the last pixel stands an empty run: some readers look for the end of a frame behind runs only.
        if left > 0 || next == shape.count { words.append(left, bits: code.runBits) }
        frames.append(words.finish())
    }

    /// Quarters from the edge to a signed number of `bits` bits whose zero is the middle.
    private static func place(_ quarter: Int, bits: Int) -> Int { (quarter >> (2 - bits)) ^ (1 << (bits - 1)) }

    package func write(to path: String) throws {
        let file = try OutputFile(path: path)
        try file.write(serialized(), at: 0)
        try file.commit()
    }

    /// The bytes of the file.
    package func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: Int, _ count: Int) {
            for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
        }
        let word = isBig ? 8 : 4
        bytes += [0x49, 0x49]
        append(isBig ? 43 : 42, 2)
        if isBig { append(8, 4) }
        var link = bytes.count
        append(0, word)
        for frame in frames {
            let data = bytes.count
            bytes += frame
            if bytes.count % 2 == 1 { bytes.append(0) }
            let directory = bytes.count
            for i in 0..<word { bytes[link + i] = UInt8(truncatingIfNeeded: directory >> (8 * i)) }
            let fields = fields(data: data, byteCount: frame.count)
            append(fields.count, isBig ? 8 : 2)
            for (tag, value) in fields {
                append(tag, 2)
                append(isBig ? 16 : 4, 2)
                append(1, word)
                append(value, word)
            }
            link = bytes.count
            append(0, word)
        }
        return bytes
    }

    private func fields(data: Int, byteCount: Int) -> [(Int, Int)] {
        var fields = [
            (256, shape.x), (257, shape.y), (258, 8), (259, compression.rawValue), (262, 1), (273, data), (277, 1),
            (278, shape.y), (279, byteCount),
        ]
        if compression == .detailed { fields += [(65007, 7), (65008, 1), (65009, 1)] }
        return fields
    }
}

/// Numbers of any length, lowest bit first.
private struct BitWords {
    private var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var count = 0

    mutating func append(_ value: Int, bits: Int) {
        pending |= UInt64(value) << UInt64(count)
        count += bits
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    /// With the bits that do not fill a byte.
    mutating func finish() -> [UInt8] {
        if count > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
        (pending, count) = (0, 0)
        return bytes
    }
}
