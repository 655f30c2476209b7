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
        try reporter.timed("initial noise") { try estimateNoise() }
        for index in models.indices {
            models[index].references = models[index].references.map {
                settings.initialLowPass > 0
                    ? ReferenceGrid.lowPass($0, resolution: settings.initialLowPass, pixelSize: models[index].pixelSize, pool: pool)
                    : $0
            }
        }
        if startsWithoutReferences && settings.gradient.startsFromBlobs { startFromBlobs() }
        clearUnusedClasses()
        let spectra = models[0].references.map { Self.powerSpectrum($0, isVolume: isVolume, pool: pool) }
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

    /// Particles of each half in a random order that the seed fixes, those of one optics group together.
    ///
    /// - Parameters:
    ///   - seed: of the order; nil: that of the run.
    ///   - limit: the number of particles of each half that are taken.
    func prepareParticleOrder(seed: Int? = nil, limit: Int = .max) {
        particleOrder = (0..<halfCount).map { half in
            let indices = data.particles.indices.filter { halfCount == 1 || data.particles[$0].halfSet == half + 1 }
            let order = shuffled(Array(indices), seed: seed ?? settings.randomSeed, half: half)
            return groupedByOptics(Array(order.prefix(limit)))
        }
    }

    private func shuffled(_ indices: [Int], seed: Int, half: Int) -> [Int] {
        var indices = indices
        var generator = CounterGenerator(seed: seed, stream: half)
        indices.shuffle(using: &generator)
        return indices
    }

    private func groupedByOptics(_ indices: [Int]) -> [Int] {
        let groups = Dictionary(grouping: indices) { data.particles[$0].opticsGroup }
        return groups.keys.sorted().flatMap { groups[$0] ?? [] }
    }

    /// The particles that this iteration works through: all, or a random subset of a size that grows with the iterations
    /// (`--fast_subsets`).
    func particlesOfIteration(_ half: Int) -> [Int] {
        let all = particleOrder[half]
        guard settings.usesFastSubsets, let size = fastSubsetSize(of: all.count), size < all.count else { return all }
        return groupedByOptics(Array(shuffled(all, seed: settings.randomSeed + state.iteration, half: half).prefix(size)))
    }

    private func fastSubsetSize(of count: Int) -> Int? {
        let perClass = isVolume ? 1500 : 100
        let base = perClass * settings.classCount
        switch state.iteration {
        case ...5: return base
        case ...10: return 3 * base
        case ...15: return max(3 * base, Int(0.3 * Double(count)))
        default: return nil
        }
    }

    private func countGroups() {
        for half in 0..<halfCount {
            var counts = [Int](repeating: 0, count: models[half].groupNames.count)
            for index in particleOrder[half] { counts[data.particles[index].group] += 1 }
            models[half].groupParticleCounts = counts
        }
    }

    /// Noise spectra; where there are no references, also averages of random subsets in random orientations.
    private func estimateNoise() throws {
        guard !settings.alwaysCrossCorrelation || startsWithoutReferences else {
            for index in models.indices {
                models[index].noise = models[index].noise.map { $0.map { _ in 1 } }
            }
            return
        }
        let model = models[0]
        var settings = settings
        settings.particlesForNoiseEstimate = max(settings.particlesForNoiseEstimate,
                                                 startsWithoutReferences ? 5 * model.classCount : 0)
        let averages = startsWithoutReferences ? StartingAverages(model: model, settings: settings) : nil
        let estimate = try InitialNoise(data: data, model: model, settings: settings, pool: pool) { order, particle, spectrum in
            averages?.add(particle, order: order, spectrum: spectrum, optics: data.optics[particle.opticsGroup])
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
    }

    /// Mean |F|²/2 per shell of a reference, with the scale of slices.
    static func powerSpectrum(_ map: RealArray, isVolume: Bool, pool: ThreadPool) -> [Double] {
        // Without padding and gridding correction this is the plain transform.
        PaddedReference(map: map, padding: 1, correctsGridding: false, pool: pool).powerSpectrum
    }

    /// Replaces the averages by random blobs of the particle's size with the averages' contrast: starting points that differ
    /// between classes but carry no structure.
    private func startFromBlobs() {
        let box = models[0].box, diameter = settings.particleDiameter / models[0].pixelSize
        for index in models.indices {
            models[index].references = models[index].references.enumerated().map { number, map in
                let blobs = RandomBlobs(box: box, isVolume: isVolume, diameter: diameter,
                                        seed: settings.randomSeed, stream: number)
                let field = blobs.field(amplitudes: map)
                let filtered = settings.initialLowPass > 0
                    ? ReferenceGrid.lowPass(field, resolution: settings.initialLowPass, pixelSize: models[index].pixelSize,
                                            pool: pool)
                    : field
                return ReferenceGrid.maskOutside(filtered, radius: diameter / 2, edge: Double(settings.maskEdgeInPixels))
            }
        }
    }
}
