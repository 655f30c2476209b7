import ArgumentParser
import Foundation
import ProgramKit
import Reporting

/// Movies to micrographs: alignment of the frames, sum, power spectrum for the CTF.
struct MotionCorrectionProgram: RelionProgram {
    static let programName = "relion_run_motioncorr"
    static let summary = "Correct movies for the motion of the sample and add up their frames."

    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file of the movies, or a pattern such as Movies/*.tiff.")
        var input = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output folder.")
        var output = "MotionCorr"
        @Flag(name: .customLong("skip_logfile"), help: "Leave the tracks of the movies out of logfile.pdf.")
        var skipsLogfile = false
        @Option(name: .customLong("max_io_threads"), parsing: .unconditional, help: "Threads that read a movie at most; -1: all.")
        var readerThreads = -1
        @Flag(name: .customLong("only_do_unfinished"), help: "Leave out movies whose micrograph exists.")
        var onlyUnfinished = false
        @Option(name: .customLong("do_at_most"), parsing: .unconditional, help: "Correct this many movies at most; -1: all.")
        var atMost = -1
        @Option(name: .customLong("grouping_for_ps"), parsing: .unconditional,
                help: "Frames to one power spectrum; the sum of these spectra is written for CTF estimation. -1: none.")
        var spectrumGrouping = -1
        @Option(name: .customLong("ps_size"), parsing: .unconditional, help: "Size of the power spectrum (in pixels).")
        var spectrumSize = 512
        @Option(name: .customLong("first_frame_sum"), parsing: .unconditional, help: "First frame that is used, counted from 1.")
        var firstFrame = 1
        @Option(name: .customLong("last_frame_sum"), parsing: .unconditional, help: "Last frame that is used; 0 or less: the last there is.")
        var lastFrame = -1
        @Option(name: .customLong("eer_grouping"), parsing: .unconditional, help: "Detector frames of EER movies that make one frame.")
        var eerGrouping = 40
        @Option(name: .customLong("eer_upsampling"), parsing: .unconditional, help: "Grid for the electrons of EER movies: 1: the detector's pixels (4K), 2: 8K.")
        var eerUpsampling = 1
    }

    struct AlignmentOptions: ParsableArguments {
        @Flag(name: .customLong("use_motioncor2"), help: "Let UCSF MotionCor2 do the work.")
        var usesMotionCor2 = false
        @Option(name: .customLong("motioncor2_exe"), parsing: .unconditional, help: "Its executable; otherwise that of RELION_MOTIONCOR2_EXECUTABLE.")
        var motionCor2 = ""
        @Option(name: .customLong("bin_factor"), parsing: .unconditional, help: "Pixels of the movie to one of the micrograph; may be no whole number.")
        var binning = 1.0
        @Option(name: .customLong("bfactor"), parsing: .unconditional, help: "B factor that damps high frequencies in the alignment (in pixels^2).")
        var bFactor = 150.0
        @Option(name: .customLong("gainref"), parsing: .unconditional, help: "Gain reference: what pixels are multiplied by; of EER movies, what they are divided by.")
        var gain = ""
        @Option(name: .customLong("gain_rot"), parsing: .unconditional, help: "Quarter turns of the gain reference, clockwise as shown: 0 to 3.")
        var gainRotation = 0
        @Option(name: .customLong("gain_flip"), parsing: .unconditional, help: "Mirror the gain reference after that: 1: upside down, 2: left to right.")
        var gainFlip = 0
        @Option(name: .customLong("patch_x"), parsing: .unconditional, help: "Patches along x; from three on, local motion is corrected.")
        var patchesX = 1
        @Option(name: .customLong("patch_y"), parsing: .unconditional, help: "Patches along y.")
        var patchesY = 1
        @Option(name: .customLong("group_frames"), parsing: .unconditional, help: "Frames that are averaged before patches are aligned.")
        var groupSize = 1
        @Option(name: .customLong("defect_file"), parsing: .unconditional,
                help: "Defects of the camera: lines of x, y, width and height (.txt), or an image in which they are not zero.")
        var defects = ""
        @Option(name: .customLong("archive"), parsing: .unconditional, help: "With --use_motioncor2, folder in which it archives movies.")
        var archive = ""
        @Flag(name: .customLong("even_odd_split"), help: "Also write sums of the even and of the odd frames (_EVN.mrc and _ODD.mrc), for denoising.")
        var splitsEvenOdd = false
        @Option(name: .customLong("other_motioncor2_args"), parsing: .unconditional, help: "With --use_motioncor2, more arguments for it.")
        var otherArguments = ""
        @Option(name: .customLong("gpu"), parsing: .unconditional, help: "With --use_motioncor2, its devices; 0:1 works on two movies at a time, one each, 0,1 on one movie with both.")
        var gpu = ""
    }

    struct DoseOptions: ParsableArguments {
        @Flag(name: .customLong("dose_weighting"), help: "Weight frequencies by the exposure that each frame has had.")
        var weightsDose = false
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Angstroms) where --i is no STAR file.")
        var pixelSize = -1.0
        @Option(name: .customLong("voltage"), parsing: .unconditional, help: "Voltage (in kV) where --i is no STAR file.")
        var voltage = -1.0
        @Option(name: .customLong("dose_per_frame"), parsing: .unconditional, help: "Exposure of a frame (in electrons per square Angstrom).")
        var dosePerFrame = 1.0
        @Option(name: .customLong("preexposure"), parsing: .unconditional, help: "Exposure before the first frame (in electrons per square Angstrom).")
        var preExposure = 0.0
    }

    struct OwnOptions: ParsableArguments {
        @Flag(name: .customLong("use_own"), help: "Use the alignment of this suite.")
        var usesOwn = false
        @Flag(name: .customLong("float16"), help: "Write half-precision numbers (MRC mode 12).")
        var float16 = false
        @Flag(name: .customLong("skip_defect"), help: "Do not look for hot pixels, nor mend defects.")
        var skipsDefects = false
        @Flag(name: .customLong("save_noDW"), help: "Also write the sum without dose weighting (_noDW.mrc).")
        var savesUnweighted = false
        @Option(name: .customLong("max_iter"), parsing: .unconditional, help: "Iterations of the global alignment at most.")
        var maximumIterations = 5
        @Flag(name: .customLong("interpolate_shifts"), help: "With --group_frames, put the shifts of groups on straight lines through all frames before the local model is fitted; else it is fitted where they hold.")
        var interpolatesShifts = false
        @Option(name: .customLong("ccf_downsample"), parsing: .unconditional, help: "Size of correlation maps over that of the image, up to 1; 0: by the B factor.")
        var correlationScale = 0.0
        @Flag(name: .customLong("early_binning"), help: "Bin frames before they are warped and added, as without this option.")
        var earlyBinning = false
        @Flag(name: .customLong("no_early_binning"), help: "Bin the sum instead: slower, but nothing near the micrograph's Nyquist frequency is dampened by interpolation.")
        var noEarlyBinning = false
        @Option(name: .customLong("dose_motionstats_cutoff"), parsing: .unconditional,
                help: "Exposure (in electrons per square Angstrom) that separates early from late motion in the statistics.")
        var earlyDose = 4.0
    }

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Alignment options") var alignment: AlignmentOptions
    @OptionGroup(title: "Dose-weighting options") var dose: DoseOptions
    @OptionGroup(title: "Own motion correction options") var own: OwnOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let plan = try MotionCorrectionPlan(self, context)
        context.reporter.info(plan.description)
        if context.isDryRun { return }
        try MovieCorrection(plan, context).run()
    }
}
