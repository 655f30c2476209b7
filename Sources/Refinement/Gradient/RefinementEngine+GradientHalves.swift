import Arrays
import Foundation
import Fourier
import Projection

/// The gradient method in auto-refinement: two random halves, each with a reference of its own that follows its own gradient. What
/// the halves share is the second moment, which is of the difference of their gradients, and their FSC.
extension RefinementEngine {
    /// New references and model parameters of both halves from the sums of residuals.
    func maximiseGradientOfHalves(_ work: ExpectationResult) {
        let gradients = work.sums.map { sums in
            let projection = sums.accumulators[0].finish()
            projection.symmetrise(group: symmetry, pool: pool)
            return projection
        }
        joinHalvesAtLowResolution(gradients[0], gradients[1])
        noteCorrelation(smoothedCorrelation())
        var moments = models[0].gradient
        models[0].gradient = GradientMoments()  // One owner: changed in place.
        models[1].gradient = GradientMoments()
        moments.grow(to: gradients[0].layout, classCount: 1)
        let update = moments.update(classIndex: 0, half1: gradients[0], half2: gradients[1], direction: .own, pool: pool)
        models[0].gradient = moments
        let momentum = state.subsetSize > 0 ? settings.gradient.mu : 0
        for half in models.indices {
            if work.sums[half].classWeights[0] > 0 { step(half: half, along: gradients[half], noise: update.noise, sums: work.sums[half]) }
            models[half].update(from: work.sums[half], settings: settings, momentum: momentum, isCorrelation: isCorrelationIteration,
                                hasPremultipliedImages: data.optics.contains { $0.isPremultiplied })
        }
        models[1].averageMaximumProbability = models[0].averageMaximumProbability
        models[1].dataVersusPrior = models[0].dataVersusPrior
        if settings.correctsCTF { state.referencesAreCTFCorrected = true }
    }

    private func step(half: Int, along gradient: BackProjection, noise: [Double], sums: WeightedSums) {
        let model = models[half], fsc = model.goldStandardFSC[0]
        let spectra = gradient.spectra(prior: .correlation(fsc, isWholeSet: false), fudge: model.tau2Fudge,
                                       averageSquaredCTF: averageSquaredContrast(sums, model: model), pool: pool)
        models[half].tau2[0] = spectra.tau2
        models[half].sigma2[0] = spectra.sigma2
        models[half].dataVersusPrior[0] = spectra.dataVersusPrior
        models[half].fourierCoverage[0] = spectra.fourierCoverage
        let reconstruction = GradientReconstruction(stepSize: state.stepSize, fudge: model.tau2Fudge, correlation: fsc,
                                                    isGoldStandard: true)
        models[half].references[0] = reconstruction.stepped(model.references[0], along: gradient, noise: noise, pool: pool)
    }

    /// FSC of the halves' present references, as a running mean: references change little from step to step. It starts from 1 up to the
    /// resolution of the initial low-pass filter, beyond which there is nothing yet.
    private func smoothedCorrelation() -> [Double] {
        let first = models[0].references[0], second = models[1].references[0], mu = settings.gradient.mu
        var fsc = settings.correctsFSCForSolvent && masks.solvent != nil
            ? SolventCorrectedFSC(first: first, second: second, mask: masks.solvent ?? first,
                                  seed: settings.randomSeed + state.iteration, pool: pool).corrected
            : FourierShellCorrelation(first, second, pool: pool).correlation
        for shell in fsc.indices where shell > models[0].currentSize / 2 { fsc[shell] = 0 }
        let edge = Double(models[0].box) * models[0].pixelSize / max(1e-9, settings.initialLowPass) + ReferenceGrid.fourierEdge / 2
        return fsc.enumerated().map { shell, value in
            let old = state.iteration == 1 ? (settings.initialLowPass > 0 && Double(shell) <= edge ? 1 : 0)
                : models[0].goldStandardFSC[0][shell]
            return min(1, max(0, mu * old + (1 - mu) * (value.isFinite ? value : 0)))
        }
    }
}
