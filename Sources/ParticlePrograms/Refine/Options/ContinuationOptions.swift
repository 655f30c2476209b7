import ArgumentParser

/// Section “Continuation” of `relion_refine`: going on from an optimiser file; its settings hold unless given again.
struct ContinuationOptions: ParsableArguments {
    @Option(
        name: .customLong("continue"), parsing: .unconditional,
        help: """
            The _optimiser.star of the iteration to go on from. Most options can then not be given again; \
            those that can replace the old ones.
            """)
    var optimiser: String = ""

    @Flag(
        name: .customLong("force_converge"),
        help: "End an auto-refinement at once, with its last iteration on all particles.")
    var forceConverge = false

    @Flag(
        name: .customLong("join_random_halves"),
        help: "Join the two halves again, for a reconstruction from all particles.")
    var joinRandomHalves = false

    @Option(
        name: .customLong("multibody_masks"), parsing: .unconditional,
        help: "STAR file with the masks of a multi-body refinement.")
    var multibodyMasks: String = ""

    @Flag(name: .customLong("multibody_norm_overlap"), help: "Normalise overlapping bodies.")
    var multibodyNormOverlap = false

    @Flag(name: .customLong("reconstruct_subtracted_bodies"), help: "Reconstruct bodies from subtracted particles.")
    var reconstructSubtracted = false
}
