import Reporting

/// Typed access to columns and to the values of lists.
extension StarTable {
    /// All values of a column as numbers.
    ///
    /// - Parameter expected: what a message asks for, e.g. `a number in Å`.
    /// - Throws: `InputError` naming file, line, label and value for a missing column or a value that is no number.
    package func doubles(_ label: String, expected: String = "a number") throws -> [Double] {
        switch try column(label).storage {
        case .doubles(let values): return values
        case .ints(let values): return values.map(Double.init)
        case .strings(let values): return try convert(values, label: label, expected: expected) { NumberText.double($0) }
        case .source(let indices):
            return try decode(indices, label: label, expected: expected, empty: nil) { NumberText.double($0) }
        }
    }

    /// All values of a column as whole numbers; truth values are 0 and 1.
    package func ints(_ label: String, expected: String = "a whole number") throws -> [Int] {
        switch try column(label).storage {
        case .ints(let values): return values
        case .doubles(let values):
            return try convert(values, label: label, expected: expected) { Int(exactly: $0) }
        case .strings(let values): return try convert(values, label: label, expected: expected) { NumberText.int($0) }
        case .source(let indices):
            return try decode(indices, label: label, expected: expected, empty: nil) { NumberText.int($0) }
        }
    }

    /// All values of a column as text, without quotes.
    package func strings(_ label: String) throws -> [String] {
        let column = try column(label)
        return (0..<rowCount).map { string(column, row: $0) }
    }

    /// As the functions above, or nil where the table has no such column.
    package func doublesIfPresent(_ label: String, expected: String = "a number") throws -> [Double]? {
        contains(label) ? try doubles(label, expected: expected) : nil
    }
    package func intsIfPresent(_ label: String, expected: String = "a whole number") throws -> [Int]? {
        contains(label) ? try ints(label, expected: expected) : nil
    }
    package func stringsIfPresent(_ label: String) throws -> [String]? { contains(label) ? try strings(label) : nil }

    /// Numbers each row by the value of a text column, in order of first appearance.
    ///
    /// One string is made for each different value, not for each row.
    package func distinctStrings(_ label: String) throws -> (values: [String], indexOfRow: [Int]) {
        let column = try column(label)
        var values: [String] = []
        var indexOfValue: [String: Int] = [:]
        var last = ""
        var lastIndex = -1
        let indexOfRow = (0..<rowCount).map { row in
            let value = string(column, row: row)
            if lastIndex >= 0, value == last { return lastIndex }
            if let known = indexOfValue[value] {
                lastIndex = known
            } else {
                lastIndex = values.count
                indexOfValue[value] = lastIndex
                values.append(value)
            }
            last = value
            return lastIndex
        }
        return (values, indexOfRow)
    }

    /// One cell as text, or nil where the table has no such column.
    package func string(_ label: String, row: Int) -> String? {
        columns.first { $0.label == label }.map { string($0, row: row) }
    }

    // MARK: Values of lists, or of one row

    package func double(_ label: String, row: Int = 0, expected: String = "a number") throws -> Double {
        if case .doubles(let values) = try column(label).storage { return values[row] }
        let text = try string(label, row)
        guard let value = NumberText.double(text) else { throw mismatch(label, row, found: text, expected: expected) }
        return value
    }

    package func int(_ label: String, row: Int = 0, expected: String = "a whole number") throws -> Int {
        if case .ints(let values) = try column(label).storage { return values[row] }
        let text = try string(label, row)
        guard let value = NumberText.int(text) else { throw mismatch(label, row, found: text, expected: expected) }
        return value
    }

    package func bool(_ label: String, row: Int = 0) throws -> Bool {
        try int(label, row: row, expected: "0 or 1") != 0
    }

