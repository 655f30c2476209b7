/// Writes tables in the layout of RELION's files: a version line before each block, labels numbered from one, values
/// right-aligned in fields of twelve (numbers) or ten characters, a blank behind each.
///
/// Values that came from a file keep their digits.
struct StarWriter {
    /// What has not gone to the file yet; everything where there is no file.
    let output = ByteSink(capacity: 1 << 16)
    private let file: AtomicFile?
    private static let flushSize = 4 << 20
    private static let stringWidth = 10
    private static let numberWidth = 12

    init(file: AtomicFile?) { self.file = file }

    func write(_ document: StarDocument) throws {
        for table in document.tables where !table.isEmpty { try write(table) }
        try flush()
    }

    private func flush() throws {
        guard let file else { return }
        try output.drain { try file.write($0) }
    }

    private func write(_ table: StarTable) throws {
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

    private func line(_ text: String) {
        output.append(text)
        output.append(.lineFeed)
    }

    private func writeList(_ table: StarTable) {
        let valueColumn = 12 + max(10, table.columns.map(\.label.utf8.count).max() ?? 0)
        for column in table.columns {
            line("_" + column.label + String(repeating: " ", count: valueColumn - column.label.utf8.count) + listValue(column, in: table))
        }
    }

    /// Numbers are right-aligned as in loops, text is not.
    private func listValue(_ column: StarTable.Column, in table: StarTable) -> String {
        let value = table.string(column, row: 0)
        let isNumber: Bool
        switch column.storage {
        case .doubles, .ints: isNumber = true
        case .strings: isNumber = false
        case .source: isNumber = NumberText.double(value) != nil
        }
        let padding = isNumber ? String(repeating: " ", count: max(0, Self.numberWidth - value.utf8.count)) : ""
        return padding + Self.quoted(value)
    }

    private func writeLoop(_ table: StarTable) throws {
        line("loop_ ")
        for (index, column) in table.columns.enumerated() { line("_\(column.label) #\(index + 1) ") }
        let fields = table.columns.map(Field.init)
        // Flat, so that cells of unchanged columns touch no object: [segment * columns + column].
        let sourceColumns = table.segments.indices.flatMap { segment in fields.map { $0.sourceColumn(segment) } }
        for row in 0..<table.rowCount {
            let (segment, sourceRow) = table.source(ofRow: row)
            if segment < table.segments.count {
                table.segments[segment].withRow(sourceRow) { source in
                    for index in fields.indices {
                        let column = sourceColumns[segment * fields.count + index]
                        if column >= 0 { append(source, column) } else { fields[index].append(row: row, to: output) }
                        output.append(.space)
                    }
                }
            } else {
                for field in fields {
                    field.append(row: row, to: output)
                    output.append(.space)
                }
            }
            output.append(.lineFeed)
            if output.count > Self.flushSize { try flush() }
        }
    }

    // MARK: Cells

    /// A cell that came from a file: its text as it was, but quoted text, whose quotes are set anew.
    @inline(__always)
    private func append(_ source: StarRow, _ column: Int) {
        guard let cell = source.bareCell(column) else { return Self.append(source.string(column), to: output) }
        let count = cell.text.count
        let isWide = count < Self.numberWidth && !source.isNarrow[column] && cell.isNumber
        output.append(cell.text, indentedBy: max(0, (isWide ? Self.numberWidth : Self.stringWidth) - count))
    }

    /// One column while its table is written. A class, so that the loop over rows copies no arrays' references.
    private final class Field {
        private let storage: StarTable.Storage
        private let doubles: [Double]
        private let ints: [Int]
        private let strings: [String]
        private let kind: Kind
        private enum Kind { case doubles, ints, strings, source }

        init(_ column: StarTable.Column) {
            var (doubles, ints, strings) = ([Double](), [Int](), [String]())
            storage = column.storage
            switch column.storage {
            case .doubles(let values): (doubles, kind) = (values, .doubles)
            case .ints(let values): (ints, kind) = (values, .ints)
            case .strings(let values): (strings, kind) = (values, .strings)
            case .source: kind = .source
            }
            (self.doubles, self.ints, self.strings) = (doubles, ints, strings)
        }

        /// Where the values stand in a segment of the file's text; −1 where they do not.
        func sourceColumn(_ segment: Int) -> Int {
            if case .source(let columns) = storage, segment < columns.count { columns[segment] } else { -1 }
        }

        @inline(__always)
        func append(row: Int, to output: ByteSink) {
            switch kind {
            case .doubles:
                output.advance(by: NumberText.write(doubles[row], to: output.reserve(NumberText.maximalWidth)))
            case .ints:
                output.advance(by: NumberText.write(ints[row], to: output.reserve(NumberText.maximalWidth)))
            case .strings: StarWriter.append(strings[row], to: output)
            case .source: StarWriter.append("", to: output)
            }
        }
    }

    private static func append(_ value: String, to output: ByteSink) {
        let text = quoted(value)
        output.append(spaces: stringWidth - text.utf8.count)
        output.append(text)
    }

    /// The value as it can stand in a file: quoted where it is empty, has blanks or begins like something else.
    static func quoted(_ value: String) -> String {
        guard let first = value.utf8.first else { return "\"\"" }
        guard first.isQuote || first == .hash || value.utf8.contains(where: { $0.endsToken }) else { return value }
        let bytes = Array(value.utf8)
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
    /// - Parameter flushingToDisk: as of `AtomicFile.commit`.
    /// - Throws: `InputError` naming the file when it cannot be written.
    package func write(to path: String, flushingToDisk: Bool = false) throws {
        let file = try AtomicFile(path: path)
        let writer = StarWriter(file: file)
        try writer.write(self)
        try file.commit(flushingToDisk: flushingToDisk)
    }

    /// The text that `write(to:)` puts into the file.
    package func serialized() throws -> String {
        let writer = StarWriter(file: nil)
        try writer.write(self)
        return writer.output.drain { String(decoding: $0, as: UTF8.self) }
    }
}

extension StarTable {
    /// One cell as it stands in a file: quoted where it is empty or has blanks. Empty for a missing column.
    package func quotedString(_ label: String, row: Int) -> String {
        string(label, row: row).map(StarWriter.quoted) ?? ""
    }
}
