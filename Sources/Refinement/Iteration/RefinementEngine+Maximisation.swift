import Arrays
import Foundation
import Geometry
import Projection

extension RefinementEngine {
    /// New references and model parameters from the sums.
    /// - Returns: unregularised maps of both halves, in the iteration that joins them.
    func maximise(_ work: ExpectationResult) throws -> [RealArray] {
        let projections = work.sums.map { sums in
            sums.accumulators.map { accumulator in
                let projection = accumulator.finish()
                projection.symmetrise(group: symmetry, pool: pool)
                return projection
            }
        }
        var unfiltered: [RealArray] = []
        if settings.splitsRandomHalves {
            if state.hasConverged {
                unfiltered = projections.map { $0[0].reconstruct(prior: nil, pool: pool) }
            }
            compareHalves(projections)
            if state.joinsHalves { projections[0][0].add(projections[1][0], pool: pool) }
        }
        for half in models.indices {
            reconstruct(half, projections: state.joinsHalves ? projections[0] : projections[half], sums: work.sums[half])
            models[half].update(from: work.sums[half], settings: settings, momentum: 0, isCorrelation: isCorrelationIteration,
                                hasPremultipliedImages: data.optics.contains { $0.isPremultiplied })
        }
        if settings.splitsRandomHalves {
            models[1].averageMaximumProbability = models[0].averageMaximumProbability
            models[1].dataVersusPrior = models[0].dataVersusPrior
        }
        if settings.correctsCTF { state.referencesAreCTFCorrected = true }
        if state.iteration == 1 && settings.firstIterationCrossCorrelation { afterCorrelationIteration() }
        return unfiltered
    }

    /// Low-resolution joining, then the gold-standard FSC and what it says about the next image size.
    private func compareHalves(_ projections: [[BackProjection]]) {
        let first = projections[0][0], second = projections[1][0]
        joinHalvesAtLowResolution(first, second)
        noteCorrelation(solventCorrectedFSC(first, second) ?? BackProjection.shellCorrelation(first, second, pool: pool))
    }

    func joinHalvesAtLowResolution(_ first: BackProjection, _ second: BackProjection) {
        guard settings.joinsHalvesUntil > 0 else { return }
        let model = models[0], resolution = max(settings.joinsHalvesUntil, 1 / max(1e-9, model.currentResolution))
        let shell = Int((Double(model.box) * model.pixelSize / resolution).rounded(.up))
        BackProjection.joinLowResolution(first, second, upToShell: min(shell, first.layout.maximumRadius))
    }

    /// Takes up the FSC of the halves, and what it says about the next image size.
    func noteCorrelation(_ fsc: [Double]) {
        for half in models.indices { models[half].goldStandardFSC = [fsc] }
        // At least as many shells beyond the resolution as lie between FSC = 0.5 and 0.143, and five more.
        let half = fsc.firstIndex { $0 < 0.5 } ?? -1, seventh = fsc.firstIndex { $0 < 0.143 } ?? -1
        state.incrementOfShells = max(state.incrementOfShells, seventh - half + 5)
        if !state.hasHighFSCAtLimit {
            let limit = models[0].currentSize / 2 - 1
            state.hasHighFSCAtLimit = fsc.indices.contains(limit) && fsc[limit] > 0.2
        }
    }

    /// FSC corrected for the solvent mask by phase randomisation (Chen et al. 2013); nil when not asked for.
    private func solventCorrectedFSC(_ first: BackProjection, _ second: BackProjection) -> [Double]? {
        guard settings.correctsFSCForSolvent, let mask = masks.solvent else { return nil }
        return SolventCorrectedFSC(first: first.reconstruct(prior: nil, pool: pool),
                                   second: second.reconstruct(prior: nil, pool: pool), mask: mask,
                                   seed: settings.randomSeed + state.iteration, pool: pool).corrected
    }

    private func reconstruct(_ half: Int, projections: [BackProjection], sums: WeightedSums) {
        for index in projections.indices {
            guard sums.classWeights[index] > 0, !(half == 1 && state.joinsHalves) else {
                if half == 1 && state.joinsHalves {
                    models[1].references = models[0].references
                } else {
                    models[half].references[index] = RealArray(shape: models[half].references[index].shape)
                }
                continue
            }
            let prior: SignalPrior = settings.splitsRandomHalves
                ? .correlation(models[half].goldStandardFSC[0], isWholeSet: state.joinsHalves)
                : .given(models[half].tau2[index])
            let spectra = projections[index].spectra(prior: prior, fudge: models[half].tau2Fudge,
                                                     averageSquaredCTF: averageSquaredContrast(sums, model: models[half]),
                                                     pool: pool)
            models[half].tau2[index] = spectra.tau2
            models[half].sigma2[index] = spectra.sigma2
            models[half].dataVersusPrior[index] = spectra.dataVersusPrior
            models[half].fourierCoverage[index] = spectra.fourierCoverage
            let wiener = WienerPrior(tau2: spectra.tau2, fudge: models[half].tau2Fudge,
                                     firstShell: settings.minimumResolutionShellOfMap)
            models[half].references[index] = settings.skipsGridding
                ? projections[index].reconstruct(prior: wiener, pool: pool)
                : projections[index].reconstructWithGridding(prior: wiener, iterations: 10, pool: pool)
        }
    }

