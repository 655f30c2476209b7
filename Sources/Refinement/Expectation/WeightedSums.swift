import Projection

/// The sums over all particles that the next model is estimated from.
struct WeightedSums {
    var accumulators: [SliceAccumulator]
    var noise: [[Double]]
    var squaredContrast: [[Double]]
    /// Σ weights per optics group.
    var groupWeight: [Double]
    var classWeights: [Double]
    var offsetSums: [(x: Double, y: Double)]
    var directionWeights: [[Double]]
    /// Fine slices that were compared.
    var fineSliceCount = 0
    var tally = ExpectationTally()
    var offsetVariance = 0.0
    var normCorrection = 0.0
    var logLikelihood = 0.0
    var maximumProbability = 0.0
    var signalProduct: [Double]
    var referencePower: [Double]
    /// Of a self-organising map; nil without.
    var mapActivity: SelfOrganisingMap.Activity?
    /// Indices of the particles that are in none of the sums, because no sample of theirs has a probability.
    var leftOut: [Int] = []

    init(model: RefinementModel, accumulators: [SliceAccumulator], directionCount: Int) {
        self.accumulators = accumulators
        let shells = [Double](repeating: 0, count: model.shellCount)
        noise = model.noise.map { _ in shells }
        squaredContrast = noise
        groupWeight = model.noise.map { _ in 0 }
        classWeights = [Double](repeating: 0, count: model.classCount)
        offsetSums = [(x: Double, y: Double)](repeating: (0, 0), count: model.classCount)
        directionWeights = model.references.map { _ in [Double](repeating: 0, count: directionCount) }
        signalProduct = model.groupScale.map { _ in 0 }
        referencePower = signalProduct
    }

    var totalWeight: Double { classWeights.reduce(0, +) }

    mutating func add(_ outcome: ParticleOutcome) {
        let particle = outcome.particle
        guard !outcome.isLeftOut else {
            leftOut.append(particle.index)
            return
        }
        let group = particle.opticsGroup
        for shell in outcome.noise.indices {
            noise[group][shell] += outcome.noise[shell]
            squaredContrast[group][shell] += outcome.squaredContrast[shell]
        }
        groupWeight[group] += outcome.weight
        if let vote = outcome.vote {
            if mapActivity == nil { mapActivity = .init(capacity: classWeights.count) }
            mapActivity?.add(vote)
        }
        for item in outcome.classWeights {
            classWeights[item.classIndex] += item.weight
            offsetSums[item.classIndex].x += item.offsetX
            offsetSums[item.classIndex].y += item.offsetY
        }
        for item in outcome.directionWeights { directionWeights[Int(item.classIndex)][Int(item.direction)] += item.weight }
        fineSliceCount += outcome.fineSliceCount
        offsetVariance += outcome.offsetVariance
        normCorrection += particle.normCorrection
        logLikelihood += particle.logLikelihoodContribution
        maximumProbability += particle.maximumProbability
        signalProduct[particle.group] += outcome.signalProduct
        referencePower[particle.group] += outcome.referencePower
    }
}
