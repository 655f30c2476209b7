import ArgumentParser

/// Section “Stochastic Gradient Descent” of `relion_refine`: the gradient method (VDAM) and self-organising maps.
struct GradientOptions: ParsableArguments {
    @Flag(name: .customLong("grad"), help: "Use the gradient method instead of expectation maximisation.")
    var gradient = false

    @Option(
        name: .customLong("grad_em_iters"), parsing: .unconditional,
        help: "Number of iterations of expectation maximisation at the end.")
    var finalEMIterations: Int = 0

    @Option(
        name: .customLong("grad_ini_frac"), parsing: .unconditional,
        help: "Fraction of the iterations that form the initial phase.")
    var initialFraction: Double = 0.3

    @Option(
        name: .customLong("grad_fin_frac"), parsing: .unconditional,
        help: "Fraction of the iterations that form the final phase.")
    var finalFraction: Double = 0.2

    @Option(
        name: .customLong("grad_min_resol"), parsing: .unconditional,
        help: "Resolution up to which the signal's underestimate is adjusted, in Å.")
    var minimumResolution: Double = 20

    @Option(
        name: .customLong("grad_ini_resol"), parsing: .unconditional,
        help: "Resolution limit in the initial phase, in Å; -1: automatic.")
    var initialResolution: Double = -1

    @Option(
        name: .customLong("grad_fin_resol"), parsing: .unconditional,
        help: "Resolution limit in the final phase, in Å; -1: automatic.")
    var finalResolution: Double = -1

    @Option(
        name: .customLong("grad_ini_subset"), parsing: .unconditional,
        help: "Particles per iteration in the initial phase; -1: automatic.")
    var initialSubset: Int = -1

    @Option(
        name: .customLong("grad_fin_subset"), parsing: .unconditional,
        help: "Particles per iteration in the final phase; -1: automatic.")
    var finalSubset: Int = -1

    @Option(name: .customLong("mu"), parsing: .unconditional, help: "Momentum of the updates.")
    var momentum: Double = 0.9

    @Option(
        name: .customLong("grad_stepsize"), parsing: .unconditional,
        help: "Step size; -1: chosen by the kind of run.")
    var stepSize: Double = -1

    @Option(
        name: .customLong("grad_stepsize_scheme"), parsing: .unconditional,
        help: "How the step size changes: plain, or F-step with F its initial factor.")
    var stepSizeScheme: String = ""

    @Option(
        name: .customLong("grad_write_iter"), parsing: .unconditional,
        help: "Write output every so many iterations.")
    var writeInterval: Int = 10

    @Option(
        name: .customLong("maxsig"), parsing: .unconditional,
        help: "Greatest number of significant orientations and offsets per particle; -1: automatic.")
    var maximumSignificant: Int = -1

    @Flag(name: .customLong("no_init_blobs"), help: "Do not start from random blobs.")
    var noInitialBlobs = false

    @Flag(name: .customLong("som"), help: "Make a self-organising map of classes.")
    var selfOrganisingMap = false

    @Option(
        name: .customLong("som_ini_nodes"), parsing: .unconditional,
        help: "Number of nodes at the start of the map.")
    var somInitialNodes: Int = 2

    @Option(
        name: .customLong("som_connectivity"), parsing: .unconditional,
        help: "Average number of active neighbours of a node.")
    var somConnectivity: Double = 5.0

    @Option(
        name: .customLong("som_inactivity_threshold"), parsing: .unconditional,
        help: "A node less active than this is dropped.")
    var somInactivityThreshold: Double = 0.01

    @Option(
        name: .customLong("som_neighbour_pull"), parsing: .unconditional,
        help: "Share of a gradient that goes to neighbouring nodes, at least 0 and below 1.")
    var somNeighbourPull: Double = 0.2

    @Option(
        name: .customLong("class_inactivity_threshold"), parsing: .unconditional,
        help: "A class less active than this is replaced; 0: none.")
    var classInactivityThreshold: Double = 0
}
