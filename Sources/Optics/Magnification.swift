import Geometry

/// Anisotropic magnification: a 2 × 2 matrix that turns a nominal frequency of the image into the true one.
///
/// RELION's `rlnMagMat00` … `11`, the identity for a perfect microscope.
package struct Magnification: Sendable, Hashable {
    package var xx: Double
    package var xy: Double
    package var yx: Double
    package var yy: Double

    package init(xx: Double, xy: Double, yx: Double, yy: Double) {
        (self.xx, self.xy, self.yx, self.yy) = (xx, xy, yx, yy)
    }

    package static let none = Magnification(xx: 1, xy: 0, yx: 0, yy: 1)
    package var isNone: Bool { self == .none }

    @inline(__always) package func apply(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        (xx * x + xy * y, yx * x + yy * y)
    }

    package var determinant: Double { xx * yy - xy * yx }

    /// The matrix that takes a point of the image's transform to the point of the reference's transform, for an
    /// orientation: slices are read at inverse(rotation) · (M·k, 0), so that M⁻¹ stands in front of the rotation in RELION's
    /// order (image = M⁻¹ · A · reference).
    /// - Precondition: the determinant is not zero.
    package func applied(to rotation: RotationMatrix) -> RotationMatrix {
        if isNone { return rotation }
        let d = determinant
        let inverse = RotationMatrix(rows: Vector3(yy / d, -xy / d, 0), Vector3(-yx / d, xx / d, 0), Vector3(0, 0, 1))
        return inverse * rotation
    }
}
