import Reporting
import StarFormat

/// A condition on the rows of a block.
///
/// `rlnDefocusU > 10000 and rlnCtfMaxResolution < 6`, `abs(rlnDefocusU - rlnDefocusV) <= 500`, `rlnMicrographName contains mic1`,
/// `not (rlnClassNumber == 3 or rlnClassNumber == 5)`, `inside(rlnDefocusU, rlnDefocusV, 0, 0, 9000, 0, 9000, 9000)`: within a polygon
/// of corners x, y. Labels go without `rln` and in any case of letters; `&&`, `||`, `!`, `=` and `~`
/// (contains) are understood. Text without any comparison finds the rows in which it stands anywhere, in any case of letters.
/// A comparison with an empty cell or a text where a number is asked for does not hold.
package struct RowFilter {
    indirect enum Number: Sendable {
        case constant(Double)
        /// Its place in `columns`.
        case column(Int)
        case combined(Number, Operator, Number)
        case function(Function, Number)
    }

    enum Operator: Character { case plus = "+", minus = "-", times = "*", over = "/" }
    enum Function: String, CaseIterable { case abs, sqrt, log }
    enum Comparison: String { case less = "<", atMost = "<=", more = ">", atLeast = ">=", equal = "==", unequal = "!=" }
    enum TextTest: String, CaseIterable { case equal = "==", unequal = "!=", contains, begins, ends }

    indirect enum Condition: Sendable {
        case compared(Number, Comparison, Number)
        case text(OpenTable.Column, TextTest, [UInt8])
        case anywhere([UInt8])
        /// Corners of a polygon: x, y, x, y …
        case inside(Number, Number, [Double])
        case both(Condition, Condition)
        case either(Condition, Condition)
        case not(Condition)
    }

    let table: OpenTable
    let block: Int
    let condition: Condition
    /// The columns that numbers are taken from.
    let columns: [[Double]]

    /// - Returns: nil for an empty text: all rows fit.
    /// - Throws: `InputError` telling what cannot be understood.
    init?(_ text: String, table: OpenTable, block: Int) throws {
        let text = text.trimmed
        if text.isEmpty { return nil }
        (self.table, self.block) = (table, block)
        var parser = RowFilterParser(text, table: table, block: block)
        condition = try parser.parse()
        columns = parser.columns.map { table.numbers($0).values }
    }

    func rows() -> [Int32] {
        let count = table.outline.blocks[block].rowCount, chunk = OpenTable.chunk
        let evaluation = Evaluation(outline: table.outline, block: block, columns: columns), condition = condition
        return table.pool.map(count: (count + chunk - 1) / chunk) { index, _ in
            let rows = index * chunk..<min(count, (index + 1) * chunk)
            let fits = evaluation.fits(condition, rows)
            return zip(rows, fits).compactMap { $1 ? Int32($0) : nil }
        }.flatMap { $0 }
    }
}

extension RowFilter {
    /// Works on a run of rows at a time, so that the walk through the condition is shared by thousands of them.
    struct Evaluation: Sendable {
        let outline: StarOutline
        let block: Int
        let columns: [[Double]]

        func fits(_ condition: Condition, _ rows: Range<Int>) -> [Bool] {
            switch condition {
            case .compared(let left, let comparison, let right):
                return compare(values(left, rows), comparison, values(right, rows))
            case .text(let column, let test, let text): return tests(column, test, text, rows)
            case .anywhere(let text):
                var found = [Bool](repeating: false, count: rows.count)
                outline.forEachLine(block: block, rows: rows) { row, line in found[row - rows.lowerBound] = line.containsIgnoringCase(text) }
                return found
            case .inside(let x, let y, let corners):
                return zip(values(x, rows), values(y, rows)).map { Self.isInside($0, $1, corners) }
            case .both(let first, let second): return zip(fits(first, rows), fits(second, rows)).map { $0 && $1 }
            case .either(let first, let second): return zip(fits(first, rows), fits(second, rows)).map { $0 || $1 }
            case .not(let inner): return fits(inner, rows).map { !$0 }
            }
        }

        /// Counts the sides that a ray to the right crosses.
        private static func isInside(_ x: Double, _ y: Double, _ corners: [Double]) -> Bool {
            var isInside = false, before = corners.count - 2
            for corner in stride(from: 0, to: corners.count, by: 2) {
                let (x1, y1, x2, y2) = (corners[corner], corners[corner + 1], corners[before], corners[before + 1])
                if (y1 > y) != (y2 > y), x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 { isInside.toggle() }
                before = corner
            }
            return isInside
        }

        private func values(_ number: Number, _ rows: Range<Int>) -> [Double] {
            switch number {
            case .constant(let value): return Array(repeating: value, count: rows.count)
            case .column(let index): return Array(columns[index][rows])
            case .combined(let left, let operation, let right):
                let (a, b) = (values(left, rows), values(right, rows))
                return switch operation {
                case .plus: zip(a, b).map { $0 + $1 }
                case .minus: zip(a, b).map { $0 - $1 }
                case .times: zip(a, b).map { $0 * $1 }
                case .over: zip(a, b).map { $0 / $1 }
                }
            case .function(let function, let inner):
                let a = values(inner, rows)
                return switch function {
                case .abs: a.map { Swift.abs($0) }
                case .sqrt: a.map { $0.squareRoot() }
                case .log: a.map(naturalLogarithm)
                }
            }
        }

        private func compare(_ a: [Double], _ comparison: Comparison, _ b: [Double]) -> [Bool] {
            switch comparison {
            case .less: zip(a, b).map { $0 < $1 }
            case .atMost: zip(a, b).map { $0 <= $1 }
            case .more: zip(a, b).map { $0 > $1 }
            case .atLeast: zip(a, b).map { $0 >= $1 }
            case .equal: zip(a, b).map { $0 == $1 }
            case .unequal: zip(a, b).map { $0 < $1 || $0 > $1 }
            }
        }

        private func tests(_ column: OpenTable.Column, _ test: TextTest, _ text: [UInt8], _ rows: Range<Int>) -> [Bool] {
            var found = [Bool](repeating: false, count: rows.count)
            outline.forEachCell(block: block, column: column.index, rows: rows) { row, token in
                let isQuoted = token.count > 1 && (token[0] == UInt8(ascii: "\"") || token[0] == UInt8(ascii: "'"))
                let cell = isQuoted ? UnsafeBufferPointer(rebasing: token[1..<token.count - 1]) : token
                found[row - rows.lowerBound] =
                    switch test {
                    case .equal: cell.elementsEqual(text)
                    case .unequal: !cell.elementsEqual(text)
                    case .contains: cell.containsIgnoringCase(text)
                    case .begins: cell.starts(with: text)
                    case .ends: cell.count >= text.count && cell.suffix(text.count).elementsEqual(text)
                    }
            }
            return found
        }
    }
}
