import Parallel

/// Decides which slices are made once for all particles, within a budget of memory.
struct SliceTablePlan {
    let references: ReferenceSet
    let classCount: Int
    let grid: OrientationGrid
    let groups: [GroupContext]
    let isLocal: Bool
    let particleCount: Int
    /// Fine slices that a particle asked for on average in the last iteration.
    let finePerParticle: Int
    /// Bytes for all tables together; 0: none are made.
    let budget: Int
    let memory: SliceMemory

    private struct Key: Hashable {
        var geometry: SliceGeometry
        var radius: Int
    }

    /// One table for all groups that sample the references alike; nil where it would not fit, or where particles would use
    /// so few of its rows that making them for each particle is cheaper.
    func make(_ level: SliceTable.Level, pool: ThreadPool) -> [SliceTable?] {
        let rows = classCount * grid.directionCount * grid.psiCount * (level == .fine ? grid.childCount : 1)
        var used = level == .fine ? coarseBytes : 0
        var made: [Key: SliceTable] = [:]
        return groups.map { group in
            guard let layout = level == .fine ? group.fine : level == .coarse ? group.coarse : group.scout else { return nil }
            let key = Key(geometry: group.geometry, radius: layout.radius)
            if let table = made[key] { return table }
            guard isWorthwhile(level, rows: rows), used + SliceTable.bytes(rows: rows, layout: layout) <= budget else { return nil }
            used += SliceTable.bytes(rows: rows, layout: layout)
            let table = SliceTable(references: references, classCount: classCount, grid: grid, geometry: group.geometry,
                                   layout: layout, level: level, memory: memory, pool: pool)
            made[key] = table
            return table
        }
    }

    private var coarseBytes: Int {
        let rows = classCount * grid.directionCount * grid.psiCount
        guard isWorthwhile(.coarse, rows: rows) else { return 0 }
        let bytes = groups.map { SliceTable.bytes(rows: rows, layout: $0.coarse) }.max() ?? 0
        return bytes <= budget ? bytes : 0
    }

    private func isWorthwhile(_ level: SliceTable.Level, rows: Int) -> Bool {
        switch level {
        case .coarse: !isLocal || particleCount * WorkerMemory.localOrientations * classCount > rows
        case .scout: !isLocal
        case .fine: particleCount * finePerParticle > 2 * rows
        }
    }
}
