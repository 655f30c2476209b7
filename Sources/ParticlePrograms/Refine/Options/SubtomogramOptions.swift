import ArgumentParser

/// Section “Subtomogram averaging” of `relion_refine`: subtomograms; not available yet.
struct SubtomogramOptions: ParsableArguments {
    @Flag(name: .customLong("normalised_subtomo"), help: "The subtomograms are normalised by their multiplicity.")
    var normalised = false

    @Flag(name: .customLong("skip_subtomo_multi"), help: "Do not correct for multiplicity.")
    var skipMultiplicity = false

    @Flag(name: .customLong("ctf3d_not_squared"), help: "The 3D CTF files hold the CTF, not its square.")
    var ctfNotSquared = false

    @Option(
        name: .customLong("subtomo_multi_thr"), parsing: .unconditional,
        help: "Voxels of lower multiplicity are left out of the expectation step.")
    var multiplicityThreshold: Double = 0.01
}
