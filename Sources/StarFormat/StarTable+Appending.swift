import Reporting

/// Joining the rows of two tables.
extension StarTable {
    /// Adds the rows of another table. Columns are matched by label; only columns of both tables stay.
    ///
    /// A table without columns becomes a copy of the other one (with its own name). Text from files stays where it is;
    /// where one side is typed the other is converted.
    package mutating func append(_ other: StarTable) throws {
        if columns.isEmpty {
            let name = name
            self = other
            self.name = name
            return
        }
        let shared = columns.map(\.label).filter { other.contains($0) }
        let firstOtherSegment = segments.count
        var joined: [Column] = []
        for label in shared { joined.append(try joinedColumn(label, with: other)) }
        if !segments.isEmpty || !other.segments.isEmpty {
            // Rows of a typed-only table point nowhere; no source column looks at them.
            rowReferences = references() + other.references().map {
                RowReference(segment: $0.segment &+ UInt32(firstOtherSegment), row: $0.row)
            }
            segments += other.segments
        }
        columns = joined
        rowCount += other.rowCount
    }

    private func references() -> [RowReference] {
        if let rowReferences { return rowReferences }
        return (0..<rowCount).map { RowReference(segment: 0, row: UInt32($0)) }
    }

    private func joinedColumn(_ label: String, with other: StarTable) throws -> Column {
        let mine = try column(label).storage
        let theirs = try other.column(label).storage
        let storage: Storage
        switch (mine, theirs) {
        case (.source(let a), .source(let b)): storage = .source(a + b)
        case (.strings, _), (_, .strings): storage = .strings(try strings(label) + other.strings(label))
        case (.ints, .ints): storage = .ints(try ints(label) + other.ints(label))
        case (.ints, .source), (.source, .ints):
            if let a = try? ints(label), let b = try? other.ints(label) {
                storage = .ints(a + b)
            } else {
                storage = .strings(try strings(label) + other.strings(label))
            }
        default: storage = .doubles(try doubles(label) + other.doubles(label))
        }
        return Column(label: label, storage: storage)
    }
}