    /// Mean CTF² per shell, for premultiplied images outside gold-standard refinement.
    func averageSquaredContrast(_ sums: WeightedSums, model: RefinementModel) -> [Double]? {
        guard data.optics.contains(where: \.isPremultiplied), settings.correctsCTF, !settings.fixesTau,
              !settings.splitsRandomHalves else { return nil }
        let pixels = model.pixelsPerShell
        return (0..<model.shellCount).map { shell in
            var sum = 0.0, weight = 0.0
            for group in sums.squaredContrast.indices {
                sum += sums.squaredContrast[group][shell]
                weight += sums.groupWeight[group] * pixels[shell]
            }
            return weight > 0 ? sum / weight : 0
        }
    }

    /// After the cross-correlation iteration the maps are filtered again, and copied to all classes that start from one.
    private func afterCorrelationIteration() {
        for half in models.indices {
            if settings.initialLowPass > 0 {
                models[half].references = models[half].references.map {
                    ReferenceGrid.lowPass($0, resolution: settings.initialLowPass, pixelSize: models[half].pixelSize, pool: pool)
                }
                filterSpectra(half)
            }
            guard generatesSeeds else { continue }
            let classes = models[half].classCount
            for index in 1..<classes {
                models[half].tau2[index] = models[half].tau2[0]
                models[half].dataVersusPrior[index] = models[half].dataVersusPrior[0]
                models[half].classWeights[index] = models[half].classWeights[0] / Double(classes)
                models[half].directionPriors[index] = models[half].directionPriors[0]
                models[half].references[index] = models[half].references[0]
            }
            models[half].classWeights[0] /= Double(classes)
        }
    }

    private func filterSpectra(_ half: Int) {
        let edge = ReferenceGrid.fourierEdge
        let radius = Double(models[half].box) * models[half].pixelSize / settings.initialLowPass - edge / 2
        for index in 0..<models[half].classCount {
            for shell in 0..<models[half].shellCount {
                let r = Double(shell)
                if r < radius { continue }
                let factor = r > radius + edge ? 0 : 0.5 - 0.5 * cos(Double.pi * (radius + edge - r) / edge)
                models[half].tau2[index][shell] *= factor * factor
                models[half].dataVersusPrior[index][shell] *= factor * factor
            }
        }
    }

    /// Local symmetry, centring and solvent flattening, which need the maps of all classes.
    func finishReferences() {
        averageDomains()
        let mayMove = !isGradientIteration || gradientSchedule?.centersClasses(iteration: state.iteration) != false
        if settings.centersClasses && !settings.splitsRandomHalves && mayMove { centreReferences() }
        // The joined maps stay unmasked for validation.
        guard settings.flattensSolvent && !state.hasConverged else { return }
        let radius = settings.particleDiameter / (2 * models[0].pixelSize)
        let sphere = masks.solvent?.values
            ?? ReferenceGrid.softSphere(models[0].references[0].shape, radius: radius, edge: Double(settings.maskEdgeInPixels))
        for half in models.indices {
            models[half].references = models[half].references.map { flattened($0, mask: sphere) }
        }
    }

    /// The FSC is that of the halves before; the joined maps at the end stay as the data have them.
    private func averageDomains() {
        guard let symmetry = masks.localSymmetry, !(settings.splitsRandomHalves && state.hasConverged) else { return }
        reporter.timed("local symmetry") {
            for half in models.indices {
                models[half].references = models[half].references.map { symmetry.averaged($0, pool: pool) }
            }
        }
    }

    private func flattened(_ map: RealArray, mask: [Float]) -> RealArray {
        var result = RealArray(shape: map.shape, values: zip(map.values, mask).map { $0 * $1 })
        if let region = masks.lowPass {
            let part = RealArray(shape: map.shape, values: zip(map.values, region.values).map { $0 * $1 })
            let filtered = ReferenceGrid.lowPass(part, resolution: masks.lowPassResolution, pixelSize: models[0].pixelSize,
                                                 pool: pool)
            for i in result.values.indices { result.values[i] += filtered.values[i] }
        }
        if let second = masks.secondSolvent {
            result = ReferenceGrid.blendOutside(result, mask: second.values.map { 1 - $0 })
        }
        return result
    }

    private func centreReferences() {
        let limit = state.offsetRange / models[0].pixelSize
        let smallestMove = max(0.01 * settings.particleDiameter / models[0].pixelSize, 2)
        for half in models.indices {
            for index in models[half].references.indices {
                let map = models[half].references[index]
                var centre = ReferenceGrid.centreOfMass(map)
                let length = (centre.x * centre.x + centre.y * centre.y + centre.z * centre.z).squareRoot()
                guard length > 0, length.isFinite else { continue }
                let scale = length > limit ? limit / length : 1
                centre = (-centre.x * scale, -centre.y * scale, -centre.z * scale)
                if isGradientIteration {
                    // Moments and reference part when they are moved often by little.
                    if length * scale < smallestMove { continue }
                    models[half].gradient.translate(classIndex: index, by: centre)
                }
                models[half].references[index] = ReferenceGrid.translated(map, by: centre)
            }
        }
    }
}
