import Foundation
import Metadata
import ProgramKit
import Refinement

extension OptimiserFile {
    /// Names of files that the run was given; `None` where there is none.
    struct InputNames: Sendable {
        var solvent = "None"
        var second = "None"
        var localSymmetry = "None"
        var signalSpectrum = "None"
    }

    /// The state of a run as a file.
    init(
        _ snapshot: RefinementSnapshot, names: RefinementFileNames, inputs: InputNames, commandLine: String,
        pooledParticles: Int
    ) {
        self.init()
        let settings = snapshot.settings
        let words = commandLine.split(separator: " ", maxSplits: 1).dropFirst().joined()
        comments = ["RELION optimiser; version \(SuiteVersion.banner.split(separator: " ").last ?? "")", words]
        let isSplit = snapshot.half(ofModel: 0) != nil
        outputRoot = settings.outputRoot
        modelFile = names.model(half: isSplit ? 1 : nil)
        modelFileOfHalf2 = isSplit ? names.model(half: 2) : ""
        dataFile = names.data
        samplingFile = names.sampling
        hasRandomHalves = isSplit
        iteration = snapshot.isFinal ? -1 : snapshot.state.iteration
        solventMask = inputs.solvent
        secondSolventMask = inputs.second
        localSymmetryFile = inputs.localSymmetry
        tauSpectrumFile = inputs.signalSpectrum
        self.pooledParticles = pooledParticles
        set(settings)
        setGradient(settings, snapshot.state)
        set(snapshot.state)
        isGradientIteration = settings.gradient.isEnabled && snapshot.state.subsetSize > 0
    }

    private mutating func set(_ settings: RefinementSettings) {
        iterationCount = settings.iterationCount
        joinHalvesUntilResolution = settings.joinsHalvesUntil
        oversamplingOrder = settings.oversamplingOrder
        significantFraction = settings.adaptiveFraction
        randomSeed = settings.randomSeed
        particleDiameterInAngstrom = settings.particleDiameter
        maskEdgeInPixels = settings.maskEdgeInPixels
        masksWithZeros = settings.fillsMaskWithZeros
        flattensSolvent = settings.flattensSolvent
        correctsFSCForSolvent = settings.correctsFSCForSolvent
        maximalCoarseImageSize = settings.coarseSizeInPixels
        highResolutionLimit = settings.strictHighResolution
        lowResolutionLimit = settings.strictLowResolution
        usesFastSubsets = settings.usesFastSubsets
        tau2FudgeScheme = settings.tau2FudgeScheme
        requestedTau2Fudge = settings.tau2FudgeArgument
        maximalSignificantPoses = settings.maximumSignificantPoses
        isAutoRefinement = settings.isAutoRefine
        hasAutoSampling = settings.isAutoSampling
        localSearchHealpixOrder = settings.localSearchHealpixOrder
        skipsAlignment = settings.skipsAlignment
        skipsRotation = settings.skipsRotation
        correctsNorm = settings.correctsNorm
        correctsScale = settings.correctsScale
        correctsCTF = settings.correctsCTF
        centersClasses = settings.centersClasses
        ignoresCTFUntilFirstPeak = settings.leavesCTFIntactToFirstPeak
        isPhaseFlipped = settings.dataArePhaseFlipped
        onlyFlipsPhases = settings.onlyFlipsPhases
        keepsNoiseFixed = settings.fixesNoise
        keepsOffsetSpreadFixed = settings.fixesOffsetSpread
        offsetRangeX = settings.offsetRangeX
        offsetRangeY = settings.offsetRangeY
    }

    private mutating func setGradient(_ settings: RefinementSettings, _ state: RunState) {
        let gradient = settings.gradient
        isGradientRefinement = gradient.isEnabled
        gradientExpectationIterations = gradient.emIterations
        gradientHasConverged = state.gradientHasConverged
        gradientStepSize = state.stepSize
        gradientSubsetOrder = state.subsetSizeOrder
        gradientFinerSamplingSuspendedSince = state.finerSamplingPause
        gradientLocalSamplingSuspendedSince = state.localSamplingCountdown
        gradientInitialFraction = gradient.initialFraction
        gradientFinalFraction = gradient.finalFraction
        gradientMinimalResolution = gradient.minimumResolution
        gradientInitialResolution = gradient.initialResolution
        gradientFinalResolution = gradient.finalResolution
        gradientInitialSubsetSize = gradient.initialSubsetSize
        gradientFinalSubsetSize = gradient.finalSubsetSize
        gradientMomentum = gradient.isEnabled ? gradient.mu : 0
        classInactivityThreshold = gradient.classInactivityThreshold
        gradientSubsetSize = state.subsetSize
        gradientWritesEvery = gradient.writeInterval
        gradientRequestedStepSize = gradient.stepSize
        gradientStepSizeScheme = gradient.stepSizeScheme
    }

    private mutating func set(_ state: RunState) {
        imageSizeIncrement = state.incrementOfShells
        iterationsWithoutResolutionGain = state.iterationsWithoutResolutionGain
        bestResolution = state.bestResolution
        iterationsWithoutLargeChanges = state.iterationsWithoutLargeChanges
        rotationAccuracy = state.rotationAccuracy
        translationAccuracy = state.translationAccuracy
        orientationChange = state.changesInOrientations
        offsetChange = state.changesInOffsets
        classChange = state.changesInClasses
        smallestOrientationChange = state.smallestChangesInOrientations
        smallestOffsetChange = state.smallestChangesInOffsets
        smallestClassChange = Int(state.smallestChangesInClasses)
        hasConverged = state.hasConverged
        hasHighFSCAtLimit = state.hasHighFSCAtLimit
        referencesAreCTFCorrected = state.referencesAreCTFCorrected
    }
}
