import ArgumentParser
import Foundation
import ProgramKit
import Reporting

/// Particles cut from micrographs, by coordinates or by the refined positions of earlier particles.
struct ExtractionProgram: RelionProgram {
    static let programName = "relion_preprocess"
    static let summary = "Extract particles from micrographs: cut, rescale, normalise; also again, from refined positions."

    struct GeneralOptions: ParsableArguments {
        @Option(
            name: .customLong("i"), parsing: .unconditional,
            help: "STAR file of the micrographs, with their CTFs where these are known.")
        var micrographs = ""
        @Option(
            name: .customLong("coord_suffix"), parsing: .unconditional,
            help: "What follows a micrograph's name (without extension) in that of its coordinate file: _pick.star, .box, …")
        var coordinateSuffix = ""
        @Option(
            name: .customLong("coord_dir"), parsing: .unconditional,
            help: "Folder of the coordinate files, which are in subfolders like the micrographs; ASINPUT: beside these.")
        var coordinateFolder = "ASINPUT"
        @Option(
            name: .customLong("coord_list"), parsing: .unconditional,
            help: "STAR file with the names of micrographs and of their coordinate files, such as autopick.star.")
        var coordinateList = ""
        @Option(name: .customLong("part_dir"), parsing: .unconditional, help: "Folder for the particle stacks.")
        var particleFolder = "Particles/"
        @Option(name: .customLong("part_star"), parsing: .unconditional, help: "STAR file of all particles to write.")
        var particleStar = ""
        @Option(
            name: .customLong("pick_star"), parsing: .unconditional,
            help: "STAR file to write with micrographs and the STAR files of their particles.")
        var pickStar = ""
        @Option(
            name: .customLong("reextract_data_star"), parsing: .unconditional,
            help: "Extract the particles of this STAR file again, for example of a refinement, instead of coordinates.")
        var refinedParticles = ""
        @Flag(name: .customLong("float16"), help: "Write half-precision numbers (MRC mode 12).")
        var float16 = false
        @Flag(
            name: .customLong("keep_ctfs_micrographs"),
            help: "Give re-extracted particles CTF and optics group of the micrographs instead of those they have.")
        var keepsMicrographCTF = false
        @Flag(name: .customLong("reset_offsets"), help: "Set the origins of re-extracted particles to zero.")
        var resetsOffsets = false
        @Flag(
            name: .customLong("recenter"),
            help: "Move coordinates by the origins of re-extracted particles, so that these are centred.")
        var recentres = false
        @Option(
            name: .customLong("recenter_x"), parsing: .unconditional,
            help: "Point of the reference to centre on: X from its centre, in pixels.")
        var recentreX = 0.0
        @Option(name: .customLong("recenter_y"), parsing: .unconditional, help: "Its Y.")
        var recentreY = 0.0
        @Option(name: .customLong("recenter_z"), parsing: .unconditional, help: "Its Z.")
        var recentreZ = 0.0
        @Option(
            name: .customLong("ref_angpix"), parsing: .unconditional,
            help: "Pixel size of this reference, in Å; -1: that of the particles.")
        var referencePixelSize = -1.0
    }

    struct ExtractionOptions: ParsableArguments {
        @Flag(name: .customLong("extract"), help: "Extract particles.")
        var extracts = false
        @Option(
            name: .customLong("selection_type"), parsing: .unconditional,
            help: "Take only coordinates with this rlnParticleSelectionType; 0: all.")
        var selectionType = 0
        @Option(
            name: .customLong("extract_size"), parsing: .unconditional, help: "Box to cut, in pixels of the micrographs.")
        var boxSize = -1
        @Flag(name: .customLong("premultiply_ctf"), help: "Multiply the particles with their CTF.")
        var premultiplies = false
        @Option(
            name: .customLong("premultiply_extract_size"), parsing: .unconditional,
            help: "Box that is multiplied, before it is cut to --extract_size; -1: that size.")
        var transferBoxSize = -1
        @Flag(name: .customLong("ctf_intact_first_peak"), help: "Leave frequencies before the CTF's first peak as they are.")
        var keepsFirstPeak = false
        @Flag(name: .customLong("phase_flip"), help: "Flip the phases where the CTF is negative.")
        var flipsPhases = false
        @Option(
            name: .customLong("extract_bias_x"), parsing: .unconditional, help: "Pixels to add to the X of all coordinates.")
        var biasX = 0
        @Option(
            name: .customLong("extract_bias_y"), parsing: .unconditional, help: "Pixels to add to the Y of all coordinates.")
        var biasY = 0
        @Flag(name: .customLong("only_do_unfinished"), help: "Leave out micrographs whose particles have been extracted.")
        var onlyUnfinished = false
        @Option(
            name: .customLong("minimum_pick_fom"), parsing: .unconditional,
            help: "Take only picks with an rlnAutopickFigureOfMerit above this; -999: all.")
        var minimumFigureOfMerit = -999.0
    }

