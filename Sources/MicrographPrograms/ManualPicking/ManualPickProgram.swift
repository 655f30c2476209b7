import ArgumentParser
import ProgramKit
import Reporting

/// The part of picking by hand that needs no window: counts picks and writes the lists that other jobs take.
struct ManualPickProgram: RelionProgram {
    static let programName = "relion_manualpick"
    static let summary = "Count picked particles and list selected micrographs and their coordinate files."

    struct GeneralOptions: ParsableArguments {
        @Option(
            name: .customLong("i"), parsing: .unconditional,
            help: "STAR file of micrographs or of coordinate files, or a pattern of micrographs' names in quotation marks.")
        var micrographs = ""
        @Option(name: .customLong("odir"), parsing: .unconditional, help: "Folder of the coordinate files and of the lists.")
        var folder = "ManualPick/"
        @Option(name: .customLong("selection"), parsing: .unconditional, help: "STAR file to write of the selected micrographs.")
        var selection = "micrographs_selected.star"
        @Option(
            name: .customLong("pickname"), parsing: .unconditional,
            help: "Last part of the names of coordinate files: <micrograph>_<this>.star.")
        var pickName = "manualpick"
        @Option(
            name: .customLong("angpix"), parsing: .unconditional,
            help: "Pixel size in Å of micrographs whose STAR file does not tell; -1: it does.")
        var pixelSize = -1.0
        @Option(name: .customLong("coord_scale"), parsing: .unconditional, help: "Scale of coordinates in the display.")
        var coordinateScale = 1.0
        @Option(name: .customLong("particle_diameter"), parsing: .unconditional, help: "Diameter of the circles in the display, in Å.")
        var particleDiameter = 100.0
        @Flag(name: .customLong("pick_start_end"), help: "Starts and ends of helices are picked.")
        var picksEnds = false
        @Flag(name: .customLong("allow_save"), help: "Write the lists.")
        var savesLists = false
        @Flag(name: .customLong("fast_save"), help: "Write them at once and end, without a window.")
        var endsAtOnce = false
        @Option(name: .customLong("open_simultaneous"), parsing: .unconditional, help: "Micrographs to open at a time.")
        var simultaneous = 10
    }

    /// What the window looks like; nothing here changes what is written.
    struct DisplayOptions: ParsableArguments {
        @Option(name: .customLong("scale"), parsing: .unconditional, help: "Scale of the micrographs.")
        var scale = 1.0
        @Option(name: .customLong("black"), parsing: .unconditional, help: "Pixel value shown black; 0 with --white 0: found out.")
        var black = 0.0
        @Option(name: .customLong("white"), parsing: .unconditional, help: "Pixel value shown white.")
        var white = 0.0
        @Option(
            name: .customLong("sigma_contrast"), parsing: .unconditional,
            help: "Black and white are this many standard deviations off the mean; 0: found out.")
        var contrast = 0.0
        @Option(name: .customLong("lowpass"), parsing: .unconditional, help: "Highest resolution shown, in Å; 0: all.")
        var lowpass = 0.0
        @Option(name: .customLong("highpass"), parsing: .unconditional, help: "Lowest resolution shown, in Å; 0: all.")
        var highpass = 0.0
        @Flag(name: .customLong("topaz_denoise"), help: "Show micrographs denoised by Topaz.")
        var isDenoised = false
        @Option(name: .customLong("ctf_scale"), parsing: .unconditional, help: "Scale of the CTF images.")
        var transferScale = 1.0
        @Option(name: .customLong("ctf_sigma_contrast"), parsing: .unconditional, help: "Contrast of the CTF images.")
        var transferContrast = 3.0
        @Option(
            name: .customLong("minimum_pick_fom"), parsing: .unconditional,
            help: "Show and count only picks with a rlnAutopickFigureOfMerit above this; -9999: all.")
        var leastFigure = -9999.0
        @Option(name: .customLong("color_star"), parsing: .unconditional, help: "STAR file with a column that colours particles.")
        var colours = ""
        @Option(name: .customLong("color_label"), parsing: .unconditional, help: "Label of that column.")
        var colourLabel = ""
        @Option(name: .customLong("blue"), parsing: .unconditional, help: "Value shown blue.")
        var blue = 1.0
        @Option(name: .customLong("red"), parsing: .unconditional, help: "Value shown red.")
        var red = 0.0
    }

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Displaying options") var display: DisplayOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.require(!general.pickName.isEmpty, "--pickname", found: "is empty", expected: "a part of a file name")
        check.require(!general.selection.isEmpty, "--selection", found: "is empty", expected: "the name of a STAR file")
        if general.savesLists, general.endsAtOnce {
            check.output(general.selection, option: "--selection")
            check.output(PathName.joined(general.folder, general.pickName + ".star"), option: "--odir")
        }
        let list = check.attempt { try PickedMicrographs(self) }
        try check.finish()
        guard let list else { return }
        let counts = try list.counts(
            above: display.leastFigure == Self.noLimit ? nil : display.leastFigure, isSelected: list.selection, context.pool)
        let selected = list.selection.filter(\.self).count
        context.reporter.info(
            "\(counts.reduce(0, +)) picked particles in \(selected) selected micrograph\(selected == 1 ? "" : "s") of \(list.names.count)")
        guard general.endsAtOnce else { throw windowRequest }
        guard general.savesLists else {
            context.reporter.warning("--fast_save stands without --allow_save: no lists are written")
            return
        }
        if context.isDryRun { return }
        try list.write(context.reporter)
    }

    private static let noLimit = -9999.0

    private var windowRequest: InputError {
        InputError(
            place: Self.programName, found: "opens no window: picking by hand is done in the browser",
            expected: "--allow_save --fast_save, which writes the lists of what has been picked",
            remedy: "Start relion, open the Manual picking (or Auto-picking) job in the browser, pick, and save there")
    }
}
