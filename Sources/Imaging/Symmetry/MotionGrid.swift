import Foundation
import Geometry

/// The grid of motions that a search tries, about a first guess.
package struct MotionGrid: Sendable {
    /// Greatest changes of rot, tilt and psi, and the step, in degrees; 0: the angle is kept.
    package var angleRanges: SIMD3<Double>
    package var angleStep: Double
    /// Greatest shifts along x, y and z, and the step; 0: none. Shifts lie in an ellipsoid with these axes.
    package var shiftRanges: SIMD3<Double>
    package var shiftStep: Double

    /// Directions are spread evenly over the sphere, instead of rot and tilt taking their steps.
    package var isEven: Bool

    package init(
        angleRanges: SIMD3<Double>, angleStep: Double, shiftRanges: SIMD3<Double>, shiftStep: Double, isEven: Bool = false
    ) {
        (self.angleRanges, self.angleStep) = (angleRanges, angleStep)
        (self.shiftRanges, self.shiftStep) = (shiftRanges, shiftStep)
        self.isEven = isEven
    }

    /// Orientations about a first one, which is among them unless directions are even. Whole turns are not tried twice.
    package func rotations(about start: EulerAngles) -> [EulerAngles] {
        if isEven { return evenRotations(about: start) }
        let centre = SIMD3(start.rot, start.tilt, start.psi)
        let values = (0..<3).map { axis -> [Double] in
            let steps = Self.steps(min(angleRanges[axis], axis == 1 ? 90 : 180), angleStep)
            let isTurn = axis != 1 && angleRanges[axis] >= 180 && Double(2 * steps) * angleStep >= 360
            return (-steps...(isTurn ? steps - 1 : steps)).map { centre[axis] + Double($0) * angleStep }
        }
        return values[0].flatMap { rot in
            values[1].flatMap { tilt in values[2].map { EulerAngles(rot: rot, tilt: tilt, psi: $0) } }
        }
    }

    /// On the coarsest HEALPix grid whose spacing is below the step: those whose direction is as near to the first one as the
    /// larger of the ranges of rot and tilt allows, and whose psi is within its range.
    private func evenRotations(about start: EulerAngles) -> [EulerAngles] {
        var order = 0
        while order < Self.finestOrder, 360 / Double(6 << order) > angleStep { order += 1 }
        let grid = OrientationSampling(kind: .sphere(healpixOrder: order))
        let reach = cos(min(180, max(angleRanges.x, angleRanges.y)) * .pi / 180) - 1e-9
        let psis = grid.psis.filter { psi in
            let turn = (psi - start.psi).remainder(dividingBy: 360)
            return abs(turn) <= max(angleRanges.z, grid.psiStep / 2)
        }
        let directions = grid.directions.filter { $0.vector.dot(start.direction) >= reach }
        return directions.flatMap { view in psis.map { EulerAngles(rot: view.rot, tilt: view.tilt, psi: $0) } }
    }

    private static let finestOrder = 8

    package var shifts: [Vector3] {
        let steps = (0..<3).map { Self.steps(shiftRanges[$0], shiftStep) }
        var shifts: [Vector3] = []
        for z in -steps[2]...steps[2] {
            for y in -steps[1]...steps[1] {
                for x in -steps[0]...steps[0] {
                    let shift = SIMD3(Double(x), Double(y), Double(z)) * shiftStep
                    let scaled = shift / shiftRanges.replacing(with: .infinity, where: shiftRanges .<= 0)
                    if scaled.dot(scaled) <= 1 + 1e-9 { shifts.append(shift) }
                }
            }
        }
        return shifts
    }

    private static func steps(_ range: Double, _ step: Double) -> Int { range > 0 ? Int(range / step + 1e-9) : 0 }
}
