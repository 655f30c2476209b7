import Arrays
import Foundation
import Geometry
import Projection
import Reporting
import Testing

@testable import Refinement

/// The gradient method in auto-refinement of two random halves.
@Suite(.serialized) struct GradientHalvesTests {
    private static let box = 24
    private static let truth = SimulatedViews.blobs(box: box, at: [
        Vector3(5, 0, 0), Vector3(-3, 4, 1), Vector3(0, -5, 2), Vector3(2, 2, -6), Vector3(-2, -2, 5), Vector3(6, -3, -2),
    ], sigma: 1.0)

    private func run(iterations: Int, _ change: (inout RefinementSettings) -> Void = { _ in }) throws -> [RefinementSnapshot] {
        let views = SimulatedViews(of: Self.truth, count: 240, noise: 1)
        return try views.run(reference: Self.truth) {
            $0.isAutoRefine = true
            $0.isAutoSampling = true
            $0.splitsRandomHalves = true
            $0.skipsAlignment = false
            $0.iterationCount = iterations
            $0.initialLowPass = 12
            $0.healpixOrder = 1
            $0.offsetRangeInPixels = 2
            $0.offsetStepInPixels = 1
            $0.gradient.isEnabled = true
            $0.gradient.initialSubsetSize = 60
            $0.gradient.finalSubsetSize = 100
            $0.gradient.writeInterval = 1
            change(&$0)
        }
    }

    @Test("both halves approach the truth along gradients of their own, then expectation maximisation takes over")
    func refines() throws {
        let snapshots = try run(iterations: 22)
        let first = try #require(snapshots.first), tenth = try #require(snapshots.first { $0.state.iteration == 10 })
        let last = try #require(snapshots.last)
        #expect(tenth.state.subsetSize == 60 && tenth.state.stepSize == 0.9 && tenth.models[0].tau2Fudge == 1)
        let start = SimulatedViews.correlation(first.models[0].references[0], Self.truth)
        for model in tenth.models {
            #expect(SimulatedViews.correlation(model.references[0], Self.truth) > start + 0.02)
        }
        #expect(tenth.models[0].references[0] != tenth.models[1].references[0])
        #expect(tenth.models[0].goldStandardFSC == tenth.models[1].goldStandardFSC)
        #expect(tenth.models[0].goldStandardFSC[0].allSatisfy { (0...1).contains($0) })
        #expect(tenth.models[0].goldStandardFSC[0][2] > 0.9)
        // Ten iterations for the gradient, four without gain, then all particles.
        #expect(last.state.gradientHasConverged && last.state.subsetSize == -1)
    }

    @Test func stepSizeMattersAndThreadsDoNot() throws {
        let usual = try #require(try run(iterations: 2).last)
        let short = try #require(try run(iterations: 2) { $0.gradient.stepSize = 0.1 }.last)
        #expect(usual.models[0].references != short.models[0].references)
        let again = try #require(try run(iterations: 2).last)
        #expect(usual.models[1].references == again.models[1].references)
    }

    @Test func halvesWithoutAutoRefineAreRefused() {
        let error = #expect(throws: InputError.self) { try run(iterations: 2) { $0.isAutoRefine = false } }
        #expect(error?.description.contains("--auto_refine") == true)
    }

    @Test("sampling becomes finer when the resolution rests, and local searches are announced")
    func sampling() {
        var settings = RefinementSettings()
        settings.healpixOrder = 2
        settings.oversamplingOrder = 1
        settings.localSearchHealpixOrder = 4
        settings.offsetStepInPixels = 2
        var state = RunState(settings: settings, pixelSize: 1)
        state.rotationAccuracy = 1
        state.translationAccuracy = 0.5
        func look(withoutGain: Int) -> Bool {
            state.iterationsWithoutResolutionGain = withoutGain
            return state.updateGradientSampling(settings: settings)
        }
        let rested = look(withoutGain: 0)
        #expect(!rested && state.healpixOrder == 2)
        let refined = look(withoutGain: 2)
        #expect(refined && state.healpixOrder == 3 && state.offsetStep == 1.5 && state.subsetSizeOrder == 1)
        let paused = (0..<5).map { _ in look(withoutGain: 2) }
        #expect(!paused.contains(true))
        let announced = look(withoutGain: 2)
        #expect(!announced && state.localSamplingCountdown == 2)
        let waits = look(withoutGain: 2)
        #expect(!waits && state.localSamplingCountdown == 1)
        let local = look(withoutGain: 2)
        #expect(local && state.healpixOrder == 4 && state.usesAngularPriors && state.sigmaPsi == 2 * 360 / Double(6 << 5))
    }

    @Test func mostParticlesAfterFinerSamplings() throws {
        var settings = RefinementSettings()
        settings.isAutoRefine = true
        settings.gradient.initialSubsetSize = 100
        settings.gradient.finalSubsetSize = 350
        let schedule = try #require(GradientSchedule(settings: settings, kind: .autoRefine, particleCount: 2000))
        #expect((0..<4).map { schedule.subsetSize(order: $0, particleCount: 1000) } == [100, 200, 350, 350])
        #expect(schedule.subsetSize(order: 2, particleCount: 300) == nil)
    }
}
