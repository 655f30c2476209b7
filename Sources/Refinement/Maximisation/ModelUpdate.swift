import Foundation

extension RefinementModel {
    /// Re-estimates everything but the references from the weighted sums (Scheres 2012, J Mol Biol 415:406).
    ///
    /// - Parameters:
    ///   - momentum: share of the old value that is kept (gradient refinement), else 0.
    ///   - isCorrelation: the sums come from cross-correlation, which says nothing about noise and scales.
    mutating func update(from sums: WeightedSums, settings: RefinementSettings, momentum mu: Double, isCorrelation: Bool,
                         hasPremultipliedImages: Bool) {
        let total = sums.totalWeight
        guard total > 1e-12 else { return }
        func mixed(_ old: Double, _ new: Double) -> Double { mu * old + (1 - mu) * new }
        if settings.correctsNorm { averageNormCorrection = mixed(averageNormCorrection, sums.normCorrection / total) }
        if settings.correctsScale && !isCorrelation { updateScales(from: sums, mixed: mixed) }
        updateClasses(from: sums, total: total, settings: settings, mixed: mixed)
        if !settings.fixesOffsetSpread {
            // Half of it: per coordinate.
            offsetVariance = max(2, mixed(offsetVariance, sums.offsetVariance / (2 * total)))
        }
        if !settings.fixesNoise && !isCorrelation {
            updateNoise(from: sums, hasPremultipliedImages: hasPremultipliedImages, mixed: mixed)
        }
        logLikelihood = isCorrelation ? sums.logLikelihood / total : sums.logLikelihood
        averageMaximumProbability = sums.maximumProbability / total
    }

    private mutating func updateScales(from sums: WeightedSums, mixed: (Double, Double) -> Double) {
        for group in groupScale.indices {
            let estimate = sums.referencePower[group] > 0 ? sums.signalProduct[group] / sums.referencePower[group] : 1
            groupScale[group] = mixed(groupScale[group], estimate)
        }
        // Outliers would be amplified from iteration to iteration: keep within a factor of five of the median.
        let median = groupScale.sorted()[groupScale.count / 2]
        var sum = 0.0, count = 0.0
        for group in groupScale.indices {
            groupScale[group] = min(5 * median, max(median / 5, groupScale[group]))
            sum += Double(groupParticleCounts[group]) * groupScale[group]
            count += Double(groupParticleCounts[group])
        }
        let mean = sum / max(1, count)
        guard mean > 0 else { return }
        for group in groupScale.indices { groupScale[group] /= mean }
    }

    private mutating func updateClasses(from sums: WeightedSums, total: Double, settings: RefinementSettings,
                                        mixed: (Double, Double) -> Double) {
        for index in 0..<classCount {
            classWeights[index] = mixed(classWeights[index], sums.classWeights[index] / total)
            if !isVolume {
                if sums.classWeights[index] > 0 {
                    offsetPriors[index] = (mixed(offsetPriors[index].x, sums.offsetSums[index].x / total),
                                           mixed(offsetPriors[index].y, sums.offsetSums[index].y / total))
                } else {
                    offsetPriors[index] = (0, 0)
                }
            }
            if !settings.skipsAlignment && !settings.skipsRotation {
                for direction in directionPriors[index].indices {
                    directionPriors[index][direction] = mixed(directionPriors[index][direction],
                                                              sums.directionWeights[index][direction] / total)
                }
            }
        }
        let sum = classWeights.reduce(0, +)
        if sum > 0 { for index in classWeights.indices { classWeights[index] /= sum } }
    }

    private mutating func updateNoise(from sums: WeightedSums, hasPremultipliedImages: Bool,
                                      mixed: (Double, Double) -> Double) {
        let pixels = pixelsPerShell
        for group in noise.indices where sums.noise[group].contains(where: { $0 != 0 }) {
            for shell in noise[group].indices {
                var value = mixed(noise[group][shell],
                                  sums.noise[group][shell] / (2 * sums.groupWeight[group] * pixels[shell]))
                if hasPremultipliedImages { value = max(value, 1e-15) }
                // Groups of another box or pixel size may leave shells empty.
                if value < 1e-14 && shell > 0 { value = noise[group][shell - 1] }
                noise[group][shell] = value
            }
        }
    }

    /// Resolution of each class, where its SSNR falls below one, and its Fourier coverage up to there.
    mutating func updateEstimatedResolutions() {
        for index in 0..<classCount {
            let last = (dataVersusPrior[index].firstIndex { $0 < 1 } ?? shellCount) - 1
            estimatedResolution[index] = resolutionInAngstrom(ofShell: max(0, last))
            // Mean over a cube that just holds the sphere; points count for the shell below their radius.
            let half = max(0, last - 1)
            var sum = 0.0, count = 0.0
            for z in -half...half {
                for y in -half...half {
                    for x in -half...half {
                        let shell = Int(Double(x * x + y * y + z * z).squareRoot())
                        guard shell <= last else { continue }
                        sum += fourierCoverage[index][shell]
                        count += 1
                    }
                }
            }
            totalFourierCoverage[index] = count > 0 ? sum / count : 0
        }
    }

    /// Number of coefficients of an image's half-plane transform in each shell, Friedel pairs counted once.
    var pixelsPerShell: [Double] {
        var counts = [Double](repeating: 0, count: shellCount)
        for y in -box / 2 + 1...box / 2 {
            for x in 0...box / 2 where !(x == 0 && y < 0) {
                let shell = Int(Double(x * x + y * y).squareRoot().rounded())
                if shell < shellCount { counts[shell] += 1 }
            }
        }
        return counts
    }

    /// Spectra of the references before the first iteration, from which the first image size follows.
    mutating func initialiseDataVersusPrior(powerSpectra: [[Double]], fixesTau: Bool) {
        var mean = [Double](repeating: 0, count: shellCount)
        let used = noise.filter { $0.contains { $0 > 0 } }
        for spectrum in used { for shell in mean.indices { mean[shell] += spectrum[shell] / Double(used.count) } }
        let particles = Double(groupParticleCounts.reduce(0, +))
        for index in 0..<classCount {
            for shell in 0..<shellCount {
                if !fixesTau { tau2[index][shell] = tau2Fudge * powerSpectra[index][shell] }
                var evidence = mean[shell] > 0 ? particles * classWeights[index] / mean[shell] : 0
                // Shells of a volume have more points than rings of an image.
                if isVolume && shell > 0 { evidence /= 2 * Double(shell) }
                dataVersusPrior[index][shell] = evidence * tau2[index][shell]
            }
        }
    }
}
