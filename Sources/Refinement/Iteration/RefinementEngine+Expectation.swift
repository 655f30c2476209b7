import Arrays
import Foundation
import Geometry
import Optics
import Projection
import Randomness
import Reporting

extension RefinementEngine {
    /// Sums of each half, and the radius up to which they go.
    struct ExpectationResult {
        var sums: [WeightedSums]
        var leftOutCount: Int { sums.reduce(0) { $0 + $1.leftOut.count } }
    }

    var isCorrelationIteration: Bool {
        settings.alwaysCrossCorrelation || (state.iteration == 1 && settings.firstIterationCrossCorrelation)
    }

    /// Compares all particles with their references; updates their poses.
    func expectation() throws -> ExpectationResult {
        let sizes = ImageSizes(model: models[0], optics: data.optics, settings: settings, state: state)
        for index in models.indices { models[index].currentSize = sizes.modelSize }
        state.perturbation.advance(seed: settings.randomSeed + state.iteration)
        // At large boxes the transforms take gigabytes: those of one half live at a time.
        var references: ReferenceSet? = reporter.timed("reference transforms") { prepareReferences(0) }
        if let references, !isCorrelationIteration && !(settings.skipsAlignment && settings.skipsRotation) && looksAtAccuracy {
            reporter.timed("expected accuracy") { estimateAccuracy(references: references, sizes: sizes) }
        }
        updateSampling()
        reportSampling()
        let orders = particleOrder.current
        let total = orders.reduce(0) { $0 + $1.count }
        let bar = reporter.progress(" Expectation iteration \(state.iteration)", total: total)
        var result = ExpectationResult(sums: [])
        for half in models.indices {
            let current = references.take() ?? reporter.timed("reference transforms") { prepareReferences(half) }
            let sums = try compare(half, order: orders[half], references: current, sizes: sizes,
                                   failureLimit: settings.failsafeThreshold - result.leftOutCount, progress: bar)
            for accumulator in sums.accumulators { _ = accumulator.finish() }
            result.sums.append(sums)
        }
        bar.finish()
        reportLeftOut(result)
        return result
    }

    /// Compares the particles of one half with its references, which the caller gives up before it finishes the sums.
    private func compare(_ half: Int, order: [Int], references: ReferenceSet, sizes: ImageSizes,
                         failureLimit: Int, progress: ProgressBar) throws -> WeightedSums {
        let layout = CentredLayout(dimension: isVolume ? .three : .two, box: models[half].box,
                                   padding: Double(settings.paddingFactor), currentSize: sizes.modelSize)
        let context = reporter.timed("coarse slices") { makeContext(half, references: references, sizes: sizes) }
        // Gradients of two halves of the particles, unless there are halves already.
        let count = settings.skipsMaximisation ? 0
            : models[half].classCount * (isGradientIteration && !settings.splitsRandomHalves ? 2 : 1)
        let accumulators = (0..<count).map { _ in SliceAccumulator(layout: layout, interpolation: settings.interpolation) }
        var sums = WeightedSums(model: models[half], accumulators: accumulators,
                                directionCount: models[half].directionPriors.first?.count ?? 0)
        let step = Expectation(context: context, source: data.images, pool: pool, checkForAbort: checkForAbort,
                               failureLimit: failureLimit)
        let updated = try reporter.timed("expectation") {
            try step.run(order.map { data.particles[$0] }, sums: &sums, progress: progress)
        }
        for stage in ExpectationTally.Stage.allCases {
            reporter.addThreadTime(sums.tally[stage].seconds, operations: sums.tally[stage].operations, to: stage.rawValue,
                                   within: "expectation")
        }
        for (index, particle) in zip(order, updated) { data.particles[index] = particle }
        // A correlation keeps one orientation a particle, which says nothing about the next iteration.
        if !isCorrelationIteration { finePerParticle = sums.fineSliceCount / max(1, order.count) }
        sliceMemory.reclaim(context.tables, level: .coarse)
        sliceMemory.reclaim(context.fineTables, level: .fine)
        sliceMemory.reclaim(context.scouts.map { $0?.slices }, level: .scout)
        return sums
    }

