import ArgumentParser

/// Section “Expert options” of `relion_refine`: what most users leave alone.
struct ExpertOptions: ParsableArguments {
    @Option(
        name: .customLong("pad"), parsing: .unconditional,
        help: "Padding factor of the references' Fourier transforms.")
    var padding: Int = 2

    @Option(
        name: .customLong("ref_angpix"), parsing: .unconditional,
        help: "Pixel size of the reference, in Å; -1: from its header.")
    var referencePixelSize: Double = -1.0

    @Flag(name: .customLong("NN"), help: "Interpolate by nearest neighbour instead of linearly.")
    var nearestNeighbour = false

    @Option(
        name: .customLong("r_min_nn"), parsing: .unconditional,
        help: "Shells below this are interpolated linearly even with --NN.")
    var nearestNeighbourRadius: Int = 10

    @Option(name: .customLong("verb"), parsing: .unconditional, help: "0: silent; 1: normal; 2: detailed.")
    var verbosity: Int = 1

    @Option(
        name: .customLong("random_seed"), parsing: .unconditional,
        help: "Seed of the random numbers; -1: from the clock.")
    var randomSeed: Int = -1

    @Option(
        name: .customLong("coarse_size"), parsing: .unconditional,
        help: "Greatest image size, in pixels, of the first (coarse) pass; -1: automatic.")
    var coarseSize: Int = -1

    @Option(
        name: .customLong("adaptive_fraction"), parsing: .unconditional,
        help: "Share of the probability whose orientations are oversampled in the second pass.")
    var adaptiveFraction: Double = 0.999

    @Option(
        name: .customLong("maskedge"), parsing: .unconditional,
        help: "Width of the soft edge of the circular mask, in pixels.")
    var maskEdge: Int = 5

    @Flag(name: .customLong("fix_sigma_noise"), help: "Keep the noise spectra.")
    var fixNoise = false

    @Flag(name: .customLong("fix_sigma_offset"), help: "Keep the spread of the offsets.")
    var fixOffsetSpread = false

    @Option(
        name: .customLong("incr_size"), parsing: .unconditional,
        help: "Number of shells beyond the current resolution that are included.")
    var shellIncrement: Int = 10

    @Flag(name: .customLong("print_metadata_labels"), help: "Print the definitions of all metadata labels and stop.")
    var printLabels = false

    @Flag(name: .customLong("print_symmetry_ops"), help: "Print the operators of --sym and stop.")
    var printSymmetry = false

    @Option(
        name: .customLong("strict_highres_exp"), parsing: .unconditional,
        help: "Highest resolution of the expectation step, in Å; -1: automatic.")
    var strictHighResolution: Double = -1

    @Option(
        name: .customLong("strict_lowres_exp"), parsing: .unconditional,
        help: "Lowest resolution of the expectation step, in Å; -1: none.")
    var strictLowResolution: Double = -1

    @Flag(name: .customLong("dont_check_norm"), help: "Do not check that the particles are normalised.")
    var skipNormCheck = false

    @Flag(name: .customLong("always_cc"), help: "Use normalised cross-correlation in all iterations.")
    var alwaysCC = false

    @Flag(
        name: .customLong("solvent_correct_fsc"),
        help: "Correct the FSC for the effect of the solvent mask by randomising phases.")
    var solventCorrectFSC = false

    @Flag(name: .customLong("skip_maximize"), help: "Skip the maximisation step; write the particles only.")
    var skipMaximisation = false

    @Option(
        name: .customLong("failsafe_threshold"), parsing: .unconditional,
        help: "Stop when more particles than this have no orientation of non-zero weight.")
    var failsafeThreshold: Int = 40

    @Flag(name: .customLong("blush"), help: "Regularise with the Blush network.")
    var blush = false

    @Flag(name: .customLong("blush_skip_spectral_trailing"), help: "Skip spectral trailing in Blush.")
    var blushSkipTrailing = false

    @Flag(name: .customLong("external_reconstruct"), help: "Reconstruct with an external program.")
    var externalReconstruct = false

    @Option(
        name: .customLong("auto_iter_max"), parsing: .unconditional,
        help: "Auto-refinement stops at this iteration.")
    var autoMaximumIterations: Int = 999

    @Flag(
        name: .customLong("auto_ignore_angles"),
        help: "Auto-refinement: make the sampling finer whatever the changes of the orientations.")
    var autoIgnoreAngles = false

    @Flag(
        name: .customLong("auto_resol_angles"),
        help: "Auto-refinement: make the sampling as fine as the resolution needs.")
    var autoResolutionAngles = false

    @Flag(
        name: .customLong("allow_coarser_sampling"),
        help: "Classification: coarser sampling where the accuracy of the alignment is poor.")
    var allowCoarserSampling = false

    @Flag(
        name: .customLong("trust_ref_size"),
        help: "Accept a reference whose box or pixel size is not that of the particles.")
    var trustReferenceSize = false

    @Option(
        name: .customLong("nr_parts_sigma2noise"), parsing: .unconditional,
        help: "Particles per optics group for the first noise spectra; -1: 1000.")
    var noiseParticles: Int = -1

    @Flag(name: .customLong("dont_skip_gridding"), help: "Iterate the gridding correction in the reconstruction.")
    var gridding = false

    @Flag(
        name: .customLong("exact"),
        help: "Switch off every approximation that goes beyond RELION's own (for comparisons).")
    var exact = false
}
