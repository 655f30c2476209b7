import Reporting

/// Reads the bytes of a STAR file into tables.
///
/// Accepts line ends of either kind, a missing one at the end, quoted values, comments after `#`. Multi-line values
/// between semicolons are not part of this dialect.
struct StarParser {
    private let text: StarText
    private let bytes: UnsafeBufferPointer<UInt8>
    private let loops: LoopReading
    private var position = 0
    private var lastRowStart = 0
    private var tables: [StarTable] = []
    private var pendingComments: [String] = []
    private var pendingVersion: Int?
    /// A version line speaks for the blocks after it, too.
    private var version = 30000

    /// How much of a loop's rows is looked at.
    private enum LoopReading {
        /// All cells are found and counted.
        case cells
        /// Only where the rows begin; the cells of the tables cannot be asked for.
        case rowStarts
    }

    static func parse(_ text: StarText) throws -> [StarTable] { try parse(text, loops: .cells) }

    /// The tables with no more of their loops than where the rows begin.
    static func outline(_ text: StarText) throws -> [StarTable] { try parse(text, loops: .rowStarts) }

    private static func parse(_ text: StarText, loops: LoopReading) throws -> [StarTable] {
        try text.bytes.withUnsafeBufferPointer { bytes in
            var parser = StarParser(text: text, bytes: bytes, loops: loops)
            try parser.parseFile()
            return parser.tables
        }
    }

    private init(text: StarText, bytes: UnsafeBufferPointer<UInt8>, loops: LoopReading) {
        (self.text, self.bytes, self.loops) = (text, bytes, loops)
    }

    // MARK: Blocks

    private mutating func parseFile() throws {
        if bytes.isEmpty {
            throw InputError(place: text.name, found: "the file is empty", expected: "a STAR file")
        }
        while let start = nextLineStart() {
            if hasPrefix("data_", at: start) {
                try parseBlock(nameAt: start)
            } else {
                throw unexpected(at: start, expected: "a line that starts with data_")
            }
        }
        if tables.isEmpty {
            throw InputError(place: text.name, found: "there is no data_ block", expected: "a STAR file")
        }
    }

    /// Skips blank lines; collects comments. First byte of the next other line, or nil at the end.
    private mutating func nextLineStart() -> Int? {
        while position < bytes.count {
            let start = Tokens.skipBlanks(from: position, in: bytes)
            if start == bytes.count {
                position = start
                return nil
            }
            if bytes[start] == .hash {
                noteComment(at: start)
                position = nextLine(after: start)
            } else if bytes[start] == .lineFeed {
                position = start + 1
            } else {
                return start
            }
        }
        return nil
    }

    private func nextLine(after start: Int) -> Int { min(bytes.count, Tokens.endOfLine(from: start, in: bytes) + 1) }

    private mutating func noteComment(at start: Int) {
        let end = Tokens.endOfLine(from: start, in: bytes)
        var comment = string(start + 1..<end)
        while let last = comment.last, last == "\r" || last == "\n" || last == "\r\n" { comment.removeLast() }
        let words = comment.split(separator: " ")
        if words.count == 2, words[0] == "version", let number = Int(words[1]) {
            version = number
        } else {
            pendingComments.append(comment.hasPrefix(" ") ? String(comment.dropFirst()) : comment)
        }
    }

    private mutating func takeComments() -> [String] {
        defer { pendingComments = [] }
        return pendingComments
    }

    private mutating func parseBlock(nameAt start: Int) throws {
        let nameEnd = Tokens.end(ofTokenAt: start, in: bytes)
        let name = string(start + 5..<nameEnd)
        let place = text.place(ofByteAt: start)
        let preceding = takeComments()
        let blockVersion = version
        position = nextLine(after: start)
        var isFirst = true
        while let line = nextLineStart() {
            let comments = isFirst ? takeComments() : []
            var table: StarTable
            if hasPrefix("loop_", at: line) {
                position = nextLine(after: line)
                table = try parseLoop(name: name, place: place)
            } else if bytes[line] == .underscore {
                table = try parseList(name: name, place: place)
            } else if hasPrefix("data_", at: line) {
                break
            } else {
                throw unexpected(at: line, expected: "loop_ or a label that starts with an underscore")
            }
            table.version = blockVersion
            table.comments = comments
            if isFirst { table.precedingComments = preceding }
            tables.append(table)
            isFirst = false
        }
        if isFirst {
            var table = StarTable(name: name)
            table.version = blockVersion
            table.place = place
            table.precedingComments = preceding
            tables.append(table)
        }
    }

