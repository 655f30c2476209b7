import Arrays

extension RealArray {
    /// Repeats the outermost of the given columns and rows out to the border, in every section; for detector edges
    /// without data.
    package mutating func replicateEdges(columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
        let source = self
        let lastColumn = min(columns.upperBound, shape.x - 1), lastRow = min(rows.upperBound, shape.y - 1)
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                let sourceY = min(max(y, rows.lowerBound), lastRow)
                for x in 0..<shape.x { self[x, y, z] = source[min(max(x, columns.lowerBound), lastColumn), sourceY, z] }
            }
        }
    }

    /// Replaces NaN and infinities.
    package mutating func replaceNonFinite(by value: Float) {
        for i in values.indices where !values[i].isFinite { values[i] = value }
    }
}
