import Reporting

/// A particle file of cryoSPARC with its passthrough files: one table, joined by `uid`.
package struct CryosparcTable: Sendable {
    private let main: NumpyTable
    private let others: [(table: NumpyTable, rowOf: [Int])]
    package let uids: [UInt64]

    package var rowCount: Int { main.rowCount }
    package var name: String { main.name }
    /// All columns; the main file goes before passthrough files.
    package var columns: [String] { main.fields.map(\.name) + others.flatMap { $0.table.fields.map(\.name) } }

    /// - Throws: `InputError` when a file has no `uid`, has one twice, or a passthrough file lacks particles of the main file.
    package init(_ main: NumpyTable, passthroughs: [NumpyTable] = []) throws {
        self.main = main
        uids = try main.words("uid")
        let uids = uids
        others = try passthroughs.map { table in
            let found = try table.words("uid")
            let index = Dictionary(found.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            let rows = uids.compactMap { index[$0] }
            guard rows.count == uids.count else {
                throw InputError(
                    place: table.name, found: "\(uids.count - rows.count) of \(uids.count) particles of \(main.name) are not in it",
                    expected: "a passthrough file of the same job", remedy: "Give the passthrough file that belongs to \(main.name)")
            }
            return (table, rows)
        }
    }

    /// The table that has a column and for each particle the row in it; nil for the main table, row by row.
    private func source(_ column: String) -> (table: NumpyTable, rows: [Int]?)? {
        if main.contains(column) { return (main, nil) }
        return others.first { $0.table.contains(column) }.map { ($0.table, $0.rowOf) }
    }

    package func contains(_ column: String) -> Bool { source(column) != nil }

    /// Numbers in the order of the particles, `count` for each; nil where there is no such column or it holds fewer.
    package func doubles(_ column: String, count: Int = 1) throws -> [Double]? {
        guard let (table, rows) = source(column), let field = table.field(column), field.elementCount >= count else { return nil }
        let all = try table.doubles(column)
        if rows == nil, field.elementCount == count { return all }
        return (0..<rowCount).flatMap { row -> ArraySlice<Double> in
            let from = (rows?[row] ?? row) * field.elementCount
            return all[from..<from + count]
        }
    }

    package func strings(_ column: String) throws -> [String]? {
        guard let (table, rows) = source(column), table.field(column)?.elementCount == 1 else { return nil }
        let all = try table.strings(column)
        return rows.map { $0.map { all[$0] } } ?? all
    }
}
