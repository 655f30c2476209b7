import Arrays
import CKernels
import Parallel
import Projection

/// The sums that a reconstruction is made from: Σ CTF/σ²·X and Σ CTF²/σ² at the points of a padded transform.
///
/// An element is four floats (re, im, weight, unused) on a `CentredLayout`. Slices are added slab by slab, in the order
/// given, so that the result does not depend on the number of threads.
final class SliceAccumulator: @unchecked Sendable {  // Slabs are disjoint; loops end before the sums are read.
    let layout: CentredLayout
    let interpolation: Interpolation
    let values: AlignedBuffer<Float>
    /// Set once, when all slices are in.
    private var finished: BackProjection?

    init(layout: CentredLayout, interpolation: Interpolation = .trilinear) {
        self.layout = layout
        self.interpolation = interpolation
        values = AlignedBuffer(count: 4 * layout.count + 16)
    }

    /// Number of slabs of z: a constant, enough to feed many threads, few enough that clipping costs little.
    var slabCount: Int { layout.dimension == .three ? min(8, layout.planes) : 1 }

    /// Signed planes of slab `index`.
    func planes(ofSlab index: Int) -> Range<Int> {
        // Slices cut equal heights of the ball in about equal numbers of points.
        let total = layout.planes
        let first = index * total / slabCount, last = (index + 1) * total / slabCount
        return first - layout.extent..<last - layout.extent
    }

    /// Adds slices within one slab.
    func insert(_ slices: ArraySlice<WeightedSlice>, slab: Int) {
        var ball = layout.ball(values.base, interpolation)
        let range = planes(ofSlab: slab)
        for slice in slices {
            var rows = slice.layout.rows
            let stride = slice.layout.stride
            var matrix = slice.matrix
            withUnsafeBytes(of: &matrix) { bytes in
                let matrix = bytes.assumingMemoryBound(to: Float.self).baseAddress
                if layout.dimension == .three {
                    slice_insert_3d(&ball, matrix, &rows, slice.data, slice.data + stride, slice.weights, slice.weight,
                                    Int32(range.lowerBound), Int32(range.upperBound))
                } else {
                    slice_insert_2d(&ball, matrix, &rows, slice.data, slice.data + stride, slice.weights, slice.weight)
                }
            }
        }
    }
}

extension SliceAccumulator {
    /// The sums in the form that reconstructions take. Nothing can be inserted afterwards: they take over the memory, of which
    /// a quarter and more goes back at once (gigabytes at large boxes).
    func finish() -> BackProjection {
        if let finished { return finished }
        let weight = AlignedBuffer<Float>(uninitialisedCount: layout.count), source = values.base
        for i in 0..<layout.count {
            let re = source[4 * i], im = source[4 * i + 1]
            weight.base[i] = source[4 * i + 2]
            source[2 * i] = re
            source[2 * i + 1] = im
        }
        let result = BackProjection(layout: layout, interpolation: interpolation, data: AlignedBuffer(reusing: values, count: layout.count), weight: weight)
        finished = result
        return result
    }
}