    /// Padded transforms of a model's references; their power becomes the prior of the signal.
    private func prepareReferences(_ index: Int) -> ReferenceSet {
        let lowest = settings.strictLowResolution > 0
            ? Int((models[index].pixelSize * Double(models[index].box) / settings.strictLowResolution).rounded()) : 0
        let padded = models[index].references.map {
            PaddedReference(map: $0, padding: Double(settings.paddingFactor), currentSize: models[index].currentSize,
                            interpolation: settings.interpolation, minimumShell: lowest, pool: pool)
        }
        if !settings.fixesTau { models[index].tau2 = padded.map(\.powerSpectrum) }
        return ReferenceSet(padded, isVolume: isVolume)
    }

    private func estimateAccuracy(references: ReferenceSet, sizes: ImageSizes) {
        let context = makeContext(0, references: references, sizes: sizes, withTables: false)
        let count = isVolume ? 100 : 10
        let accuracy = ExpectedAccuracy(context: context, particles: particleOrder.current[0].prefix(count).map { data.particles[$0] },
                                        pool: pool)
        for index in models.indices {
            models[index].rotationAccuracy = accuracy.rotations
            models[index].translationAccuracy = accuracy.translations
            models[index].orientability = accuracy.orientability
        }
        state.rotationAccuracy = accuracy.rotations.min() ?? 999
        state.translationAccuracy = accuracy.translations.min() ?? 999
    }

    private func updateSampling() {
        guard looksAtSampling else { return }
        if settings.allowsCoarserSampling && models[0].classCount > 1 {
            let isFirst = state.iteration == 1 && settings.firstIterationCrossCorrelation
            if state.coarsenSampling(settings: settings, isVolume: isVolume, resolution: models[0].currentResolution,
                                     usesResolution: isFirst) {
                let count = makeSampling().directions.count
                for index in models.indices { models[index].resizeDirectionPriors(to: count) }
            }
            return
        }
        guard (settings.isAutoRefine || settings.isAutoSampling) && state.iteration > 1 else { return }
        if isGradientIteration && settings.splitsRandomHalves {
            if state.updateGradientSampling(settings: settings) {
                let count = makeSampling().directions.count
                for index in models.indices { models[index].resizeDirectionPriors(to: count) }
            }
            return
        }
        let changed = state.updateSampling(settings: settings, isVolume: isVolume, resolution: models[0].currentResolution,
                                           isGradientIteration: isGradientIteration)
        if changed {
            let count = makeSampling().directions.count
            for index in models.indices { models[index].resizeDirectionPriors(to: count) }
        }
    }

    func makeContext(_ half: Int, references: ReferenceSet, sizes: ImageSizes, withTables: Bool = true) -> ExpectationContext {
        var model = models[half]
        model.gradient = GradientMoments()  // Not needed here; a second owner would force copies.
        let sampling = makeSampling()
        let grid = OrientationGrid(sampling: sampling, oversampling: settings.oversamplingOrder)
        let translations = makeTranslations()
        let groups = makeGroups(model, sizes: sizes, translations: translations, padding: references.references[0].layout.padding)
        let makesSeeds = generatesSeeds
            && state.iteration == (settings.firstIterationCrossCorrelation ? 2 : 1)
        let firstOnly = generatesSeeds && settings.firstIterationCrossCorrelation && state.iteration == 1
        let classCount = makesSeeds || firstOnly ? 1 : model.classCount
        let isLocal = state.usesAngularPriors && !settings.skipsAlignment && !settings.skipsRotation
        let usesTables = withTables && !settings.skipsAlignment && !settings.skipsRotation
        let demand = SliceTablePlan(
            references: references, classCount: classCount, grid: grid, groups: groups, isLocal: isLocal,
            particleCount: particleOrder.current[half].count, finePerParticle: finePerParticle,
            budget: usesTables ? settings.sliceMemoryInBytes : 0, memory: sliceMemory)
        let usesScouts = !settings.isExact && model.averageMaximumProbability > ScoutTable.smallestMaximumProbability
        let tables = demand.make(.coarse, pool: pool), fineTables = demand.make(.fine, pool: pool)
        let scouts = zip(tables, zip(usesScouts ? demand.make(.scout, pool: pool) : tables.map { _ in nil }, groups)).map {
            table, pair -> ScoutTable? in
            guard let table, let slices = pair.0 else { return nil }
            return ScoutTable(slices: slices, full: table, group: pair.1, isVolume: isVolume, pool: pool)
        }
        var current = settings
        current.referencesAreCTFCorrected = state.referencesAreCTFCorrected
        return ExpectationContext(
            settings: current, model: model, references: references, grid: grid, translations: translations, groups: groups,
            tables: tables, scouts: scouts, fineTables: fineTables, comparison: isCorrelationIteration ? .crossCorrelation : .likelihood,
            searchesFirstClassOnly: firstOnly,
            localSearch: isLocal
                ? .init(search: PriorSearch(sampling), sigmaRot: state.sigmaRot, sigmaTilt: state.sigmaTilt,
                        sigmaPsi: state.sigmaPsi, isBimodal: settings.bimodalPsi && state.sigmaPsi > 0,
                        usesPriorAngles: !usesLocalAngles)
                : nil,
            seedClasses: makesSeeds ? seedClasses(half) : nil, isGradient: isGradientIteration, map: makesSeeds ? nil : selfOrganisingMap,
            maximumSignificant: significantSampleLimit)
    }

