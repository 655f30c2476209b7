import Arrays
import ImageFormats
import Metadata
import Parallel
import ProgramKit
import Refinement
import Reporting

/// The files of an earlier run from which it goes on, as one.
struct ContinuedRun: Sendable {
    let optimiser: OptimiserFile
    let sampling: SamplingFile
    /// One, or one for each half.
    let models: [ModelFile]
    /// References by model and class.
    let references: [[RealArray]]
    /// Moments of the gradient; empty outside gradient refinement.
    let moments: GradientMoments
    let particles: ParticleInput

    /// Reads the optimiser file and all that it names.
    ///
    /// - Throws: `InputError` with every problem found, each naming its file.
    init(optimiserFile: String, pool: ThreadPool, reporter: Reporter) throws {
        optimiser = try OptimiserFile(contentsOf: optimiserFile)
        var check = InputCheck()
        check.require(
            optimiser.iteration > 0, optimiserFile, found: "is of a finished run, or of iteration 0",
            expected: "an _itNNN_optimiser.star", remedy: "Go on from the last numbered iteration, or start anew")
        check.refuse("helical refinement (\(optimiserFile))", given: optimiser.isHelical)
        check.refuse("multi-body refinement (\(optimiserFile))", given: optimiser.bodyFile.ifGiven != nil)
        check.refuse("subtomogram averaging (\(optimiserFile))", given: optimiser.tomogramsFile.ifGiven != nil)
        let (dataFile, needsCTF) = (optimiser.dataFile, optimiser.correctsCTF)
        let particles = check.attempt { try ParticleInput.read(dataFile, needsCTF: needsCTF) }
        if let particles {
            check.attempt { try StackCheck.check(particles, pool: pool, reporter: reporter) }
        }
        let samplingFile = optimiser.samplingFile
        let sampling = check.attempt { try SamplingFile(contentsOf: samplingFile) }
        let modelNames = [optimiser.modelFile] + (optimiser.modelFileOfHalf2.ifGiven.map { [$0] } ?? [])
        var models: [ModelFile] = []
        var references: [[RealArray]] = []
        for name in modelNames {
            let groups = particles?.table.opticsGroups.count ?? 1
            guard let model = check.attempt({ try ModelFile(contentsOf: name, opticsGroupCount: groups) }) else { continue }
            models.append(model)
            references.append(model.classes.compactMap { one in check.attempt { try Self.reference(one, of: model) } })
        }
        if let particles, models.count == modelNames.count {
            for (model, name) in zip(models, modelNames) { Self.checkAgreement(model, particles, file: name, &check) }
        }
        var moments = GradientMoments()
        if optimiser.isGradientRefinement, let model = models.first {
            moments = check.attempt { try MomentFiles.read(model) } ?? moments
            if moments.isEmpty {
                reporter.warning("\(optimiser.modelFile) names no moments of the gradient: they start anew.")
            }
        }
        try check.finish()
        guard let particles, let sampling else { throw InputError(place: optimiserFile, found: "cannot be continued") }
        self.particles = particles
        self.sampling = sampling
        self.models = models
        self.references = references
        self.moments = moments
    }

    private static func reference(_ one: ModelFile.ClassModel, of model: ModelFile) throws -> RealArray {
        let map = try ImageFile.read(one.referenceImage).image
        let expected: Shape = model.referenceDimensionality == 3 ? .cube(model.imageSize) : .square(model.imageSize)
        guard map.shape == expected else {
            throw InputError(
                place: one.referenceImage, found: "is \(map.shape) pixels", expected: "\(expected), as its model file says")
        }
        try map.values.withUnsafeBufferPointer { try PixelCheck.requireFinite($0, of: one.referenceImage) }
        return map
    }

    private static func checkAgreement(
        _ model: ModelFile, _ particles: ParticleInput, file: String, _ check: inout InputCheck
    ) {
        check.require(
            model.imageSize == particles.optics[0].box, file, found: "has references of \(model.imageSize) pixels",
            expected: "\(particles.optics[0].box), the box of the particles in \(particles.file)")
        check.require(
            model.groups.count == particles.groups.names.count, file, found: "has \(model.groups.count) groups",
            expected: "\(particles.groups.names.count), as the particles in \(particles.file)")
        check.require(
            model.noiseSpectra.count == particles.optics.count, file,
            found: "has noise spectra of \(model.noiseSpectra.count) optics groups",
            expected: "\(particles.optics.count), as the particles in \(particles.file)")
        let shellCount = model.imageSize / 2 + 1
        let counts = model.classes.map(\.spectra.tau2.count) + model.noiseSpectra.map(\.count)
        check.require(
            counts.allSatisfy { $0 >= shellCount }, file, found: "has a spectrum of \(counts.min() ?? 0) shells",
            expected: "\(shellCount), for references of \(model.imageSize) pixels", remedy: "The file may be cut off")
    }
}

