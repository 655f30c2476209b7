import Arrays
import CKernels
import Geometry

/// One thread's part of the expectation step: takes batches of particles of one optics group, gives back their outcomes.
///
/// The work of a batch is split over files: preparation and the coarse pass here and in `+CoarsePass`, oversampled samples in
/// `+FinePass`, weighted sums in `+WeightedSums`. A worker's memory is made once and reused.
final class ExpectationWorker {
    let context: ExpectationContext
    let group: GroupContext
    let table: SliceTable?
    let fineTable: SliceTable?
    let scout: ScoutTable?
    let batchCapacity: Int
    let source: any ImageSource

    // Per particle of the batch.
    let images: [PreparedImage]
    /// CTF·scale as references are multiplied by it for comparison, on the fine layout.
    let signal: [AlignedBuffer<Float>]
    /// CTF·scale as it enters the reconstruction (differs from `signal` only while references are not CTF-corrected).
    let contrast: [AlignedBuffer<Float>]
    /// (signal/σ²)·X* on coarse shifts: rows of `coarse.planarCount`, shifts of particle i at i·shiftCount.
    let shiftedCoarse: AlignedBuffer<Float>
    /// ½·signal²/σ² on the coarse layout, one row a particle.
    let normCoarse: AlignedBuffer<Float>
    var candidates: [CandidateOrientations] = []
    var offsetPriors: [[[Float]]] = []
    /// Group (micrograph) of each particle of the batch.
    var batchGroups: [Int] = []
    /// √Σ|X|² for cross-correlation, per particle.
    var imageNorms: [Float] = []

    // Scratch of the coarse pass.
    static let tileRows = 256
    let products: AlignedBuffer<Float>
    let tileNorms: AlignedBuffer<Float>
    let tilePowers: AlignedBuffer<Float>
    let tileSlices: AlignedBuffer<Float>
    var scores: AlignedBuffer<Float>
    /// Shifted images and norm weights on the scout layout.
    let shiftedScout: AlignedBuffer<Float>
    let normScout: AlignedBuffer<Float>
    /// The shifted images as bfloat16, where slices are.
    let shortImages: AlignedBuffer<UInt16>

    // Scratch of the fine pass and the sums.
    let shiftedFine: AlignedBuffer<Float>
    let weightedImage: AlignedBuffer<Float>
    let normFine: AlignedBuffer<Float>
    let childSlices: AlignedBuffer<Float>
    let childProducts: AlignedBuffer<Float>
    let crossPower: AlignedBuffer<Float>
    let referencePower: AlignedBuffer<Float>
    var selection = SignificantSamples()
    var fineSelection = SignificantSamples()
    var fineScores: [Float] = []
    var scoreStarts: [Int] = []
    var orientations: [SignificantOrientation] = []
    var significantShifts: [Int] = []
    var fineRows: [UnsafePointer<Float>?] = []
    /// ½Σ|X|²/σ² of the particle at hand, which scores leave out.
    var imageConstant = 0.0
    /// Σ|CTF·P|² − 2·Re(X*·CTF·P) of the particle at hand.
    var modelledSum = 0.0
    /// Significant shifts of one fine orientation and their weights.
    var sampleShifts: [UInt32] = []
    var sampleWeights: [Float] = []
    /// What the weights of the particle at hand are multiplied by in each class; empty: by 1.
    var classFactors: [Double] = []
    /// The batch index of the particle at hand.
    var currentIndex = 0
    var tally = ExpectationTally()

    var shiftCount: Int { context.translations.shifts.count }

    init(context: ExpectationContext, groupIndex: Int, batchCapacity: Int, source: any ImageSource) {
        self.context = context
        self.source = source
        self.batchCapacity = batchCapacity
        group = context.groups[groupIndex]
        table = context.tables[groupIndex]
        fineTable = context.fineTables[groupIndex]
        scout = context.scouts[groupIndex]
        let fine = group.fine, coarse = group.coarse
        let shifts = context.translations.shifts.count
        let fillsWithNoise = !context.settings.fillsMaskWithZeros
        images = (0..<batchCapacity).map { [group] _ in PreparedImage(group: group, fillsWithNoise: fillsWithNoise) }
        signal = (0..<batchCapacity).map { _ in AlignedBuffer(count: fine.stride) }
        contrast = (0..<batchCapacity).map { _ in AlignedBuffer(count: fine.stride) }
        shiftedCoarse = AlignedBuffer(count: batchCapacity * shifts * coarse.planarCount)
        normCoarse = AlignedBuffer(count: batchCapacity * coarse.stride)
        products = AlignedBuffer(count: max(Self.tileRows, context.grid.psiCount) * batchCapacity * shifts)
        tileNorms = AlignedBuffer(count: max(Self.tileRows, context.grid.psiCount) * batchCapacity)
        tilePowers = AlignedBuffer(count: Self.tileRows * coarse.stride)
        tileSlices = AlignedBuffer(count: max(Self.tileRows, context.grid.psiCount) * coarse.planarCount)
        scores = AlignedBuffer(count: 0)
        let scoutLayout = scout?.slices.layout
        shiftedScout = AlignedBuffer(count: batchCapacity * shifts * (scoutLayout?.planarCount ?? 0))
        normScout = AlignedBuffer(count: batchCapacity * (scoutLayout?.stride ?? 0))
        shortImages = AlignedBuffer(count: scout?.shortSlices == nil ? 0 : shiftedScout.count)
        let children = context.grid.childCount, shiftChildren = context.translationChildCount
        shiftedFine = AlignedBuffer(count: shifts * shiftChildren * fine.planarCount)
        weightedImage = AlignedBuffer(count: fine.planarCount)
        normFine = AlignedBuffer(count: fine.stride)
        childSlices = AlignedBuffer(count: children * fine.planarCount)
        childProducts = AlignedBuffer(count: children * shifts * shiftChildren)
        crossPower = AlignedBuffer(count: fine.stride)
        referencePower = AlignedBuffer(count: fine.stride)
    }

