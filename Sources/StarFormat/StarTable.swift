import Reporting

/// One `data_` block of a STAR file: a loop (rows and columns) or a list (one value a label).
///
/// Labels are without the underscore (`rlnDefocusU`). A list is a table of one row. Cells that came from a file stay
/// text in the file's bytes until they are asked for; columns that were set are typed arrays. Copies share storage.
/// Columns and tables nobody knows are kept, in their order.
package struct StarTable: Sendable {
    package enum Kind: Sendable { case loop, list }

    /// What follows `data_`; may be empty.
    package var name: String
    package var kind: Kind
    /// The version line before the block; 30000 where there was none (files before RELION 3.1). Writing always states
    /// the current version.
    package var version: Int
    /// Comment lines before the block (without `#`), other than the version.
    package var precedingComments: [String] = []
    /// Comment lines between the block's name and its labels (without `#`).
    package var comments: [String] = []
    /// File and line of the block's name, or just its name for tables made in memory.
    package var place: String

    package static let currentVersion = 50001

    enum Storage: Sendable {
        /// Column number in each of the table's segments; -1 where the segment lacks the column.
        case source([Int])
        case doubles([Double])
        case ints([Int])
        case strings([String])
    }

    struct Column: Sendable {
        var label: String
        var storage: Storage
    }

    struct RowReference: Sendable {
        var segment: UInt32
        var row: UInt32
    }

    var columns: [Column] = []
    var segments: [StarCells] = []
    /// Nil: all rows of the only segment, in order.
    var rowReferences: [RowReference]?
    package internal(set) var rowCount = 0

    package init(name: String, kind: Kind = .loop) {
        self.name = name
        self.kind = kind
        version = Self.currentVersion
        place = "data_" + name
        rowCount = kind == .list ? 1 : 0
    }

    init(name: String, kind: Kind, version: Int, place: String, labels: [String], cells: StarCells) {
        self.name = name
        self.kind = kind
        self.version = version
        self.place = place
        segments = [cells]
        rowCount = cells.rowCount
        columns = labels.enumerated().map { Column(label: $1, storage: .source([$0])) }
    }

    // MARK: Columns

    package var labels: [String] { columns.map(\.label) }
    package var isEmpty: Bool { rowCount == 0 || columns.isEmpty }

    package func contains(_ label: String) -> Bool { columns.contains { $0.label == label } }

    func index(of label: String) -> Int? { columns.firstIndex { $0.label == label } }

    /// Sets or adds (at the end) a column.
    /// - Precondition: one value a row, unless the table has no columns yet.
    package mutating func set(_ label: String, doubles: [Double]) { set(label, .doubles(doubles), count: doubles.count) }
    package mutating func set(_ label: String, ints: [Int]) { set(label, .ints(ints), count: ints.count) }
    package mutating func set(_ label: String, strings: [String]) { set(label, .strings(strings), count: strings.count) }

    private mutating func set(_ label: String, _ storage: Storage, count: Int) {
        if columns.isEmpty || (columns.count == 1 && columns[0].label == label) {
            rowCount = count
            rowReferences = nil
            segments = []
        }
        precondition(count == rowCount, "column \(label) has \(count) values, the table \(rowCount) rows")
        if let index = index(of: label) {
            columns[index].storage = storage
        } else {
            columns.append(Column(label: label, storage: storage))
        }
    }

    /// Sets the same value in all rows, adding the column where it is missing.
    package mutating func fill(_ label: String, with value: Double) { set(label, doubles: Array(repeating: value, count: rowCount)) }
    package mutating func fill(_ label: String, with value: Int) { set(label, ints: Array(repeating: value, count: rowCount)) }
    package mutating func fill(_ label: String, with value: String) { set(label, strings: Array(repeating: value, count: rowCount)) }

    package mutating func removeColumn(_ label: String) { columns.removeAll { $0.label == label } }

    /// Gives a column another label and keeps its place; where the new label exists already it is replaced.
    package mutating func renameColumn(_ label: String, to newLabel: String) {
        guard label != newLabel, contains(label) else { return }
        removeColumn(newLabel)
        if let index = index(of: label) { columns[index].label = newLabel }
    }

    /// Puts the columns in the order of `labels`; those not named follow in their old order.
    package mutating func orderColumns(_ labels: [String]) {
        let named = labels.compactMap { label in columns.first { $0.label == label } }
        columns = named + columns.filter { column in !labels.contains(column.label) }
    }

    // MARK: Rows

    /// File and line of a row that came from a file; else the table and the row's one-based number.
    package func place(ofRow row: Int) -> String {
        guard row < rowCount, !segments.isEmpty else { return "\(place), row \(row + 1)" }
        let (segment, sourceRow) = source(ofRow: row)
        return segment < segments.count ? segments[segment].place(row: sourceRow) : "\(place), row \(row + 1)"
    }

    @inline(__always)
    func source(ofRow row: Int) -> (segment: Int, row: Int) {
        guard let rowReferences else { return (0, row) }
        return (Int(rowReferences[row].segment), Int(rowReferences[row].row))
    }

    /// The table with the given rows in the given order; rows may repeat.
    package func selecting(rows: [Int]) -> StarTable {
        var result = self
        result.rowCount = rows.count
        if !segments.isEmpty {
            result.rowReferences = rows.map { row in
                let (segment, sourceRow) = source(ofRow: row)
                return RowReference(segment: UInt32(segment), row: UInt32(sourceRow))
            }
        }
        for index in columns.indices {
            switch columns[index].storage {
            case .source: break
            case .doubles(let values): result.columns[index].storage = .doubles(rows.map { values[$0] })
            case .ints(let values): result.columns[index].storage = .ints(rows.map { values[$0] })
            case .strings(let values): result.columns[index].storage = .strings(rows.map { values[$0] })
            }
        }
        return result
    }

    /// The table with the rows for which `isKept` is true, in order.
    package func selecting(where isKept: (Int) throws -> Bool) rethrows -> StarTable {
        selecting(rows: try (0..<rowCount).filter(isKept))
    }
}
