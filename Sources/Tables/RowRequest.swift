import StarFormat

/// Which rows of a block are wanted, and in which order.
package struct RowRequest: Hashable, Sendable {
    package var block: Int
    /// As `RowFilter` reads it; empty: all rows.
    package var filter: String
    /// A label; nil: the order of the file.
    package var sort: String?
    package var isDescending: Bool

    package init(block: Int, filter: String = "", sort: String? = nil, isDescending: Bool = false) {
        (self.block, self.filter, self.sort, self.isDescending) = (block, filter, sort, isDescending)
    }

    func rows(of table: OpenTable) throws -> [Int32] {
        let fitting = try RowFilter(filter, table: table, block: block)?.rows() ?? Array(0..<Int32(table.outline.blocks[block].rowCount))
        guard let sort else { return fitting }
        let column = try table.column(sort, block: block), numbers = table.numbers(column)
        return numbers.isNumeric ? sorted(fitting, by: numbers.values) : sorted(fitting, byTextOf: column, in: table)
    }

    /// Cells that are no numbers come last in either direction; equal ones stay in the order of the file.
    private func sorted(_ rows: [Int32], by values: [Double]) -> [Int32] {
        struct Keyed { var value: Double, row: Int32 }
        var keyed: [Keyed] = [], rest: [Int32] = []
        keyed.reserveCapacity(rows.count)
        let sign: Double = isDescending ? -1 : 1
        for row in rows {
            let value = values[Int(row)]
            if value.isNaN { rest.append(row) } else { keyed.append(Keyed(value: sign * value, row: row)) }
        }
        keyed.sort { $0.value != $1.value ? $0.value < $1.value : $0.row < $1.row }
        return keyed.map(\.row) + rest
    }

    private func sorted(_ rows: [Int32], byTextOf column: OpenTable.Column, in table: OpenTable) -> [Int32] {
        struct Keyed { var text: String, row: Int32 }
        var keyed = rows.map { Keyed(text: table.string(column, row: Int($0)), row: $0) }
        if isDescending {
            keyed.sort { $0.text != $1.text ? $0.text > $1.text : $0.row < $1.row }
        } else {
            keyed.sort { $0.text != $1.text ? $0.text < $1.text : $0.row < $1.row }
        }
        return keyed.map(\.row)
    }
}
