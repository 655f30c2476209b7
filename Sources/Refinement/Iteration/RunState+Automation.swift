import Foundation

extension RunState {
    /// Iterations without gain after which a finer sampling is tried; for gradient descent, after which it ends.
    private static let patience = 1
    private static let gradientPatience = 4

    /// Decides whether auto-refinement has converged: the sampling is as fine as the accuracy, and neither the resolution
    /// nor the assignments have improved.
    mutating func checkConvergence(settings: RefinementSettings, isGradientIteration: Bool) {
        let steady = iterationsWithoutResolutionGain >= Self.patience
            && (settings.ignoresAngularChanges || iterationsWithoutLargeChanges >= Self.patience)
        var expectationConverged = steady
        var gradientConverged = iterationsWithoutResolutionGain >= Self.gradientPatience
        if settings.gradient.isEnabled && !gradientHasConverged && gradientConverged {
            gradientHasConverged = true
            iterationsWithoutResolutionGain = 0
            iterationsWithoutLargeChanges = 0
            expectationConverged = false
            gradientConverged = false
        }
        if hasFineEnoughSampling && (isGradientIteration ? gradientConverged : expectationConverged) {
            hasConverged = true
            joinsHalves = true
            usesAllData = true
        }
    }

    /// Sets the resolution of the model from its SSNR spectra, and counts iterations without gain.
    mutating func updateResolution(of model: inout RefinementModel, settings: RefinementSettings,
                                   warn: (String) -> Void) {
        var best = 0
        let usesInitialFilter = settings.initialLowPass > 0
            && (iteration == 0 || (iteration == 1 && settings.firstIterationCrossCorrelation))
        if usesInitialFilter {
            best = Int((Double(model.box) * model.pixelSize / settings.initialLowPass).rounded())
        } else {
            for ssnr in model.dataVersusPrior { best = max(best, lastGoodShell(ssnr, model, settings, warn)) }
            best = max(best, settings.minimumResolutionShellOfMap)
        }
        let resolution = model.resolution(ofShell: best)
        if resolution <= model.currentResolution + 0.0001 {
            iterationsWithoutResolutionGain += 1
        } else {
            iterationsWithoutResolutionGain = 0
        }
        bestResolution = max(bestResolution, resolution)
        model.currentResolution = resolution
    }

    private func lastGoodShell(_ ssnr: [Double], _ model: RefinementModel, _ settings: RefinementSettings,
                               _ warn: (String) -> Void) -> Int {
        var shell = 1
        while shell < model.box / 2, ssnr[shell] >= 1 { shell += 1 }
        shell -= 1  // one shell to be on the safe side
        guard settings.splitsRandomHalves && settings.isAutoRefine else { return shell }
        // Phase randomisation or tight masks may make the curve dip and rise again.
        var upper = model.box / 2 - 1
        while upper >= shell, ssnr[upper] <= 1 { upper -= 1 }
        guard upper > shell + 3 else { return shell }
        warn(String(format: "The FSC dipped below 0.5 and rose again: using %.2f Å instead of %.2f Å.",
                    model.resolutionInAngstrom(ofShell: upper), model.resolutionInAngstrom(ofShell: shell)))
        return upper
    }

    /// Mean changes of the best poses since the last iteration, and how long they have not become smaller.
    mutating func updateChanges(from old: [Particle], to new: [Particle], isVolume: Bool, oversampling: Int,
                                angularDistance: (Particle, Particle) -> Double) {
        guard !new.isEmpty else { return }
        var angles = 0.0, offsets = 0.0, classes = 0.0
        for (before, after) in zip(old, new) {
            angles += angularDistance(before, after)
            let dx = before.offsetX - after.offsetX, dy = before.offsetY - after.offsetY
            offsets += dx * dx + dy * dy
            if before.classIndex != after.classIndex { classes += 1 }
        }
        let count = Double(new.count)
        changesInOrientations = angles / count
        changesInOffsets = (offsets / (2 * count)).squareRoot()
        changesInClasses = classes / count
        let angleRatio = changesInOrientations / angularStep(isVolume: isVolume, oversampling: oversampling)
        let offsetRatio = changesInOffsets / (offsetStep / Double(1 << oversampling))
        // Within 3 % of the smallest change, or less than 40 % of the sampling.
        if 1.03 * changesInClasses >= smallestChangesInClasses
            && (offsetRatio < 0.40 || 1.03 * changesInOffsets >= smallestChangesInOffsets)
            && (angleRatio < 0.40 || 1.03 * changesInOrientations >= smallestChangesInOrientations) {
            iterationsWithoutLargeChanges += 1
        } else {
            iterationsWithoutLargeChanges = 0
        }
        if changesInClasses < smallestChangesInClasses { smallestChangesInClasses = changesInClasses.rounded() }
        smallestChangesInOffsets = min(smallestChangesInOffsets, changesInOffsets)
        smallestChangesInOrientations = min(smallestChangesInOrientations, changesInOrientations)
    }

