import Arrays
import Parallel

/// All slices of an iteration, made once and shared by all particles: row (((class · directions) + direction) · psis + psi) ·
/// children + child; a coarse table has one child.
///
/// Floor: pixels × 50 flops a slice (see slice_extract.c); memory rows × 2 × stride × 4 bytes, kept within a stated budget.
final class SliceTable: Sendable {
    let layout: PixelLayout
    let rowCount: Int
    private let values: AlignedBuffer<Float>

    enum Level { case coarse, fine }

    static func bytes(rows: Int, layout: PixelLayout) -> Int { rows * layout.planarCount * MemoryLayout<Float>.size }

    init(references: ReferenceSet, classCount: Int, grid: OrientationGrid, geometry: SliceGeometry, layout: PixelLayout,
         level: Level, pool: ThreadPool) {
        self.layout = layout
        let children = level == .fine ? grid.childCount : 1
        rowCount = classCount * grid.directionCount * grid.psiCount * children
        let values = AlignedBuffer<Float>(count: rowCount * layout.planarCount)
        let directions = grid.directionCount, psis = grid.psiCount
        pool.forEach(count: classCount * directions) { item, _ in
            let direction = item % directions
            for psi in 0..<psis {
                for child in 0..<children {
                    let rotation = level == .fine ? grid.fine(direction: direction, psi: psi, child: child)
                        : grid.coarse(direction: direction, psi: psi)
                    references.extract(item / directions, rotation, geometry, layout,
                                       into: values.base + ((item * psis + psi) * children + child) * layout.planarCount)
                }
            }
        }
        self.values = values
    }

    func row(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(values.base + index * layout.planarCount) }
}
