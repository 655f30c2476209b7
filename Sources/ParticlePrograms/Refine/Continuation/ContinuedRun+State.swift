import Arrays
import Geometry
import Metadata
import Refinement

/// From the files of a run to the engine's values: the inverse of what `RefinementFiles` writes.
extension ContinuedRun {
    var settings: RefinementSettings {
        var settings = RefinementSettings()
        settings.dimensionality = models[0].referenceDimensionality == 3 ? .threeD : .twoD
        settings.classCount = models[0].classes.count
        settings.start = .references
        settings.outputRoot = optimiser.outputRoot
        setSampling(&settings)
        setCorrections(&settings)
        setAutomation(&settings)
        setGradient(&settings)
        return settings
    }

    private func setSampling(_ settings: inout RefinementSettings) {
        settings.randomSeed = optimiser.randomSeed
        settings.oversamplingOrder = optimiser.oversamplingOrder
        settings.adaptiveFraction = optimiser.significantFraction
        settings.coarseSizeInPixels = optimiser.maximalCoarseImageSize
        settings.strictHighResolution = optimiser.highResolutionLimit
        settings.strictLowResolution = optimiser.lowResolutionLimit
        settings.incrementOfShells = optimiser.imageSizeIncrement
        settings.maximumSignificantPoses = optimiser.maximalSignificantPoses
        settings.skipsAlignment = optimiser.skipsAlignment
        settings.skipsRotation = optimiser.skipsRotation
        settings.offsetRangeX = optimiser.offsetRangeX
        settings.offsetRangeY = optimiser.offsetRangeY
        settings.symmetry = sampling.symmetryGroup
        settings.tiltLimit = sampling.tiltAngleLimit
        settings.healpixOrder = sampling.originalHealpixOrder
        settings.psiStep = sampling.originalPsiStep
        let pixelSize = models[0].pixelSizeInAngstrom
        settings.offsetRangeInPixels = sampling.originalOffsetRange / pixelSize
        settings.offsetStepInPixels = sampling.originalOffsetStep / pixelSize
        settings.perturbation = sampling.perturbationFactor
        if models[0].orientationalPriorMode != 0 {
            settings.sigmaRot = models[0].rotPriorSpread
            settings.sigmaTilt = models[0].tiltPriorSpread
            settings.sigmaPsi = models[0].psiPriorSpread
        }
        settings.paddingFactor = Int(models[0].paddingFactor)
        settings.usesNearestNeighbour = models[0].interpolator == 0
        settings.minimumRadiusNearestNeighbour = models[0].minimalRadiusForInterpolation
    }

    private func setCorrections(_ settings: inout RefinementSettings) {
        settings.particleDiameter = optimiser.particleDiameterInAngstrom
        settings.maskEdgeInPixels = optimiser.maskEdgeInPixels
        settings.fillsMaskWithZeros = optimiser.masksWithZeros
        settings.flattensSolvent = optimiser.flattensSolvent
        settings.correctsFSCForSolvent = optimiser.correctsFSCForSolvent
        settings.correctsCTF = optimiser.correctsCTF
        settings.correctsNorm = optimiser.correctsNorm
        settings.correctsScale = optimiser.correctsScale
        settings.centersClasses = optimiser.centersClasses
        settings.leavesCTFIntactToFirstPeak = optimiser.ignoresCTFUntilFirstPeak
        settings.dataArePhaseFlipped = optimiser.isPhaseFlipped
        settings.onlyFlipsPhases = optimiser.onlyFlipsPhases
        settings.referencesAreCTFCorrected = optimiser.referencesAreCTFCorrected
        settings.fixesNoise = optimiser.keepsNoiseFixed
        settings.fixesOffsetSpread = optimiser.keepsOffsetSpreadFixed
        settings.tau2FudgeArgument = optimiser.requestedTau2Fudge
        settings.tau2FudgeScheme = optimiser.tau2FudgeScheme
        settings.initialOffsetSpread = models[0].offsetSpread
    }

    private func setAutomation(_ settings: inout RefinementSettings) {
        settings.iterationCount = optimiser.iterationCount
        settings.isAutoRefine = optimiser.isAutoRefinement
        settings.isAutoSampling = optimiser.hasAutoSampling
        settings.splitsRandomHalves = optimiser.hasRandomHalves
        settings.joinsHalvesUntil = optimiser.joinHalvesUntilResolution
        settings.localSearchHealpixOrder = optimiser.localSearchHealpixOrder
        settings.usesFastSubsets = optimiser.usesFastSubsets
    }

    private func setGradient(_ settings: inout RefinementSettings) {
        settings.gradient.isEnabled = optimiser.isGradientRefinement
        settings.gradient.emIterations = optimiser.gradientExpectationIterations
        settings.gradient.initialFraction = optimiser.gradientInitialFraction
        settings.gradient.finalFraction = optimiser.gradientFinalFraction
        settings.gradient.minimumResolution = optimiser.gradientMinimalResolution
        settings.gradient.initialResolution = optimiser.gradientInitialResolution
        settings.gradient.finalResolution = optimiser.gradientFinalResolution
        settings.gradient.initialSubsetSize = optimiser.gradientInitialSubsetSize
        settings.gradient.finalSubsetSize = optimiser.gradientFinalSubsetSize
        settings.gradient.mu = optimiser.gradientMomentum
        settings.gradient.stepSize = optimiser.gradientRequestedStepSize
        settings.gradient.stepSizeScheme = optimiser.gradientStepSizeScheme
        settings.gradient.writeInterval = optimiser.gradientWritesEvery
        settings.gradient.classInactivityThreshold = optimiser.classInactivityThreshold
    }

