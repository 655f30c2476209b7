import ArgumentParser
import ProgramKit
import Reporting

/// Particles found in micrographs: as blobs of a size, or by their likeness to references.
struct AutopickProgram: RelionProgram {
    static let programName = "relion_autopick"
    static let summary = "Pick particles in micrographs: as blobs (Laplacian of Gaussian) or by references."

    struct GeneralOptions: ParsableArguments {
        @Option(
            name: .customLong("i"), parsing: .unconditional,
            help: "STAR file of the micrographs, or a pattern of their names in quotation marks.")
        var micrographs = ""
        @Option(
            name: .customLong("pickname"), parsing: .unconditional,
            help: "Last part of the names of coordinate files: <micrograph>_<this>.star.")
        var pickName = "autopick"
        @Option(name: .customLong("odir"), parsing: .unconditional, help: "Folder for coordinate files.")
        var folder = "AutoPick/"
        @Option(
            name: .customLong("angpix"), parsing: .unconditional,
            help: "Pixel size in Å of micrographs that are not named by a STAR file.")
        var pixelSize = 1.0
        @Option(
            name: .customLong("particle_diameter"), parsing: .unconditional,
            help: "Diameter of the circle in Å within which references count; -1: as far as the references are not flat.")
        var particleDiameter = -1.0
        @Option(
            name: .customLong("shrink_particle_mask"), parsing: .unconditional,
            help: "Make the radius of that circle smaller by this many pixels.")
        var maskShrinkage = 2
        @Option(
            name: .customLong("outlier_removal_zscore"), parsing: .unconditional,
            help: "Replace pixels this many standard deviations off the mean by the mean.")
        var outlierLimit = 8.0
        @Flag(name: .customLong("write_fom_maps"), help: "Keep the maps of the figure of merit, to pick from them again.")
        var writesMaps = false
        @Flag(name: .customLong("no_fom_limit"), help: "Keep these maps even for more than 30 micrographs.")
        var hasNoMapLimit = false
        @Flag(
            name: .customLong("read_fom_maps"),
            help: "Pick from maps that were kept: thresholds and distances can be tried out in no time.")
        var readsMaps = false
        @Flag(
            name: .customLong("skip_optimise_scale"),
            help: "Take the size of the shrunken micrographs as it is, even if its Fourier transforms are slow.")
        var keepsExactSize = false
        @Flag(name: .customLong("only_do_unfinished"), help: "Leave out micrographs whose coordinate file exists.")
        var onlyUnfinished = false
        @Option(
            name: .customLong("gpu"), defaultAsFlag: "default", parsing: .next,
            help: "GPUs to use (not available: picking runs on the processor).")
        var gpu: String?
    }

    struct ReferenceOptions: ParsableArguments {
        @Option(
            name: .customLong("ref"), parsing: .unconditional,
            help: "References: a STAR file of images, a stack, a 3D map (which is projected), or gauss for a Gaussian blob.")
        var references = ""
        @Option(
            name: .customLong("angpix_ref"), parsing: .unconditional,
            help: "Pixel size of the references in Å; -1: that of the micrographs, or what images named in a STAR file say.")
        var pixelSize = -1.0
        @Flag(name: .customLong("invert"), help: "The references' contrast is opposite to that of the micrographs.")
        var inverts = false
        @Option(
            name: .customLong("ang"), parsing: .unconditional,
            help: "Step of the in-plane angle in degrees; 360: references are not rotated.")
        var angularStep = 10.0
        @Option(
            name: .customLong("lowpass"), parsing: .unconditional,
            help: "Highest resolution of references in Å; -1: no limit. A low limit keeps noise from being picked as particles.")
        var lowpass = -1.0
        @Option(
            name: .customLong("highpass"), parsing: .unconditional,
            help: "Lowest resolution of micrographs in Å: takes out gradients; -1: no limit.")
        var highpass = -1.0
        @Flag(name: .customLong("ctf"), help: "Multiply the references with the micrographs' CTFs.")
        var usesTransfer = false
        @Flag(name: .customLong("ctf_intact_first_peak"), help: "Leave frequencies before the CTF's first peak as they are.")
        var keepsFirstPeak = false
        @Option(name: .customLong("gauss_max"), parsing: .unconditional, help: "Height of the Gaussian blob.")
        var blobHeight = 0.1
        @Option(
            name: .customLong("healpix_order"), parsing: .unconditional,
            help: "HEALPix order of the directions in which a 3D map is projected: 0 for 60°, 1 for 30°, 2 for 15°.")
        var healpixOrder = 1
        @Option(name: .customLong("sym"), parsing: .unconditional, help: "Symmetry of a 3D map.")
        var symmetry = "C1"
    }