    struct OperationOptions: ParsableArguments {
        @Flag(name: .customLong("project3d"), help: "Project subtomograms along Z (not available yet).")
        var projects = false
        @Option(name: .customLong("scale"), parsing: .unconditional, help: "Resample the images to this box, in pixels.")
        var rescaledSize = -1
        @Option(name: .customLong("window"), parsing: .unconditional, help: "Then cut (or pad) them to this box, in pixels.")
        var windowSize = -1
        @Flag(name: .customLong("norm"), help: "Give the background the mean 0 and the standard deviation 1.")
        var normalises = false
        @Flag(name: .customLong("no_ramp"), help: "Do not subtract a plane fitted to the background first.")
        var keepsRamp = false
        @Option(
            name: .customLong("bg_radius"), parsing: .unconditional,
            help: "Radius outside of which pixels are background, in pixels of the images as written.")
        var backgroundRadius = -1
        @Option(
            name: .customLong("white_dust"), parsing: .unconditional,
            help: "Replace pixels this many standard deviations above the background by noise; -1: none.")
        var whiteDust = -1.0
        @Option(
            name: .customLong("black_dust"), parsing: .unconditional, help: "The same below the background; -1: none.")
        var blackDust = -1.0
        @Flag(name: .customLong("invert_contrast"), help: "Invert the contrast.")
        var inverts = false
        @Option(
            name: .customLong("operate_on"), parsing: .unconditional,
            help: "Do these operations on an image stack instead of extracting.")
        var inputStack = ""
        @Option(name: .customLong("operate_out"), parsing: .unconditional, help: "Name of the resulting stack.")
        var outputStack = "preprocessed.mrcs"
    }

    struct HelixOptions: ParsableArguments {
        @Flag(name: .customLong("helix"), help: "Extract helical segments (not available yet, like the other options here).")
        var isHelix = false
        @Option(name: .customLong("helical_outer_diameter"), parsing: .unconditional, help: "Diameter of the tubes, in Å.")
        var diameter = -1.0
        @Flag(name: .customLong("helical_tubes"), help: "Coordinates are the ends of tubes.")
        var areTubes = false
        @Option(name: .customLong("helical_nr_asu"), parsing: .unconditional, help: "Asymmetric units between two segments.")
        var asymmetricUnits = 1
        @Option(name: .customLong("helical_rise"), parsing: .unconditional, help: "Helical rise, in Å.")
        var rise = 0.0
        @Flag(name: .customLong("helical_bimodal_angular_priors"), help: "Tubes have no known polarity.")
        var hasBimodalPriors = false
        @Flag(name: .customLong("helical_cut_into_segments"), help: "Cut tubes into segments.")
        var cutsIntoSegments = false
    }

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Particle extraction") var extraction: ExtractionOptions
    @OptionGroup(title: "Particle operations") var operations: OperationOptions
    @OptionGroup(title: "Helix extraction") var helix: HelixOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        if operations.inputStack.ifGiven != nil, !extraction.extracts {
            return try StackOperation(self, context).run(in: context)
        }
        let plan = try ExtractionPlan(self, context)
        plan.report(context.reporter)
        if context.isDryRun { return }
        try MicrographExtraction(plan).run(in: context)
    }
}
