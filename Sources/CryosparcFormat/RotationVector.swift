import Foundation
import Geometry

/// An orientation as cryoSPARC keeps it (`alignments3D/pose`): the axis of a rotation times its angle in radians.
///
/// The rotation turns the image's frame into the reference's: its matrix is the transpose of the one that RELION's angles stand for
/// (`EulerAngles.matrix`).
package struct RotationVector: Sendable, Hashable {
    package var vector: SIMD3<Double>

    package init(_ vector: SIMD3<Double>) { self.vector = vector }

    package init(_ angles: EulerAngles) {
        // Unit quaternion of the transposed matrix, from its largest component (Shepperd 1978): exact for half turns, too.
        let m = angles.matrix.transpose.elements
        let trace = m[0] + m[4] + m[8]
        let candidates = [trace, m[0], m[4], m[8]]
        let largest = candidates.indices.max { candidates[$0] < candidates[$1] } ?? 0
        var q: [Double]
        switch largest {
        case 0: q = [1 + trace, m[7] - m[5], m[2] - m[6], m[3] - m[1]]
        case 1: q = [m[7] - m[5], 1 + m[0] - m[4] - m[8], m[1] + m[3], m[2] + m[6]]
        case 2: q = [m[2] - m[6], m[1] + m[3], 1 - m[0] + m[4] - m[8], m[5] + m[7]]
        default: q = [m[3] - m[1], m[2] + m[6], m[5] + m[7], 1 - m[0] - m[4] + m[8]]
        }
        if q[0] < 0 { q = q.map { -$0 } }
        let axis = SIMD3(q[1], q[2], q[3])
        let sine = (axis * axis).sum().squareRoot()
        vector = sine > 0 ? axis / sine * (2 * atan2(sine, q[0])) : .zero
    }

    package var angles: EulerAngles {
        let angle = (vector * vector).sum().squareRoot()
        guard angle > 0 else { return .zero }
        return EulerAngles(RotationMatrix(angleInDegrees: angle * 180 / .pi, axis: vector).transpose)
    }
}
