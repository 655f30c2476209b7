import Arrays
import ComplexModule
import Fourier
import Geometry
import Parallel

/// A transform to be inserted, with its weights and its place.
///
/// `values` and `weights` are half-planes in FFTW order, imageBox rows (and sections, for 3D data) of imageBox/2 + 1, phase origin
/// at the centre of the box. The memory must live until `insert` returns.
package struct InsertedSlice: @unchecked Sendable {
    // The pointers are only read, by one call of `insert` that its caller waits for.
    package var values: UnsafePointer<ComplexFloat>
    /// nil: weight 1. Where a weight is not positive, nothing is inserted.
    package var weights: UnsafePointer<Float>?
    package var imageBox: Int
    package var axes: SliceAxes
    package var curvature: EwaldCurvature?

    package init(values: UnsafePointer<ComplexFloat>, weights: UnsafePointer<Float>?, imageBox: Int, axes: SliceAxes,
                 curvature: EwaldCurvature? = nil) {
        self.values = values
        self.weights = weights
        self.imageBox = imageBox
        self.axes = axes
        self.curvature = curvature
    }
}

extension BackProjection {
    /// Adds slices by the transpose of interpolation: the plain implementation, and the oracle for faster ones.
    ///
    /// Each task owns some planes and goes through all slices in order, so that a voxel receives its terms in the same order, and
    /// the result has the same bits, for any number of threads. Give many slices at a time: a call goes through them once per task.
    package func insert(_ slices: [InsertedSlice], pool: ThreadPool) {
        let first = layout.zRange.lowerBound, count = layout.planes
        // Two tasks a thread even out planes of different filling; slices are read once per task.
        let tasks = pool.threadCount == 1 || layout.dimension == .two ? 1 : min(count, 2 * pool.threadCount)
        pool.forEach(count: tasks) { task, _ in
            let planes = first + count * task / tasks..<first + count * (task + 1) / tasks
            let writer = SliceWriter(target: self, planes: planes)
            for slice in slices { writer.insert(slice) }
        }
    }
}

/// Writes into some planes of the accumulators.
private struct SliceWriter {
    let target: BackProjection
    let layout: CentredLayout
    let data: UnsafeMutablePointer<ComplexFloat>
    let weight: UnsafeMutablePointer<Float>
    let planes: Range<Int>
    let limit: Double
    let linearLimit: Double

    init(target: BackProjection, planes: Range<Int>) {
        self.target = target
        layout = target.layout
        data = target.data.base
        weight = target.weight.base
        self.planes = planes
        limit = Double(layout.radius * layout.radius)
        linearLimit = target.interpolation.linearLimit(padding: layout.padding)
    }

    func insert(_ slice: InsertedSlice) {
        let half = slice.imageBox / 2, box = slice.imageBox
        let sections = target.dataDimension == .three && layout.dimension == .three ? box : 1
        for section in 0..<sections {
            let z = section <= half ? section : section - box
            for row in 0..<box {
                let y = row <= half ? row : row - box
                // The column x = 0 stores each pair of conjugates twice; rows and sections of negative frequency repeat it.
                let isRepeated = sections > 1 ? z < 0 : y < 0
                insertRow(slice, start: slice.axes.y * Double(y) + slice.axes.z * Double(z), y: y, firstColumn: isRepeated ? 1 : 0,
                          offset: (section * box + row) * (half + 1), z: z, hasSections: sections > 1)
            }
        }
    }

    @inline(__always)
    private func insertRow(_ slice: InsertedSlice, start: Vector3, y: Int, firstColumn: Int, offset: Int, z: Int,
                           hasSections: Bool) {
        let half = slice.imageBox / 2
        var columns = columnsWithinSphere(start: start, step: slice.axes.x, first: firstColumn, last: half)
        if hasSections {
            // 3D data have nothing beyond their own sphere, as in RELION; the corners of images are cut by the reference's.
            columns.1 = min(columns.1, CentredLayout.lastColumn(limit: half * half, rest: y * y + z * z))
        }
        if columns.0 > columns.1 { return }
        for x in columns.0...columns.1 {
            let slot = offset + x
            let w = slice.weights?[slot] ?? 1
            if w <= 0 { continue }
            var point = start + slice.axes.x * Double(x)
            if let curvature = slice.curvature { point += slice.axes.z * curvature.height(Double(x), Double(y)) }
            let squared = point.dot(point)
            if squared > limit { continue }
            let isMirrored = point.x < 0
            if isMirrored { point = -point }
            let value = isMirrored ? slice.values[slot].conjugate : slice.values[slot]
            if squared < linearLimit { spread(value, w, at: point) } else { drop(value, w, at: point) }
        }
    }

    /// Columns x with |start + x·step|² <= limit, slightly widened: the caller checks each point.
    @inline(__always)
    private func columnsWithinSphere(start: Vector3, step: Vector3, first: Int, last: Int) -> (Int, Int) {
        let a = step.dot(step), b = start.dot(step), c = start.dot(start) - limit
        // The curvature of the Ewald sphere only moves points outwards, so that the flat slice bounds the columns.
        let discriminant = b * b - a * c
        if discriminant < 0 { return (1, 0) }
        let root = discriminant.squareRoot()
        return (max(first, Int(((-b - root) / a - 1e-6).rounded(.up))), min(last, Int(((-b + root) / a + 1e-6).rounded(.down))))
    }

    @inline(__always)
    private func spread(_ value: ComplexFloat, _ w: Float, at p: Vector3) {
        let isVolume = layout.dimension == .three
        let z0 = isVolume ? Int(p.z.rounded(.down)) : 0
        if isVolume && (z0 + 1 < planes.lowerBound || z0 >= planes.upperBound) { return }
        let x0 = Int(p.x), y0 = Int(p.y.rounded(.down))
        let fx = Float(p.x - Double(x0)), fy = Float(p.y - Double(y0)), fz = isVolume ? Float(p.z - Double(z0)) : 0
        guard isVolume else {
            let row = layout.index(x0, y0)
            return spreadPlane(value, w, row, row + layout.rowLength, fx, fy, 1)
        }
        let rows = layout.corners(x0, y0, z0)
        if z0 >= planes.lowerBound { spreadPlane(value, w, rows.0, rows.1, fx, fy, 1 - fz) }
        if z0 + 1 < planes.upperBound { spreadPlane(value, w, rows.2, rows.3, fx, fy, fz) }
    }

    @inline(__always)
    private func spreadPlane(_ value: ComplexFloat, _ w: Float, _ row: Int, _ next: Int, _ fx: Float, _ fy: Float,
                             _ share: Float) {
        let upper = share * fy, lower = share - upper
        add(value, w, row, lower - lower * fx)
        add(value, w, row + 1, lower * fx)
        add(value, w, next, upper - upper * fx)
        add(value, w, next + 1, upper * fx)
    }

    /// Nearest neighbour.
    @inline(__always)
    private func drop(_ value: ComplexFloat, _ w: Float, at p: Vector3) {
        let z = layout.dimension == .three ? Int(p.z.rounded()) : 0
        if planes.contains(z) { add(value, w, layout.index(Int(p.x.rounded()), Int(p.y.rounded()), z), 1) }
    }

    @inline(__always)
    private func add(_ value: ComplexFloat, _ w: Float, _ index: Int, _ share: Float) {
        data[index] = Complex(data[index].real + share * value.real, data[index].imaginary + share * value.imaginary)
        weight[index] += share * w
    }
}
