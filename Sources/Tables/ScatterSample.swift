/// Points of two columns, at most so many, with the rows they come from.
package struct ScatterSample: Codable, Equatable, Sendable {
    /// Rows of the file, from 0.
    package var rows: [Int32] = []
    package var x: [Float] = []
    package var y: [Float] = []
    /// Of a third column; not a number is left out as nil.
    package var colour: [Float?]?
    /// Rows that have both numbers.
    package var total = 0

    /// Where there are more points than `limit`, every so manieth is taken, so that the same question has the same answer.
    ///
    /// - Parameter among: rows that are looked at; nil: all.
    package init(x xs: [Double], y ys: [Double], colour colours: [Double]? = nil, among: [Int32]? = nil, limit: Int) {
        var complete: [Int32] = []
        for row in among ?? Array(0..<Int32(xs.count)) where xs[Int(row)].isFinite && ys[Int(row)].isFinite { complete.append(row) }
        total = complete.count
        let count = min(total, max(1, limit))
        rows = (0..<count).map { complete[$0 * total / count] }
        x = rows.map { Float(xs[Int($0)]) }
        y = rows.map { Float(ys[Int($0)]) }
        colour = colours.map { values in
            rows.map { row in
                let value = values[Int(row)]
                return value.isFinite ? Float(value) : nil
            }
        }
    }
}
