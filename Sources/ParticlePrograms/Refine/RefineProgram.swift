import ArgumentParser
import Arrays
import Geometry
import ProgramKit
import Refinement
import Reporting

/// Refinement and classification of particles in 2D and 3D: RELION's main program.
struct RefineProgram: RelionProgram {
    static let programName = "relion_refine"
    static let summary = "Refine and classify particles in 2D or 3D."

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Continuation") var continuation: ContinuationOptions
    @OptionGroup(title: "Initialisation") var initialisation: InitialisationOptions
    @OptionGroup(title: "Orientations") var orientation: OrientationOptions
    @OptionGroup(title: "Helical reconstruction") var helical: HelicalOptions
    @OptionGroup(title: "Corrections") var correction: CorrectionOptions
    @OptionGroup(title: "Stochastic Gradient Descent") var gradient: GradientOptions
    @OptionGroup(title: "Subtomogram averaging") var subtomogram: SubtomogramOptions
    @OptionGroup(title: "Computation") var computation: ComputationOptions
    @OptionGroup(title: "Expert options") var expert: ExpertOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    var isContinuation: Bool { continuation.optimiser.ifGiven != nil }

    func run(in context: ProgramContext) throws {
        if expert.printSymmetry {
            let listing = try SymmetryGroup(name: orientation.symmetry).listing
            context.reporter.answer(listing.hasSuffix("\n") ? String(listing.dropLast()) : listing)
        } else if expert.printLabels {
            context.reporter.answer(LabelListing.text)
        } else {
            context.reporter.setVerbosity(.init(rawValue: min(2, max(0, expert.verbosity))) ?? .normal)
            if isContinuation { try continueRun(in: context) } else { try startRun(in: context) }
        }
    }

    private func startRun(in context: ProgramContext) throws {
        let input = try checkedInput(context: context)
        warnOfAccelerators(context.reporter)
        if context.isDryRun {
            context.reporter.answer(plan(input, pool: context.pool))
            return
        }
        context.reporter.info(plan(input, pool: context.pool))
        var settings = settings()
        settings.classCount = input.classCount
        settings.dimensionality = input.dimensionality
        settings.fixedTau2 = input.signalSpectrum
        settings.referenceStackCount = input.references?.stackCount ?? 1
        settings.start = input.references == nil ? .randomSubsets : .references
        if input.particles.isCTFCorrected && settings.correctsCTF {
            context.reporter.info("The particles are corrected for the CTF: --ctf is switched off.")
            settings.correctsCTF = false
        }
        try withEngine(
            settings, particles: input.particles, references: input.references?.maps ?? [],
            referencePixelSize: input.references?.pixelSize, masks: input.masks, context
        ) { try $0.run() }
    }

    /// Makes the images available, hands an engine to `body`, and cleans up.
    func withEngine(
        _ settings: RefinementSettings, particles: ParticleInput, references: [RealArray], referencePixelSize: Double?,
        masks: RefinementMasks,
        _ context: ProgramContext, _ body: (RefinementEngine) throws -> Void
    ) throws {
        let images = try ParticleImages(particles, options: computation, context: context)
        defer { images.cleanUp() }
        let engine = try RefinementEngine(
            settings: settings,
            data: RefinementData(particles: particles.particles, optics: particles.optics, images: images.source),
            references: references, referencePixelSize: referencePixelSize, groupNames: particles.groups.names, masks: masks, pool: context.pool,
            reporter: context.reporter, output: files(for: particles, root: settings.outputRoot, context),
            checkForAbort: { try context.jobControl.checkForAbort() })
        try body(engine)
    }

    private func files(for particles: ParticleInput, root: String, _ context: ProgramContext) -> RefinementFiles {
        RefinementFiles(
            input: particles, root: root, commandLine: context.commandLine,
            inputs: .init(
                solvent: general.solventMask.ifGiven ?? "None", second: general.solventMask2.ifGiven ?? "None",
                localSymmetry: general.localSymmetry.ifGiven ?? "None", signalSpectrum: general.tau2Spectrum.ifGiven ?? "None"),
            pooledParticles: computation.pool * context.pool.threadCount)
    }

    func warnOfAccelerators(_ reporter: Reporter) {
        if computation.gpu != nil { reporter.warning("--gpu: there is no GPU code yet; the CPU does the work.") }
    }
}
