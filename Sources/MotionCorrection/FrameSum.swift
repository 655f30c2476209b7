import Arrays
import CKernels
import Fourier
import Metadata
import Parallel

/// A sum of moved frames: of their transforms where the whole frame moves alike, of their warped images where it does not.
///
/// Frames are added row by row in their order, whatever the number of threads.
final class FrameSum: @unchecked Sendable {
    private let sizes: BinnedShape
    private let model: LocalMotionModel?
    private let movie: Shape
    private let values: AlignedBuffer<Float>
    private static let rowsPerTask = 64

    /// Whether frames are to be transformed back before they are added.
    var addsImages: Bool { model != nil }

    init(sizes: BinnedShape, movie: Shape, model: LocalMotionModel?) {
        (self.sizes, self.model, self.movie) = (sizes, model, movie)
        values = AlignedBuffer(count: model == nil ? 2 * sizes.paddedBinned.halfPlane.count : sizes.micrograph.count)
    }

    /// - Parameter frames: numbers with the memory of their transforms (binned), or of their images in rows of the transform's stride.
    func add(_ frames: [(number: Int, buffer: UnsafeMutablePointer<Float>)], pool: ThreadPool) {
        nonisolated(unsafe) let frames = frames  // Read only; rows of the sum are disjoint.
        if let model {
            let shape = sizes.micrograph
            pool.forEachChunk(count: shape.y, chunk: Self.rowsPerTask) { rows, _ in
                for frame in frames { addWarped(frame.buffer, frame: frame.number, rows: rows, model: model) }
            }
        } else {
            let rowLength = 2 * (sizes.paddedBinned.x / 2 + 1)
            pool.forEachChunk(count: sizes.paddedBinned.y, chunk: Self.rowsPerTask) { rows, _ in
                let start = rows.lowerBound * rowLength
                for frame in frames { add_floats(values.base + start, frame.buffer + start, rows.count * rowLength) }
            }
        }
    }

    private func addWarped(_ image: UnsafeMutablePointer<Float>, frame: Int, rows: Range<Int>, model: LocalMotionModel) {
        let shape = sizes.micrograph, stride = 2 * (sizes.paddedBinned.x / 2 + 1)
        let scale = (x: Double(sizes.padded.x) / Double(sizes.paddedBinned.x), y: Double(sizes.padded.y) / Double(sizes.paddedBinned.y))
        // The model at this time: a polynomial in space alone.
        let z = Double(frame)
        func inSpace(_ c: [Double]) -> [Double] { (0..<6).map { i in c[3 * i] * z + c[3 * i + 1] * z * z + c[3 * i + 2] * z * z * z } }
        let cx = inSpace(model.x), cy = inSpace(model.y)
        let blocks = (shape.x + 15) / 16
        var dx = [Float](repeating: 0, count: blocks), dy = dx
        for y in rows {
            let v = (Double(y) * scale.y) / Double(movie.y) - 0.5
            let a = (cx[0] + cx[3] * v + cx[4] * v * v, cx[1] + cx[5] * v, cx[2])
            let b = (cy[0] + cy[3] * v + cy[4] * v * v, cy[1] + cy[5] * v, cy[2])
            for block in 0..<blocks {
                let u = (Double(16 * block) + 7.5) * scale.x / Double(movie.x) - 0.5
                dx[block] = Float((a.0 + (a.1 + a.2 * u) * u) / scale.x)
                dy[block] = Float((b.0 + (b.1 + b.2 * u) * u) / scale.y)
            }
            add_interpolated_row(image, stride, Int32(shape.x), Int32(shape.y), Int32(y), dx, dy, values.base + y * shape.x)
        }
    }

    /// The micrograph; the sum is used up.
    func finish(_ spectra: FrameSpectra, pool: ThreadPool) -> RealArray {
        var result = RealArray(shape: sizes.micrograph)
        let width = sizes.micrograph.x
        var stride = width
        if model == nil {
            spectra.inverse.inverseInPlace(values.base)
            stride = spectra.inverse.inPlaceRowStride
        }
        result.values.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            for y in 0..<sizes.micrograph.y { (target + y * width).update(from: values.base + y * stride, count: width) }
        }
        return result
    }
}
