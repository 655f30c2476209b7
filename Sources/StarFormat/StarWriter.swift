/// Writes tables in the layout of RELION's files: a version line before each block, labels numbered from one, values
/// right-aligned in fields of twelve (numbers) or ten characters, a blank behind each.
///
/// Values that came from a file keep their digits.
struct StarWriter {
    /// What has not gone to the file yet; everything where there is no file.
    private(set) var output: [UInt8] = []
    private let file: AtomicFile?
    private static let flushSize = 4 << 20

    init(file: AtomicFile?) { self.file = file }

    mutating func write(_ document: StarDocument) throws {
        for table in document.tables where !table.isEmpty { try write(table) }
        try flush()
    }

    private mutating func flush() throws {
        guard let file else { return }
        try file.write(output)
        output.removeAll(keepingCapacity: true)
    }

    private mutating func write(_ table: StarTable) throws {
        for comment in table.precedingComments { line("# " + comment) }
        line("")
        line("# version \(StarTable.currentVersion)")
        line("")
        line("data_" + table.name)
        for comment in table.comments { line("# " + comment) }
        line("")
        switch table.kind {
        case .list: writeList(table)
        case .loop: try writeLoop(table)
        }
        line(" ")
    }

    private mutating func line(_ text: String) {
        output.append(contentsOf: text.utf8)
        output.append(.lineFeed)
    }

    private mutating func writeList(_ table: StarTable) {
        let valueColumn = 12 + max(10, table.columns.map(\.label.utf8.count).max() ?? 0)
        for column in table.columns {
            output.append(.underscore)
            output.append(contentsOf: column.label.utf8)
            output.append(contentsOf: repeatElement(.space, count: valueColumn - column.label.utf8.count))
            appendCell(of: column, row: 0, in: table, stringWidth: 0)
            output.append(.lineFeed)
        }
    }

    private mutating func writeLoop(_ table: StarTable) throws {
        line("loop_ ")
        for (index, column) in table.columns.enumerated() { line("_\(column.label) #\(index + 1) ") }
        let stringWidth = 10
        for row in 0..<table.rowCount {
            for column in table.columns {
                appendCell(of: column, row: row, in: table, stringWidth: stringWidth)
                output.append(.space)
            }
            output.append(.lineFeed)
            if output.count > Self.flushSize { try flush() }
        }
    }

    // MARK: Cells

    @inline(__always)
    private mutating func appendCell(of column: StarTable.Column, row: Int, in table: StarTable, stringWidth: Int) {
        switch column.storage {
        case .doubles(let values): NumberText.append(values[row], to: &output)
        case .ints(let values): NumberText.append(values[row], to: &output)
        case .strings(let values): append(values[row], width: stringWidth)
        case .source(let indices):
            let (segment, sourceRow) = table.source(ofRow: row)
            let cells = table.segments[segment]
            if indices[segment] < 0 { append("", width: stringWidth) } else {
                appendSource(cells, row: sourceRow, column: indices[segment], stringWidth: stringWidth)
            }
        }
    }

    @inline(__always)
    private mutating func appendSource(_ cells: StarCells, row: Int, column: Int, stringWidth: Int) {
        cells.text.bytes.withUnsafeBufferPointer { bytes in
            let range = cells.tokenRange(row: row, column: column, in: bytes)
            guard let first = range.first else { return append("", width: stringWidth) }
            if bytes[first].isQuote { return append(Tokens.string(range, in: bytes), width: stringWidth) }
            let token = UnsafeBufferPointer(rebasing: bytes[range])
            let isWide = !cells.isNarrow[column] && Self.looksNumeric(token)
            let padding = (isWide ? 12 : stringWidth) - token.count
            if padding > 0 { output.append(contentsOf: repeatElement(.space, count: padding)) }
            output.append(contentsOf: token)
        }
    }

    @inline(__always)
    private static func looksNumeric(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        if token.count >= 12 { return false }  // needs no padding either way
        for byte in token {
            let isPart = byte.isDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "+") || byte | 0x20 == UInt8(ascii: "e")
            if !isPart { return NumberText.double(token) != nil }
        }
        return NumberText.double(token) != nil
    }

    private mutating func append(_ value: String, width: Int) {
        let text = Self.quoted(value)
        let count = text.utf8.count
        if count < width { output.append(contentsOf: repeatElement(.space, count: width - count)) }
        output.append(contentsOf: text.utf8)
    }

    /// The value as it can stand in a file: quoted where it is empty, has blanks or begins like something else.
    static func quoted(_ value: String) -> String {
        let bytes = Array(value.utf8)
        guard let first = bytes.first else { return "\"\"" }
        guard first.isQuote || first == .hash || bytes.contains(where: { $0.endsToken }) else { return value }
        var result: [UInt8] = [.doubleQuote]
        for (index, byte) in bytes.enumerated() {
            let next = index + 1
            if byte == .doubleQuote, next == bytes.count || bytes[next].endsToken { result.append(.bell) }
            result.append(byte == .lineFeed || byte == .carriageReturn ? .space : byte)
        }
        return String(decoding: result + [.doubleQuote], as: UTF8.self)
    }
}

extension StarDocument {
    /// Writes the file under a temporary name and renames it when it is complete. Tables without rows are left out.
    /// - Throws: `InputError` naming the file when it cannot be written.
    package func write(to path: String) throws {
        let file = try AtomicFile(path: path)
        var writer = StarWriter(file: file)
        try writer.write(self)
        try file.commit()
    }

    /// The text that `write(to:)` puts into the file.
    package func serialized() throws -> String {
        var writer = StarWriter(file: nil)
        try writer.write(self)
        return String(decoding: writer.output, as: UTF8.self)
    }
}