    /// Auto-sampling: doubles the angular sampling when refinement at the present one has come to rest and the accuracy
    /// of angles warrants it; sets shifts by the accuracy of shifts and by how much they still change.
    /// - Returns: whether the directions have changed.
    mutating func updateSampling(settings: RefinementSettings, isVolume: Bool, resolution: Double,
                                 isGradientIteration: Bool) -> Bool {
        let order = settings.oversamplingOrder
        let oldStep = angularStep(isVolume: isVolume, oversampling: order)
        let neededSteps = (Double.pi * settings.particleDiameter * resolution).rounded(.up)
        let neededStep = 360 / max(1, neededSteps)
        // Exhaustive searches should settle before local ones begin.
        let byResolution = settings.usesResolutionBasedAngles && neededStep < oldStep
            && healpixOrder + 1 != settings.localSearchHealpixOrder
        guard byResolution || iterationsWithoutResolutionGain >= Self.patience,
              settings.ignoresAngularChanges || iterationsWithoutLargeChanges >= Self.patience else { return false }
        if oldStep < 0.75 * rotationAccuracy {
            hasFineEnoughSampling = true
            return false
        }
        hasFineEnoughSampling = false
        let shifts = newShifts(order: order)
        var directionsChanged = false
        if isVolume {
            let reachesLocal = healpixOrder + 1 >= settings.localSearchHealpixOrder
            if !(isGradientIteration && !settings.isAutoRefine && reachesLocal) {
                refineDirections(settings: settings)
                directionsChanged = true
            }
        } else {
            psiStep /= 2
        }
        // Never to a coarser grid of shifts.
        if shifts.step <= offsetStep {
            offsetStep = shifts.step
            offsetRange = shifts.range
        }
        iterationsWithoutResolutionGain = 0
        iterationsWithoutLargeChanges = 0
        smallestChangesInClasses = 9_999_999
        smallestChangesInOffsets = 999
        smallestChangesInOrientations = 999
        return directionsChanged
    }

    /// Classification with `--allow_coarser_sampling`: no finer than four fifths of the estimated accuracies, but never finer
    /// than asked for.
    /// - Parameter usesResolution: there are no accuracies yet; the resolution says how finely to sample.
    /// - Returns: whether the directions have changed.
    mutating func coarsenSampling(settings: RefinementSettings, isVolume: Bool, resolution: Double,
                                  usesResolution: Bool) -> Bool {
        let order = settings.oversamplingOrder
        var directionsChanged = false
        if isVolume {
            let steps = (Double.pi * settings.particleDiameter * resolution).rounded(.up)
            let needed = 0.8 * (usesResolution ? 360 / max(1, steps) : rotationAccuracy)
            var wanted = originalHealpixOrder
            while wanted > 0, 360 / Double(6 << (wanted + order)) < needed { wanted -= 1 }
            // The last step down went beyond what is needed.
            if wanted < originalHealpixOrder, 360 / Double(6 << (wanted + order)) >= needed { wanted += 1 }
            directionsChanged = wanted != healpixOrder
            healpixOrder = wanted
            if directionsChanged { psiStep = 360 / Double(6 << healpixOrder) }
        } else {
            psiStep = max(originalPsiStep, 0.8 * rotationAccuracy * Double(1 << order))
        }
        let step = min(0.8 * translationAccuracy * Double(1 << order), 0.95 * offsetRange)
        offsetStep = max(originalOffsetStep, step)
        return directionsChanged
    }

    private mutating func refineDirections(settings: RefinementSettings) {
        healpixOrder += 1
        psiStep = 360 / Double(6 << healpixOrder)
        guard healpixOrder >= settings.localSearchHealpixOrder else { return }
        usesAngularPriors = true
        let sigma = 2 * angularStep(isVolume: true, oversampling: settings.oversamplingOrder)
        sigmaRot = sigma
        sigmaTilt = sigma
        sigmaPsi = sigma
    }

    private func newShifts(order: Int) -> (step: Double, range: Double) {
        var step = min(1.5, 0.75 * translationAccuracy) * Double(1 << order)
        // Five times the last changes, but not more than 30 % wider than before, and at least 3 × 3 shifts.
        var range = min(1.3 * offsetRange, 5 * changesInOffsets)
        range = max(range, 1.5 * step)
        // Wide searches in fine steps cost too much: narrow the range, then widen the step.
        if range > 4 * step { range /= 2 }
        if range > 4 * step { step = range / 4 }
        return (step, range)
    }
}
