/// The rows of many tables at once.
extension StarTable {
    /// All rows of `tables`, in time that grows with the number of rows only.
    ///
    /// Columns come in the order of their first appearance. Text from files stays where it is.
    /// - Parameter missing: the text that stands in the rows of a table without this column.
    package init(name: String, joining tables: [StarTable], missing: (_ label: String) -> String) throws {
        self.init(name: name)
        let filled = tables.filter { !$0.columns.isEmpty }
        guard let first = filled.first else { return }
        (kind, version, place) = (.loop, first.version, first.place)
        var labels: [String] = [], known: Set<String> = []
        for table in filled { for label in table.labels where known.insert(label).inserted { labels.append(label) } }
        for label in labels {
            columns.append(Column(label: label, storage: try Self.joined(label, filled, missing)))
        }
        rowCount = filled.reduce(0) { $0 + $1.rowCount }
        var references: [RowReference] = []
        references.reserveCapacity(rowCount)
        for table in filled {
            let shift = UInt32(segments.count)
            for row in 0..<table.rowCount {
                let source = table.source(ofRow: row)
                references.append(RowReference(segment: shift &+ UInt32(source.segment), row: UInt32(source.row)))
            }
            segments += table.segments
        }
        rowReferences = segments.isEmpty ? nil : references
    }

    private static func joined(_ label: String, _ tables: [StarTable], _ missing: (String) -> String) throws -> Storage {
        let storages = tables.map { table in table.columns.first { $0.label == label }?.storage }
        var indices: [Int] = [], isSource = true
        for (table, storage) in zip(tables, storages) {
            guard case .source(let part) = storage, part.count == table.segments.count else {
                isSource = false
                break
            }
            indices += part
        }
        if isSource { return .source(indices) }
        let doubles = storages.compactMap { if case .doubles(let values) = $0 { values } else { nil } }
        if doubles.count == tables.count { return .doubles(doubles.flatMap { $0 }) }
        let ints = storages.compactMap { if case .ints(let values) = $0 { values } else { nil } }
        if ints.count == tables.count { return .ints(ints.flatMap { $0 }) }
        return .strings(
            try tables.flatMap { table in
                table.contains(label)
                    ? try table.strings(label) : Array(repeating: missing(label), count: table.rowCount)
            })
    }
}
