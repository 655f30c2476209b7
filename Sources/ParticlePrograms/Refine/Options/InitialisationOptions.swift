import ArgumentParser

/// Section “Initialisation” of `relion_refine`: where the references come from.
struct InitialisationOptions: ParsableArguments {
    @Option(
        name: .customLong("ref"), parsing: .unconditional,
        help: "Reference: a map or an image (the first one of a stack), or a STAR file that lists references.")
    var reference: String = "None"

    @Flag(name: .customLong("denovo_3dref"), help: "Make a first 3D model from particles in random orientations.")
    var denovo3D = false

    @Option(
        name: .customLong("offset"), parsing: .unconditional,
        help: "First estimate of the spread of the origin offsets (standard deviation), in Å.")
    var offsetSpread: Double = 10

    @Flag(
        name: .customLong("firstiter_cc"),
        help: """
            Use normalised cross-correlation in the first iteration, for references that are not on the scale \
            of the data.
            """)
    var firstIterationCC = false

    @Option(
        name: .customLong("ini_high"), parsing: .unconditional,
        help: """
            Low-pass filter of the first references, in Å; -1: for 3D references as needed for a default, none \
            given.
            """)
    var initialLowpass: Double = -1
}
