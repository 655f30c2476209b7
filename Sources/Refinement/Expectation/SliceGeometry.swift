import CKernels
import Geometry

/// Which frequencies of a padded reference an image of some optics group samples: the image matrix.
///
/// Image frequency (x, y) lies at `padding · ratio · Rᵀ · M · (x, y, 0)` in the reference: R turns the reference into the
/// image, M is the group's magnification matrix, `ratio` that of the fields of view of reference and image.
struct SliceGeometry: Sendable, Hashable {
    /// 2 × 2, row-major: image frequency → undistorted frequency in units of the reference's transform, times padding.
    let planar: [Double]

    /// - Parameters:
    ///   - extentRatio: field of view of the reference over that of the image (both box × pixel size).
    ///   - magnification: the optics group's matrix.
    init(padding: Double, extentRatio: Double, magnification m: [Double]) {
        planar = m.map { $0 * padding * extentRatio }
    }

    /// 3 × 2 for a volume.
    @inline(__always)
    func matrix3D(_ r: RotationMatrix) -> (Float, Float, Float, Float, Float, Float) {
        // Columns of Rᵀ are rows of R.
        let a = r.row0, b = r.row1
        let c0 = a * planar[0] + b * planar[2], c1 = a * planar[1] + b * planar[3]
        return (Float(c0.x), Float(c1.x), Float(c0.y), Float(c1.y), Float(c0.z), Float(c1.z))
    }

    /// 2 × 2 for a plane, in the first four numbers.
    @inline(__always)
    func matrix2D(_ r: RotationMatrix) -> (Float, Float, Float, Float, Float, Float) {
        let a = r.row0, b = r.row1
        let c0 = a * planar[0] + b * planar[2], c1 = a * planar[1] + b * planar[3]
        return (Float(c0.x), Float(c1.x), Float(c0.y), Float(c1.y), 0, 0)
    }

    @inline(__always)
    func matrix(_ r: RotationMatrix, isVolume: Bool) -> (Float, Float, Float, Float, Float, Float) {
        isVolume ? matrix3D(r) : matrix2D(r)
    }
}
