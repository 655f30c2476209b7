import ArgumentParser

struct ReconstructGeneralOptions: ParsableArguments {
    @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file of images with their orientations.")
    var input: String = ""

    @Option(name: .customLong("o"), parsing: .unconditional, help: "Name of the map to write.")
    var output: String = "relion.mrc"

    @Option(name: .customLong("sym"), parsing: .unconditional, help: "Point group.")
    var symmetry: String = "c1"

    @Option(name: .customLong("maxres"), parsing: .unconditional, help: "Highest resolution in Å; by default Nyquist.")
    var maximalResolution: Double = -1

    @Option(name: .customLong("pad"), parsing: .unconditional, help: "Padding factor.")
    var padding: Double = 2

    @Option(name: .customLong("img"), parsing: .unconditional, help: "Folder in which the image files are, in place of the one in their names.")
    var imageFolder: String = ""

    @Option(name: .customLong("subset"), parsing: .unconditional, help: "Half set to use, 1 or 2; other numbers: all images.")
    var subset: Int = -1

    @Option(name: .customLong("class"), parsing: .unconditional, help: "Class to use; -1: all.")
    var classNumber: Int = -1

    @Option(name: .customLong("angpix"), parsing: .unconditional,
            help: "Pixel size of the map in Å; by default that of the first optics group.")
    var pixelSize: Double = -1
}

struct ReconstructTransferOptions: ParsableArguments {
    @Flag(name: .customLong("ctf"), help: "Correct for the CTF.")
    var correctsCTF = false

    @Flag(name: .customLong("ctf_intact_first_peak"), help: "Leave amplitudes alone up to the CTF's first peak.")
    var leavesFirstPeak = false

    @Flag(name: .customLong("ctf_phase_flipped"), help: "The images' phases have been flipped.")
    var areFlipped = false

    @Flag(name: .customLong("only_flip_phases"), help: "Correct only the CTF's sign.")
    var onlyFlips = false
}

struct ReconstructEwaldOptions: ParsableArguments {
    @Flag(name: .customLong("ewald"), help: "Correct for the curvature of the Ewald sphere.")
    var correctsCurvature = false

    @Option(name: .customLong("mask_diameter"), parsing: .unconditional, help: "Diameter in Å of the particle, for separating the sides.")
    var maskDiameter: Double = -1

    @Option(name: .customLong("width_mask_edge"), parsing: .unconditional, help: "Width in pixels of the mask's soft edge.")
    var maskEdge: Int = 3

    @Flag(name: .customLong("reverse_curvature"), help: "Curve the other way.")
    var isReversed = false

    @Option(name: .customLong("newbox"), parsing: .unconditional, help: "Box of the map in pixels, if it is not the images'.")
    var newBox: Int = -1

    @Option(name: .customLong("sectors"), parsing: .unconditional, help: "Sectors in which the sides are separated.")
    var sectors: Int = 2

    @Flag(name: .customLong("skip_mask"), help: "Do not mask the separated sides.")
    var skipsMask = false

    @Flag(name: .customLong("skip_weighting"), help: "Do not weight by how well the sides separate.")
    var skipsWeighting = false
}

struct ReconstructHelixOptions: ParsableArguments {
    @Option(name: .customLong("nr_helical_asu"), parsing: .unconditional, help: "Helical copies to average.")
    var asymmetricUnits: Int = 1

    @Option(name: .customLong("helical_rise"), parsing: .unconditional, help: "Helical rise, Å.")
    var rise: Double = 0

    @Option(name: .customLong("helical_twist"), parsing: .unconditional, help: "Helical twist in degrees, positive for right-handed.")
    var twist: Double = 0
}

struct ReconstructSubtomogramOptions: ParsableArguments {
    @Flag(name: .customLong("normalised_subtomo"), help: "The subtomograms were divided by their multiplicity.")
    var areNormalised = false