    struct LaplacianOptions: ParsableArguments {
        @Flag(name: .customLong("LoG"), help: "Pick blobs by the Laplacian of a Gaussian; no references are needed.")
        var isUsed = false
        @Option(name: .customLong("LoG_diam_min"), parsing: .unconditional, help: "Smallest diameter of a particle in Å.")
        var minimumDiameter = -1.0
        @Option(name: .customLong("LoG_diam_max"), parsing: .unconditional, help: "Largest diameter of a particle in Å.")
        var maximumDiameter = -1.0
        @Option(
            name: .customLong("LoG_neighbour"), parsing: .unconditional,
            help: "Least distance of two particles in percent of the mean of the detected and the smallest diameter.")
        var neighbourPercentage = 100.0
        @Flag(name: .customLong("Log_invert"), help: "Particles are white, not black.")
        var isWhite = false
        @Option(
            name: .customLong("LoG_adjust_threshold"), parsing: .unconditional,
            help: "Threshold in standard deviations above the mean: positive for fewer particles, negative for more.")
        var threshold = 0.0
        @Option(
            name: .customLong("LoG_upper_threshold"), parsing: .unconditional,
            help: "Leave out what is this many standard deviations above the mean: ice and other dirt.")
        var upperThreshold = 99999.0
        @Flag(
            name: .customLong("LoG_use_ctf"),
            help: "Divide by the CTF before its first peak, which raises the contrast at low resolution.")
        var usesTransfer = false
    }

    struct TopazOptions: ParsableArguments {
        @Flag(name: .customLong("topaz_train"), help: "Train Topaz (not available, like the other options here).")
        var trains = false
        @Flag(name: .customLong("topaz_extract"), help: "Pick with Topaz.")
        var picks = false
        @Option(name: .customLong("topaz_nr_particles"), parsing: .unconditional, help: "Particles expected in a micrograph.")
        var expectedCount = 200
        @Option(name: .customLong("topaz_threshold"), parsing: .unconditional, help: "Least score of a particle.")
        var threshold = -6.0
        @Option(name: .customLong("topaz_train_picks"), parsing: .unconditional, help: "Coordinates to train with.")
        var trainingPicks = ""
        @Option(name: .customLong("topaz_train_parts"), parsing: .unconditional, help: "Particles to train with.")
        var trainingParticles = ""
        @Option(name: .customLong("topaz_test_ratio"), parsing: .unconditional, help: "Fraction of the picks kept for tests.")
        var testFraction = 0.2
        @Option(name: .customLong("topaz_downscale"), parsing: .unconditional, help: "Factor of downscaling.")
        var downscaling = -1
        @Option(name: .customLong("topaz_model"), parsing: .unconditional, help: "Trained model.")
        var model = ""
        @Option(name: .customLong("topaz_radius"), parsing: .unconditional, help: "Particle radius in downscaled pixels.")
        var radius = -1
        @Option(name: .customLong("topaz_args"), parsing: .unconditional, help: "More arguments for Topaz.")
        var arguments = ""
        @Option(name: .customLong("topaz_workers"), parsing: .unconditional, help: "Processes of a training.")
        var workers = 1
        @Flag(name: .customLong("topaz_plot"), help: "Plots of helical picking.")
        var plots = false
        @Option(name: .customLong("fn_topaz_exe"), parsing: .unconditional, help: "Topaz executable.")
        var executable = "relion_python_topaz"
    }

