import Arrays
import ComplexModule
import Geometry

/// Reads single points of a 3D reference's transform, also on the half that is not stored.
///
/// Holds the reference, so that its memory outlives the pointer.
struct TransformSampler: @unchecked Sendable {
    // Sendable: the reference is immutable once made.
    private let reference: PaddedReference
    private let values: UnsafeMutablePointer<ComplexFloat>
    private let layout: CentredLayout
    private let limit: Double
    private let linearLimit: Double
    private let padding: Double

    init(_ reference: PaddedReference) {
        precondition(reference.layout.dimension == .three)
        self.reference = reference
        values = reference.values.base
        layout = reference.layout
        limit = Double(layout.radius * layout.radius)
        linearLimit = reference.interpolation.linearLimit(padding: layout.padding)
        padding = layout.padding
    }

    /// The coefficient at a frequency in units of 1/box; zero beyond the reference's radius.
    @inline(__always)
    func value(at frequency: Vector3) -> (real: Float, imaginary: Float) {
        let isMirrored = frequency.x < 0
        let p = frequency * (isMirrored ? -padding : padding)
        let squared = p.dot(p)
        if squared > limit { return (0, 0) }
        let value = squared < linearLimit ? trilinear(p) : nearest(p)
        return isMirrored ? (value.0, -value.1) : value
    }

    @inline(__always)
    private func nearest(_ p: Vector3) -> (Float, Float) {
        let v = values[layout.index(Int(p.x.rounded()), Int(p.y.rounded()), Int(p.z.rounded()))]
        return (v.real, v.imaginary)
    }

    @inline(__always)
    private func trilinear(_ p: Vector3) -> (Float, Float) {
        let x0 = Int(p.x), y0 = Int(p.y.rounded(.down)), z0 = Int(p.z.rounded(.down))
        let fx = Float(p.x - Double(x0)), fy = Float(p.y - Double(y0)), fz = Float(p.z - Double(z0))
        let rows = layout.corners(x0, y0, z0)
        let weights = (
            (1 - fy) * (1 - fz), fy * (1 - fz), (1 - fy) * fz, fy * fz
        )
        var sum: (Float, Float) = (0, 0)
        func add(_ row: UnsafeMutablePointer<ComplexFloat>, _ w: Float) {
            sum.0 += w * (row[0].real * (1 - fx) + row[1].real * fx)
            sum.1 += w * (row[0].imaginary * (1 - fx) + row[1].imaginary * fx)
        }
        add(values + rows.0, weights.0)
        add(values + rows.1, weights.1)
        add(values + rows.2, weights.2)
        add(values + rows.3, weights.3)
        return sum
    }
}
