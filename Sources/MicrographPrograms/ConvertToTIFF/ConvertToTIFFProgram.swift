import ArgumentParser
import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel
import ProgramKit
import Reporting

/// Movies in MRC or EER format to compressed TIFF files; finds the gain of gain-normalised counting movies.
struct ConvertToTIFFProgram: RelionProgram {
    static let programName = "relion_convert_to_tiff"
    static let summary =
        "Convert MRC and EER movies to compressed TIFF movies of whole numbers; find the gain that is needed for it."

    struct GeneralOptions: ParsableArguments {
        @Option(
            name: .customLong("i"), parsing: .unconditional,
            help: "Movies: a STAR file, a .lst file with one name a line, or one movie (MRC, also compressed, or EER).")
        var input: String
        @Option(
            name: .customLong("o"), parsing: .unconditional,
            help: "Folder for the TIFF files, which keep the names and folders of the movies.")
        var output = "./"
        @Flag(name: .customLong("only_do_unfinished"), help: "Leave out movies whose TIFF file exists.")
        var onlyUnfinished = false
        @Option(
            name: .customLong("gain"), parsing: .unconditional,
            help:
                "For float movies: the gain from --estimate_gain, with its reliability map beside it. For EER movies: the gain reference, which is converted to what the TIFF movies need."
        )
        var gain = ""
        @Option(
            name: .customLong("thresh"), parsing: .unconditional,
            help: "Values in a row that must be multiples of a pixel's gain before it counts as reliable.")
        var threshold = 50
        @Flag(name: .customLong("estimate_gain"), help: "Find the gain of float movies instead of converting them.")
        var estimatesGain = false
    }

    struct RenderingOptions: ParsableArguments {
        @Option(
            name: .customLong("eer_grouping"), parsing: .unconditional,
            help: "Detector frames that make one frame; what is left over is not used.")
        var grouping = 40
        @Option(
            name: .customLong("eer_upsampling"), parsing: .unconditional,
            help:
                "Grid that electrons are drawn on: 1: the detector's pixels (4K), 2: twice as fine (8K), 3: four times, -1: half."
        )
        var upsampling = 1
        @Flag(name: .customLong("short"), help: "Write 16-bit instead of 8-bit numbers.")
        var short = false
    }

    struct WritingOptions: ParsableArguments {
        @Option(
            name: .customLong("compression"), parsing: .unconditional,
            help:
                "none, lzw, deflate (or zip), or auto: deflate for MRC movies 4096 pixels wide (Falcon), LZW for all others."
        )
        var compression = "auto"
        @Option(name: .customLong("deflate_level"), parsing: .unconditional, help: "1 (fast) to 9 (smallest).")
        var deflateLevel = 6
        @Flag(
            name: .customLong("ignore_error"),
            help: "Round values of reliable pixels that are no multiples of the gain, which changes them.")
        var roundsMismatches = false
        @Flag(name: .customLong("line_by_line"), help: "Compress each row by itself instead of whole frames.")
        var lineByLine = false
    }

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "EER rendering options") var rendering: RenderingOptions
    @OptionGroup(title: "TIFF writing options") var writing: WritingOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let plan = try ConversionPlan(self, context)
        if context.isDryRun {
            context.reporter.info(
                "\(plan.movies.count) movies \(general.estimatesGain ? "will be used for the gain" : "will be converted")"
                    + "; \(plan.finished.count) exist already, \(plan.leftOut.count) cannot be used.")
            return
        }
        if general.estimatesGain {
            try GainEstimation(plan).run(in: context)
        } else {
            try MovieConversion(plan).run(in: context)
        }
    }
}
