import Foundation
import Parallel
import Reporting
import StarFormat
import Synchronization

/// A STAR file that is being looked at: its columns as numbers, its rows sorted and filtered, each made once.
///
/// Rows are numbered from 0 in the order of the file, whatever the order they are shown in.
package final class OpenTable: Sendable {
    /// One column of one block.
    package struct Column: Hashable, Sendable {
        package let block: Int
        package let index: Int

        package init(block: Int, index: Int) { (self.block, self.index) = (block, index) }
    }

    /// A column as numbers; not a number where a cell is empty or holds text.
    package struct Numbers: Sendable {
        package let values: [Double]
        /// Nothing but numbers, `None` and empty cells, and at least one number.
        package let isNumeric: Bool
    }

    private struct State {
        var numbers: [Column: Numbers] = [:]
        var orders: [(request: RowRequest, rows: [Int32])] = []
    }

    package let outline: StarOutline
    let pool: ThreadPool
    private let state = Mutex(State())
    /// Orders that are kept; the oldest goes first.
    private static let orderLimit = 6
    static let chunk = 1 << 14

    /// - Parameter name: what messages call the file.
    package init(path: String, name: String? = nil, pool: ThreadPool) throws {
        outline = try StarOutline(contentsOf: path, name: name)
        self.pool = pool
    }

    var byteCount: Int {
        outline.byteCount + state.withLock { state in
            state.numbers.values.reduce(0) { $0 + 8 * $1.values.count } + state.orders.reduce(0) { $0 + 4 * $1.rows.count }
        }
    }

    /// The block of this name; without a name the one with the most rows, the last of them where several have as many.
    package func block(_ name: String?) throws -> Int {
        let blocks = outline.blocks
        guard let name else { return blocks.indices.max { (blocks[$0].rowCount, $0) < (blocks[$1].rowCount, $1) } ?? 0 }
        guard let index = blocks.firstIndex(where: { $0.name == name }) else {
            throw InputError(
                place: "block", found: "there is no data_\(name)", expected: "one of " + blocks.map { "data_" + $0.name }.joined(separator: ", "))
        }
        return index
    }

    /// The column of this label; the underscore, `rln` and the case of letters do not matter.
    package func column(_ label: String, block: Int) throws -> Column {
        guard let index = index(of: label, block: block) else {
            throw InputError(
                place: "column", found: "data_\(outline.blocks[block].name) has no column \(label)",
                expected: "one of " + outline.blocks[block].labels.joined(separator: ", "))
        }
        return Column(block: block, index: index)
    }

    func index(of label: String, block: Int) -> Int? {
        let labels = outline.blocks[block].labels
        if let exact = labels.firstIndex(of: label) { return exact }
        let wanted = (label.hasPrefix("_") ? String(label.dropFirst()) : label).lowercased()
        return labels.firstIndex { $0.lowercased() == wanted } ?? labels.firstIndex { $0.lowercased() == "rln" + wanted }
    }

    /// The column's values, one a row of the file.
    package func numbers(_ column: Column) -> Numbers {
        if let known = state.withLock({ $0.numbers[column] }) { return known }
        let count = outline.blocks[column.block].rowCount
        var textCount = 0
        let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialised in
            nonisolated(unsafe) let target = buffer    // each chunk writes its own rows
            let chunks = (count + Self.chunk - 1) / Self.chunk
            textCount = pool.map(count: chunks) { [outline] chunk, _ in
                let rows = chunk * Self.chunk..<min(count, (chunk + 1) * Self.chunk)
                return outline.readNumbers(
                    block: column.block, column: column.index, rows: rows, into: UnsafeMutableBufferPointer(rebasing: target[rows]))
            }.reduce(0, +)
            initialised = count
        }
        let made = Numbers(values: values, isNumeric: textCount == 0 && values.contains { !$0.isNaN })
        state.withLock { $0.numbers[column] = made }
        return made
    }

    /// Whether the column's first rows are numbers, without reading the others.
    package func looksNumeric(_ column: Column) -> Bool {
        if let known = state.withLock({ $0.numbers[column] }) { return known.isNumeric }
        let count = min(50, outline.blocks[column.block].rowCount)
        var values = [Double](repeating: .nan, count: count)
        let textCount = values.withUnsafeMutableBufferPointer {
            outline.readNumbers(block: column.block, column: column.index, rows: 0..<count, into: $0)
        }
        return textCount == 0 && values.contains { !$0.isNaN }
    }

    /// Rows that fit, in the order asked for.
    package func rows(_ request: RowRequest) throws -> [Int32] {
        if let known = state.withLock({ $0.orders.first { $0.request == request }?.rows }) { return known }
        let rows = try request.rows(of: self)
        state.withLock { state in
            if state.orders.count >= Self.orderLimit { state.orders.removeFirst() }
            state.orders.append((request, rows))
        }
        return rows
    }

    package func string(_ column: Column, row: Int) -> String { outline.string(block: column.block, row: row, column: column.index) }
}