    /// What the run remembered after its last iteration.
    func state(settings: RefinementSettings) -> RunState {
        var state = RunState(settings: settings, pixelSize: models[0].pixelSizeInAngstrom)
        state.iteration = optimiser.iteration
        state.healpixOrder = sampling.healpixOrder
        state.originalHealpixOrder = sampling.originalHealpixOrder
        state.psiStep = sampling.psiStep
        state.originalPsiStep = sampling.originalPsiStep
        state.offsetRange = sampling.offsetRange
        state.offsetStep = sampling.offsetStep
        state.originalOffsetRange = sampling.originalOffsetRange
        state.originalOffsetStep = sampling.originalOffsetStep
        // Perturbing may have been given anew; a shift beyond its range makes no sense.
        let factor = min(1, max(0, settings.perturbation))
        state.perturbation = SamplingPerturbation(
            factor: factor, instance: abs(sampling.perturbation) <= factor ? sampling.perturbation : 0)
        state.usesAngularPriors = models[0].orientationalPriorMode != 0
        state.sigmaRot = models[0].rotPriorSpread
        state.sigmaTilt = models[0].tiltPriorSpread
        state.sigmaPsi = models[0].psiPriorSpread
        state.iterationsWithoutResolutionGain = optimiser.iterationsWithoutResolutionGain
        state.iterationsWithoutLargeChanges = optimiser.iterationsWithoutLargeChanges
        state.changesInOrientations = optimiser.orientationChange
        state.changesInOffsets = optimiser.offsetChange
        state.changesInClasses = optimiser.classChange
        state.smallestChangesInOrientations = optimiser.smallestOrientationChange
        state.smallestChangesInOffsets = optimiser.smallestOffsetChange
        state.smallestChangesInClasses = Double(optimiser.smallestClassChange)
        state.rotationAccuracy = optimiser.rotationAccuracy
        state.translationAccuracy = optimiser.translationAccuracy
        state.bestResolution = optimiser.bestResolution
        state.incrementOfShells = optimiser.imageSizeIncrement
        state.hasConverged = optimiser.hasConverged
        state.hasHighFSCAtLimit = optimiser.hasHighFSCAtLimit
        state.referencesAreCTFCorrected = optimiser.referencesAreCTFCorrected
        state.stepSize = optimiser.gradientStepSize
        state.subsetSize = optimiser.gradientSubsetSize
        state.gradientHasConverged = optimiser.gradientHasConverged
        state.subsetSizeOrder = optimiser.gradientSubsetOrder
        state.finerSamplingPause = optimiser.gradientFinerSamplingSuspendedSince
        state.localSamplingCountdown = optimiser.gradientLocalSamplingSuspendedSince
        return state
    }

    var engineModels: [RefinementModel] { models.indices.map(engineModel) }

    private func engineModel(_ index: Int) -> RefinementModel {
        let file = models[index]
        var model = RefinementModel(
            box: file.imageSize, pixelSize: file.pixelSizeInAngstrom, isVolume: file.referenceDimensionality == 3,
            references: references[index], groupNames: particles.groups.names,
            groupParticleCounts: file.groups.map(\.particleCount), opticsGroupCount: file.noiseSpectra.count)
        model.gradient = moments
        model.tau2 = file.classes.map(\.spectra.tau2)
        model.sigma2 = file.classes.map(\.spectra.sigma2)
        model.dataVersusPrior = file.classes.map(\.spectra.signalToNoise)
        model.fourierCoverage = file.classes.map(\.spectra.fourierCompleteness)
        model.goldStandardFSC = file.classes.map(\.spectra.halfMapFSC)
        model.orientability = file.classes.enumerated().map {
            $1.spectra.orientability.isEmpty ? model.orientability[$0] : $1.spectra.orientability
        }
        model.classWeights = file.classes.map(\.distribution)
        // Files of 2D runs have no directions: their single one has the weight of its class.
        model.directionPriors = file.classes.map { model.isVolume ? $0.orientationDistribution : [$0.distribution] }
        model.offsetPriors = file.classes.map { (x: $0.offsetPrior.x, y: $0.offsetPrior.y) }
        model.rotationAccuracy = file.classes.map(\.rotationAccuracy)
        model.translationAccuracy = file.classes.map(\.translationAccuracy)
        model.estimatedResolution = file.classes.map(\.estimatedResolution)
        model.totalFourierCoverage = file.classes.map(\.overallFourierCompleteness)
        model.noise = file.noiseSpectra
        model.groupScale = file.groups.map(\.scale)
        model.averageNormCorrection = file.averageNormCorrection
        model.offsetVariance = file.offsetSpread * file.offsetSpread
        model.logLikelihood = file.logLikelihood
        model.averageMaximumProbability = file.averageMaximalProbability
        model.tau2Fudge = file.tau2Fudge
        model.currentResolution = file.currentResolutionInAngstrom.isFinite ? 1 / file.currentResolutionInAngstrom : 0
        model.currentSize = file.currentImageSize
        return model
    }
}
