import Arrays
import Foundation
import ImageFormats
import Plotting
import Postprocessing
import ProgramKit
import Reporting
import StarFormat

/// Writes what `relion_postprocess` found.
struct PostprocessOutput {
    let program: PostprocessProgram
    let input: PostprocessInput
    let context: ProgramContext
    let reporter: Reporter

    private var root: String { program.general.output }
    private var pixelSize: Double { input.settings.pixelSizeInAngstrom }

    private func beside(_ name: String) -> String { PathName(root).sibling(name) }

    // MARK: Maps and tables

    func writeMask() throws {
        guard let mask = input.mask else { return }
        try ImageFile.write(mask, to: input.maskName, pixelSizeInAngstrom: pixelSize)
        reporter.info("  + mask:                               " + input.maskName)
    }

    func write(_ result: PostprocessingResult) throws {
        try writeMaps(result.sharpened.map, suffix: "")
        let tables = PostprocessTables(program: program, input: input, context: context, result: result)
        let star = root + ".star"
        try StarDocument(tables: [tables.general, tables.correlations, tables.guinier]).write(to: star)
        reporter.info("  + tables:                             " + star)
        if var set = input.optimisationSet {
            tables.update(&set, star: star)
            try set.write(to: root + "_optimisation_set.star")
        }
        try write(text: tables.xml, to: root + "_fsc.xml")
        try write(text: tables.columns, to: root + "_fsc.dat")
        let plots = PostprocessPlots(result: result, settings: input.settings)
        try Figure(plots.correlation).write(pdf: root + "_fsc.pdf")
        try Figure(plots.guinier).write(pdf: root + "_guinier.pdf")
        try Figure(pages: plots.pages).write(pdf: beside("logfile.pdf"))
        reporter.info("  + plots:                              " + beside("logfile.pdf"))
    }

    func writeMaps(_ map: RealArray, suffix: String) throws {
        let name = root + suffix + ".mrc"
        try ImageFile.write(map, to: name, pixelSizeInAngstrom: pixelSize)
        reporter.info("  + processed map:                      " + name)
        guard let mask = input.mask else { return }
        let masked = RealArray(shape: map.shape, values: zip(map.values, mask.values).map { $0 * $1 })
        let maskedName = root + suffix + "_masked.mrc"
        try ImageFile.write(masked, to: maskedName, pixelSizeInAngstrom: pixelSize)
        reporter.info("  + processed and masked map:           " + maskedName)
    }

    private func write(text: String, to path: String) throws {
        let file = try AtomicFile(path: path)
        try file.write(text)
        try file.commit()
    }

    func report(_ result: PostprocessingResult, interpolated: Bool) {
        if let shell = result.randomisedFromShell {
            let resolution = Double(input.halves.first.shape.x) * pixelSize / Double(shell)
            reporter.info(String(format: "  + randomized phases beyond:           %.4g Å", resolution))
        }
        if let fraction = result.maskFraction {
            reporter.info(String(format: "  + sphere of the box / mask:           %.4f", fraction))
        }
        if let fit = result.sharpened.fit {
            reporter.info(String(format: "  + slope of fit:                       %.4f", fit.slope))
            reporter.info(String(format: "  + intercept of fit:                   %.4f", fit.intercept))
            reporter.info(String(format: "  + correlation of fit:                 %.4f", fit.correlation))
        }
        if result.sharpened.bFactor != 0 {
            reporter.info(String(format: "  + apply b-factor of:                  %.2f", result.sharpened.bFactor))
        }
        if let filter = result.sharpened.lowPassInAngstrom {
            reporter.info(String(format: "  + low-pass filter:                    %.4g Å", filter))
        }
        let extra = interpolated ? String(format: " (%.4f)", result.interpolatedResolutionInAngstrom) : ""
        reporter.info(String(format: "  + FINAL RESOLUTION:                   %.5f", result.finalResolutionInAngstrom) + extra)
    }

    // MARK: Local resolution

    func write(_ result: LocalResolutionResult) throws {
        try ImageFile.write(result.resolution, to: root + "_locres.mrc", pixelSizeInAngstrom: pixelSize)
        try ImageFile.write(result.filtered, to: root + "_locres_filtered.mrc", pixelSizeInAngstrom: pixelSize)
        let tables = LocalResolutionTables(result: result, pixelSize: pixelSize, commandLine: context.commandLine)
        try tables.document.write(to: root + "_locres_fscs.star")
        for name in ["_locres.mrc", "_locres_filtered.mrc", "_locres_fscs.star"] { reporter.info("  + " + root + name) }
        guard let mask = input.mask else { return }
        var inside: [Double] = []
        for (resolution, mask) in zip(result.resolution.values, mask.values) where mask > 0.5 && resolution > 0 {
            inside.append(Double(resolution))
        }
        let figure = Figure(
            .histogram(title: "Local resolution within the mask", label: "Local resolution (Å)", values: inside))
        try figure.write(pdf: beside("histogram.pdf"))
        let sorted = inside.sorted()
        if !sorted.isEmpty {
            reporter.info(
                String(
                    format: "  + within the mask: best %.2f, median %.2f, worst %.2f Å (%@)", sorted[0],
                    sorted[sorted.count / 2], sorted[sorted.count - 1], beside("histogram.pdf")))
        }
    }
}
