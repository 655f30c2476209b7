import Foundation

/// Where the cells of one loop (or list) lie in the file's bytes.
///
/// Offsets are relative to their row's first byte and stored row after row: four bytes a cell and eight a row, whatever
/// the values are. The end of a cell is found from its text.
final class StarCells: Sendable {
    let text: StarText
    let columnCount: Int
    let rowStarts: [Int]
    /// `offsets[row * columnCount + column]`; `missing` where a row of a two-column table ends early.
    let offsets: [UInt32]
    /// True for columns whose fields are ten characters wide in the first row: numbers stored as strings.
    let isNarrow: [Bool]

    static let missing = UInt32.max

    init(text: StarText, columnCount: Int, rowStarts: [Int], offsets: [UInt32], isNarrow: [Bool]) {
        self.text = text
        self.columnCount = columnCount
        self.rowStarts = rowStarts
        self.offsets = offsets
        self.isNarrow = isNarrow
    }

    var rowCount: Int { rowStarts.count }

    /// Byte range of a cell's token, quotes included; empty for a missing cell.
    @inline(__always)
    func tokenRange(row: Int, column: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        let offset = offsets[row * columnCount + column]
        if offset == Self.missing { return 0..<0 }
        let start = rowStarts[row] + Int(offset)
        return start..<Tokens.end(ofTokenAt: start, in: bytes)
    }

    func string(row: Int, column: Int) -> String {
        text.bytes.withUnsafeBufferPointer { bytes in
            Tokens.string(tokenRange(row: row, column: column, in: bytes), in: bytes)
        }
    }

    func place(row: Int) -> String { text.place(ofByteAt: rowStarts[row]) }
}

/// Finding and decoding of values in a line of bytes.
enum Tokens {
    /// First byte at or after `start` that is neither blank nor past the end.
    @inline(__always)
    static func skipBlanks(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var position = start
        while position < bytes.count, bytes[position].isBlank { position &+= 1 }
        return position
    }

    @inline(__always)
    static func endOfLine(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard start < bytes.count, let base = bytes.baseAddress else { return start }
        guard let found = memchr(base + start, Int32(UInt8.lineFeed), bytes.count - start) else { return bytes.count }
        return UnsafeRawPointer(base).distance(to: found)
    }

    /// One past the last byte of the token that starts at `start`. A quoted token ends at a quote of its kind that a
    /// blank or the line's end follows; without one it ends with the line.
    @inline(__always)
    static func end(ofTokenAt start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        if bytes[start].isQuote { return endOfQuoted(from: start, in: bytes) ?? endOfLine(from: start, in: bytes) }
        var position = start &+ 1
        while position < bytes.count, bytes[position] > .space || !bytes[position].endsToken { position &+= 1 }
        return position
    }

    static func endOfQuoted(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let quote = bytes[start]
        var position = start + 1
        while position < bytes.count, bytes[position] != .lineFeed {
            if bytes[position] == quote, bytes[position - 1] != .bell {
                let next = position + 1
                if next == bytes.count || bytes[next].endsToken { return next }
            }
            position += 1
        }
        return nil
    }

    static func string(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard let first = range.first else { return "" }
        guard bytes[first].isQuote else { return String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) }
        let closed = range.count > 1 && bytes[range.upperBound - 1] == bytes[first]
        let inner = bytes[(first + 1)..<(closed ? range.upperBound - 1 : range.upperBound)]
        return String(decoding: inner.filter { $0 != .bell }, as: UTF8.self)
    }
}

extension UInt8 {
    @inline(__always) var endsToken: Bool { self == .lineFeed || isBlank }
}
