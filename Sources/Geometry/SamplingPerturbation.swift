import Randomness

/// The random shift of the sampling grids from one iteration to the next, in units of the coarse steps.
///
/// RELION draws once when a run is set up, with the generator seeded by `--random_seed`, and once at the start of every
/// iteration, with the generator seeded by seed + iteration: hand over freshly seeded generators to obtain its values.
package struct SamplingPerturbation: Sendable, Hashable {
    /// Largest shift (`--perturb`); 0 turns the perturbation off.
    package let factor: Double
    /// The present shift, in −factor ... factor.
    package private(set) var instance: Double

    /// - Precondition: 0 ≤ factor ≤ 1.
    package init(factor: Double, instance: Double = 0) {
        precondition((0...1).contains(factor))
        self.factor = factor
        self.instance = instance
    }

    /// The perturbation of iteration `iteration` of an uninterrupted run; iteration 0 is the set-up.
    package init(factor: Double, seed: Int, iteration: Int) {
        self.init(factor: factor)
        for step in 0...max(0, iteration) { advance(seed: seed + step) }
    }

    /// Moves on by a random part of the factor, between a half and the whole of it, so that consecutive shifts differ
    /// strongly, and wraps around.
    package mutating func advance(seed: Int) {
        var generator = AdditiveFeedbackGenerator(seed: seed)
        advance(drawingFrom: &generator)
    }

    package mutating func advance(drawingFrom generator: inout AdditiveFeedbackGenerator) {
        if factor == 0 { return }
        instance += generator.uniform(Float(0.5 * factor), Float(factor))
        while instance > factor { instance -= 2 * factor }
        while instance < -factor { instance += 2 * factor }
    }
}
