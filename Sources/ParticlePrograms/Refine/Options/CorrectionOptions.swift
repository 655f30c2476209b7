import ArgumentParser

/// Section “Corrections” of `relion_refine`: CTF, norm and scale.
struct CorrectionOptions: ParsableArguments {
    @Flag(name: .customLong("ctf"), help: "Correct for the contrast transfer function.")
    var ctf = false

    @Flag(name: .customLong("pad_ctf"), help: "Compute the CTF on a larger box against aliasing.")
    var padCTF = false

    @Flag(name: .customLong("ctf_intact_first_peak"), help: "Take the CTF to be one up to its first peak.")
    var intactFirstPeak = false

    @Flag(name: .customLong("ctf_uncorrected_ref"), help: "The references still contain the CTF's amplitude.")
    var uncorrectedReference = false

    @Flag(name: .customLong("ctf_phase_flipped"), help: "The particles are phase-flipped.")
    var phaseFlipped = false

    @Flag(name: .customLong("only_flip_phases"), help: "Correct the phases only, not the amplitudes.")
    var onlyFlipPhases = false

    @Flag(name: .customLong("norm"), help: "Correct each particle's normalisation.")
    var norm = false

    @Flag(name: .customLong("scale"), help: "Correct the intensity scale of each group.")
    var scale = false

    @Flag(name: .customLong("no_norm"), help: "Switch --norm off.")
    var noNorm = false

    @Flag(name: .customLong("no_scale"), help: "Switch --scale off.")
    var noScale = false
}