    /// Sets one value of a list, adding its label at the end where it is missing.
    package mutating func setValue(_ label: String, _ value: Double) { set(label, doubles: [value]) }
    package mutating func setValue(_ label: String, _ value: Int) { set(label, ints: [value]) }
    package mutating func setValue(_ label: String, _ value: Bool) { set(label, ints: [value ? 1 : 0]) }
    package mutating func setValue(_ label: String, _ value: String) { set(label, strings: [value]) }

    // MARK: Errors

    /// An error about one cell: file, line, label, value.
    package func mismatch(_ label: String, _ row: Int, found: String, expected: String, remedy: String = "") -> InputError {
        InputError(
            place: place(ofRow: row), found: "_\(label) = \"\(found)\" (row \(row + 1) of data_\(name))", expected: expected,
            remedy: remedy.isEmpty ? "Correct the value or remove the row" : remedy)
    }

    /// Throws one error that names all of `labels` which the table lacks.
    package func require(_ labels: [String], remedy: String = "") throws {
        let missing = labels.filter { !contains($0) }
        if missing.isEmpty { return }
        throw InputError(missing.map { label in
            InputProblem(
                place: place, found: "the table data_\(name) has no column _\(label)", expected: "this column", remedy: remedy)
        })
    }

    // MARK: Decoding

    func column(_ label: String) throws -> Column {
        guard let index = index(of: label) else {
            throw InputError(
                place: place, found: "the table data_\(name) has no \(kind == .list ? "value" : "column") _\(label)",
                expected: "this \(kind == .list ? "value" : "column")")
        }
        return columns[index]
    }

    private func string(_ label: String, _ row: Int) throws -> String {
        let column = try column(label)
        guard row < rowCount else { throw InputError(place: place, found: "the table data_\(name) has no rows", expected: "at least \(row + 1)") }
        return string(column, row: row)
    }

    func string(_ column: Column, row: Int) -> String {
        switch column.storage {
        case .doubles(let values): return NumberText.text(values[row])
        case .ints(let values): return String(values[row])
        case .strings(let values): return values[row]
        case .source(let indices):
            let (segment, sourceRow) = source(ofRow: row)
            return indices[segment] < 0 ? "" : segments[segment].string(row: sourceRow, column: indices[segment])
        }
    }

    private func convert<Value, Result>(
        _ values: [Value], label: String, expected: String, _ body: (Value) -> Result?
    ) throws -> [Result] {
        try values.enumerated().map { row, value in
            guard let result = body(value) else { throw mismatch(label, row, found: "\(value)", expected: expected) }
            return result
        }
    }

    @inline(__always)
    private func decode<Value>(
        _ indices: [Int], label: String, expected: String, empty: Value?, _ body: (UnsafeBufferPointer<UInt8>) -> Value?
    ) throws -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(rowCount)
        var failedRow: Int?
        var row = 0
        // Rows of the same file stand in runs; the bytes are looked up once a run.
        while row < rowCount, failedRow == nil {
            let segment = source(ofRow: row).segment
            let cells = segments[segment]
            let columnIndex = indices[segment]
            cells.text.bytes.withUnsafeBufferPointer { bytes in
                while row < rowCount {
                    let place = source(ofRow: row)
                    if place.segment != segment { return }
                    let range = columnIndex < 0 ? 0..<0 : cells.tokenRange(row: place.row, column: columnIndex, in: bytes)
                    guard let value = range.isEmpty ? empty : Self.value(range, in: bytes, body) else {
                        failedRow = row
                        return
                    }
                    values.append(value)
                    row += 1
                }
            }
        }
        if let failedRow {
            throw mismatch(label, failedRow, found: string(label, row: failedRow) ?? "", expected: expected)
        }
        return values
    }

    @inline(__always)
    private static func value<Value>(
        _ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Value?
    ) -> Value? {
        let token = UnsafeBufferPointer(rebasing: bytes[range])
        if token[0].isQuote {
            return Array(Tokens.string(range, in: bytes).utf8).withUnsafeBufferPointer { body($0) }
        }
        return body(token)
    }
}
