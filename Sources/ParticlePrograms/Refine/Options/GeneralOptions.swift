import ArgumentParser

/// Section “General options” of `relion_refine`: input, output, number of classes, masks, half sets.
struct GeneralOptions: ParsableArguments {
    @Option(name: .customLong("i"), parsing: .unconditional, help: "Particles (STAR file).")
    var particles: String = ""

    @Option(
        name: .customLong("tomograms"), parsing: .unconditional,
        help: "Tomograms (STAR file), for particles given as 2D stacks of tilt images.")
    var tomograms: String = ""

    @Option(
        name: .customLong("trajectories"), parsing: .unconditional,
        help: "Trajectories of particles through the tilt series (STAR file).")
    var trajectories: String = ""

    @Option(
        name: .customLong("ios"), parsing: .unconditional,
        help: "Optimisation set (STAR file) that names particles, tomograms, references and masks not given otherwise.")
    var optimisationSet: String = ""

    @Option(
        name: .customLong("o"), parsing: .unconditional,
        help: "Root of all output names, with its folder: Class2D/job001/run.")
    var output: String = ""

    @Option(
        name: .customLong("iter"), parsing: .unconditional,
        help: "Number of iterations; -1: 50 for expectation maximisation, 200 for the gradient method.")
    var iterations: Int = -1

    @Option(
        name: .customLong("tau2_fudge"), parsing: .unconditional,
        help: "Regularisation parameter T: the weight of the data against the prior; -1: 1, or 4 with --grad.")
    var tau2Fudge: Double = -1

    @Option(
        name: .customLong("tau2_fudge_scheme"), parsing: .unconditional,
        help: "How T changes during a gradient run: plain, or F-step with F its initial factor.")
    var tau2FudgeScheme: String = ""

    @Option(name: .customLong("K"), parsing: .unconditional, help: "Number of classes.")
    var classes: Int = 1

    @Option(
        name: .customLong("particle_diameter"), parsing: .unconditional,
        help: "Diameter of the circular mask on the particles, in Å; -1: as wide as the box allows.")
    var particleDiameter: Double = -1

    @Flag(
        name: .customLong("zero_mask"),
        help: "Set the particles' background to zero; otherwise it is filled with noise of the same spectrum.")
    var zeroMask = false

    @Flag(name: .customLong("flatten_solvent"), help: "Mask the references too.")
    var flattenSolvent = false

    @Option(
        name: .customLong("solvent_mask"), parsing: .unconditional,
        help: "Mask of the references (MRC, values 0 to 1) instead of a sphere.")
    var solventMask: String = "None"

    @Option(
        name: .customLong("solvent_mask2"), parsing: .unconditional,
        help: "Second mask, whose inside is set to its average density (the interior of a virus, say).")
    var solventMask2: String = "None"

    @Option(
        name: .customLong("lowpass_mask"), parsing: .unconditional,
        help: "Mask within which the references are low-pass filtered to --lowpass.")
    var lowpassMask: String = "None"

    @Option(
        name: .customLong("lowpass"), parsing: .unconditional,
        help: "Resolution of the filter in --lowpass_mask, in Å.")
    var lowpass: Double = 0

    @Option(
        name: .customLong("tau"), parsing: .unconditional,
        help: "STAR file with a tau² spectrum that is kept throughout.")
    var tau2Spectrum: String = "None"

    @Option(
        name: .customLong("local_symmetry"), parsing: .unconditional,
        help: "STAR file with masks and operators of local symmetry.")
    var localSymmetry: String = "None"

    @Flag(name: .customLong("split_random_halves"), help: "Refine two random halves of the particles independently.")
    var splitRandomHalves = false

    @Option(
        name: .customLong("low_resol_join_halves"), parsing: .unconditional,
        help: "The half maps are averaged up to this resolution, in Å, so that they keep one orientation; -1: not.")
    var joinHalvesResolution: Double = -1

    @Flag(
        name: .customLong("center_classes"),
        help: "Move the centre of mass of each class to the centre of the box after each iteration.")
    var centerClasses = false
}
