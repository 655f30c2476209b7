import ArgumentParser

/// The options of `relion_run_ctffind` by section.
enum CTFOptions {
    struct Input: ParsableArguments {
        @Option(
            name: .customLong("i"), parsing: .unconditional,
            help: "Micrographs: a STAR file of micrographs or of tilt series, or a pattern such as \"mics/*.mrc\".")
        var input: String
        @Flag(
            name: .customLong("use_noDW"),
            help: "Use the micrographs without dose weighting (rlnMicrographNameNoDW), which have the stronger rings.")
        var usesUnweighted = false
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Folder for all output.")
        var output = "CtfEstimate/"
        @Flag(
            name: .customLong("only_make_star"),
            help: "Estimate nothing; join what earlier runs have found in one STAR file.")
        var onlyJoins = false
        @Flag(
            name: .customLong("only_do_unfinished"),
            help: "Leave out micrographs that an earlier run in this folder has finished.")
        var onlyUnfinished = false
        @Option(
            name: .customLong("do_at_most"), parsing: .unconditional,
            help: "Stop after this number of micrographs that were not finished before; -1: do all.")
        var atMost = -1
        @Option(
            name: .customLong("ctfWin"), parsing: .unconditional,
            help: "Use only a square of this many pixels in the middle of the micrograph; -1: all of it.")
        var window = -1
    }

    struct Tomography: ParsableArguments {
        @Option(
            name: .customLong("localsearch_nominal_defocus"), parsing: .unconditional,
            help:
                "Search so many Å on either side of the nominal defocus (rlnTomoNominalDefocus); 0 or less: the whole range."
        )
        var nominalRange = 10000.0
        @Option(
            name: .customLong("exp_factor_dose"), parsing: .unconditional,
            help:
                "Dose in e/Å² at which rings are fitted to a resolution e times coarser than --ResMax, exponentially in between; 0 or less: --ResMax for all."
        )
        var doseFactor = 100.0
    }

    struct Microscopy: ParsableArguments {
        @Option(
            name: .customLong("CS"), parsing: .unconditional,
            help: "Spherical aberration in mm, where the STAR file has none.")
        var aberration = -1.0
        @Option(name: .customLong("HT"), parsing: .unconditional, help: "Voltage in kV, where the STAR file has none.")
        var voltage = -1.0
        @Option(
            name: .customLong("AmpCnst"), parsing: .unconditional,
            help: "Amplitude contrast as a fraction, where the STAR file has none.")
        var amplitudeContrast = -1.0
        @Option(
            name: .customLong("angpix"), parsing: .unconditional,
            help: "Pixel size of the micrographs in Å, where the STAR file has none.")
        var pixelSize = -1.0
    }

    struct Search: ParsableArguments {
        @Option(
            name: .customLong("ctffind_exe"), parsing: .unconditional,
            help:
                "CTFFIND-4.1 executable to be run instead of the built-in estimator; with --is_ctffind4 also taken from the environment variable RELION_CTFFIND_EXECUTABLE."
        )
        var executable = ""
        @Flag(name: .customLong("use_own"), help: "Use the built-in estimator even where an executable is given.")
        var usesOwn = false
        @Option(name: .customLong("Box"), parsing: .unconditional, help: "Size of the power spectrum in pixels.")
        var box = 512.0
        @Option(
            name: .customLong("ResMin"), parsing: .unconditional, help: "Lowest resolution that is fitted, in Å.")
        var lowestResolution = 100.0
        @Option(
            name: .customLong("ResMax"), parsing: .unconditional, help: "Highest resolution that is fitted, in Å.")
        var highestResolution = 7.0
        @Option(name: .customLong("dFMin"), parsing: .unconditional, help: "Smallest defocus searched, in Å.")
        var smallestDefocus = 10000.0
        @Option(name: .customLong("dFMax"), parsing: .unconditional, help: "Largest defocus searched, in Å.")
        var largestDefocus = 50000.0
        @Option(
            name: .customLong("FStep"), parsing: .unconditional,
            help:
                "Step of the defocus search in Å; the built-in estimator takes smaller ones where the resolution asks for them."
        )
        var step = 250.0
        @Option(
            name: .customLong("dAst"), parsing: .unconditional,
            help: "Astigmatism in Å that is expected; much larger ones need strong evidence. 0: anything is as likely.")
        var astigmatism = 0.0
    }

    struct Version4: ParsableArguments {
        @Flag(name: .customLong("is_ctffind4"), help: "The executable is CTFFIND-4.1 (older ones cannot be run).")
        var isVersion4 = false
        @Flag(
            name: .customLong("use_given_ps"),
            help: "Fit the power spectra that motion correction has written (rlnCtfPowerSpectrum).")
        var usesSpectra = false
        @Flag(name: .customLong("do_movie_thon_rings"), help: "Make power spectra from the frames of movies.")
        var usesMovies = false
        @Option(
            name: .customLong("avg_movie_frames"), parsing: .unconditional,
            help: "Frames that are added up for one power spectrum; 4 e/Å² in all are good.")
        var averagedFrames = 1
        @Option(
            name: .customLong("movie_rootname"), parsing: .unconditional,
            help: "What follows the name of a micrograph (without its extension) in the name of its movie.")
        var movieEnding = "_movie.mrcs"
        @Flag(name: .customLong("do_phaseshift"), help: "Fit a phase shift too, as a phase plate makes.")
        var fitsPhaseShift = false
        @Option(
            name: .customLong("phase_min"), parsing: .unconditional, help: "Smallest phase shift searched, in degrees.")
        var smallestPhaseShift = 0.0
        @Option(
            name: .customLong("phase_max"), parsing: .unconditional, help: "Largest phase shift searched, in degrees.")
        var largestPhaseShift = 180.0
        @Option(
            name: .customLong("phase_step"), parsing: .unconditional,
            help: "Step of the phase shift's search, in degrees.")
        var phaseStep = 10.0
        @Flag(
            name: .customLong("fast_search"),
            help:
                "Search less thoroughly: the built-in estimator then tries fewer peaks and no large astigmatism from the start."
        )
        var isFast = false
    }
}