    /// Expectation for `particles` (at most `batchCapacity`), which stand at `positions` of the iteration's particle list.
    func process(_ particles: ArraySlice<Particle>, positions: Range<Int>) throws -> [ParticleOutcome] {
        let batch = Array(particles)
        tally.begin()
        try prepare(batch, positions: positions)
        tally.end(.preparation)
        let sampleCounts = coarsePass(batch)
        tally.end(.coarse)
        return batch.indices.map { index in
            finish(batch[index], at: index, position: positions.lowerBound + index, sampleCount: sampleCounts[index])
        }
    }

    private func prepare(_ batch: [Particle], positions: Range<Int>) throws {
        let settings = context.settings, model = context.model
        candidates = batch.map(candidateOrientations)
        offsetPriors = []
        imageNorms = []
        batchGroups = batch.map(\.group)
        for (index, particle) in batch.enumerated() {
            let scale = settings.correctsNorm ? Float(model.averageNormCorrection / particle.normCorrection) : 1
            let noise = settings.fillsMaskWithZeros ? nil : model.noise[particle.opticsGroup]
            try images[index].prepare(particle, from: source, group: group, scale: scale, noiseSpectrum: noise,
                                      seed: settings.randomSeed)
            prepareContrast(particle, at: index)
            prepareCoarse(particle, at: index)
            offsetPriors.append((0..<context.classCount).map { sample in
                context.logOffsetPriors(particle: particle, image: images[index], group: group,
                                        classIndex: classLabel(sample, position: positions.lowerBound + index))
            })
        }
    }

    private func candidateOrientations(_ particle: Particle) -> CandidateOrientations {
        if context.settings.skipsAlignment || context.settings.skipsRotation {
            return CandidateOrientations(fixed: EulerAngles(rot: particle.rot, tilt: particle.tilt, psi: particle.psi).matrix)
        }
        guard let search = context.localSearch else { return CandidateOrientations(grid: context.grid) }
        return context.localCandidates(particle, search)
    }

    /// The class that a compared class stands for: while seeds are made, all references are equal and each particle has a
    /// random class.
    func classLabel(_ compared: Int, position: Int) -> Int { context.seedClasses?[position] ?? compared }

    private func prepareContrast(_ particle: Particle, at index: Int) {
        let settings = context.settings, count = group.fine.stride
        let values = contrast[index].base, compared = signal[index].base
        let scale = settings.correctsScale ? Float(max(0.001, context.model.groupScale[particle.group])) : 1
        if settings.correctsCTF {
            group.contrastTransfer(particle, settings: settings, into: values)
            if group.optics.isPremultiplied { for i in 0..<count { values[i] *= values[i] } }
        } else {
            for i in 0..<count { values[i] = 1 }
        }
        for i in 0..<count { values[i] *= scale }
        if settings.correctsCTF && !settings.referencesAreCTFCorrected {
            for i in 0..<count { compared[i] = scale }
        } else {
            compared.update(from: values, count: count)
        }
    }

    /// Weighted image on all coarse shifts, and the weights of the reference norm.
    private func prepareCoarse(_ particle: Particle, at index: Int) {
        let coarse = group.coarse, fine = group.fine, image = images[index], signal = signal[index].base
        let isCorrelation = context.comparison == .crossCorrelation
        let norm = normCoarse.base + index * coarse.stride
        let re = tileSlices.base, im = re + coarse.stride
        var power: Float = 0
        for pixel in 0..<coarse.stride {
            guard pixel < coarse.count else {
                re[pixel] = 0
                im[pixel] = 0
                norm[pixel] = 0
                continue
            }
            let at = Int(group.coarseInFine[pixel])
            let c = signal[at], a = image.masked[at], b = image.masked[at + fine.stride]
            // The correlation sums over the whole half-plane, where the line x = 0 holds both Friedel mates.
            let weight = isCorrelation ? correlationWeight(coarse, pixel) : group.inverseNoiseCoarse[pixel]
            re[pixel] = c * weight * a
            im[pixel] = c * weight * b
            norm[pixel] = (isCorrelation ? 1 : 0.5) * c * c * weight
            if isCorrelation { power += weight * (a * a + b * b) }
        }
        imageNorms.append(power.squareRoot())
        for shift in 0..<shiftCount {
            let phases = group.coarsePhases[shift]
            let row = shiftedCoarse.base + (index * shiftCount + shift) * coarse.planarCount
            complex_multiply(re, im, phases, phases + coarse.stride, coarse.stride, row, row + coarse.stride)
        }
    }

    func correlationWeight(_ layout: PixelLayout, _ pixel: Int) -> Float {
        layout.x[pixel] == 0 && layout.y[pixel] != 0 ? 2 : 1
    }
}
