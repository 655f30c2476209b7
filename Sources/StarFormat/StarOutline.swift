/// A STAR file that is looked at, not worked with: only where its rows begin is found when it is opened, its cells when they are
/// asked for.
///
/// Opening takes a tenth of what `StarDocument` takes. In return rows are not checked: cells that a row lacks are empty, those it has
/// too many are not seen.
package struct StarOutline: Sendable {
    package struct Block: Sendable {
        /// What follows `data_`; may be empty.
        package let name: String
        package let isLoop: Bool
        /// Without the underscore.
        package let labels: [String]
        /// 1 for a list.
        package let rowCount: Int
        /// Of a loop's rows; of a list the block's first byte.
        let rowStarts: [Int]
        /// Of a list's values, relative to its first byte.
        let valueOffsets: [UInt32]
    }

    package let blocks: [Block]
    private let text: StarText

    package var byteCount: Int { text.bytes.count + blocks.reduce(0) { $0 + 8 * $1.rowStarts.count } }

    /// - Throws: `InputError` naming file and line where the file is missing, empty or no STAR file.
    package init(contentsOf path: String, name: String? = nil) throws {
        let read = try StarText(contentsOf: path)
        text = name.map { StarText(name: $0, bytes: read.bytes) } ?? read
        blocks = try StarParser.outline(text).map { table in
            let cells = table.segments.first
            return Block(
                name: table.name, isLoop: table.kind == .loop, labels: table.labels, rowCount: table.rowCount, rowStarts: cells?.rowStarts ?? [],
                valueOffsets: table.kind == .list ? cells?.offsets ?? [] : [])
        }
    }

    /// The cells of some rows as numbers.
    ///
    /// - Parameter values: one a row; not a number where the cell is empty or no number.
    /// - Returns: how many cells hold texts other than numbers, `None` and nothing.
    package func readNumbers(block: Int, column: Int, rows: Range<Int>, into values: UnsafeMutableBufferPointer<Double>) -> Int {
        var textCount = 0
        forEachCell(block: block, column: column, rows: rows) { row, token in
            let value = token.isEmpty ? nil : NumberText.double(token)
            values[row - rows.lowerBound] = value ?? .nan
            if value == nil, !Self.isNothing(token) { textCount += 1 }
        }
        return textCount
    }

    /// Calls `body` with each row and the bytes of its cell, quotes included; they are valid during the call only.
    package func forEachCell(block: Int, column: Int, rows: Range<Int>, _ body: (_ row: Int, _ token: UnsafeBufferPointer<UInt8>) -> Void) {
        text.bytes.withUnsafeBufferPointer { bytes in
            for row in rows { body(row, UnsafeBufferPointer(rebasing: bytes[tokenRange(blocks[block], row, column, bytes)])) }
        }
    }

    /// Calls `body` with each row of a loop as it stands in the file; for a list with nothing.
    package func forEachLine(block: Int, rows: Range<Int>, _ body: (_ row: Int, _ line: UnsafeBufferPointer<UInt8>) -> Void) {
        text.bytes.withUnsafeBufferPointer { bytes in
            for row in rows {
                let start = blocks[block].rowStarts[row]
                let end = blocks[block].isLoop ? Tokens.endOfLine(from: start, in: bytes) : start
                body(row, UnsafeBufferPointer(rebasing: bytes[start..<end]))
            }
        }
    }

    /// The value of a cell, without quotes; empty where it is missing.
    package func string(block: Int, row: Int, column: Int) -> String {
        text.bytes.withUnsafeBufferPointer { bytes in Tokens.string(tokenRange(blocks[block], row, column, bytes), in: bytes) }
    }

    @inline(__always)
    private func tokenRange(_ block: Block, _ row: Int, _ column: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var token = block.rowStarts[row]
        if block.isLoop {
            token = Tokens.skipBlanks(from: token, in: bytes)
            for index in 0..<column {
                guard token < bytes.count, bytes[token] != .lineFeed, index == 0 || bytes[token] != .hash else { return 0..<0 }
                token = Tokens.skipBlanks(from: Tokens.end(ofTokenAt: token, in: bytes), in: bytes)
            }
            guard token < bytes.count, bytes[token] != .lineFeed, bytes[token] != .hash || column == 0 else { return 0..<0 }
        } else {
            token += Int(block.valueOffsets[column])
        }
        return token..<Tokens.end(ofTokenAt: token, in: bytes)
    }

    private static func isNothing(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        token.isEmpty || token.elementsEqual("None".utf8) || token.elementsEqual("\"\"".utf8)
    }
}
