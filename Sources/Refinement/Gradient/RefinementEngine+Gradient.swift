import Arrays
import Foundation
import Geometry
import Projection
import Reporting

/// Gradient-driven refinement with variable-metric adaptive moments (VDAM; Kimanius et al. 2021, Biochem J 478:4169; 2024,
/// Acta Cryst D): iterations over small random subsets, of which two halves give independent gradients.
extension RefinementEngine {
    /// Settings that follow from the choice of the gradient method, and its schedule; nil for expectation maximisation.
    static func resolveGradient(_ settings: inout RefinementSettings, startsWithoutReferences: Bool,
                                particleCount: Int) throws -> GradientSchedule? {
        guard settings.gradient.isEnabled else { return nil }
        guard settings.isAutoRefine || !settings.splitsRandomHalves else {
            throw InputError(place: "--grad", found: "is given together with random halves, but without --auto_refine",
                             remedy: "Give --auto_refine too, or leave --split_random_halves out.")
        }
        let isDenovo = startsWithoutReferences || settings.start == .randomSubsets
        let kind: GradientSchedule.Kind = settings.isAutoRefine ? .autoRefine
            : settings.dimensionality == .twoD ? .classes2D : isDenovo ? .initialModel : .classes3D
        guard let schedule = GradientSchedule(settings: settings, kind: kind, particleCount: particleCount) else {
            throw InputError(place: "--grad_stepsize_scheme, --tau2_fudge_scheme",
                             found: "“\(settings.gradient.stepSizeScheme)”, “\(settings.tau2FudgeScheme)”",
                             expected: "plain, or F-step with a factor F above 0")
        }
        settings.gradient.initialSubsetSize = schedule.initialSubsetSize
        settings.gradient.finalSubsetSize = schedule.finalSubsetSize
        // What is being made is not known to a run that goes on from files: it must find the steps in them.
        settings.gradient.stepSize = schedule.stepSize
        settings.gradient.stepSizeScheme = schedule.stepScheme.text
        settings.tau2FudgeScheme = schedule.fudgeScheme.text
        settings.tau2FudgeArgument = schedule.fudge
        settings.ignoresAngularChanges = true
        settings.skipsGridding = true
        return schedule
    }

    /// Step, regularisation and particles of this iteration.
    func prepareGradientIteration() {
        guard let schedule = gradientSchedule else { return }
        let iteration = state.iteration
        if iteration < 10 {
            state.iterationsWithoutResolutionGain = 0
            state.iterationsWithoutLargeChanges = 0
        }
        isGradientIteration = isGradient(schedule, iteration: iteration)
        state.stepSize = schedule.stepSize(iteration: iteration)
        for index in models.indices { models[index].tau2Fudge = schedule.tau2Fudge(iteration: iteration) }
        let subset = gradientSubsetSize(iteration: iteration)
        state.subsetSize = subset ?? -1
        prepareMap()
        if isGradientIteration {
            let count = data.particles.count / halfCount
            reporter.info(String(format: " Gradient: %d of %d particles, step size %.2f, T %.2f",
                                 subset ?? count, count, state.stepSize, models[0].tau2Fudge))
        }
    }

    private func isGradient(_ schedule: GradientSchedule, iteration: Int) -> Bool {
        schedule.isGradient(iteration: iteration) && !(iteration == 1 && settings.firstIterationCrossCorrelation)
            && !state.gradientHasConverged && !state.hasConverged
    }

    /// Particles of each half, or of all, that an iteration looks at; nil: all of them.
    func gradientSubsetSize(iteration: Int) -> Int? {
        guard let schedule = gradientSchedule, isGradient(schedule, iteration: iteration) else { return nil }
        let count = data.particles.count / halfCount
        guard settings.isAutoRefine else { return schedule.subsetSize(iteration: iteration, particleCount: count) }
        if state.localSamplingCountdown > 0 { return nil }
        return schedule.subsetSize(order: state.subsetSizeOrder, particleCount: count)
    }

    /// In gradient iterations accuracies and sampling are looked at every tenth time only.
    var looksAtAccuracy: Bool {
        !isGradientIteration || settings.isAutoRefine || state.iteration % 10 == 0 || state.iteration == settings.iterationCount || state.iteration <= 1
    }

    var looksAtSampling: Bool { !isGradientIteration || state.iteration % 10 == 0 }

    /// Significant samples allowed per particle.
    var significantSampleLimit: Int {
        if settings.maximumSignificantPoses != -1 || !isGradientIteration { return settings.maximumSignificantPoses }
        return (isVolume ? 100 : 5) * settings.classCount
    }

    /// Whether files are wanted after this iteration.
    var writesIteration: Bool {
        guard isGradientIteration, state.subsetSize > 0 else { return true }
        return state.iteration % max(1, settings.gradient.writeInterval) == 0 || state.iteration == settings.iterationCount
    }

