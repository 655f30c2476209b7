import Arrays
import ComplexModule
import Fourier
import Parallel

/// The transform between a centred map of `layout.box` and the points |k| <= `layout.radius` of its padded transform.
///
/// The padded map is never stored. Rows, then columns, then lines along z are transformed one dimension at a time; zero input and
/// frequencies outside the sphere are skipped. Besides the two arrays it needs box × (points of a disc of that radius)
/// coefficients, a quarter of a padded volume or less, and time in proportion to the sphere at low resolution.
///
/// Every row or line is one piece of work of its own: the bits do not depend on the number of threads.
package final class SphereTransform: Sendable {
    package let layout: CentredLayout
    let rowTransform: RowTransform
    let lineTransform: LineTransform
    /// First column index of each row ky = −radius ... radius of the disc, and the total at the end.
    let rowStart: [Int]

    package init(layout: CentredLayout) {
        self.layout = layout
        rowTransform = RowTransform(length: layout.paddedBox)
        lineTransform = LineTransform(length: layout.paddedBox)
        let limit = layout.radius * layout.radius
        var starts = [0]
        for ky in -layout.radius...layout.radius {
            starts.append(starts[starts.count - 1] + CentredLayout.lastColumn(limit: limit, rest: ky * ky) + 1)
        }
        rowStart = starts
    }

    var columnCount: Int { rowStart[rowStart.count - 1] }

    /// Columns 0 ... last of row ky of the disc.
    @inline(__always)
    func columns(_ ky: Int) -> Int { rowStart[ky + layout.radius + 1] - rowStart[ky + layout.radius] }

    /// Place in the padded box, origin in the corner, of index i of the map, whose origin is box/2.
    @inline(__always)
    func padded(_ i: Int) -> Int {
        let position = i - layout.box / 2
        return position >= 0 ? position : position + layout.paddedBox
    }

    /// Place in FFTW order of signed frequency k, or nil for −n/2, which is the same as +n/2.
    @inline(__always)
    func line(_ k: Int) -> Int { k >= 0 ? k : k + layout.paddedBox }

    // MARK: Map to transform

    /// Writes the coefficients within the sphere to `output` (`layout`, the rest untouched), multiplied by `scale`.
    ///
    /// - Parameter correction: multiplies the map by these factors first.
    package func forward(_ map: RealArray, correction: GriddingCorrection?, scale: Float,
                         into output: UnsafeMutablePointer<ComplexFloat>, pool: ThreadPool) {
        let depth = layout.dimension == .three ? layout.box : 1
        precondition(map.shape == Shape(x: layout.box, y: layout.box, z: depth))
        let planes = AlignedBuffer<ComplexFloat>(count: depth * columnCount)
        map.values.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let values = base  // Only read.
            pool.forEach(count: depth) { z, _ in
                let section = values + z * layout.box * layout.box
                forwardSection(section, z: z, correction: correction, into: planes.base + z * columnCount)
            }
        }
        nonisolated(unsafe) let target = output  // Rows are disjoint.
        guard layout.dimension == .three else {
            eachRow(pool) { ky, _ in
                let row = planes.base + rowStart[ky + layout.radius]
                for x in 0..<columns(ky) { target[layout.index(x, ky)] = row[x].multiplied(by: scale) }
            }
            return
        }
        eachRow(pool) { ky, block in
            for first in stride(from: 0, to: columns(ky), by: LineTransform.batch) {
                gather(planes, ky: ky, first: first, into: block)
                lineTransform.forward(block)
                scatter(block, ky: ky, first: first, scale: scale, into: target)
            }
        }
    }

    /// Rows, then columns of one section; `output` holds the columns of the disc.
    private func forwardSection(_ section: UnsafePointer<Float>, z: Int, correction: GriddingCorrection?,
                                into output: UnsafeMutablePointer<ComplexFloat>) {
        let box = layout.box, half = box / 2, radius = layout.radius, width = radius + 1
        let real = AlignedBuffer<Float>(count: layout.paddedBox)
        let spectrum = AlignedBuffer<ComplexFloat>(count: layout.paddedBox / 2 + 1)
        let rows = AlignedBuffer<ComplexFloat>(count: box * width)
        let dz = layout.dimension == .three ? z - half : 0
        for y in 0..<box {
            let rest = dz * dz + (y - half) * (y - half)
            let row = section + y * box
            for x in 0..<box {
                let factor = correction?.factor(squaredDistance: rest + (x - half) * (x - half)) ?? 1
                real.base[padded(x)] = row[x] * factor
            }
            rowTransform.forward(real.base, into: spectrum.base)
            (rows.base + y * width).update(from: spectrum.base, count: width)
        }
        let block = lineTransform.makeBlock(), batch = LineTransform.batch
        for first in stride(from: 0, to: width, by: batch) {
            block.clear()
            let count = min(batch, width - first)
            for y in 0..<box {
                (block.base + padded(y) * batch).update(from: rows.base + y * width + first, count: count)
            }
            lineTransform.forward(block.base)
            for ky in -radius...radius {
                let kept = min(count, columns(ky) - first)
                if kept > 0 {
                    (output + rowStart[ky + radius] + first).update(from: block.base + line(ky) * batch, count: kept)
                }
            }
        }
    }

    private func gather(_ planes: AlignedBuffer<ComplexFloat>, ky: Int, first: Int,
                        into block: UnsafeMutablePointer<ComplexFloat>) {
        let batch = LineTransform.batch, count = min(batch, columns(ky) - first)
        block.update(repeating: .zero, count: layout.paddedBox * batch)
        let start = planes.base + rowStart[ky + layout.radius] + first
        for z in 0..<layout.box { (block + padded(z) * batch).update(from: start + z * columnCount, count: count) }
    }

    private func scatter(_ block: UnsafeMutablePointer<ComplexFloat>, ky: Int, first: Int, scale: Float,
                         into target: UnsafeMutablePointer<ComplexFloat>) {
        let radius = layout.radius, limit = radius * radius, batch = LineTransform.batch
        for kz in -radius...radius {
            let last = CentredLayout.lastColumn(limit: limit, rest: ky * ky + kz * kz)
            let count = min(batch, last + 1 - first)
            if count <= 0 { continue }
            let source = block + line(kz) * batch, row = target + layout.index(first, ky, kz)
            for x in 0..<count { row[x] = source[x].multiplied(by: scale) }
        }
    }

    /// Runs `body(ky, block)` for every row of the disc, with memory for one block of lines.
    func eachRow(_ pool: ThreadPool, _ body: @Sendable (Int, UnsafeMutablePointer<ComplexFloat>) -> Void) {
        let radius = layout.radius
        pool.forEachChunk(count: 2 * radius + 1, chunk: 8) { range, _ in
            let block = lineTransform.makeBlock()
            for index in range { body(index - radius, block.base) }
        }
    }
}
