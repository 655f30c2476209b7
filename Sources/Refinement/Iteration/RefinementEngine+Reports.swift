import Foundation

extension RefinementEngine {
    func reportConvergence() {
        let model = models[0]
        reporter.info(String(
            format: " Auto-refine: iteration %d; resolution %.2f Å (no gain for %d iterations); changes: angles %.2f°, "
                + "offsets %.2f Å (no gain for %d iterations)",
            state.iteration, model.currentResolution > 0 ? 1 / model.currentResolution : 999,
            state.iterationsWithoutResolutionGain, state.changesInOrientations, state.changesInOffsets,
            state.iterationsWithoutLargeChanges))
        if state.hasConverged {
            reporter.info(" Auto-refine: converged; the last iteration joins both halves and uses data to Nyquist frequency.")
        }
    }

    func reportSampling() {
        reporter.info(String(
            format: " Sampling: angular step %.2f°, local searches: %@; offsets within %.2f Å in steps of %.2f Å; "
                + "accuracy of angles %.2f°, of offsets %.2f Å",
            state.angularStep(isVolume: isVolume, oversampling: settings.oversamplingOrder),
            state.usesAngularPriors ? "yes" : "no", state.offsetRange,
            state.offsetStep / Double(1 << settings.oversamplingOrder), state.rotationAccuracy, state.translationAccuracy))
    }

    func reportLeftOut(_ result: ExpectationResult) {
        let particles = result.sums.flatMap(\.leftOut).sorted().map { String($0 + 1) }
        guard !particles.isEmpty else { return }
        reporter.warning("Iteration \(state.iteration): no orientation has a probability for \(particles.count) particle(s), which are "
            + "left out: " + particles.prefix(10).joined(separator: ", ") + (particles.count > 10 ? ", …" : "") + ".")
    }

    func reportIteration() {
        let model = models[0]
        var text = String(
            format: " Iteration %d: resolution %.2f Å, mean Pmax %.3f, log-likelihood %.6g; changes: angles %.2f°, "
                + "offsets %.2f Å, classes %.1f %%",
            state.iteration, 1 / max(1e-9, model.currentResolution), model.averageMaximumProbability, model.logLikelihood,
            state.changesInOrientations, state.changesInOffsets, 100 * min(1, state.changesInClasses))
        if model.classCount > 1 {
            let sizes = model.classWeights.sorted(by: >).prefix(10).map { String(format: "%.3f", $0) }
            text += "\n   class sizes: " + sizes.joined(separator: " ") + (model.classCount > 10 ? " …" : "")
        }
        reporter.info(text)
    }
}
