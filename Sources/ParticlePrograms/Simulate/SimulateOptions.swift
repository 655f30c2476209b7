import ArgumentParser

/// What is imaged.
struct SimulatedModelOptions: ParsableArguments {
    @Option(name: .customLong("model"), parsing: .unconditional,
            help: "Atomic model, PDB or mmCIF (also .gz); the default is a made-up D2 protein of 180 kDa.")
    var model = "built-in"
    @Option(name: .customLong("model2"), parsing: .unconditional,
            help: "Second species; 'built-in' is the made-up protein without one of its domains.")
    var secondModel = ""
    @Option(name: .customLong("fraction2"), parsing: .unconditional, help: "Fraction of the particles that are of the second species.")
    var secondFraction = 0.5
    @Option(name: .customLong("chains"), parsing: .unconditional, help: "Chains to take from the model, with commas between; empty: all.")
    var chains = ""
    @Flag(name: .customLong("keep_origin"), help: "Leave the coordinates of the model as they are; otherwise its centre moves to the origin.")
    var keepsOrigin = false
    @Flag(name: .customLong("principal_axes"), help: "Turn the model so that its longest axis lies on x and its shortest on z.")
    var turnsToPrincipalAxes = false
    @Option(name: .customLong("bfactor"), parsing: .unconditional, help: "B factor of all atoms (in A^2).")
    var bFactor = 60.0
    @Flag(name: .customLong("model_bfactors"), help: "Add the B factor that the model's file gives each atom.")
    var usesModelBFactors = false
}

/// The images.
struct SimulatedImageOptions: ParsableArguments {
    @Option(name: .customLong("o"), parsing: .unconditional, help: "Output folder.")
    var output = "Simulate"
    @Option(name: .customLong("n"), parsing: .unconditional, help: "Number of particles.")
    var count = 1000
    @Option(name: .customLong("box"), parsing: .unconditional, help: "Box size (in pixels), even.")
    var box = 128
    @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Angstroms).")
    var pixelSize = 2.0
    @Option(name: .customLong("nr_mics"), parsing: .unconditional, help: "Number of micrographs; each has its own defocus, contrast and stack.")
    var micrographs = 10
    @Option(name: .customLong("offset"), parsing: .unconditional, help: "Standard deviation of the centring error along x and y (in Angstroms).")
    var offset = 4.0
    @Option(name: .customLong("junk"), parsing: .unconditional, help: "Fraction of the images that show ice or a contaminant instead of a particle.")
    var junk = 0.0
    @Option(name: .customLong("bg_radius"), parsing: .unconditional,
            help: "Radius of the circle outside which noise is normalised (in pixels); negative: 3/8 of the box.")
    var backgroundRadius = -1.0
    @Flag(name: .customLong("float16"), help: "Write the images with 16 bits a pixel.")
    var usesHalfPrecision = false
    @Flag(name: .customLong("only_map"), help: "Write the reference map only.")
    var writesOnlyMap = false
    @Option(name: .customLong("seed"), parsing: .unconditional, help: "Seed of all random numbers: the same seed gives the same images.")
    var seed = 1
}

/// The microscope.
struct SimulatedOpticsOptions: ParsableArguments {
    @Option(name: .customLong("voltage"), parsing: .unconditional, help: "Acceleration voltage (in kV).")
    var voltage = 300.0
    @Option(name: .customLong("cs"), parsing: .unconditional, help: "Spherical aberration (in mm).")
    var sphericalAberration = 2.7
    @Option(name: .customLong("ac"), parsing: .unconditional, help: "Amplitude contrast, a fraction.")
    var amplitudeContrast = 0.1
    @Option(name: .customLong("defocus_min"), parsing: .unconditional, help: "Lowest defocus of the micrographs (in Angstroms).")
    var defocusMin = 8000.0
    @Option(name: .customLong("defocus_max"), parsing: .unconditional, help: "Highest defocus of the micrographs (in Angstroms).")
    var defocusMax = 20000.0
    @Option(name: .customLong("defocus_spread"), parsing: .unconditional,
            help: "Standard deviation of the defocus within a micrograph (in Angstroms).")
    var defocusSpread = 150.0
    @Option(name: .customLong("astigmatism"), parsing: .unconditional, help: "Standard deviation of the astigmatism of micrographs (in Angstroms).")
    var astigmatism = 200.0
    @Option(name: .customLong("beamtilt_x"), parsing: .unconditional, help: "Beam tilt along x (in mrad).")
    var beamTiltX = 0.0
    @Option(name: .customLong("beamtilt_y"), parsing: .unconditional, help: "Beam tilt along y (in mrad).")
    var beamTiltY = 0.0
    @Option(name: .customLong("phase_shift"), parsing: .unconditional, help: "Phase shift of a phase plate (in degrees).")
    var phaseShift = 0.0
    @Option(name: .customLong("ctf_bfactor"), parsing: .unconditional, help: "B factor of the envelope of the images (in A^2).")
    var envelope = 0.0
}

/// What stands between the potential and the image.
struct SimulatedNoiseOptions: ParsableArguments {
    @Option(name: .customLong("dose"), parsing: .unconditional, help: "Exposure (in electrons per square Angstrom), which sets the counting noise.")
    var dose = 40.0
    @Flag(name: .customLong("noiseless"), help: "No counting noise and no normalisation: pixels are the contrast itself.")
    var isNoiseless = false
    @Option(name: .customLong("ice"), parsing: .unconditional, help: "Thickness of the ice whose granularity is added (in Angstroms); 0: none.")
    var ice = 200.0
    @Flag(name: .customLong("damage"), help: "Let high resolution fade with the exposure.")
    var hasDamage = false
    @Option(name: .customLong("scale_spread"), parsing: .unconditional, help: "Standard deviation of the contrast of micrographs about 1.")
    var scaleSpread = 0.1
}