    /// Local searches centre on the last angles; priors with only some widths keep the input's prior angles.
    private var usesLocalAngles: Bool {
        if settings.isAutoRefine || settings.isAutoSampling { return state.healpixOrder >= settings.localSearchHealpixOrder }
        return state.sigmaRot > 0 && state.sigmaTilt > 0 && state.sigmaPsi > 0
    }

    private func seedClasses(_ half: Int) -> [Int] {
        particleOrder.current[half].indices.map { position in
            var generator = AdditiveFeedbackGenerator(seed: settings.randomSeed + position)
            let number = Int(generator.next())
            if let active = selfOrganisingMap?.activeNodes { return active[number % active.count] }
            return number % settings.classCount
        }
    }

    private func makeTranslations() -> TranslationSampling {
        if settings.skipsAlignment {
            return TranslationSampling(range: 0, step: 1)
        }
        var sampling = TranslationSampling(range: state.offsetRange, step: state.offsetStep,
                                           perturbation: state.perturbation.instance)
        if settings.skipsRotation { sampling.perturbation = 0 }
        return sampling
    }

    private func makeGroups(_ model: RefinementModel, sizes: ImageSizes, translations: TranslationSampling,
                            padding: Double) -> [GroupContext] {
        var layouts: [Int: PixelLayout] = [:]
        func layout(_ radius: Int) -> PixelLayout {
            if let known = layouts[radius] { return known }
            let made = PixelLayout(radius: radius)
            layouts[radius] = made
            return made
        }
        let transfers = detectorTransfers(sizes)
        return data.optics.indices.map { index in
            let size = sizes.groups[index], fine = layout(size.fineRadius)
            return GroupContext(
                optics: data.optics[index], sizes: size,
                model: ModelGeometry(box: model.box, pixelSize: model.pixelSize, padding: padding), noise: model.noise[index],
                settings: settings, translations: translations, fineOversampling: settings.oversamplingOrder,
                correction: data.optics[index].imageCorrection(layout: fine, meanTransfer: transfers[index]?.mean,
                                                               transfer: transfers[index]?.own),
                fineLayout: fine, coarseLayout: layout(size.coarseRadius),
                scoutLayout: size.coarseRadius >= ScoutTable.smallestCoarseRadius ? layout(Int(Double(size.coarseRadius) * ScoutTable.radiusFraction(isVolume: isVolume))) : nil)
        }
    }

    /// MTF of each group and its mean over the groups, where groups differ; one common MTF is left to sharpening.
    private func detectorTransfers(_ sizes: ImageSizes) -> [(mean: [Float], own: [Float])?] {
        let optics = data.optics
        let curves = optics.map { group in
            group.modulationTransfer.isEmpty ? nil : try? DetectorTransfer(
                frequenciesPerPixel: group.modulationTransfer.map(\.frequency),
                values: group.modulationTransfer.map(\.value), name: "MTF")
        }
        let distinct = Set(optics.map { "\($0.modulationTransfer)" })
        guard distinct.count > 1, curves.allSatisfy({ $0 != nil }) else { return optics.map { _ in nil } }
        return optics.indices.map { index in
            let grid = FrequencyGrid(box: optics[index].box, pixelSizeInAngstrom: optics[index].pixelSize,
                                     croppedTo: 2 * sizes.groups[index].fineRadius)
            let all = zip(curves, optics).map { curve, group in
                curve?.values(on: grid, detectorPixelSizeInAngstrom: group.micrographPixelSize) ?? []
            }
            let mean = all[index].indices.map { i in all.reduce(0) { $0 + $1[i] } / Float(all.count) }
            return (mean, all[index])
        }
    }
}
