import Arrays
import Parallel

/// All slices of an iteration, made once and shared by all particles: row (((class · directions) + direction) · psis + psi) ·
/// children + child; a coarse table has one child.
///
/// Floor: pixels × 50 flops a slice (see slice_extract.c); memory rows × 2 × stride × 4 bytes, kept within a stated budget.
final class SliceTable: Sendable {
    let layout: PixelLayout
    let rowCount: Int
    fileprivate let values: AlignedBuffer<Float>

    /// `scout`: coarse orientations at low resolution, for the first look of a global search.
    enum Level { case scout, coarse, fine }

    static func bytes(rows: Int, layout: PixelLayout) -> Int { rows * layout.planarCount * MemoryLayout<Float>.size }

    init(references: ReferenceSet, classCount: Int, grid: OrientationGrid, geometry: SliceGeometry, layout: PixelLayout,
         level: Level, memory: SliceMemory, pool: ThreadPool) {
        self.layout = layout
        let children = level == .fine ? grid.childCount : 1
        rowCount = classCount * grid.directionCount * grid.psiCount * children
        let values = memory.buffer(for: level, count: rowCount * layout.planarCount)
        let directions = grid.directionCount, psis = grid.psiCount
        pool.forEach(count: classCount * directions) { item, _ in
            let direction = item % directions
            for psi in 0..<psis {
                for child in 0..<children {
                    let rotation = level == .fine ? grid.fine(direction: direction, psi: psi, child: child)
                        : grid.coarse(direction: direction, psi: psi)
                    let row = values.base + ((item * psis + psi) * children + child) * layout.planarCount
                    for pad in layout.count..<layout.stride {
                        row[pad] = 0
                        row[layout.stride + pad] = 0
                    }
                    references.extract(item / directions, rotation, geometry, layout, into: row)
                }
            }
        }
        self.values = values
    }

    func row(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(values.base + index * layout.planarCount) }
}

/// Memory of the tables, kept from one iteration and half set to the next: gigabytes are slow to obtain anew.
final class SliceMemory {
    private var buffers: [SliceTable.Level: AlignedBuffer<Float>] = [:]

    /// Memory of a level; what it held is lost. Tables of one level that live side by side get memory of their own.
    func buffer(for level: SliceTable.Level, count: Int) -> AlignedBuffer<Float> {
        if let known = buffers.removeValue(forKey: level), known.count >= count, known.count <= 2 * count { return known }
        return AlignedBuffer(uninitialisedCount: count)
    }

    /// Takes back the memory of tables that are no longer used.
    func reclaim(_ tables: [SliceTable?], level: SliceTable.Level) {
        for table in tables.compactMap({ $0 }) { buffers[level] = table.values }
    }
}