    @Flag(name: .customLong("skip_subtomo_multi"), help: "Do not weight normalised subtomograms by their multiplicity.")
    var skipsMultiplicity = false

    @Flag(name: .customLong("ctf3d_not_squared"), help: "The 3D CTF files hold the CTF, not its square.")
    var transferIsNotSquared = false
}

struct ReconstructExpertOptions: ParsableArguments {
    @Option(name: .customLong("subtract"), parsing: .unconditional, help: "Map whose projections are subtracted from the images first.")
    var subtractedMap: String = ""

    @Flag(name: .customLong("NN"), help: "Interpolate by the nearest neighbour instead of linearly.")
    var usesNearestNeighbour = false

    @Option(name: .customLong("blob_r"), parsing: .unconditional, help: "Radius of the blob of iterative gridding.")
    var blobRadius: Double = 1.9

    @Option(name: .customLong("blob_m"), parsing: .unconditional, help: "Order of the blob.")
    var blobOrder: Int = 0

    @Option(name: .customLong("blob_a"), parsing: .unconditional, help: "Taper of the blob.")
    var blobAlpha: Double = 15

    @Option(name: .customLong("iter"), parsing: .unconditional, help: "Iterations of gridding, with --dont_skip_gridding.")
    var iterations: Int = 10

    @Option(name: .customLong("refdim"), parsing: .unconditional, help: "Dimension of the result, 2 or 3.")
    var dimension: Int = 3

    @Option(name: .customLong("angular_error"), parsing: .unconditional,
            help: "Standard deviation in degrees of random errors added to each Euler angle.")
    var angularError: Double = 0

    @Option(name: .customLong("shift_error"), parsing: .unconditional, help: "Standard deviation in Å of random errors added to the origins.")
    var shiftError: Double = 0

    @Flag(name: .customLong("fom_weighting"), help: "Weight images by rlnParticleFigureOfMerit.")
    var weightsByMerit = false

    @Option(name: .customLong("fsc"), parsing: .unconditional, help: "STAR file with an FSC (rlnGoldStandardFsc) for a regularised map.")
    var correlation: String = ""

    @Flag(name: .customLong("3d_rot"), help: "The data are volumes.")
    var usesVolumes = false

    @Option(name: .customLong("reconstruct_ctf"), parsing: .unconditional,
            help: "Make a volume of the images' CTFs, of this size in pixels, instead of a map.")
    var transferBox: Int = -1

    @Flag(name: .customLong("ctf2"), help: "With --reconstruct_ctf: average the square, then take the root.")
    var squaresTransfer = false

    @Flag(name: .customLong("dont_skip_gridding"), help: "Find weights by iterative gridding.")
    var usesGridding = false

    @Option(name: .customLong("debug"), parsing: .unconditional, help: "Root name of accumulators written by --write_debug_output, to go on from.")
    var accumulators: String = ""

    @Option(name: .customLong("debug_ori_size"), parsing: .unconditional, help: "Box of the map for --debug, pixels.")
    var accumulatorsBox: Int = 1

    @Option(name: .customLong("debug_size"), parsing: .unconditional, help: "Image size used for the accumulators of --debug, pixels.")
    var accumulatorsSize: Int = 1

    @Option(name: .customLong("reconstruct_noise"), parsing: .unconditional,
            help: "Model STAR file: use noise of its spectra in place of the images.")
    var noiseModel: String = ""

    @Flag(name: .customLong("read_weights"), help: "Multiply weights by those in files named like the image stacks, with _weight.mrc.")
    var readsWeights = false

    @Flag(name: .customLong("write_debug_output"), help: "Write the accumulators before the map is made.")
    var writesAccumulators = false

    @Flag(name: .customLong("external_reconstruct"), help: "Let the program named by RELION_EXTERNAL_RECONSTRUCT_EXECUTABLE make the map.")
    var isExternal = false

    @Option(name: .customLong("verb"), parsing: .unconditional, help: "0: say nothing.")
    var verbosity: Int = 1
}