    // MARK: Lists

    private mutating func parseList(name: String, place: String) throws -> StarTable {
        var labels: [String] = []
        var offsets: [UInt32] = []
        let base = position
        while let line = nextLineStart(), bytes[line] == .underscore {
            let labelEnd = Tokens.end(ofTokenAt: line, in: bytes)
            let value = Tokens.skipBlanks(from: labelEnd, in: bytes)
            labels.append(string(line + 1..<labelEnd))
            if value == bytes.count || bytes[value] == .lineFeed || bytes[value] == .hash {
                throw InputError(
                    place: text.place(ofByteAt: line), found: "_\(labels[labels.count - 1]) has no value",
                    expected: "a value after the label", remedy: "Write \"\" for an empty one")
            }
            try checkQuotes(at: value)
            offsets.append(UInt32(value - base))
            position = nextLine(after: Tokens.end(ofTokenAt: value, in: bytes))
        }
        try checkDuplicates(labels, place: place)
        let cells = StarCells(
            text: text, columnCount: labels.count, rowStarts: [base], offsets: offsets,
            isNarrow: Array(repeating: false, count: labels.count))
        return StarTable(name: name, kind: .list, version: version, place: place, labels: labels, cells: cells)
    }

    // MARK: Loops

    private mutating func parseLoop(name: String, place: String) throws -> StarTable {
        var labels: [String] = []
        while let line = nextLineStart(), bytes[line] == .underscore {
            labels.append(string(line + 1..<Tokens.end(ofTokenAt: line, in: bytes)))
            position = nextLine(after: line)
        }
        try checkDuplicates(labels, place: place)
        if labels.isEmpty {
            throw InputError(place: place, found: "the loop of data_\(name) has no labels", expected: "labels such as _rlnImageName #1")
        }
        let cells = try parseRows(columnCount: labels.count)
        return StarTable(name: name, kind: .loop, version: version, place: place, labels: labels, cells: cells)
    }

    private mutating func parseRows(columnCount: Int) throws -> StarCells {
        var rowStarts: [Int] = []
        var offsets: [UInt32] = []
        var afterBlankLine = false
        while position < bytes.count {
            let first = Tokens.skipBlanks(from: position, in: bytes)
            if first == bytes.count { break }
            if bytes[first] == .lineFeed {
                afterBlankLine = true
                position = first + 1
            } else if bytes[first] == .hash {
                if afterBlankLine { break }
                position = nextLine(after: first)
            } else if endsLoop(at: first, columnCount: columnCount, afterBlankLine: afterBlankLine) {
                break
            } else if loops == .rowStarts {
                rowStarts.append(position)
                position = nextLine(after: first)
            } else {
                makeRoom(&rowStarts, &offsets, columnCount: columnCount)
                try parseRow(firstToken: first, columnCount: columnCount, row: rowStarts.count, into: &offsets)
                rowStarts.append(lastRowStart)
            }
        }
        if loops == .rowStarts {
            return StarCells(text: text, columnCount: columnCount, rowStarts: rowStarts, offsets: [], isNarrow: [])
        }
        offsets.removeLast(offsets.count - rowStarts.count * columnCount)
        return StarCells(
            text: text, columnCount: columnCount, rowStarts: rowStarts, offsets: offsets,
            isNarrow: narrowColumns(rowStart: rowStarts.first ?? 0, offsets: offsets.prefix(columnCount)))
    }

    /// Parses the line at `position` into its row of `offsets` and goes on to the next line.
    @inline(__always)
    private mutating func parseRow(firstToken: Int, columnCount: Int, row: Int, into offsets: inout [UInt32]) throws {
        let bytes = bytes
        let lineStart = position
        var token = firstToken
        let problem: RowProblem? = offsets.withUnsafeMutableBufferPointer { offsets in
            let base = row * columnCount
            var found = 0
            while token < bytes.count, bytes[token] != .lineFeed {
                if bytes[token] == .hash, found > 0 {
                    token = Tokens.endOfLine(from: token, in: bytes)
                    break
                }
                if found == columnCount { return .count }
                offsets[base &+ found] = UInt32(truncatingIfNeeded: token &- lineStart)
                found &+= 1
                if bytes[token].isQuote, Tokens.endOfQuoted(from: token, in: bytes) == nil { return .quote }
                token = Tokens.skipBlanks(from: Tokens.end(ofTokenAt: token, in: bytes), in: bytes)
            }
            // Tables of two columns may have an empty second value, as old optics tables have.
            return found == columnCount || columnCount == 2 ? nil : .count
        }
        switch problem {
        case .count: throw wrongCount(row: lineStart, expected: columnCount)
        case .quote: try checkQuotes(at: token)
        case nil: break
        }
        lastRowStart = lineStart
        position = min(bytes.count, token + 1)
    }

