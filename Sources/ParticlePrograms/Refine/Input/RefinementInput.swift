import Arrays
import Foundation
import Geometry
import Metadata
import ProgramKit
import Refinement
import Reporting

/// Everything that a new refinement reads, checked: particles, references, masks.
struct RefinementInput: Sendable {
    var particles: ParticleInput
    /// Nil: made from the particles.
    var references: ReferenceInput?
    var masks: RefinementMasks
    /// Of `--tau`; empty without.
    var signalSpectrum: [Double]

    /// Number of classes: as given, or as many as the STAR file of references lists.
    var classCount: Int
    var dimensionality: RefinementSettings.Dimensionality
}

extension RefineProgram {
    /// Checks all options and reads all input but the particles' pixels.
    ///
    /// - Throws: `InputError` with every problem that could be found, so that the user can correct them in one go.
    func checkedInput(context: ProgramContext) throws -> RefinementInput {
        var check = InputCheck()
        refuseUnavailable(&check, context: context)
        checkRanges(&check)
        check.attempt { try SymmetryGroup(name: orientation.symmetry) }

        let reporter = context.reporter
        let particles = general.particles.ifGiven.flatMap { file in
            check.attempt { try ParticleInput.read(file, needsCTF: correction.ctf) }
        }
        if let particles {
            check.attempt { try StackCheck.check(particles, pool: context.pool, reporter: reporter) }
        }
        let frame = particles.map { ReferenceInput.Frame(box: $0.optics[0].box, pixelSize: $0.optics[0].pixelSize) }
        let references = initialisation.reference.ifGiven.flatMap { file in
            check.attempt {
                try ReferenceInput.read(
                    file, frame: frame,
                    givenPixelSize: expert.referencePixelSize > 0 ? expert.referencePixelSize : nil,
                    resizes: expert.trustReferenceSize, reporter: reporter)
            }
        }
        let dimensionality = references?.dimensionality ?? (initialisation.denovo3D ? .threeD : .twoD)
        let masks = readMasks(frame: frame, dimensionality: dimensionality, reporter: reporter, &check)
        let spectrum = readSignalSpectrum(frame: frame, reporter: reporter, &check)
        if let frame { checkDiameter(frame, &check) }
        checkKind(dimensionality, hasReferences: initialisation.reference.ifGiven != nil, &check)
        let classCount = references.map { $0.isSharedByClasses ? general.classes : $0.maps.count } ?? general.classes
        if classCount != general.classes, context.isGiven("--K") {
            reporter.warning("--K \(general.classes) is overruled by \(classCount) references in \(initialisation.reference).")
        }
        if let particles {
            checkResources(
                particles, classes: classCount, dimensionality: dimensionality, reporter: reporter, &check)
        }
        try check.finish()
        guard let particles else { throw InputError(place: "--i", found: "is missing") }
        return RefinementInput(
            particles: particles, references: references, masks: masks, signalSpectrum: spectrum, classCount: classCount,
            dimensionality: dimensionality)
    }

    /// - Parameter frame: nil: box and pixel size cannot be checked.
    func readMasks(
        frame: ReferenceInput.Frame?, dimensionality: RefinementSettings.Dimensionality, reporter: Reporter,
        _ check: inout InputCheck
    ) -> RefinementMasks {
        func read(_ name: String) -> RealArray? {
            name.ifGiven.flatMap { file in
                check.attempt {
                    try MaskInput.read(file, frame: frame, dimensionality: dimensionality, reporter: reporter)
                }
            }
        }
        var masks = RefinementMasks()
        masks.solvent = read(general.solventMask)
        masks.secondSolvent = read(general.solventMask2)
        masks.lowPass = read(general.lowpassMask)
        masks.lowPassResolution = general.lowpass
        if let file = general.localSymmetry.ifGiven, let frame {
            masks.localSymmetry = check.attempt {
                try LocalSymmetryInput.read(file, frame: frame, dimensionality: dimensionality, reporter: reporter)
            }
        }
        return masks
    }

    /// The spectrum of `--tau`, with a warning where it does not do what one may expect.
    func readSignalSpectrum(frame: ReferenceInput.Frame?, reporter: Reporter, _ check: inout InputCheck) -> [Double] {
        guard let file = general.tau2Spectrum.ifGiven else { return [] }
        let spectrum = check.attempt { try SignalSpectrumFile.read(file) } ?? []
        if let frame, spectrum.count < frame.box / 2 + 1 {
            reporter.warning(
                "\(file) has \(spectrum.count) shells, the references have \(frame.box / 2 + 1): there is no signal in the others.")
        }
        if general.splitRandomHalves {
            reporter.warning("--tau: with random halves the prior of the maps comes from their FSC, not from \(file).")
        }
        return spectrum
    }

    private func checkDiameter(_ frame: ReferenceInput.Frame, _ check: inout InputCheck) {
        let width = Double(frame.box) * frame.pixelSize
        check.require(
            general.particleDiameter <= width, "--particle_diameter", found: "\(general.particleDiameter) Å",
            expected: "at most the particles' box, \(String(format: "%.1f", width)) Å",
            remedy: "Correct the diameter, or extract the particles in a larger box")
    }

    private func checkKind(
        _ dimensionality: RefinementSettings.Dimensionality, hasReferences: Bool, _ check: inout InputCheck
    ) {
        check.require(
            !(orientation.autoRefine && !hasReferences), "--auto_refine", found: "is given without --ref",
            expected: "a reference")
        check.require(
            !(initialisation.denovo3D && hasReferences), "--denovo_3dref", found: "is given with --ref",
            expected: "one of the two")
        check.require(
            !(general.solventMask2.ifGiven != nil && general.solventMask.ifGiven == nil), "--solvent_mask2",
            found: "is given without --solvent_mask")
        if dimensionality == .twoD {
            check.require(
                isTrivialSymmetry(orientation.symmetry), "--sym", found: orientation.symmetry, expected: "C1 for 2D classes")
        }
    }

    private func isTrivialSymmetry(_ name: String) -> Bool {
        (try? SymmetryGroup(name: name))?.isTrivial ?? true
    }
}
