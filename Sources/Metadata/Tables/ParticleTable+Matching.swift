import Reporting
import StarFormat

/// The same particles in two tables, found by where they were picked.
package struct ParticleMatching: Sendable {
    /// Rows (in the second table, in the first) of particles with one partner, ordered by micrograph and image name of
    /// the second table.
    package private(set) var pairs: [(reference: Int, source: Int)] = []
    /// Particles of the second table without a partner, by micrograph.
    package private(set) var missing: [String: Int] = [:]
    /// Particles of the second table with several partners, which are left out, by micrograph.
    package private(set) var ambiguous: [String: Int] = [:]
    /// Micrographs of the second table that the first lacks.
    package private(set) var unknownMicrographs: [String] = []

    /// - Parameter distance: in pixels of the coordinates; partners are nearer than this.
    package init(of source: ParticleTable, with reference: ParticleTable, within distance: Double) throws {
        let sourceRows = try Self.rowsByMicrograph(source)
        let referenceRows = try Self.rowsByMicrograph(reference)
        let (sourcePoints, referencePoints) = (try Self.points(source), try Self.points(reference))
        let names = try reference.rows.strings(ParticleColumn.imageName.label)
        for micrograph in referenceRows.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let candidates = sourceRows[micrograph] else {
                unknownMicrographs.append(micrograph)
                continue
            }
            let grid = PointGrid(candidates.map { sourcePoints[$0] }, cellSize: distance)
            // By the stack's name behind the @, then in the file's order.
            let rows = (referenceRows[micrograph] ?? []).sorted { one, other in
                let (a, b) = (Self.stack(names[one]), Self.stack(names[other]))
                return a == b ? one < other : a.utf8.lexicographicallyPrecedes(b.utf8)
            }
            for row in rows {
                let point = referencePoints[row]
                let near = grid.indices(near: point).filter {
                    PointGrid.squaredDistance(sourcePoints[candidates[$0]], point).squareRoot() < distance
                }
                switch near.count {
                case 1: pairs.append((row, candidates[near[0]]))
                case 0: missing[micrograph, default: 0] += 1
                default: ambiguous[micrograph, default: 0] += 1
                }
            }
        }
    }

    private static func stack(_ name: String) -> Substring {
        name.firstIndex(of: "@").map { name[name.index(after: $0)...] } ?? name[...]
    }

    private static func rowsByMicrograph(_ table: ParticleTable) throws -> [String: [Int]] {
        let (names, indexOfRow) = try table.rows.distinctStrings(ParticleColumn.micrographName.label)
        var rows: [String: [Int]] = [:]
        for (row, index) in indexOfRow.enumerated() { rows[names[index], default: []].append(row) }
        return rows
    }

    private static func points(_ table: ParticleTable) throws -> [SIMD3<Double>] {
        try table.rows.require([ParticleColumn.coordinateX.label, ParticleColumn.coordinateY.label])
        return zip(try table.values(.coordinateX), try table.values(.coordinateY)).map { SIMD3($0, $1, 0) }
    }
}
