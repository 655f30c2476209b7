import Geometry

/// What a run remembers from one iteration to the next besides the models: the sampling, the counters that steer
/// automation, and the flags of convergence. Written to and read from the optimiser and sampling files.
package struct RunState: Sendable {
    package var iteration = 0
    package var randomSeed: Int

    // MARK: Sampling
    package var healpixOrder: Int
    package var originalHealpixOrder: Int
    /// Degrees; of the coarse grid.
    package var psiStep: Double
    package var originalPsiStep: Double
    /// Å.
    package var offsetRange: Double
    package var offsetStep: Double
    package var originalOffsetRange: Double
    package var originalOffsetStep: Double
    package var perturbation: SamplingPerturbation
    /// σ of the angular priors, degrees; 0: global search.
    package var sigmaRot = 0.0
    package var sigmaTilt = 0.0
    package var sigmaPsi = 0.0
    package var usesAngularPriors = false

    // MARK: Automation
    package var iterationsWithoutResolutionGain = 0
    package var iterationsWithoutLargeChanges = 0
    package var changesInOrientations = 999.0
    package var changesInOffsets = 999.0
    package var changesInClasses = 9_999_999.0
    package var smallestChangesInOrientations = 999.0
    package var smallestChangesInOffsets = 999.0
    package var smallestChangesInClasses = 9_999_999.0
    package var rotationAccuracy = 999.0
    package var translationAccuracy = 999.0
    package var bestResolution = 1 / 999.0
    package var incrementOfShells: Int
    package var hasConverged = false
    package var hasFineEnoughSampling = false
    package var hasHighFSCAtLimit = false
    package var joinsHalves = false
    package var usesAllData = false
    package var referencesAreCTFCorrected = true

    // MARK: Gradient
    package var stepSize = 0.0
    package var subsetSize = -1
    package var gradientHasConverged = false
    package var subsetSizeOrder = 0
    /// Times that auto-refinement will not look for a finer sampling; 0 and below: it looks.
    package var finerSamplingPause = -1
    /// Times until local searches begin; negative: that is not decided yet.
    package var localSamplingCountdown = -1

    /// State before the first iteration of a new run.
    package init(settings: RefinementSettings, pixelSize: Double) {
        randomSeed = settings.randomSeed
        healpixOrder = settings.healpixOrder
        originalHealpixOrder = settings.healpixOrder
        let psi = settings.psiStep > 0 ? settings.psiStep
            : settings.dimensionality == .threeD ? 360 / Double(6 << settings.healpixOrder) : 10
        psiStep = psi
        originalPsiStep = psi
        offsetRange = settings.offsetRangeInPixels * pixelSize
        offsetStep = settings.offsetStepInPixels * pixelSize
        originalOffsetRange = offsetRange
        originalOffsetStep = offsetStep
        perturbation = SamplingPerturbation(factor: settings.perturbation)
        incrementOfShells = settings.incrementOfShells
        referencesAreCTFCorrected = settings.referencesAreCTFCorrected
        if settings.sigmaRot > 0 || settings.sigmaTilt > 0 || settings.sigmaPsi > 0 {
            usesAngularPriors = true
            sigmaRot = max(0, settings.sigmaRot)
            sigmaTilt = max(0, settings.sigmaTilt)
            sigmaPsi = max(0, settings.sigmaPsi)
        }
    }

    /// Step of the angular sampling, degrees.
    func angularStep(isVolume: Bool, oversampling: Int) -> Double {
        isVolume ? 360 / Double(6 << (healpixOrder + oversampling)) : psiStep / Double(1 << oversampling)
    }
}
