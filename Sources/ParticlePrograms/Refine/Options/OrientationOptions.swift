import ArgumentParser

/// Section “Orientations” of `relion_refine`: how orientations and offsets are sampled.
struct OrientationOptions: ParsableArguments {
    @Option(
        name: .customLong("oversampling"), parsing: .unconditional,
        help: "Order of adaptive oversampling: 0: none, 1: twice as fine in each dimension, 2: four times.")
    var oversampling: Int = 1

    @Option(
        name: .customLong("healpix_order"), parsing: .unconditional,
        help: "HEALPix order of the directions before oversampling: 1: 30°, 2: 15°, 3: 7.5°, 4: 3.7°.")
    var healpixOrder: Int = 2

    @Option(
        name: .customLong("psi_step"), parsing: .unconditional,
        help: """
            Step of the in-plane angle before oversampling, in degrees; -1: 10 in 2D, that of --healpix_order \
            in 3D.
            """)
    var psiStep: Double = -1

    @Option(
        name: .customLong("limit_tilt"), parsing: .unconditional,
        help: "Limit of the tilt angle, in degrees: positive keeps side views, negative keeps top views, -91: all.")
    var limitTilt: Double = -91

    @Option(name: .customLong("sym"), parsing: .unconditional, help: "Point group: Cn, Dn, T, O, I (with setting), …")
    var symmetry: String = "c1"

    @Option(
        name: .customLong("relax_sym"), parsing: .unconditional,
        help: "Point group whose equivalent orientations are searched (symmetry relaxation).")
    var relaxSymmetry: String = ""

    @Option(
        name: .customLong("offset_range"), parsing: .unconditional,
        help: "Range of the search for origin offsets, in pixels.")
    var offsetRange: Double = 6

    @Option(
        name: .customLong("offset_step"), parsing: .unconditional,
        help: "Step of the search for origin offsets before oversampling, in pixels.")
    var offsetStep: Double = 2

    @Option(
        name: .customLong("offset_range_x"), parsing: .unconditional,
        help: "Range of offsets of subtomograms along x, in Å; -1: automatic.")
    var offsetRangeX: Double = -1

    @Option(
        name: .customLong("offset_range_y"), parsing: .unconditional,
        help: "Range of offsets of subtomograms along y, in Å; -1: automatic.")
    var offsetRangeY: Double = -1

    @Option(
        name: .customLong("offset_range_z"), parsing: .unconditional,
        help: "Range of offsets of subtomograms along z, in Å; -1: automatic.")
    var offsetRangeZ: Double = -1

    @Option(
        name: .customLong("helical_offset_step"), parsing: .unconditional,
        help: "Step of offsets along the helix before oversampling, in Å.")
    var helicalOffsetStep: Double = -1

    @Option(
        name: .customLong("perturb"), parsing: .unconditional,
        help: "Random perturbation of the angular grid in each iteration, as a fraction of its step; 0: none.")
    var perturbation: Double = 0.5

    @Flag(name: .customLong("auto_refine"), help: "3D auto-refinement: sampling and end are found automatically.")
    var autoRefine = false

    @Flag(name: .customLong("auto_sampling"), help: "Adjust the sampling automatically, outside auto-refinement.")
    var autoSampling = false

    @Option(
        name: .customLong("auto_local_healpix_order"), parsing: .unconditional,
        help: "HEALPix order from which automatic sampling searches locally.")
    var localSearchOrder: Int = 4

    @Option(
        name: .customLong("sigma_ang"), parsing: .unconditional,
        help: "Local searches: standard deviation of all three angles, in degrees; -1: global searches.")
    var sigmaAngles: Double = -1

    @Option(
        name: .customLong("sigma_rot"), parsing: .unconditional,
        help: "Local searches: standard deviation of rot, in degrees.")
    var sigmaRot: Double = -1

    @Option(
        name: .customLong("sigma_tilt"), parsing: .unconditional,
        help: "Local searches: standard deviation of tilt, in degrees.")
    var sigmaTilt: Double = -1

    @Option(
        name: .customLong("sigma_psi"), parsing: .unconditional,
        help: "Local searches: standard deviation of psi, in degrees.")
    var sigmaPsi: Double = -1

    @Flag(name: .customLong("skip_align"), help: "Keep orientations and offsets; classify only.")
    var skipAlign = false

    @Flag(name: .customLong("skip_rotate"), help: "Keep orientations; search offsets and classes only.")
    var skipRotate = false

    @Flag(name: .customLong("bimodal_psi"), help: "Search psi around its prior and around its prior + 180°.")
    var bimodalPsi = false
}
