import ArgumentParser

/// Section “Helical reconstruction” of `relion_refine`: helices; not available yet.
struct HelicalOptions: ParsableArguments {
    @Flag(name: .customLong("helix"), help: "The particles are segments of helices.")
    var helix = false

    @Flag(name: .customLong("ignore_helical_symmetry"), help: "Do not impose helical symmetry.")
    var ignoreSymmetry = false

    @Option(
        name: .customLong("helical_nr_asu"), parsing: .unconditional,
        help: "Number of new asymmetric units per box; 1: no helical symmetry.")
    var asymmetricUnits: Int = 1

    @Option(
        name: .customLong("helical_twist_initial"), parsing: .unconditional,
        help: "Helical twist, in degrees; positive: right-handed.")
    var twist: Double = 0.0

    @Option(
        name: .customLong("helical_twist_min"), parsing: .unconditional,
        help: "Least twist of the search, in degrees.")
    var twistMinimum: Double = 0.0

    @Option(
        name: .customLong("helical_twist_max"), parsing: .unconditional,
        help: "Greatest twist of the search, in degrees.")
    var twistMaximum: Double = 0.0

    @Option(
        name: .customLong("helical_twist_inistep"), parsing: .unconditional,
        help: "First step of the search of the twist, in degrees.")
    var twistStep: Double = 0.0

    @Option(name: .customLong("helical_rise_initial"), parsing: .unconditional, help: "Helical rise, in Å.")
    var rise: Double = 0.0

    @Option(name: .customLong("helical_rise_min"), parsing: .unconditional, help: "Least rise of the search, in Å.")
    var riseMinimum: Double = 0.0

    @Option(name: .customLong("helical_rise_max"), parsing: .unconditional, help: "Greatest rise of the search, in Å.")
    var riseMaximum: Double = 0.0

    @Option(
        name: .customLong("helical_rise_inistep"), parsing: .unconditional,
        help: "First step of the search of the rise, in Å.")
    var riseStep: Double = 0.0

    @Option(name: .customLong("helical_nstart"), parsing: .unconditional, help: "Number of starts of the helix.")
    var starts: Int = 1

    @Option(
        name: .customLong("helical_z_percentage"), parsing: .unconditional,
        help: "Fraction of the box along z in which symmetry is searched and from which it is imposed.")
    var zFraction: Double = 0.3

    @Option(
        name: .customLong("helical_inner_diameter"), parsing: .unconditional,
        help: "Inner diameter of the tube, in Å.")
    var innerDiameter: Double = -1.0

    @Option(
        name: .customLong("helical_outer_diameter"), parsing: .unconditional,
        help: "Outer diameter of the tube, in Å.")
    var outerDiameter: Double = -1.0

    @Flag(name: .customLong("helical_symmetry_search"), help: "Refine twist and rise.")
    var searchSymmetry = false

    @Option(
        name: .customLong("helical_sigma_distance"), parsing: .unconditional,
        help: "Standard deviation of the distance along the tube, in units of the rise.")
    var sigmaDistance: Double = -1.0

    @Flag(name: .customLong("helical_keep_tilt_prior_fixed"), help: "Keep the prior of tilt at 90° in global searches.")
    var keepTiltPrior = false

    @Option(
        name: .customLong("helical_exclude_resols"), parsing: .unconditional,
        help: "Resolutions along the axis to leave out: pairs such as 50,5, in Å.")
    var excludedResolutions: String = ""

    @Option(
        name: .customLong("fourier_mask"), parsing: .unconditional,
        help: "Image with a mask of Fourier components, centred, of the size of the box.")
    var fourierMask: String = "None"
}
