import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct OrientationSamplingTests {
    static let hasData = SharedData.isPresent

    /// rot, tilt rows of a sampling file; numbers are printed with six decimals or fewer.
    static func goldenDirections(_ path: String) throws -> [ViewDirection] {
        let text = try String(contentsOf: SharedData.golden(path), encoding: .utf8)
        guard let table = text.range(of: "data_sampling_directions") else { return [] }
        return text[table.upperBound...].split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ").compactMap { Double($0) }
            return fields.count == 2 ? ViewDirection(rot: fields[0], tilt: fields[1]) : nil
        }
    }

    @Test(.enabled(if: hasData, SharedData.hint), arguments: [("refine3d", "D2", 2), ("class3d", "C1", 1)])
    func directionsAreThoseOfTheReferenceProgram(folder: String, symmetry: String, order: Int) throws {
        let golden = try Self.goldenDirections("\(folder)/run_it001_sampling.star")
        let grid = OrientationSampling(
            kind: .sphere(healpixOrder: order), symmetry: try SymmetryGroup(name: symmetry))
        #expect(grid.directions.count == golden.count && !golden.isEmpty)
        for (a, b) in zip(grid.directions, golden) {
            // Printed with at least five decimals.
            #expect(abs(a.rot - b.rot) < 1e-5 && abs(a.tilt - b.tilt) < 1e-5)
        }
        #expect(grid.psiStep == 360 / Double(6 << order))
    }

    /// Values of `rlnSamplingPerturbInstance` that the reference program writes for seed 1, factor 0.5.
    @Test func perturbationFollowsTheSeed() {
        let printed = 5e-6
        #expect(abs(SamplingPerturbation(factor: 0.5, seed: 1, iteration: 1).instance + 0.11471) < printed)
        #expect(abs(SamplingPerturbation(factor: 0.5, seed: 1, iteration: 2).instance - 0.275636) < printed)
        #expect(SamplingPerturbation(factor: 0, seed: 1, iteration: 3).instance == 0)
    }

    @Test func tiltLimitKeepsSideOrTopViews() {
        let all = OrientationSampling(kind: .sphere(healpixOrder: 2))
        let positive = OrientationSampling(kind: .sphere(healpixOrder: 2), tiltLimitInDegrees: 40)
        let negative = OrientationSampling(kind: .sphere(healpixOrder: 2), tiltLimitInDegrees: -40)
        #expect(positive.directions.count + negative.directions.count == all.directions.count)
        #expect(positive.directions.contains { abs($0.tilt - 90) < 1 })
        #expect(negative.directions.contains { $0.tilt < 15 })
    }

    @Test func relaxedSymmetryKeepsAllDirections() throws {
        let c2 = try SymmetryGroup(name: "C2")
        let grid = OrientationSampling(kind: .sphere(healpixOrder: 1), symmetry: c2, relaxedSymmetry: c2)
        #expect(grid.directions.count == 48)
    }

    @Test func childrenSurroundTheirParent() {
        let grid = OrientationSampling(kind: .sphere(healpixOrder: 2))
        let children = grid.orientations(direction: 17, psi: 3, oversampling: 1)
        #expect(children.count == grid.childCount(oversampling: 1))
        let parent = grid.orientations(direction: 17, psi: 3, oversampling: 0)[0]
        for child in children {
            #expect(abs(abs(child.psi - parent.psi) - grid.psiStep / 4) < 1e-12)
            #expect(AngularDistance.angle(child.direction, parent.direction) < grid.angularStep())
        }
        #expect(children[0].rot == children[1].rot && children[0].psi != children[1].psi)
    }

    @Test func perturbationTurnsTheReference() {
        var grid = OrientationSampling(kind: .sphere(healpixOrder: 1))
        let plain = grid.matrices(direction: 5, psi: 2, oversampling: 1)
        grid.perturbation = 0.3
        let turned = grid.matrices(direction: 5, psi: 2, oversampling: 1)
        let angle = 0.3 * 30
        let turn = EulerAngles(rot: angle, tilt: angle, psi: angle).matrix
        for (a, b) in zip(plain, turned) { #expect((a * turn).isClose(to: b, tolerance: 1e-12)) }
        let angles = grid.orientations(direction: 5, psi: 2, oversampling: 1)
        for (a, b) in zip(angles, turned) { #expect(a.matrix.isClose(to: b, tolerance: 1e-9)) }
    }

    @Test func inPlaneGrid() {
        let grid = OrientationSampling(kind: .inPlane, psiStep: 12, perturbation: 0.5)
        #expect(grid.psis.count == 30 && grid.directions.count == 1 && grid.childCount(oversampling: 1) == 2)
        let children = grid.orientations(direction: 0, psi: 1, oversampling: 1).map(\.psi)
        #expect(children == [9 + 6, 15 + 6])
        // A step that does not divide the circle is made finer.
        #expect(OrientationSampling(kind: .inPlane, psiStep: 7).psis.count == 52)
    }

    @Test func translationsFillACircle() {
        let grid = TranslationSampling(range: 17.7, step: 7.08)
        // 2.5 steps: |(2, 1)| and |(1, 2)| = 2.24 are inside, (2, 2) is not.
        #expect(grid.shifts.count == 21)
        #expect(grid.shifts[0] == TranslationSampling.Shift(x: -2 * 7.08, y: -7.08))
        #expect(grid.shifts[3] == TranslationSampling.Shift(x: -7.08, y: -2 * 7.08))
        let children = grid.children(of: 10, oversampling: 1)
        let expected: [(Double, Double)] = [(-1.77, -1.77), (-1.77, 1.77), (1.77, -1.77), (1.77, 1.77)]
        #expect(children.count == 4)
        for (child, place) in zip(children, expected) {
            #expect(abs(child.x - place.0) < 1e-12 && abs(child.y - place.1) < 1e-12)
        }
        let moved = TranslationSampling(range: 17.7, step: 7.08, perturbation: 0.5).children(of: 10, oversampling: 0)
        #expect(moved == [TranslationSampling.Shift(x: 3.54, y: 3.54)])
        #expect(TranslationSampling(range: 0, step: 1).shifts.count == 1)
    }
}