    private enum RowProblem { case count, quote }

    /// Makes room for one more row: at first as many as the block may have, judged by the second row's length.
    private func makeRoom(_ rowStarts: inout [Int], _ offsets: inout [UInt32], columnCount: Int) {
        let row = rowStarts.count
        if (row + 1) * columnCount <= offsets.count { return }
        var rows = row + 1
        if row > 1 {
            let length = max(1, (position - rowStarts[0]) / row)
            let estimate = (bytes.count - position) / length
            rows += max(16, min(estimate + estimate / 64, row * 64))
        }
        rowStarts.reserveCapacity(rows)
        offsets.append(contentsOf: repeatElement(StarCells.missing, count: rows * columnCount - offsets.count))
    }

    /// A file name may begin with `data_` or `loop_`; such a row differs from a block's name by having other values
    /// behind it, or by following its predecessor without a blank line.
    private func endsLoop(at token: Int, columnCount: Int, afterBlankLine: Bool) -> Bool {
        guard hasPrefix("data_", at: token) || hasPrefix("loop_", at: token) || (afterBlankLine && bytes[token] == .underscore)
        else { return false }
        let rest = Tokens.skipBlanks(from: Tokens.end(ofTokenAt: token, in: bytes), in: bytes)
        let isAlone = rest == bytes.count || bytes[rest] == .lineFeed || bytes[rest] == .hash
        return isAlone && (columnCount > 1 || afterBlankLine)
    }

    private func narrowColumns(rowStart: Int, offsets: ArraySlice<UInt32>) -> [Bool] {
        var previousEnd = rowStart - 1
        return offsets.map { offset in
            if offset == StarCells.missing { return false }
            let end = Tokens.end(ofTokenAt: rowStart + Int(offset), in: bytes)
            defer { previousEnd = end }
            return end - previousEnd - 1 == 10
        }
    }

    // MARK: Checks

    private func hasPrefix(_ prefix: StaticString, at start: Int) -> Bool {
        guard start + prefix.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<prefix.utf8CodeUnitCount where bytes[start + index] != prefix.utf8Start[index] { return false }
        return true
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) }

    private func checkQuotes(at start: Int) throws {
        guard bytes[start].isQuote, Tokens.endOfQuoted(from: start, in: bytes) == nil else { return }
        throw InputError(
            place: text.place(ofByteAt: start), found: "a quoted value has no closing quote", expected: "the same quote at its end")
    }

    private func checkDuplicates(_ labels: [String], place: String) throws {
        var seen = Set<String>()
        for label in labels where !seen.insert(label).inserted {
            throw InputError(place: place, found: "the label _\(label) stands there twice", expected: "each label once")
        }
    }

    private func wrongCount(row start: Int, expected: Int) -> InputError {
        var found = 0
        var token = Tokens.skipBlanks(from: start, in: bytes)
        while token < bytes.count, bytes[token] != .lineFeed, bytes[token] != .hash {
            found += 1
            token = Tokens.skipBlanks(from: Tokens.end(ofTokenAt: token, in: bytes), in: bytes)
        }
        return InputError(
            place: text.place(ofByteAt: start), found: "the row has \(found) value\(found == 1 ? "" : "s")",
            expected: "\(expected), one a label", remedy: "Is the file damaged or cut off? Correct or remove the row")
    }

    private func unexpected(at start: Int, expected: String) -> InputError {
        let end = Tokens.endOfLine(from: start, in: bytes)
        let shown = string(start..<min(end, start + 40)) + (end > start + 40 ? "…" : "")
        return InputError(
            place: text.place(ofByteAt: start), found: "\"\(shown)\"", expected: expected, remedy: "This does not look like a STAR file")
    }
}
