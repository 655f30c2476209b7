import Foundation

/// Where a slice lies in a centred transform: the reference-space vectors of one step along the image's axes.
///
/// Image frequency (x, y), in units of 1/image box, is the point x·`x` + y·`y` of the reference, in padded units. For a rotation
/// matrix A that turns the reference into the image, `x` and `y` are the first two rows of A times the padding; `z` is the third,
/// the direction of view, which only the Ewald sphere and 3D data need.
package struct SliceAxes: Sendable, Hashable {
    package var x: SIMD3<Double>
    package var y: SIMD3<Double>
    package var z: SIMD3<Double>

    /// - Parameters:
    ///   - rows: the rows of A.
    ///   - scale: padded reference units per unit of image frequency: the padding times the ratio of real-space extents
    ///     (reference box × its pixel size) / (image box × its pixel size).
    package init(rows: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>), scale: Double) {
        x = rows.0 * scale
        y = rows.1 * scale
        z = rows.2 * scale
    }

    /// In the plane: the image is the reference turned by `angleInDegrees` as RELION's psi turns it.
    package init(inPlaneAngleInDegrees angle: Double, scale: Double) {
        let radians = angle * .pi / 180
        let c = cos(radians), s = sin(radians)
        self.init(rows: (SIMD3(c, s, 0), SIMD3(-s, c, 0), SIMD3(0, 0, 1)), scale: scale)
    }
}
