import Arrays
import Foundation
import Geometry
import Reporting
import Testing

@testable import Refinement

/// Options of a refinement whose effect on simulated data is known.
@Suite struct RefinementOptionTests {
    private static let box = 32
    private static let truth = SimulatedViews.blobs(box: box, at: [
        Vector3(6, 0, 0), Vector3(-4, 5, 1), Vector3(0, -6, 3), Vector3(2, 2, -7), Vector3(-3, -2, 6), Vector3(8, -4, -2),
    ])

    private func power(_ map: RealArray) -> Double { map.values.reduce(0) { $0 + Double($1 * $1) } }

    @Test("a given spectrum of the signal is kept, and less signal means smoother maps")
    func signalSpectrum() throws {
        let views = SimulatedViews(of: Self.truth, count: 40, noise: 3)
        let plain = try #require(try views.run(reference: Self.truth).last).models[0]
        func run(_ factor: Double) throws -> RefinementModel {
            try #require(try views.run(reference: Self.truth) {
                $0.fixedTau2 = plain.tau2[0].map { factor * $0 }
                $0.tau2FudgeArgument = 2
            }.last).models[0]
        }
        let usual = try run(1), low = try run(0.01)
        // The file's values times T.
        #expect(zip(usual.tau2[0], plain.tau2[0]).allSatisfy { abs($0 - 2 * $1) <= 1e-12 * $1 })
        #expect(power(low.references[0]) < 0.8 * power(usual.references[0]))
        #expect(zip(low.dataVersusPrior[0], usual.dataVersusPrior[0]).dropFirst().prefix(8).allSatisfy { $0 < $1 })
    }

    @Test("shells beyond the end of a given spectrum have no signal")
    func shortSpectrum() throws {
        var model = RefinementModel(box: 8, pixelSize: 1, isVolume: false, references: [RealArray(shape: .square(8))], groupNames: ["a"],
                                    groupParticleCounts: [1], opticsGroupCount: 1)
        model.tau2Fudge = 3
        model.fixTau2([2, 1])
        #expect(model.tau2 == [[6, 3, 0, 0, 0]])
        model.fixTau2([])
        #expect(model.tau2 == [[6, 3, 0, 0, 0]])
    }

    /// Images of which two are not numbers, behind those that the noise is estimated from.
    private func damagedViews() -> (damaged: SimulatedViews, sound: SimulatedViews) {
        var views = SimulatedViews(of: Self.truth, count: 40, noise: 2)
        let sound = views.without([20, 31])
        views.spoil([20, 31])
        return (views, sound)
    }

    private func search(_ settings: inout RefinementSettings) {
        settings.skipsAlignment = false
        settings.healpixOrder = 0
        settings.offsetRangeInPixels = 2
        settings.particlesForNoiseEstimate = 15
        settings.correctsNorm = true
    }

    @Test("particles without a probable orientation are left out, up to the threshold")
    func failsafe() throws {
        let (damaged, sound) = damagedViews()
        let result = try #require(try damaged.run(reference: Self.truth) {
            search(&$0)
            $0.failsafeThreshold = 2
        }.last)
        #expect(result.models[0].references[0].values.allSatisfy { $0.isFinite } && result.models[0].logLikelihood.isFinite)
        #expect(result.particles[20].maximumProbability == 0 && result.particles[20].psi == damaged.data.particles[20].psi)
        #expect(result.particles[21].maximumProbability > 0)
        let without = try #require(try sound.run(reference: Self.truth, search).last)
        #expect(SimulatedViews.correlation(result.models[0].references[0], without.models[0].references[0]) > 0.999)
        let error = #expect(throws: InputError.self) {
            try damaged.run(reference: Self.truth) {
                search(&$0)
                $0.failsafeThreshold = 1
            }
        }
        #expect(error?.description.contains("21, 32") == true && error?.description.contains("--failsafe_threshold") == true)
    }

    @Test("the nearest neighbour is worse than linear interpolation, and the same within r_min_nn")
    func nearestNeighbour() throws {
        let views = SimulatedViews(of: Self.truth, count: 60, noise: 0.5)
        func run(_ change: (inout RefinementSettings) -> Void) throws -> RealArray {
            try #require(try views.run(reference: Self.truth) {
                $0.paddingFactor = 1
                change(&$0)
            }.last).models[0].references[0]
        }
        let linear = try run { _ in }
        let nearest = try run {
            $0.usesNearestNeighbour = true
            $0.minimumRadiusNearestNeighbour = 2
        }
        let inside = try run {
            $0.usesNearestNeighbour = true
            $0.minimumRadiusNearestNeighbour = 100
        }
        #expect(inside == linear)
        let good = SimulatedViews.correlation(linear, Self.truth), bad = SimulatedViews.correlation(nearest, Self.truth)
        #expect(bad < good - 0.01 && bad > 0.5, "\(good) \(bad)")
    }
}
