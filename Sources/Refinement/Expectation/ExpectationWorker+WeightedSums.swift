import Arrays
import CKernels
import Foundation
import Geometry

extension ExpectationWorker {
    /// Sums over the significant samples of one particle, and its most probable pose.
    ///
    /// Weighted sums of shifted images need no shifted images: Σ_t w_t·X·e_t = X·(Σ_t w_t·e_t), so that one product serves
    /// the masked image (noise, scale) and another the unmasked one (reconstruction).
    func weightedSums(_ particle: Particle, at index: Int, position: Int) -> ParticleOutcome {
        var outcome = ParticleOutcome(particle: particle, noise: [Double](repeating: 0, count: context.model.shellCount),
                                      squaredContrast: [Double](repeating: 0, count: context.model.shellCount))
        let list = candidates[index]
        let target = context.settings.skipsMaximisation ? nil
            : WeightedSamples(group: group, opticsGroup: particle.opticsGroup, fixedRotation: list.fixedRotation,
                              isGradient: context.isGradient)
        if let target { prepareSums(index, target) }
        classFactors = []
        if let map = context.map, let vote = vote(map, at: index) {
            let weights = significantWeights()
            classFactors = [Double](repeating: 0, count: weights.count)
            for item in vote.shares { classFactors[item.node] = item.share / weights[item.node] }
            outcome.vote = vote
        }
        var best = (score: -Float.infinity, sample: 0, orientation: 0)
        var next = 0, sumsClass = -1
        let positions = fineSelection.positions
        let total = normalisation
        for (number, orientation) in orientations.enumerated() {
            let columns = orientation.shifts.count * context.translationChildCount
            let end = orientation.scoreStart + columns * context.grid.childCount
            while next < positions.count, Int(positions[next]) < end {
                if sumsClass != orientation.classIndex {
                    if sumsClass >= 0 { foldPowers(into: &outcome, classIndex: sumsClass) }
                    sumsClass = orientation.classIndex
                    outcome.classWeights.append((classLabel(sumsClass, position: position), 0, 0, 0))
                }
                let child = (Int(positions[next]) - orientation.scoreStart) / columns
                let childStart = orientation.scoreStart + child * columns
                let first = next
                while next < positions.count, Int(positions[next]) < childStart + columns {
                    let score = fineScores[Int(positions[next])]
                    if score > best.score { best = (score, Int(positions[next]), number) }
                    next += 1
                }
                sampleShifts.removeAll(keepingCapacity: true)
                sampleWeights.removeAll(keepingCapacity: true)
                for place in first..<next {
                    let sample = Int(positions[place])
                    let weight = exp(Double(fineScores[sample] - fineSelection.maximum)) / total
                    sampleShifts.append(UInt32(fineShift(orientation, sample - childStart)))
                    sampleWeights.append(Float(weight))
                }
                addOrientation(orientation, child: child, index: index, position: position, list: list, target: target,
                               into: &outcome)
            }
        }
        if sumsClass >= 0 { foldPowers(into: &outcome, classIndex: sumsClass) }
        if let vote = outcome.vote { applyVote(vote, to: &outcome) }
        finishOutcome(&outcome, particle, index: index, position: position, best: best, list: list)
        target?.trim()
        outcome.samples = target
        return outcome
    }

    /// Correlations are no probabilities: the best sample counts as one.
    var normalisation: Double { context.comparison == .crossCorrelation ? 1 : fineSelection.sum }

    private func prepareSums(_ index: Int, _ target: WeightedSamples) {
        let fine = group.fine, stride = fine.stride, image = images[index].unmasked.base
        let contrast = contrast[index].base, signal = signal[index].base
        let premultiplied = group.optics.isPremultiplied
        let re = target.image, im = re + stride, weights = target.weights
        group.inverseNoiseForSums.withUnsafeBufferPointer { inverseNoise in
            for pixel in 0..<fine.count {
                let c = contrast[pixel], n = inverseNoise[pixel]
                let factor = premultiplied ? n : c * n
                re[pixel] = image[pixel] * factor
                im[pixel] = image[pixel + stride] * factor
                weights[pixel] = premultiplied ? c * n : c * c * n
            }
            if context.isGradient {
                for pixel in 0..<fine.count {
                    target.factors[pixel] = signal[pixel] * inverseNoise[pixel] * (premultiplied ? 1 : contrast[pixel])
                }
            }
        }
        crossPower.clear()
        referencePower.clear()
    }