    struct HelixOptions: ParsableArguments {
        @Flag(name: .customLong("helix"), help: "Pick helical segments (not available yet, like the other options here).")
        var isHelix = false
        @Option(name: .customLong("helical_tube_kappa_max"), parsing: .unconditional, help: "Largest curvature of tubes.")
        var largestCurvature = 0.25
        @Option(
            name: .customLong("helical_tube_outer_diameter"), parsing: .unconditional, help: "Diameter of the tubes, in Å.")
        var diameter = -1.0
        @Option(name: .customLong("helical_tube_length_min"), parsing: .unconditional, help: "Least length of tubes, in Å.")
        var leastLength = -1.0
        @Flag(name: .customLong("amyloid"), help: "Pick amyloids.")
        var isAmyloid = false
        @Option(
            name: .customLong("max_diam_local_avg"), parsing: .unconditional, help: "Diameter of the local average, in Å.")
        var averagingDiameter = -1.0
    }

    struct PeakOptions: ParsableArguments {
        @Option(
            name: .customLong("threshold"), parsing: .unconditional,
            help: "Least figure of merit: the fraction of what a perfect particle would have.")
        var threshold = 0.25
        @Option(
            name: .customLong("min_distance"), parsing: .unconditional,
            help: "Least distance of two particles in Å; -1: half the box of the references.")
        var leastDistance = -1.0
        @Option(
            name: .customLong("max_stddev_noise"), parsing: .unconditional,
            help: "Largest standard deviation of the background around a particle (carbon has more); -1: no limit.")
        var largestNoise = -1.0
        @Option(
            name: .customLong("min_avg_noise"), parsing: .unconditional,
            help: "Least mean of the background around a particle (thick ice has less); -999: no limit.")
        var leastBackground = -999.0
        @Option(
            name: .customLong("skip_side"), parsing: .unconditional,
            help: "Pixels at each side of the micrograph (beside half a box or a radius) in which nothing is picked.")
        var margin = 0
    }

    struct ExpertOptions: ParsableArguments {
        @Option(name: .customLong("verb"), parsing: .unconditional, help: "0: say nothing but warnings and errors.")
        var verbosity = 1
        @Option(
            name: .customLong("pad"), parsing: .unconditional, help: "Padding of the transforms from which references are rotated.")
        var padding = 2
        @Option(
            name: .customLong("random_seed"), parsing: .unconditional, help: "Seed of the noise around oblong micrographs.")
        var seed = 1
        @Option(
            name: .customLong("shrink"), parsing: .unconditional,
            help: "Work at this fraction of the micrographs' size, or (above 1) at this size; 0: at the size that --lowpass needs.")
        var shrinkage = 1.0
        @Option(
            name: .customLong("Log_max_search"), parsing: .unconditional,
            help: "Blobs are sought up to this many times above the largest and below the smallest diameter.")
        var searchFactor = 5.0
        @Option(
            name: .customLong("extra_pad"), parsing: .unconditional, help: "Pixels to add around the micrographs at each side.")
        var extraPadding = 0
    }

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "References options") var reference: ReferenceOptions
    @OptionGroup(title: "Laplacian-of-Gaussian options") var laplacian: LaplacianOptions
    @OptionGroup(title: "Topaz wrapper options") var topaz: TopazOptions
    @OptionGroup(title: "Helix options") var helix: HelixOptions
    @OptionGroup(title: "Peak-search options") var peaks: PeakOptions
    @OptionGroup(title: "Expert options") var expert: ExpertOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        if expert.verbosity <= 0 { context.reporter.setVerbosity(.silent) }
        let plan = try AutopickPlan(self, context)
        plan.report(context.reporter)
        if context.isDryRun { return }
        try AutopickRun(plan, context.pool).run(in: context)
    }
}
