/// One row of a file's cells, as pointers into the file's bytes: valid while `StarCells.withRow` runs.
struct StarRow {
    let bytes: UnsafeBufferPointer<UInt8>
    let start: Int
    /// Of the row's cells, relative to `start`.
    let offsets: UnsafeBufferPointer<UInt32>
    let isNarrow: UnsafeBufferPointer<Bool>

    struct Cell {
        let text: UnsafeBufferPointer<UInt8>
        /// Looked at only for texts of fewer bytes than a number's field.
        let isNumber: Bool
    }

    /// The text of a cell; nil where it is quoted or missing.
    ///
    /// One pass finds the end and whether these are digits with at most a sign and a point, as almost all numbers are.
    @inline(__always)
    func bareCell(_ column: Int) -> Cell? {
        let offset = offsets[column]
        if offset == StarCells.missing { return nil }
        let first = start &+ Int(offset), count = bytes.count
        if bytes[first].isQuote { return nil }
        var position = first, digits = 0, points = 0
        if bytes[first] == UInt8(ascii: "-") || bytes[first] == UInt8(ascii: "+") { position &+= 1 }
        while position < count {
            let byte = bytes[position]
            if byte.isDigit { digits &+= 1 } else if byte == UInt8(ascii: ".") { points &+= 1 } else { break }
            position &+= 1
        }
        let isPlain = position == count || bytes[position].endsToken
        while position < count, bytes[position] > .space || !bytes[position].endsToken { position &+= 1 }
        let text = UnsafeBufferPointer(rebasing: bytes[first..<position])
        return Cell(text: text, isNumber: isPlain ? digits > 0 && points <= 1 : Self.isUnusualNumber(text))
    }

    /// Numbers with an exponent, infinities and the like. Words, which are much more frequent, are told by their first letter.
    private static func isUnusualNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let first = text[0] | 0x20
        if text[0] > UInt8(ascii: "9"), first != UInt8(ascii: "i"), first != UInt8(ascii: "n") { return false }
        return text.count < 12 && NumberText.double(text) != nil
    }

    /// The value of a cell, without quotes; empty for a missing one.
    func string(_ column: Int) -> String {
        let offset = offsets[column]
        if offset == StarCells.missing { return "" }
        let first = start + Int(offset)
        return Tokens.string(first..<Tokens.end(ofTokenAt: first, in: bytes), in: bytes)
    }
}

extension StarCells {
    @inline(__always)
    func withRow<Result>(_ row: Int, _ body: (StarRow) throws -> Result) rethrows -> Result {
        try text.bytes.withUnsafeBufferPointer { bytes in
            try offsets.withUnsafeBufferPointer { offsets in
                try isNarrow.withUnsafeBufferPointer { isNarrow in
                    let cells = row * columnCount..<(row + 1) * columnCount
                    return try body(StarRow(bytes: bytes, start: rowStarts[row], offsets: .init(rebasing: offsets[cells]),
                                            isNarrow: isNarrow))
                }
            }
        }
    }
}