    /// One fine orientation with its significant shifts.
    private func addOrientation(_ orientation: SignificantOrientation, child: Int, index: Int, position: Int,
                                list: CandidateOrientations, target: WeightedSamples?, into outcome: inout ParticleOutcome) {
        let weight = addScalars(orientation, index: index, list: list, position: position, into: &outcome)
        guard let target else { return }
        let slice = fineSlice(orientation, child: child, list: list, scratch: childSlices.base)
        add_shifted_products(images[index].masked.base, slice, Float(weight), group.finePhases[0], sampleShifts, sampleWeights,
                             sampleShifts.count, group.fine.stride, crossPower.base, referencePower.base)
        var samples = sampleWeights, factor = 1.0
        if !classFactors.isEmpty {
            factor = classFactors[orientation.classIndex]
            if factor == 0 { return }
            samples = samples.map { Float(factor) * $0 }
        }
        let half = context.isGradient && !context.settings.splitsRandomHalves ? (outcome.particle.index % 2) * context.model.classCount : 0
        target.append(accumulator: classLabel(orientation.classIndex, position: position) + half, reference: orientation.classIndex,
                      orientation: fineIndex(orientation, child: child, list: list), weight: factor * weight, shifts: sampleShifts,
                      weights: samples)
    }

    /// Counts the particle for its node and the node's neighbours instead of by probabilities; it counts as one.
    private func applyVote(_ vote: SelfOrganisingMap.Vote, to outcome: inout ParticleOutcome) {
        let total = vote.shares.reduce(0) { $0 + $1.share }
        outcome.classWeights = outcome.classWeights.compactMap { item in
            guard let share = vote.shares.first(where: { $0.node == item.classIndex })?.share, item.weight > 0 else { return nil }
            let factor = share / total / item.weight
            return (item.classIndex, factor * item.weight, factor * item.offsetX, factor * item.offsetY)
        }
    }

    private func fineShift(_ orientation: SignificantOrientation, _ column: Int) -> Int {
        let children = context.translationChildCount
        return significantShifts[orientation.shifts.lowerBound + column / children] * children + column % children
    }

    /// Weights of classes, directions and offsets. Returns the weight of the orientation.
    private func addScalars(_ orientation: SignificantOrientation, index: Int, list: CandidateOrientations, position: Int,
                            into outcome: inout ParticleOutcome) -> Double {
        let size = group.optics.pixelSize, image = images[index], particle = outcome.particle
        let prior = context.offsetPrior(particle, group, classIndex: classLabel(orientation.classIndex, position: position))
        var weight = 0.0, sumX = 0.0, sumY = 0.0
        for (number, sampleWeight) in zip(sampleShifts, sampleWeights.lazy.map(Double.init)) {
            let shift = group.fineShifts[Int(number)]
            let x = image.roundedOffset.x * size + shift.x, y = image.roundedOffset.y * size + shift.y
            weight += sampleWeight
            sumX += sampleWeight * x
            sumY += sampleWeight * y
            let dx = prior.x * size - x, dy = prior.y * size - y
            outcome.offsetVariance += sampleWeight * (dx * dx + dy * dy)
        }
        outcome.weight += weight
        let last = outcome.classWeights.count - 1
        outcome.classWeights[last].weight += weight
        outcome.classWeights[last].offsetX += sumX
        outcome.classWeights[last].offsetY += sumY
        if list.fixedRotation == nil {
            outcome.addDirection(classIndex: classLabel(orientation.classIndex, position: position),
                                 direction: list.directions[orientation.directionPlace], weight: weight)
        }
        return weight
    }

