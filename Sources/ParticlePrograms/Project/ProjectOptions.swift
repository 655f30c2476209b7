import ArgumentParser

struct ProjectInputOptions: ParsableArguments {
    @Option(name: .customLong("i"), parsing: .unconditional, help: "Map (.mrc) to project.")
    var map: String

    @Option(name: .customLong("o"), parsing: .unconditional,
            help: "Root name of the output; for a single projection, the file's name.")
    var output: String = "proj"

    @Flag(name: .customLong("float16"), help: "Write 16-bit floating-point numbers instead of 32-bit ones.")
    var usesHalfPrecision = false

    @Option(name: .customLong("angpix"), parsing: .unconditional,
            help: "Pixel size in Å; by default that of the first optics group, or of the map's header.")
    var pixelSize: Double = -1

    @Option(name: .customLong("mask"), parsing: .unconditional, help: "Mask to multiply the map with first.")
    var mask: String = ""

    @Option(name: .customLong("maxres"), parsing: .unconditional, help: "Highest resolution in Å; by default Nyquist.")
    var maximalResolution: Double = -1

    @Option(name: .customLong("pad"), parsing: .unconditional, help: "Padding factor of the map's transform.")
    var padding: Int = 2

    @Flag(name: .customLong("NN"), help: "Interpolate by the nearest neighbour instead of linearly.")
    var usesNearestNeighbour = false
}

struct ProjectViewOptions: ParsableArguments {
    @Option(name: .customLong("ang"), parsing: .unconditional,
            help: "STAR file of particles whose orientations, and CTFs, are used; None: a single projection.")
    var particles: String = "None"

    @Option(name: .customLong("nr_uniform"), parsing: .unconditional,
            help: "Make this many projections in random directions, spread evenly.")
    var uniformCount: Int = -1

    @Option(name: .customLong("sigma_offset"), parsing: .unconditional,
            help: "Standard deviation in Å of random origins, with --nr_uniform.")
    var offsetSpread: Double = 0

    @Option(name: .customLong("rot"), parsing: .unconditional, help: "First Euler angle of a single projection, degrees.")
    var rot: Double = 0

    @Option(name: .customLong("tilt"), parsing: .unconditional, help: "Second Euler angle of a single projection, degrees.")
    var tilt: Double = 0

    @Option(name: .customLong("psi"), parsing: .unconditional, help: "Third Euler angle of a single projection, degrees.")
    var psi: Double = 0

    @Option(name: .customLong("xoff"), parsing: .unconditional, help: "Origin along x of a single projection, pixels.")
    var originX: Double = 0

    @Option(name: .customLong("yoff"), parsing: .unconditional, help: "Origin along y of a single projection, pixels.")
    var originY: Double = 0

    @Option(name: .customLong("zoff"), parsing: .unconditional, help: "Origin along z of a single rotated map, pixels.")
    var originZ: Double = 0

    @Flag(name: .customLong("3d_rot"), help: "Rotate the map instead of projecting it.")
    var rotatesVolumes = false

    @Flag(name: .customLong("ignore_particle_name"), help: "Read the STAR file of --ang without regard to its images.")
    var ignoresParticleName = false
}

struct ProjectTransferOptions: ParsableArguments {
    @Flag(name: .customLong("ctf"), help: "Multiply the projections with the CTFs of --ang.")
    var appliesCTF = false

    @Flag(name: .customLong("ctf_phase_flip"), help: "Use the CTF's magnitude: as after flipping phases.")
    var flipsPhases = false

    @Flag(name: .customLong("ctf_intact_first_peak"), help: "Leave amplitudes alone up to the CTF's first peak.")
    var leavesFirstPeak = false

    @Flag(name: .customLong("ctf2"), help: "Multiply the projections with the square of the CTF.")
    var appliesSquaredCTF = false
}

struct ProjectNoiseOptions: ParsableArguments {
    @Flag(name: .customLong("add_noise"), help: "Add noise to the projections.")
    var addsNoise = false

    @Option(name: .customLong("white_noise"), parsing: .unconditional, help: "Standard deviation of white noise.")
    var whiteNoise: Double = 0

    @Option(name: .customLong("model_noise"), parsing: .unconditional,
            help: "Model STAR file whose noise spectra are used.")
    var noiseModel: String = ""

    @Flag(name: .customLong("subtract_exp"), help: "Write the images of --ang minus their projections.")
    var subtracts = false

    @Flag(name: .customLong("simulate"),
          help: "Replace the signal in the images of --ang by a projection in another orientation, which becomes the truth.")
    var simulates = false

    @Option(name: .customLong("adjust_simulation_SNR"), parsing: .unconditional,
            help: "Factor on the projection that --simulate adds.")
    var signalFactor: Double = 1

    @Option(name: .customLong("ang_simulate"), parsing: .unconditional,
            help: "STAR file with the orientations that --simulate gives; by default those of other particles of --ang.")
    var simulatedAngles: String = ""
}