    /// A class's direction of the next step and what is known about its noise.
    private struct ClassGradient {
        var direction: BackProjection
        var update: GradientMoments.Update
    }

    /// New references and model parameters from the sums of residuals.
    func maximiseGradient(_ work: ExpectationResult) {
        if settings.splitsRandomHalves {
            maximiseGradientOfHalves(work)
            return
        }
        let sums = work.sums[0], classes = models[0].classCount
        var gradients: [ClassGradient?] = []
        models[0].gradient.grow(to: sums.accumulators[0].layout, classCount: classes)
        for index in 0..<classes { gradients.append(updateMoments(index, sums: sums)) }
        let replaced = replaceInactiveClass(gradients)
        updateMap(sums, errors: classErrors(gradients))
        for index in 0..<classes where index != replaced {
            guard let gradient = gradients[index] else { continue }
            step(index, gradient, sums: sums)
        }
        let isSubset = state.subsetSize > 0
        models[0].update(from: sums, settings: settings, momentum: isSubset ? settings.gradient.mu : 0,
                         isCorrelation: isCorrelationIteration,
                         hasPremultipliedImages: data.optics.contains { $0.isPremultiplied })
        if settings.correctsCTF { state.referencesAreCTFCorrected = true }
    }

    /// Nil for classes that no particle belongs to.
    private func updateMoments(_ index: Int, sums: WeightedSums) -> ClassGradient? {
        guard models[0].classWeights[index] > 0 else { return nil }
        let halves = [index, index + models[0].classCount].map { number in
            let projection = sums.accumulators[number].finish()
            projection.symmetrise(group: symmetry, pool: pool)
            return projection
        }
        guard halves[0].weight.pointer.contains(where: { $0 > 0 }) else { return nil }
        let update = models[0].gradient.update(classIndex: index, half1: halves[0], half2: halves[1], pool: pool)
        return ClassGradient(direction: halves[0], update: update)
    }

    /// Puts a copy of the class with the largest gradient in the place of the least active class, if that is almost empty.
    /// - Returns: the class that was replaced.
    private func replaceInactiveClass(_ gradients: [ClassGradient?]) -> Int? {
        let threshold = settings.gradient.classInactivityThreshold
        guard threshold > 0, let schedule = gradientSchedule, schedule.replacesClasses(iteration: state.iteration) else { return nil }
        let weights = models[0].classWeights
        let active = weights.filter { $0 > 0 }.count
        let errors = classErrors(gradients)
        guard let idle = weights.indices.min(by: { weights[$0] < weights[$1] }),
              let busy = errors.indices.max(by: { errors[$0] < errors[$1] }), idle != busy, active > 0,
              weights[idle] < threshold / Double(active) else { return nil }
        models[0].copyClass(busy, to: idle)
        reporter.info(" Gradient: class \(idle + 1) had almost no particles; it goes on as a copy of class \(busy + 1).")
        return idle
    }

    private func classErrors(_ gradients: [ClassGradient?]) -> [Double] {
        gradients.indices.map { (gradients[$0]?.update.power ?? 0) * models[0].classWeights[$0] }
    }

    private func step(_ index: Int, _ gradient: ClassGradient, sums: WeightedSums) {
        let model = models[0]
        // The weights of one half of the particles only, as RELION takes them. `updateMoments` does not change weights.
        let spectra = gradient.direction.spectra(prior: .given(model.tau2[index]), fudge: model.tau2Fudge,
                                                 averageSquaredCTF: averageSquaredContrast(sums, model: model), pool: pool)
        models[0].sigma2[index] = spectra.sigma2
        models[0].dataVersusPrior[index] = spectra.dataVersusPrior
        models[0].fourierCoverage[index] = spectra.fourierCoverage
        // Small classes, whose gradients are noisy, take shorter steps.
        let share = 1 - exp(-Double(3 * model.classCount + 10) * model.classWeights[index])
        let reconstruction = GradientReconstruction(stepSize: state.stepSize * share, fudge: model.tau2Fudge,
                                                    correlation: model.goldStandardFSC[index])
        models[0].references[index] = reconstruction.stepped(model.references[index], along: gradient.direction,
                                                             noise: gradient.update.noise, pool: pool)
    }
}

extension RefinementModel {
    /// Makes class `target` a copy of class `source`.
    mutating func copyClass(_ source: Int, to target: Int) {
        references[target] = references[source]
        tau2[target] = tau2[source]
        dataVersusPrior[target] = dataVersusPrior[source]
        classWeights[target] = classWeights[source]
        directionPriors[target] = directionPriors[source]
        offsetPriors[target] = offsetPriors[source]
        // Less momentum lets the copy go its own way.
        gradient.copy(class: source, to: target, damping: 0.9)
    }
}
