import Arrays
import Parallel

/// All coarse slices of an iteration, made once and shared by all particles: row ((class · directions) + direction) · psis + psi.
///
/// Floor: pixels × 50 flops a slice (see slice_extract.c); memory rows × 2 × stride × 4 bytes, kept within a stated budget.
final class SliceTable: Sendable {
    let layout: PixelLayout
    let rowCount: Int
    private let values: AlignedBuffer<Float>

    static func bytes(rows: Int, layout: PixelLayout) -> Int { rows * layout.planarCount * MemoryLayout<Float>.size }

    init(references: ReferenceSet, classCount: Int, grid: OrientationGrid, geometry: SliceGeometry, layout: PixelLayout,
         pool: ThreadPool) {
        self.layout = layout
        rowCount = classCount * grid.directionCount * grid.psiCount
        let values = AlignedBuffer<Float>(count: rowCount * layout.planarCount)
        let directions = grid.directionCount, psis = grid.psiCount
        pool.forEach(count: classCount * directions) { item, _ in
            for psi in 0..<psis {
                references.extract(item / directions, grid.coarse(direction: item % directions, psi: psi), geometry, layout,
                                   into: values.base + (item * psis + psi) * layout.planarCount)
            }
        }
        self.values = values
    }

    func row(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(values.base + index * layout.planarCount) }
}
