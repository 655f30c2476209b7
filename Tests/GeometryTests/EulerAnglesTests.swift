import Foundation
import Geometry
import Testing

@Suite struct EulerAnglesTests {
    /// Products of three rotations accumulate a few ulps.
    let rounding = 1e-12

    static let awkward: [Double] = [-180, -90, -0.3, 0, 17.5, 90, 123.4, 180]

    @Test func matrixIsTheProductOfThreeRotations() {
        let z = Vector3(0, 0, 1)
        for rot in Self.awkward {
            for tilt in [0, 31, 90, 150, 180.0] {
                for psi in Self.awkward {
                    let expected =
                        RotationMatrix(angleInDegrees: -psi, axis: z)
                        * RotationMatrix(angleInDegrees: -tilt, axis: Vector3(0, 1, 0))
                        * RotationMatrix(angleInDegrees: -rot, axis: z)
                    let angles = EulerAngles(rot: rot, tilt: tilt, psi: psi)
                    #expect(angles.matrix.isClose(to: expected, tolerance: rounding), "\(angles)")
                    // Angles near the poles are only defined within the square root of the rounding.
                    let back = EulerAngles(angles.matrix).matrix
                    #expect(back.isClose(to: angles.matrix, tolerance: 1e-7), "\(angles)")
                }
            }
        }
    }

    @Test func polesHaveNoRot() {
        let up = EulerAngles(EulerAngles(rot: 30, tilt: 0, psi: 20).matrix)
        #expect(up.rot == 0 && up.tilt == 0 && abs(up.psi - 50) < 1e-9)
        let down = EulerAngles(EulerAngles(rot: 30, tilt: 180, psi: 20).matrix)
        #expect(down.rot == 0 && down.tilt == 180 && abs(down.psi + 10) < 1e-9)
        #expect(ViewDirection(Vector3(0, 0, -3)) == ViewDirection(rot: 0, tilt: 180))
    }

    @Test func directionIsTheThirdRow() {
        let angles = EulerAngles(rot: 12, tilt: 34, psi: 56)
        #expect((angles.direction - angles.matrix.row2).length < rounding)
        let view = ViewDirection(angles.direction * 5)
        #expect(abs(view.rot - 12) < 1e-9 && abs(view.tilt - 34) < 1e-9)
    }

    @Test func distances() throws {
        let a = EulerAngles(rot: 10, tilt: 20, psi: 30).matrix
        let b = EulerAngles(rot: 10, tilt: 20, psi: 35).matrix
        #expect(abs(AngularDistance.rotation(a, b) - 5) < 1e-6)
        // In-plane rotation moves two of the three axes.
        #expect(abs(AngularDistance.meanOfAxes(a, b) - 10.0 / 3) < 1e-6)
        let c4 = try SymmetryGroup(name: "C4")
        let mate = a * RotationMatrix(angleInDegrees: 90, axis: Vector3(0, 0, 1))
        #expect(AngularDistance.rotation(a, mate, symmetry: c4) < 1e-5)
        #expect(AngularDistance.meanOfAxes(a, mate) > 10)
    }
}
