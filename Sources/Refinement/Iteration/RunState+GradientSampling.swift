extension RunState {
    /// Times without gain in resolution after which a gradient refinement samples more finely.
    private static let gradientSamplingPatience = 2
    /// Times that a new sampling is given to take effect.
    private static let finerSamplingRest = 5
    /// Times that local searches are announced before they begin; all particles are looked at meanwhile.
    private static let localSamplingNotice = 2

    /// Sampling of the gradient method in auto-refinement, looked at every ten iterations: one step finer when the resolution does not
    /// grow and the accuracy of angles warrants it. Each finer sampling doubles the number of particles in an iteration.
    /// - Returns: whether the directions have changed.
    mutating func updateGradientSampling(settings: RefinementSettings) -> Bool {
        if finerSamplingPause > 0 {
            finerSamplingPause -= 1
            return false
        }
        var order = healpixOrder, step = offsetStep
        if localSamplingCountdown < 0 {
            if iterationsWithoutResolutionGain >= Self.gradientSamplingPatience {
                let finer = 360 / Double(6 << (healpixOrder + 1 + settings.oversamplingOrder))
                if finer >= 0.9 * rotationAccuracy { order += 1 }
                // Not finer than nine tenths of the accuracy, and at least five shifts across the range.
                let least = min(0.9 * translationAccuracy * Double(1 << settings.oversamplingOrder), 0.95 * offsetRange)
                step = max(0.75 * offsetStep, least)
            }
            if !usesAngularPriors && order >= settings.localSearchHealpixOrder {
                order = healpixOrder
                localSamplingCountdown = Self.localSamplingNotice
            }
        } else {
            localSamplingCountdown -= 1
            if localSamplingCountdown == 0 { order = settings.localSearchHealpixOrder }
            iterationsWithoutResolutionGain = 0
        }
        let hasNewDirections = order != healpixOrder
        if hasNewDirections { subsetSizeOrder += 1 }
        if hasNewDirections || step != offsetStep { apply(order: order, offsetStep: step, settings: settings) }
        return hasNewDirections
    }

    private mutating func apply(order: Int, offsetStep step: Double, settings: RefinementSettings) {
        hasFineEnoughSampling = false
        healpixOrder = order
        psiStep = 360 / Double(6 << order)
        offsetStep = step
        smallestChangesInClasses = 9_999_999
        smallestChangesInOffsets = 999
        smallestChangesInOrientations = 999
        if order >= settings.localSearchHealpixOrder {
            usesAngularPriors = true
            let sigma = 2 * angularStep(isVolume: true, oversampling: settings.oversamplingOrder)
            (sigmaRot, sigmaTilt, sigmaPsi) = (sigma, sigma, sigma)
        }
        iterationsWithoutResolutionGain = 0
        if localSamplingCountdown < 0 { finerSamplingPause = Self.finerSamplingRest }
    }
}
