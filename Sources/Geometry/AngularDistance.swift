import Foundation

/// Distances between orientations, in degrees.
package enum AngularDistance {
    /// The mean of the three angles between corresponding axes, for the equivalent of `b` that is nearest to `a`: the
    /// measure by which refinement reports changes of orientations.
    package static func meanOfAxes(
        _ a: RotationMatrix, _ b: RotationMatrix, symmetry: SymmetryGroup = .none
    ) -> Double {
        symmetry.operators.map { element in
            let mate = element.apply(to: b)
            return (angle(a.row0, mate.row0) + angle(a.row1, mate.row1) + angle(a.row2, mate.row2)) / 3
        }.min() ?? 0
    }

    /// The angle of the one rotation that leads from `b`, or an equivalent of it, to `a`.
    package static func rotation(_ a: RotationMatrix, _ b: RotationMatrix, symmetry: SymmetryGroup = .none) -> Double {
        symmetry.operators.map { a.rotationAngleInDegrees(to: $0.apply(to: b)) }.min() ?? 0
    }

    /// The angle between two unit vectors, in degrees.
    package static func angle(_ a: Vector3, _ b: Vector3) -> Double {
        acos(min(1, max(-1, a.dot(b)))) * 180 / .pi
    }
}
