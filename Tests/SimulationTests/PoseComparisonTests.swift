import Arrays
import Foundation
import Fourier
import Geometry
import Parallel
import Randomness
import Testing
import TextFormats
@testable import Simulation

@Suite struct PoseComparisonTests {
    static let frame = EulerAngles(rot: 40, tilt: 70, psi: 10).matrix

    /// Refined poses with a known error, frame, hand and displacement of the map.
    static func poses(group: SymmetryGroup, mirrored: Bool, noise: Double, displacement: Vector3, wrong: Int)
        -> (refined: [PoseComparison.Pose], truth: [PoseComparison.Pose]) {
        var settings = SimulationSettings()
        settings.particleCount = 200
        let truth = settings.drawTruth(speciesCount: 1)
        var refined: [PoseComparison.Pose] = [], exact: [PoseComparison.Pose] = []
        for (i, t) in truth.enumerated() {
            let a = EulerAngles(rot: t.rot, tilt: t.tilt, psi: t.psi).matrix
            let s = group.operators[i % group.order].apply(to: a)
            let error = RotationMatrix(angleInDegrees: noise, axis: Vector3(sin(Double(i)), cos(Double(i) * 2), 0.4))
            var b = error * s * frame
            if i < wrong { b = EulerAngles(rot: Double(i) * 31, tilt: Double(i) * 17, psi: 5).matrix }
            if mirrored { b = RotationMatrix.diagonal(-1, -1, 1) * b }
            let moved = s * displacement
            exact.append(.init(orientation: a, origin: -t.shift))
            refined.append(.init(orientation: b, origin: -t.shift + SIMD2(moved.x, moved.y)))
        }
        return (refined, exact)
    }

    @Test(arguments: ["C1", "C4", "D2", "O"], [false, true])
    func frameAndHandAreFound(name: String, mirrored: Bool) throws {
        let group = try SymmetryGroup(name: name)
        let displacement = group.isTrivial ? Vector3(4, -2, 7) : .zero
        let (refined, truth) = Self.poses(group: group, mirrored: mirrored, noise: 1.5, displacement: displacement, wrong: 40)
        let result = PoseComparison(refined: refined, truth: truth, symmetry: group)
        #expect(result.isMirrored == mirrored)
        // Every correct particle is 1.5° off; the mean of the frame is a little off too.
        #expect(abs(PoseComparison.median(result.anglesInDegrees) - 1.5) < 0.4)
        #expect((result.translation - displacement).length < 0.5)
        #expect(PoseComparison.median(result.shiftsInAngstrom) < 0.5)
    }

    @Test(arguments: [false, true]) func mapComesBackIntoTheTrueFrame(mirrored: Bool) throws {
        let box = 64, pixel = 3.0, pool = ThreadPool(threads: 2)
        let group = SymmetryGroup.none
        let displacement = Vector3(3, -3, 6)
        let (refined, truth) = Self.poses(group: group, mirrored: mirrored, noise: 0, displacement: displacement, wrong: 0)
        // What a reconstruction from the refined poses would be: images of the atoms at p are explained by atoms at q with A'q = A p + origins.
        let atoms = BuiltInMolecule.subunit(.whole).map { atom in
            var copy = atom
            copy.position -= Vector3(30, 5, 15)
            return copy
        }
        let moved = atoms.map { atom in
            var copy = atom
            let p = Self.frame.transpose * (atom.position + displacement)
            copy.position = mirrored ? -p : p
            return copy
        }
        func map(_ atoms: [Atom]) throws -> RealArray {
            PotentialMap.make(try AtomicModel(atoms: atoms, blur: .uniform(150), origin: .kept, source: ""), box: box, pixelSizeInAngstrom: pixel, pool: pool)
        }
        let comparison = PoseComparison(refined: refined, truth: truth, symmetry: group)
        let aligned = MapAlignment.apply(comparison, to: try map(moved), pixelSizeInAngstrom: pixel, pool: pool)
        let fsc = FourierShellCorrelation(aligned, try map(atoms), pool: pool)
        // Interpolation by straight lines on a grid of half the spacing: a few per cent at two thirds of Nyquist.
        #expect((1...21).allSatisfy { fsc.correlation[$0] > 0.97 }, "\(fsc.correlation.prefix(22))")
    }
}
