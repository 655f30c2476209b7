import Arrays
import Geometry
import Imaging
import Refinement
import Testing

/// Local symmetry in a refinement: a map of two copies of a domain that has no symmetry as a whole.
@Suite struct LocalSymmetryRunTests {
    private static let box = 32
    private static let motion = RigidMotion(rotation: EulerAngles(rot: 20, tilt: 60, psi: 100).matrix, shift: Vector3(1, -2, 0.5))
    private static let domain: [Vector3] = [
        Vector3(8, 0, 0), Vector3(10, 2, 1), Vector3(7, -3, 2), Vector3(6, 1, -3), Vector3(9, -1, 3), Vector3(5, 3, 1),
    ]
    private static let other: [Vector3] = [Vector3(0, 0, 9), Vector3(-1, 2, 11)]

    private static func masks() -> (one: RealArray, both: RealArray) {
        let wide = SimulatedViews.blobs(box: box, at: domain, sigma: 2)
        let one = RealArray(shape: wide.shape, values: wide.values.map { min(1, 2 * $0) })
        let copies = SimulatedViews.blobs(box: box, at: domain + domain.map { motion * $0 }, sigma: 2)
        return (one, RealArray(shape: one.shape, values: copies.values.map { min(1, 2 * $0) }))
    }

    @Test("averaging the copies brings the map closer to the truth", arguments: [false, true])
    func improves(splitsHalves: Bool) throws {
        let truth = SimulatedViews.blobs(box: Self.box, at: Self.domain + Self.domain.map { Self.motion * $0 } + Self.other)
        let views = SimulatedViews(of: truth, count: 60, noise: 6)
        let regions = Self.masks()
        var masks = RefinementMasks()
        func run() throws -> RefinementSnapshot {
            try #require(try views.run(reference: truth, masks: masks) {
                $0.splitsRandomHalves = splitsHalves
                // Lets noise through, so that it is most of the error.
                $0.tau2FudgeArgument = 10
            }.last)
        }
        let plain = try run()
        masks.localSymmetry = LocalSymmetry(domains: [.init(mask: regions.one, motions: [Self.motion])])
        let averaged = try run()
        for half in plain.models.indices {
            let before = SimulatedViews.correlation(plain.models[half].references[0], truth, within: regions.both)
            let after = SimulatedViews.correlation(averaged.models[half].references[0], truth, within: regions.both)
            // Half the noise; what the filter takes away stays lost.
            #expect(1 - after < 0.8 * (1 - before), "\(before) → \(after)")
        }
        // The FSC is measured before.
        #expect(plain.models[0].goldStandardFSC == averaged.models[0].goldStandardFSC)
    }
}
