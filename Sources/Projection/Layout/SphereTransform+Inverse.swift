import Arrays
import ComplexModule
import Fourier
import Parallel

extension SphereTransform {
    /// The map of a centred transform: inverse of `forward`, each value multiplied by `scale`.
    ///
    /// - Parameter load: gives `count` coefficients of the row (ky, kz), x = `first` ..., of those within the sphere. Wiener
    ///   filters divide here, so that the accumulators need no copy.
    package func inverse(
        scale: Float, pool: ThreadPool,
        load: @Sendable (_ first: Int, _ ky: Int, _ kz: Int, _ count: Int, _ row: UnsafeMutablePointer<ComplexFloat>) -> Void
    ) -> RealArray {
        let depth = layout.dimension == .three ? layout.box : 1
        let planes = AlignedBuffer<ComplexFloat>(count: depth * columnCount)
        eachRow(pool) { ky, block in
            if layout.dimension == .two {
                load(0, ky, 0, columns(ky), planes.base + rowStart[ky + layout.radius])
                return
            }
            for first in stride(from: 0, to: columns(ky), by: LineTransform.batch) {
                fill(block, ky: ky, first: first, load: load)
                lineTransform.inverse(block)
                release(block, ky: ky, first: first, into: planes)
            }
        }
        var map = RealArray(shape: Shape(x: layout.box, y: layout.box, z: depth))
        map.values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let values = base  // Sections are disjoint.
            pool.forEach(count: depth) { z, _ in
                inverseSection(planes.base + z * columnCount, scale: scale, into: values + z * layout.box * layout.box)
            }
        }
        return map
    }

    /// The map of coefficients that are stored in the layout.
    package func inverse(_ input: UnsafePointer<ComplexFloat>, scale: Float, pool: ThreadPool) -> RealArray {
        nonisolated(unsafe) let values = input  // Only read.
        return inverse(scale: scale, pool: pool) { first, ky, kz, count, row in
            row.update(from: values + layout.index(first, ky, kz), count: count)
        }
    }

    private func fill(
        _ block: UnsafeMutablePointer<ComplexFloat>, ky: Int, first: Int,
        load: (_ first: Int, _ ky: Int, _ kz: Int, _ count: Int, _ row: UnsafeMutablePointer<ComplexFloat>) -> Void
    ) {
        let radius = layout.radius, limit = radius * radius, batch = LineTransform.batch
        block.update(repeating: .zero, count: layout.paddedBox * batch)
        // Ascending: at Nyquist the positive frequency replaces the negative one, which has the same place.
        for kz in -radius...radius {
            let last = CentredLayout.lastColumn(limit: limit, rest: ky * ky + kz * kz)
            let count = min(batch, last + 1 - first)
            if count > 0 { load(first, ky, kz, count, block + line(kz) * batch) }
        }
    }

    private func release(_ block: UnsafeMutablePointer<ComplexFloat>, ky: Int, first: Int,
                         into planes: AlignedBuffer<ComplexFloat>) {
        let batch = LineTransform.batch, count = min(batch, columns(ky) - first)
        let start = planes.base + rowStart[ky + layout.radius] + first
        for z in 0..<layout.box { (start + z * columnCount).update(from: block + padded(z) * batch, count: count) }
    }

    /// Columns, then rows of one section.
    private func inverseSection(_ input: UnsafePointer<ComplexFloat>, scale: Float, into section: UnsafeMutablePointer<Float>) {
        let box = layout.box, radius = layout.radius, width = radius + 1, batch = LineTransform.batch
        let rows = AlignedBuffer<ComplexFloat>(count: box * width)
        let block = lineTransform.makeBlock()
        for first in stride(from: 0, to: width, by: batch) {
            block.clear()
            let count = min(batch, width - first)
            for ky in -radius...radius {
                let kept = min(count, columns(ky) - first)
                if kept > 0 {
                    (block.base + line(ky) * batch).update(from: input + rowStart[ky + radius] + first, count: kept)
                }
            }
            lineTransform.inverse(block.base)
            for y in 0..<box {
                (rows.base + y * width + first).update(from: block.base + padded(y) * batch, count: count)
            }
        }
        let spectrum = AlignedBuffer<ComplexFloat>(count: layout.paddedBox / 2 + 1)
        let real = AlignedBuffer<Float>(count: layout.paddedBox)
        for y in 0..<box {
            spectrum.clear()
            spectrum.base.update(from: rows.base + y * width, count: width)
            rowTransform.inverse(spectrum.base, into: real.base)
            let row = section + y * box
            for x in 0..<box { row[x] = real.base[padded(x)] * scale }
        }
    }
}
