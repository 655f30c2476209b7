import Arrays

/// A square of a micrograph that may reach over its edges.
struct MicrographWindow {
    private let pixels: UnsafeBufferPointer<Float>
    private let shape: Shape
    private let left: Int
    private let top: Int
    let size: Int

    /// - Parameter centre: pixel of the micrograph that comes to lie at n/2.
    init(_ pixels: UnsafeBufferPointer<Float>, shape: Shape, centre: (x: Int, y: Int), size: Int) {
        (self.pixels, self.shape, self.size) = (pixels, shape, size)
        (left, top) = (centre.x - size / 2, centre.y - size / 2)
    }

    /// Columns and rows of the window that lie in the micrograph; empty where the window lies beside it.
    var columns: Range<Int> { Self.inside(left, size, shape.x) }
    var rows: Range<Int> { Self.inside(top, size, shape.y) }
    var isOutside: Bool { columns.isEmpty || rows.isEmpty }

    var isInside: Bool { columns.count == size && rows.count == size }

    private static func inside(_ start: Int, _ size: Int, _ extent: Int) -> Range<Int> {
        let first = min(size, max(0, -start))
        return first..<max(first, min(size, extent - start))
    }

    /// Row y of the window. Beyond an edge the pixels of the edge are repeated.
    /// - Precondition: the window is not outside.
    func copyRow(_ y: Int, into row: UnsafeMutablePointer<Float>) {
        let columns = columns, rows = rows
        copyInside(min(max(y, rows.lowerBound), rows.upperBound - 1), columns, into: row)
        for x in 0..<columns.lowerBound { row[x] = row[columns.lowerBound] }
        for x in columns.upperBound..<max(columns.upperBound, size) { row[x] = row[columns.upperBound - 1] }
    }

    /// Row y of the window, with `fill` beyond the edges.
    func copyRow(_ y: Int, into row: UnsafeMutablePointer<Float>, fill: Float) {
        let columns = columns
        guard rows.contains(y), !columns.isEmpty else { return row.update(repeating: fill, count: size) }
        row.update(repeating: fill, count: columns.lowerBound)
        copyInside(y, columns, into: row)
        (row + columns.upperBound).update(repeating: fill, count: size - columns.upperBound)
    }

    private func copyInside(_ y: Int, _ columns: Range<Int>, into row: UnsafeMutablePointer<Float>) {
        guard let base = pixels.baseAddress else { return }
        let source = base + (top + y) * shape.x + left + columns.lowerBound
        (row + columns.lowerBound).update(from: source, count: columns.count)
    }
}