extension RefineProgram {
    /// Goes on from an optimiser file (`--continue`).
    func continueRun(in context: ProgramContext) throws {
        var check = InputCheck()
        refuseUnavailable(&check, context: context)
        checkRanges(&check)
        let file = continuation.optimiser
        let run = check.attempt {
            try ContinuedRun(optimiserFile: file, pool: context.pool, reporter: context.reporter)
        }
        try check.finish()
        guard let run else { return }
        var settings = continuedSettings(from: run.settings, context: context)
        settings.outputRoot = continuedRoot(run, context: context)
        check.require(
            run.moments.isEmpty || settings.paddingFactor == Int(run.models[0].paddingFactor), "--pad",
            found: "is \(settings.paddingFactor), the gradient of the earlier run is padded by \(Int(run.models[0].paddingFactor))",
            expected: "the same padding", remedy: "Leave --pad out")
        var program = self
        if !context.isGiven("--solvent_mask") { program.general.solventMask = run.optimiser.solventMask }
        if !context.isGiven("--solvent_mask2") { program.general.solventMask2 = run.optimiser.secondSolventMask }
        if !context.isGiven("--tau") { program.general.tau2Spectrum = run.optimiser.tauSpectrumFile }
        if !context.isGiven("--local_symmetry") { program.general.localSymmetry = run.optimiser.localSymmetryFile }
        let frame = ReferenceInput.Frame(box: run.models[0].imageSize, pixelSize: run.models[0].pixelSizeInAngstrom)
        let masks = program.readMasks(
            frame: frame, dimensionality: settings.dimensionality, reporter: context.reporter, &check)
        settings.fixedTau2 = program.readSignalSpectrum(frame: frame, reporter: context.reporter, &check)
        OutputCheck.check(root: settings.outputRoot, bytes: 0, into: &check)
        try check.finish()
        var state = run.state(settings: settings)
        applySampling(settings, to: &state, pixelSize: frame.pixelSize, context: context)
        warnOfAccelerators(context.reporter)
        if context.isDryRun {
            context.reporter.answer(
                "\(run.particles.particles.count) particles, \(run.models[0].classes.count) class(es); goes on after"
                    + " iteration \(state.iteration), to \(settings.iterationCount) at most; output: \(settings.outputRoot)_…")
            return
        }
        try program.withEngine(
            settings, particles: run.particles, references: run.references[0], referencePixelSize: run.models[0].pixelSizeInAngstrom,
            masks: masks, context
        ) { engine in
            engine.resume(state, models: run.engineModels)
            try engine.run()
        }
    }

    /// Without a new name the output gets one that tells from which iteration it goes on.
    private func continuedRoot(_ run: ContinuedRun, context: ProgramContext) -> String {
        let old = run.optimiser.outputRoot
        let new = general.output
        return new.isEmpty || new == old ? old + "_ct\(run.optimiser.iteration)" : new
    }

    /// Options on the sampling change the present grid, too, not only what is remembered as asked for.
    private func applySampling(
        _ settings: RefinementSettings, to state: inout RunState, pixelSize: Double, context: ProgramContext
    ) {
        if mayChangeSampling(settings) {
            if context.isGiven("--healpix_order") {
                state.healpixOrder = settings.healpixOrder
                if settings.psiStep <= 0 { state.psiStep = 360 / Double(6 << settings.healpixOrder) }
            }
            if context.isGiven("--psi_step"), settings.psiStep > 0 { state.psiStep = settings.psiStep }
            if context.isGiven("--offset_range") { state.offsetRange = settings.offsetRangeInPixels * pixelSize }
            if context.isGiven("--offset_step") { state.offsetStep = settings.offsetStepInPixels * pixelSize }
        }
        if ["--sigma_ang", "--sigma_rot", "--sigma_tilt", "--sigma_psi"].contains(where: context.isGiven) {
            state.usesAngularPriors = true
            (state.sigmaRot, state.sigmaTilt, state.sigmaPsi) = (settings.sigmaRot, settings.sigmaTilt, settings.sigmaPsi)
        }
        if continuation.forceConverge {
            state.hasConverged = true
            state.joinsHalves = true
            state.usesAllData = true
        }
        if continuation.joinRandomHalves { state.joinsHalves = true }
    }
}
