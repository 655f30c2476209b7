import Reporting
import StarFormat

/// Which rows two tables have in common.
package struct TableComparison: Sendable {
    /// What makes two rows the same.
    package enum Criterion: Sendable {
        /// The same text in this column.
        case text(String)
        /// Points in one, two or three columns that lie at most `maximalDistance` apart.
        case distance([String], maximalDistance: Double)
    }

    /// Rows of the first table with a partner in the second, in order.
    package private(set) var inBoth: [Int] = []
    package private(set) var onlyInFirst: [Int] = []
    package private(set) var onlyInSecond: [Int] = []

    /// Every row of the first table takes the first row of the second that matches; one row may serve several times.
    package init(_ first: StarTable, _ second: StarTable, by criterion: Criterion) throws {
        let partners: [Int?]
        switch criterion {
        case .text(let label):
            let rowOfText = Dictionary(zip(try second.strings(label), 0...), uniquingKeysWith: { first, _ in first })
            partners = try first.strings(label).map { rowOfText[$0] }
        case .distance(let labels, let maximalDistance):
            let points = try Self.points(second, labels)
            let grid = PointGrid(points, cellSize: maximalDistance)
            partners = try Self.points(first, labels).map { point in
                grid.indices(near: point).filter {
                    PointGrid.squaredDistance(points[$0], point).squareRoot() <= maximalDistance
                }.min()
            }
        }
        var isTaken = Array(repeating: false, count: second.rowCount)
        for (row, partner) in partners.enumerated() {
            if let partner {
                inBoth.append(row)
                isTaken[partner] = true
            } else {
                onlyInFirst.append(row)
            }
        }
        onlyInSecond = isTaken.indices.filter { !isTaken[$0] }
    }

    private static func points(_ table: StarTable, _ labels: [String]) throws -> [SIMD3<Double>] {
        var points = Array(repeating: SIMD3<Double>.zero, count: table.rowCount)
        for (axis, label) in labels.prefix(3).enumerated() {
            for (row, value) in try table.doubles(label, expected: LabelTable.expectation(label)).enumerated() {
                points[row][axis] = value
            }
        }
        return points
    }
}

/// Points sorted into cubes, so that neighbours are found without looking at all points.
struct PointGrid {
    private let cellSize: Double
    private var indicesOfCell: [SIMD3<Int64>: [Int]] = [:]

    /// - Parameter cellSize: the largest distance at which `indices(near:)` must find points; 0: equal points only.
    init(_ points: [SIMD3<Double>], cellSize: Double) {
        // A little more, so that rounding moves no pair at exactly this distance out of reach.
        self.cellSize = max(0, cellSize) * 1.000001
        for (index, point) in points.enumerated() { indicesOfCell[cell(of: point), default: []].append(index) }
    }

    private func cell(of point: SIMD3<Double>) -> SIMD3<Int64> {
        guard cellSize > 0 else {
            // Adding 0 makes 0 of −0, which is the same place.
            return SIMD3(bits(point.x + 0), bits(point.y + 0), bits(point.z + 0))
        }
        let scaled = (point / cellSize).rounded(.down)
        let limit = 9e15
        return SIMD3<Int64>(
            Int64(max(-limit, min(limit, scaled.x))), Int64(max(-limit, min(limit, scaled.y))), Int64(max(-limit, min(limit, scaled.z))))
    }

    private func bits(_ value: Double) -> Int64 { Int64(bitPattern: value.bitPattern) }

    /// Points of the cell and its neighbours, in no particular order.
    func indices(near point: SIMD3<Double>) -> [Int] {
        let centre = cell(of: point)
        guard cellSize > 0 else { return indicesOfCell[centre] ?? [] }
        var found: [Int] = []
        for z in -1...1 {
            for y in -1...1 {
                for x in -1...1 {
                    found += indicesOfCell[centre &+ SIMD3<Int64>(Int64(x), Int64(y), Int64(z))] ?? []
                }
            }
        }
        return found
    }

    static func squaredDistance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let difference = a - b
        return (difference * difference).sum()
    }
}
