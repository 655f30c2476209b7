import Arrays
import Foundation
import Geometry
import Parallel
import Projection
import Randomness
import Reporting

/// Refines references against particle images: 2D and 3D classification, and gold-standard auto-refinement.
///
/// It knows no files and no options: data come in as records and an image source, results go to a `RefinementOutput`.
/// Expectation maximisation after Scheres 2012 (J Mol Biol 415:406; J Struct Biol 180:519).
package final class RefinementEngine {
    package let settings: RefinementSettings
    package internal(set) var data: RefinementData
    package internal(set) var models: [RefinementModel]
    package internal(set) var state: RunState
    let masks: RefinementMasks
    let symmetry: SymmetryGroup
    let relaxedSymmetry: SymmetryGroup?
    let pool: ThreadPool
    let reporter: Reporter
    let output: any RefinementOutput
    let checkForAbort: @Sendable () throws -> Void
    var particleOrder: ParticleOrder
    /// Fine slices that a particle asked for on average in the last iteration; a guess before the first.
    var finePerParticle = 300
    let sliceMemory = SliceMemory()
    /// How the gradient method proceeds; nil for expectation maximisation.
    let gradientSchedule: GradientSchedule?
    var isGradientIteration = false
    /// Classes as nodes of a map (`--som`); nil: they are not.
    var selfOrganisingMap: SelfOrganisingMap?
    /// While a run starts from several copies of one reference, particles get random classes.
    let generatesSeeds: Bool
    /// Whether the references were averaged from the data.
    let startsWithoutReferences: Bool

    var isVolume: Bool { settings.dimensionality == .threeD }
    var halfCount: Int { settings.splitsRandomHalves ? 2 : 1 }

    /// - Parameters:
    ///   - references: one map (copied to all classes, which then get random seeds), one per class, or none (random starts).
    ///   - referencePixelSize: Å, as the references' file states it; nil: that of the first optics group.
    ///   - groupNames: names of the groups (micrographs) that particles' `group` counts.
    /// - Throws: `InputError` for an unknown symmetry.
    package init(settings: RefinementSettings, data: RefinementData, references: [RealArray], referencePixelSize: Double? = nil,
                 groupNames: [String], masks: RefinementMasks, pool: ThreadPool, reporter: Reporter, output: any RefinementOutput,
                 checkForAbort: @escaping @Sendable () throws -> Void) throws {
        var settings = settings
        self.masks = masks
        self.pool = pool
        self.reporter = reporter
        self.output = output
        self.checkForAbort = checkForAbort
        symmetry = try SymmetryGroup(name: settings.symmetry)
        relaxedSymmetry = settings.relaxedSymmetry.isEmpty ? nil : try SymmetryGroup(name: settings.relaxedSymmetry)
        startsWithoutReferences = references.isEmpty
        generatesSeeds = references.count == 1 && settings.classCount > 1
        let optics = data.optics[0]
        let shape: Shape = settings.dimensionality == .threeD ? .cube(optics.box) : .square(optics.box)
        let maps = references.count == settings.classCount ? references
            : [RealArray](repeating: references.first ?? RealArray(shape: shape), count: settings.classCount)
        if settings.particleDiameter < 0 {
            settings.particleDiameter = Double(optics.box - settings.maskEdgeInPixels) * optics.pixelSize
        }
        if startsWithoutReferences && settings.initialLowPass < 0 {
            // 0.07 of the sampling frequency.
            let shell = (0.07 * Double(optics.box)).rounded()
            settings.initialLowPass = Double(optics.box) * optics.pixelSize / shell
        }
        gradientSchedule = try Self.resolveGradient(&settings, startsWithoutReferences: references.isEmpty,
                                                    particleCount: data.particles.count)
        if groupNames.count == 1 { settings.correctsScale = false }
        if settings.skipsAlignment || settings.skipsRotation {
            settings.oversamplingOrder = 0
            settings.perturbation = 0
        }
        selfOrganisingMap = try settings.gradient.isEnabled
            ? settings.gradient.map.map { try SelfOrganisingMap(classCount: settings.classCount, settings: $0) } : nil
        self.settings = settings
        self.data = data
        particleOrder = ParticleOrder(data.particles, halfCount: 1)
        state = RunState(settings: settings, pixelSize: optics.pixelSize)
        var model = RefinementModel(
            box: optics.box, pixelSize: referencePixelSize ?? optics.pixelSize, isVolume: settings.dimensionality == .threeD, references: maps,
            groupNames: groupNames, groupParticleCounts: Array(repeating: 0, count: groupNames.count),
            opticsGroupCount: data.optics.count)
        model.offsetVariance = settings.initialOffsetSpread * settings.initialOffsetSpread
        model.tau2Fudge = settings.tau2FudgeArgument > 0 ? settings.tau2FudgeArgument : 1
        model.fixTau2(settings.fixedTau2)
        if let gradientSchedule { model.tau2Fudge = gradientSchedule.tau2Fudge(iteration: 0) }
        models = [model]
    }

    /// Runs all iterations from the present one on.
    package func run() throws {
        if state.iteration == 0 { try initialise() } else { prepareParticleOrder() }
        while state.iteration < settings.iterationCount && !isFinished {
            try checkForAbort()
            try iterate()
        }
        reporter.info("\nTime by stage:\n" + reporter.timingTable())
    }

    /// Auto-refinement ends with the iteration that joins the halves.
    private var isFinished: Bool { state.joinsHalves && finishedJoining }
    var finishedJoining = false

    private func iterate() throws {
        state.iteration += 1
        if settings.isAutoRefine {
            state.checkConvergence(settings: settings, isGradientIteration: isGradientIteration)
            reportConvergence()
        }
        prepareGradientIteration()
        advanceParticleOrder(to: state.iteration)
        let before = data.particles
        let work = try expectation()
        if settings.skipsMaximisation {
            try write(isFinal: true)
            state.iteration = settings.iterationCount
            return
        }
        let maps = try reporter.timed("maximization") {
            if !isGradientIteration { return try maximise(work) }
            maximiseGradient(work)
            return []
        }
        updateChanges(from: before)
        let unmasked = isVolume || settings.gradient.isEnabled ? [] : models[0].references
        finishReferences()
        for index in models.indices {
            let ownState = state
            state.updateResolution(of: &models[index], settings: settings, warn: { reporter.warning($0) })
            if index > 0 { state = ownState }
        }
        finishedJoining = state.joinsHalves
        if writesIteration || state.joinsHalves {
            try reporter.timed("writing") { try write(isFinal: state.joinsHalves, unmasked: unmasked, unfiltered: maps) }
        }
        reportIteration()
    }

    private func updateChanges(from before: [Particle]) {
        let symmetry = symmetry
        let isVolume = isVolume
        // Only those that this iteration looked at.
        let visited = Array(particleOrder.current.joined())
        state.updateChanges(from: visited.map { before[$0] }, to: visited.map { data.particles[$0] }, isVolume: isVolume,
                            oversampling: settings.oversamplingOrder) { old, new in
            if !isVolume {
                let d = abs(old.psi - new.psi).truncatingRemainder(dividingBy: 360)
                return d > 180 ? 360 - d : d
            }
            return AngularDistance.meanOfAxes(
                EulerAngles(rot: old.rot, tilt: old.tilt, psi: old.psi).matrix,
                EulerAngles(rot: new.rot, tilt: new.tilt, psi: new.psi).matrix, symmetry: symmetry)
        }
    }

    func write(isFinal: Bool = false, unmasked: [RealArray] = [], unfiltered: [RealArray] = []) throws {
        for index in models.indices { models[index].updateEstimatedResolutions() }
        let sampling = isVolume && !settings.skipsAlignment ? makeSampling() : nil
        let directions = sampling?.directions.map { (rot: $0.rot, tilt: $0.tilt) } ?? []
        try output.write(RefinementSnapshot(
            settings: settings, state: state, models: models, particles: data.particles, isFinal: isFinal,
            sampling: sampling, directions: directions, selfOrganisingMap: selfOrganisingMap, unmaskedReferences: unmasked, unfilteredHalves: unfiltered))
    }

    /// The orientation grid of the present state.
    func makeSampling() -> OrientationSampling {
        let kind: OrientationSampling.Kind = isVolume ? .sphere(healpixOrder: state.healpixOrder) : .inPlane
        return OrientationSampling(kind: kind, psiStep: state.psiStep, symmetry: symmetry,
                                   relaxedSymmetry: relaxedSymmetry, tiltLimitInDegrees: settings.tiltLimit,
                                   perturbation: state.perturbation.instance)
    }
}
