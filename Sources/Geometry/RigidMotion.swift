/// A rotation about the origin followed by a shift: a point p goes to `rotation · p + shift`.
///
/// The unit of the shift is that of the points.
package struct RigidMotion: Sendable, Hashable {
    package var rotation: RotationMatrix
    package var shift: Vector3

    package init(rotation: RotationMatrix, shift: Vector3) {
        self.rotation = rotation
        self.shift = shift
    }

    package static let identity = RigidMotion(rotation: .identity, shift: .zero)

    package var inverse: RigidMotion {
        let back = rotation.transpose
        return RigidMotion(rotation: back, shift: -(back * shift))
    }

    package static func * (motion: RigidMotion, point: Vector3) -> Vector3 { motion.rotation * point + motion.shift }

    /// First `b`, then `a`.
    package static func * (a: RigidMotion, b: RigidMotion) -> RigidMotion {
        RigidMotion(rotation: a.rotation * b.rotation, shift: a * b.shift)
    }

    /// Whether another motion turns within `degrees` of this one and shifts within `distance`.
    package func isClose(to other: RigidMotion, degrees: Double, distance: Double) -> Bool {
        let turn = rotation * other.rotation.transpose
        let difference = shift - other.shift
        // Small angles from the antisymmetric part: the trace has no digits left there.
        let sine = Vector3(turn.row2.y - turn.row1.z, turn.row0.z - turn.row2.x, turn.row1.x - turn.row0.y) / 2
        return turn.trace > 1 && sine.dot(sine).squareRoot() <= degrees * .pi / 180
            && difference.dot(difference).squareRoot() <= distance
    }
}
