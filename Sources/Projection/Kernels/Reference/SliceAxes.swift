import Geometry
import Optics

/// Where a slice lies in a centred transform: the reference-space vectors of one step along the image's axes.
///
/// Image frequency (x, y), in units of 1/image box, is the point x·`x` + y·`y` of the reference, in padded units. For a rotation
/// matrix A that turns the reference into the image, `x` and `y` are the first two rows of A times the padding; `z` is the third,
/// the direction of view, which only the Ewald sphere and 3D data need.
package struct SliceAxes: Sendable, Hashable {
    package var x: Vector3
    package var y: Vector3
    package var z: Vector3

    /// - Parameters:
    ///   - orientation: turns the reference into the image.
    ///   - scale: padded reference units per unit of image frequency: the padding times the ratio of real-space extents
    ///     (reference box × its pixel size) / (image box × its pixel size).
    package init(orientation: RotationMatrix, scale: Double) {
        x = orientation.row0 * scale
        y = orientation.row1 * scale
        z = orientation.row2 * scale
    }

    /// Images with anisotropic magnification: frequency k of the image is `matrix`·k of an undistorted image.
    package mutating func magnify(by matrix: Magnification) {
        (x, y) = (x * matrix.xx + y * matrix.yx, x * matrix.xy + y * matrix.yy)
    }

    /// The point at image frequency (x, y).
    @inline(__always)
    func point(_ kx: Double, _ ky: Double) -> Vector3 { x * kx + y * ky }
}

/// Curvature of the Ewald sphere for insertion: image frequency k lies at height |M·k|²·`inverseDiameter` along the direction of
/// view, in units of image frequency.
package struct EwaldCurvature: Sendable {
    /// ±1 / (2 × radius); the radius is box × pixel size / wavelength.
    package var inverseDiameter: Double
    /// Magnification matrix M that the axes were multiplied by; identity as a rule.
    package var magnification: Magnification

    package init(inverseDiameter: Double, magnification: Magnification = .none) {
        self.inverseDiameter = inverseDiameter
        self.magnification = magnification
    }

    @inline(__always)
    func height(_ kx: Double, _ ky: Double) -> Double {
        let (u, v) = magnification.apply(kx, ky)
        return inverseDiameter * (u * u + v * v)
    }
}
