import Arrays
import Foundation
import Fourier
import Geometry
import Parallel
import Projection
import Randomness

extension RefinementEngine {
    /// Half sets, noise spectra, first references and first resolution; then writes iteration 0.
    func initialise() throws {
        splitHalves()
        prepareParticleOrder()
        countGroups()
        state.perturbation.advance(seed: settings.randomSeed)
        let averages = try reporter.timed("initial noise") { try estimateNoise() }
        for index in models.indices {
            models[index].references = models[index].references.map {
                settings.initialLowPass > 0
                    ? ReferenceGrid.lowPass($0, resolution: settings.initialLowPass, pixelSize: models[index].pixelSize, pool: pool)
                    : $0
            }
        }
        if let averages, settings.gradient.startsFromBlobs { startFromBlobs(averages.generator) }
        clearUnusedClasses()
        let stackScale = 1 / Double(settings.referenceStackCount * settings.referenceStackCount)
        let spectra = models[0].references.map {
            Self.powerSpectrum($0, isVolume: isVolume, pool: pool).map { $0 * stackScale }
        }
        let directionCount = self.directionCount
        for index in models.indices {
            models[index].initialiseDataVersusPrior(powerSpectra: spectra, fixesTau: settings.fixesTau)
            models[index].resizeDirectionPriors(to: directionCount)
        }
        setEvenClassWeights()
        if settings.isAutoRefine && state.healpixOrder >= settings.localSearchHealpixOrder {
            state.usesAngularPriors = true
            if state.sigmaRot <= 0 || state.sigmaTilt <= 0 || state.sigmaPsi <= 0 {
                let sigma = 2 * state.angularStep(isVolume: isVolume, oversampling: settings.oversamplingOrder)
                (state.sigmaRot, state.sigmaTilt, state.sigmaPsi) = (sigma, sigma, sigma)
            }
        }
        try write()
        for index in models.indices {
            let ownState = state
            state.updateResolution(of: &models[index], settings: settings, warn: { reporter.warning($0) })
            if index > 0 { state = ownState }
        }
    }

    /// Random halves, unless the input names them.
    private func splitHalves() {
        guard settings.splitsRandomHalves else { return }
        if data.particles.contains(where: { $0.halfSet == 0 }) {
            var generator = AdditiveFeedbackGenerator(seed: settings.randomSeed)
            for index in data.particles.indices { data.particles[index].halfSet = Int(generator.next()) % 2 + 1 }
        }
        models = [models[0], models[0]]
    }

    /// Starts with the order of the file; a run that goes on takes the subsets that it would have taken without the break.
    func prepareParticleOrder() {
        particleOrder = ParticleOrder(data.particles, halfCount: halfCount)
        guard state.iteration > 0 else { return }
        for iteration in 1...state.iteration { advanceParticleOrder(to: iteration) }
    }

    /// Chooses the particles that an iteration works through.
    func advanceParticleOrder(to iteration: Int) {
        let subset = gradientSchedule == nil ? fastSubsetSize(iteration: iteration) : gradientSubsetSize(iteration: iteration)
        particleOrder.advance(seed: settings.randomSeed, iteration: iteration, subset: subset)
    }

    /// Particles of an iteration with `--fast_subsets`; nil: all.
    private func fastSubsetSize(iteration: Int) -> Int? {
        guard settings.usesFastSubsets else { return nil }
        let perClass = isVolume ? 1500 : 100
        let base = perClass * settings.classCount, count = data.particles.count
        let size: Int
        switch iteration {
        case ...5: size = base
        case ...10: size = 3 * base
        case ...15: size = max(3 * base, Int(0.3 * Double(count)))
        default: return nil
        }
        return size > count ? nil : size
    }

    private func countGroups() {
        for half in 0..<halfCount {
            var counts = [Int](repeating: 0, count: models[half].groupNames.count)
            for index in particleOrder.current[half] { counts[data.particles[index].group] += 1 }
            models[half].groupParticleCounts = counts
        }
    }

    /// Noise spectra; where there are no references, also averages of random subsets in random orientations, which are given back.
    private func estimateNoise() throws -> StartingAverages? {
        guard !settings.alwaysCrossCorrelation || startsWithoutReferences else {
            for index in models.indices {
                models[index].noise = models[index].noise.map { $0.map { _ in 1 } }
            }
            return nil
        }
        let model = models[0]
        var settings = settings
        settings.particlesForNoiseEstimate = max(settings.particlesForNoiseEstimate,
                                                 startsWithoutReferences ? model.classCount : 0)
        let averages = startsWithoutReferences ? StartingAverages(model: model, settings: settings) : nil
        let estimate = try InitialNoise(data: data, order: particleOrder.current.flatMap { $0 }, model: model, settings: settings,
                                        pool: pool) { place, particle, spectrum in
            averages?.add(particle, place: place, spectrum: spectrum, optics: data.optics[particle.opticsGroup])
        }
        if settings.checksNormalisation, let image = estimate.unnormalised {
            reporter.warning(String(
                format: "The background of particle %d has mean %.2f and standard deviation %.2f; images should be normalised "
                    + "to 0 and 1. If this is intended, --dont_check_norm silences the warning.",
                image.particle + 1, image.mean, image.deviation))
        }
        for index in models.indices {
            models[index].noise = estimate.noise
            if let averages { models[index].references = averages.reconstruct(pool: pool) }
        }
        return averages
    }

    /// Mean |F|²/2 per shell of a reference, with the scale of slices.
    static func powerSpectrum(_ map: RealArray, isVolume: Bool, pool: ThreadPool) -> [Double] {
        // Without padding and gridding correction this is the plain transform.
        PaddedReference(map: map, padding: 1, correctsGridding: false, pool: pool).powerSpectrum
    }

    /// Replaces the averages by random blobs of the particle's size with the averages' contrast: starting points that differ
    /// between classes but carry no structure.
    private func startFromBlobs(_ generator: AdditiveFeedbackGenerator) {
        var generator = generator
        let blobs = RandomBlobs(isVolume: isVolume, diameter: settings.particleDiameter / models[0].pixelSize)
        let references = models[0].references.map { map in
            let field = blobs.field(amplitudes: map, drawingFrom: &generator)
            let filtered = settings.initialLowPass > 0
                ? ReferenceGrid.lowPass(field, resolution: settings.initialLowPass, pixelSize: models[0].pixelSize, pool: pool)
                : field
            return ReferenceGrid.maskOutside(filtered, radius: blobs.diameter / 2, edge: Double(settings.maskEdgeInPixels))
        }
        for index in models.indices { models[index].references = references }
    }
}
