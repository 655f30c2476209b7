import Foundation

/// The orientation of a particle as three angles in degrees: ZYZ, right-handed, as in RELION, XMIPP and FREALIGN
/// (rot = φ, tilt = θ, psi = ψ; Heymann, Chagoyen & Belnap 2005).
///
/// The frame of the reference is turned by `rot` about z, by `tilt` about the new y, by `psi` about the new z. The
/// matrix turns the reference into the image; the direction of projection is `matrix.row2`.
package struct EulerAngles: Sendable, Hashable {
    package var rot: Double
    package var tilt: Double
    package var psi: Double

    package init(rot: Double, tilt: Double, psi: Double) {
        self.rot = rot
        self.tilt = tilt
        self.psi = psi
    }

    package static let zero = EulerAngles(rot: 0, tilt: 0, psi: 0)

    /// Rz(−psi) · Ry(−tilt) · Rz(−rot) in terms of right-handed rotations of points.
    package var matrix: RotationMatrix {
        let (sa, ca) = sineAndCosine(degrees: rot)
        let (sb, cb) = sineAndCosine(degrees: tilt)
        let (sg, cg) = sineAndCosine(degrees: psi)
        let x = Vector3(cb * ca, cb * sa, -sb)
        let y = Vector3(-sa, ca, 0)
        return RotationMatrix(rows: cg * x + sg * y, cg * y - sg * x, Vector3(sb * ca, sb * sa, cb))
    }

    /// The angles of an orientation. tilt in 0 ... 180, rot and psi in −180 ... 180.
    ///
    /// At tilt 0 and 180, where only one combination of rot and psi is defined, rot is 0: RELION's choice.
    package init(_ m: RotationMatrix) {
        let degrees = 180 / Double.pi
        let sine = (m.row0.z * m.row0.z + m.row1.z * m.row1.z).squareRoot()
        // Sixteen ulps of a single-precision 1: matrices that went through float are upright within this.
        if sine > 16 * 0x1p-23 {
            rot = atan2(m.row2.y, m.row2.x) * degrees
            tilt = atan2(sine, m.row2.z) * degrees
            psi = atan2(m.row1.z, -m.row0.z) * degrees
        } else if m.row2.z >= 0 {
            (rot, tilt) = (0, 0)
            psi = atan2(-m.row1.x, m.row0.x) * degrees
        } else {
            (rot, tilt) = (0, 180)
            psi = atan2(m.row1.x, -m.row0.x) * degrees
        }
    }

    /// The direction of projection in the frame of the reference, a unit vector.
    package var direction: Vector3 { ViewDirection(rot: rot, tilt: tilt).vector }
}

/// A direction of projection: rot and tilt in degrees.
package struct ViewDirection: Sendable, Hashable {
    package var rot: Double
    package var tilt: Double

    package init(rot: Double, tilt: Double) {
        self.rot = rot
        self.tilt = tilt
    }

    package var vector: Vector3 {
        let (sa, ca) = sineAndCosine(degrees: rot)
        let (sb, cb) = sineAndCosine(degrees: tilt)
        return Vector3(sb * ca, sb * sa, cb)
    }

    /// Angles of a vector of any length: tilt 0 ... 180, rot −180 ... 180; rot is 0 within 0.001° of the poles.
    package init(_ vector: Vector3) {
        let v = vector.normalised
        tilt = acos(min(1, max(-1, v.z))) * 180 / .pi
        rot = tilt < 0.001 || 180 - tilt < 0.001 ? 0 : atan2(v.y, v.x) * 180 / .pi
    }
}

@inline(__always)
func sineAndCosine(degrees: Double) -> (sine: Double, cosine: Double) {
    let radians = degrees * Double.pi / 180
    return (sin(radians), cos(radians))
}
