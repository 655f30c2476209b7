import Foundation
import Testing
@testable import Refinement

/// Closed forms of the schedule at the first, middle and last iterations.
struct GradientScheduleTests {
    /// Rounding of a few operations in double precision.
    private let tolerance = 1e-12

    private func schedule(_ kind: GradientSchedule.Kind, particles: Int = 4501,
                          _ change: (inout RefinementSettings) -> Void = { _ in }) throws -> GradientSchedule {
        var settings = RefinementSettings()
        settings.gradient.isEnabled = true
        settings.iterationCount = 200
        change(&settings)
        return try #require(GradientSchedule(settings: settings, kind: kind, particleCount: particles))
    }

    @Test func phases() throws {
        let usual = try schedule(.classes2D)
        #expect(usual.initialIterations == 60 && usual.inbetweenIterations == 100 && usual.finalIterations == 40)
        // 0.7 + 0.5 leave no tenth for the transition: both are divided by 1.3.
        let crowded = try schedule(.classes2D) {
            $0.gradient.initialFraction = 0.7
            $0.gradient.finalFraction = 0.5
        }
        #expect(crowded.initialIterations == 107 && crowded.finalIterations == 76 && crowded.inbetweenIterations == 17)
    }

    @Test func stepSize() throws {
        let model = try schedule(.initialModel)
        // The sigmoid is centred 25 iterations into the transition, where the step is the mean of 0.9 and 0.5.
        #expect(abs(model.stepSize(iteration: 85) - 0.7) < tolerance)
        // Tails of the sigmoid: 10^-6.8 and 10^-9.2.
        #expect(abs(model.stepSize(iteration: 0) - 0.9) < 1e-6)
        #expect(abs(model.stepSize(iteration: 200) - 0.5) < 1e-6)
        #expect(try schedule(.classes3D).stepSize(iteration: 1) == 0.3)
        let own = try schedule(.classes3D) {
            $0.gradient.stepSize = 0.2
            $0.gradient.stepSizeScheme = "3-step"
        }
        #expect(abs(own.stepSize(iteration: 0) - 0.6) < 1e-6)
        #expect(abs(own.stepSize(iteration: 200) - 0.2) < 1e-6)
    }

    @Test func regularisation() throws {
        let classes = try schedule(.classes2D) { $0.tau2FudgeArgument = 2 }
        #expect(abs(classes.tau2Fudge(iteration: 0) - 1) < 1e-6)
        // Half-way between 1 and 2, half of 25 iterations into the transition.
        let share = 1 / (pow(10, 0.5 / 6.25) + 1)
        #expect(abs(classes.tau2Fudge(iteration: 73) - (2 - share)) < tolerance)
        #expect(abs(classes.tau2Fudge(iteration: 200) - 2) < 1e-6)
        #expect(try schedule(.classes3D).tau2Fudge(iteration: 1) == 4)
        #expect(try schedule(.classes3D) { $0.tau2FudgeScheme = "4-step" }.tau2Fudge(iteration: 0) < 1.001)
    }

    @Test func subsets() throws {
        let model = try schedule(.initialModel, particles: 100_000)
        #expect(model.subsetSize(iteration: 1, particleCount: 100_000) == 500)
        // A quarter of the way from 500 to 10000.
        #expect(model.subsetSize(iteration: 85, particleCount: 100_000) == 2875)
        #expect(model.subsetSize(iteration: 200, particleCount: 100_000) == 10_000)
        #expect(model.subsetSize(iteration: 200, particleCount: 900) == nil)
        let classes = try schedule(.classes2D) {
            $0.classCount = 5
            $0.gradient.initialSubsetSize = 30
            $0.gradient.emIterations = 10
        }
        #expect(classes.subsetSize(iteration: 59, particleCount: 4501) == 30)
        #expect(classes.subsetSize(iteration: 190, particleCount: 4501) == 1000)
        #expect(classes.subsetSize(iteration: 191, particleCount: 4501) == nil)
        #expect(classes.isGradient(iteration: 190) && !classes.isGradient(iteration: 191))
    }

    @Test func schemesThatCannotBeRead() {
        for text in ["step", "x-step", "0-step", "-1-step", "constant"] {
            #expect(GradientSchedule.Scheme(text) == nil, "\(text)")
        }
    }
}