    /// Adds |CTF·P|² − 2·Re(X*·CTF·P) per shell, and the sums for the scale, of one class; clears them for the next.
    private func foldPowers(into outcome: inout ParticleOutcome, classIndex: Int) {
        guard !context.settings.skipsMaximisation else { return }
        let fine = group.fine, signal = signal[currentIndex].base
        let ssnr = context.model.dataVersusPrior[classIndex]
        for pixel in 0..<fine.count {
            let c = Double(signal[pixel])
            let cross = c * Double(crossPower[pixel]), power = c * c * Double(referencePower[pixel])
            let shell = Int(fine.shell[pixel])
            let modelShell = Int((group.shellRatio * Double(shell)).rounded())
            if modelShell < outcome.noise.count { outcome.noise[modelShell] += power - 2 * cross }
            modelledSum += power - 2 * cross
            // Scales are estimated where the map is good.
            if shell < ssnr.count, ssnr[shell] > 3 {
                outcome.signalProduct += cross
                outcome.referencePower += power
            }
        }
        crossPower.clear()
        referencePower.clear()
    }

    private func finishOutcome(_ outcome: inout ParticleOutcome, _ particle: Particle, index: Int, position: Int,
                               best: (score: Float, sample: Int, orientation: Int), list: CandidateOrientations) {
        let settings = context.settings, model = context.model, fine = group.fine, image = images[index]
        func addNoise(_ value: Double, imageShell: Int) {
            let shell = Int((group.shellRatio * Double(imageShell)).rounded())
            if shell < outcome.noise.count { outcome.noise[shell] += value }
        }
        var residual = modelledSum
        modelledSum = 0
        for pixel in 0..<fine.count {
            let a = Double(image.masked[pixel]), b = Double(image.masked[pixel + fine.stride])
            let power = outcome.weight * (a * a + b * b)
            residual += power
            addNoise(power, imageShell: Int(fine.shell[pixel]))
            if group.optics.isPremultiplied {
                let shell = Int((group.shellRatio * Double(fine.shell[pixel])).rounded())
                if shell < outcome.squaredContrast.count {
                    outcome.squaredContrast[shell] += Double(contrast[index][pixel])
                }
            }
        }
        for (shell, power) in image.unmodelledPower.enumerated() where power > 0 {
            // Inside the current size the power counts with the weights, as the compared pixels do.
            let value = shell < group.firstUnmodelledShell ? power * outcome.weight : power
            residual += value
            addNoise(value, imageShell: shell)
        }
        let scale = settings.correctsScale ? max(0.001, model.groupScale[particle.group]) : 1
        outcome.signalProduct /= scale
        outcome.referencePower /= scale * scale

        let orientation = orientations[best.orientation]
        let columns = orientation.shifts.count * context.translationChildCount
        let child = (best.sample - orientation.scoreStart) / columns
        let shift = group.fineShifts[fineShift(orientation, (best.sample - orientation.scoreStart) % columns)]
        if list.fixedRotation == nil {
            let angles = context.grid.fineAngles(direction: list.directions[orientation.directionPlace],
                                                 psi: list.psis[orientation.psiPlace], child: child)
            outcome.particle.rot = angles.rot
            outcome.particle.tilt = angles.tilt
            outcome.particle.psi = angles.psi
        }
        let size = group.optics.pixelSize
        outcome.particle.offsetX = image.roundedOffset.x * size + shift.x
        outcome.particle.offsetY = image.roundedOffset.y * size + shift.y
        outcome.particle.classIndex = classLabel(orientation.classIndex, position: position)
        outcome.particle.maximumProbability = exp(Double(best.score - fineSelection.maximum)) / normalisation
        outcome.fineSliceCount = orientations.count * context.grid.childCount
        outcome.particle.significantSampleCount = selection.positions.count
        if settings.correctsNorm {
            outcome.particle.normCorrection = particle.normCorrection / model.averageNormCorrection
                * (2 * max(0, residual)).squareRoot()
        }
        outcome.particle.logLikelihoodContribution = context.comparison == .crossCorrelation
            ? Double(fineSelection.maximum)
            : Double(fineSelection.maximum) + log(fineSelection.sum) - imageConstant - group.logNoise
    }

    /// What there is to say about a particle without a probable sample.
    func leftOut(_ particle: Particle) -> ParticleOutcome {
        var outcome = ParticleOutcome(particle: particle, isLeftOut: true, noise: [], squaredContrast: [])
        outcome.particle.maximumProbability = 0
        outcome.particle.significantSampleCount = 0
        outcome.particle.logLikelihoodContribution = 0
        return outcome
    }
}
