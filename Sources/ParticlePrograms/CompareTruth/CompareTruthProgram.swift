import ArgumentParser
import Foundation
import Fourier
import Geometry
import ImageFormats
import Plotting
import ProgramKit
import Reporting
import Simulation
import StarFormat

/// How far a refinement of simulated particles is from the truth. New in this suite.
struct CompareTruthProgram: RelionProgram {
    static let programName = "relion_compare_truth"
    static let summary = "Compare refined particles and maps with the truth of a simulation."

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Refined particles (run_data.star); any subset of the true ones.")
        var input = ""
        @Option(name: .customLong("truth"), parsing: .unconditional, help: "The truth that relion_simulate wrote.")
        var truth = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Start of the names of the output files.")
        var output = "truth_comparison"
        @Option(name: .customLong("sym"), parsing: .unconditional, help: "Point group of the particle: its equivalent orientations count as the same.")
        var symmetry = "C1"
    }

    struct MapOptions: ParsableArguments {
        @Option(name: .customLong("map"), parsing: .unconditional, help: "Refined map, to be turned into the frame of the true one and compared with it.")
        var map = ""
        @Option(name: .customLong("ref"), parsing: .unconditional, help: "True map.")
        var reference = ""
        @Option(name: .customLong("mask"), parsing: .unconditional, help: "Mask in the frame of the refined map, applied to both maps before they are compared and written.")
        var mask = ""
        @Option(name: .customLong("fsc"), parsing: .unconditional, help: "postprocess.star, whose FSC curve is drawn beside the one against the truth.")
        var postprocess = ""
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Angstroms); negative: from the map's header.")
        var pixelSize = -1.0
    }

    @OptionGroup(title: "Particles") var io: InputOptions
    @OptionGroup(title: "Maps") var maps: MapOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        let symmetry = check.attempt { try SymmetryGroup(name: io.symmetry) }
        check.output(io.output + ".star", option: "--o")
        check.require(!io.input.isEmpty, "--i", found: "is not given", expected: "refined particles")
        check.require(!io.truth.isEmpty, "--truth", found: "is not given", expected: "the truth.star of a simulation")
        let matched = check.hasProblems ? nil : check.attempt { try MatchedParticles(refined: io.input, truth: io.truth) }
        check.require(maps.map.isEmpty == maps.reference.isEmpty, "--map", found: "is given without --ref, or --ref without it",
                      expected: "both or neither")
        let mapPair = maps.map.isEmpty ? nil : check.attempt { try TrueAndRefinedMap(maps) }
        try check.finish()
        guard let symmetry, let matched, !context.isDryRun else { return }

        var summary = StarTable(name: "truth_comparison", kind: .list)
        var pages: [Page] = []
        summary.setValue("rlnParticleNumber", matched.refinedCount)
        summary.setValue("simJunkFraction", matched.junkFraction)
        context.reporter.info(String(format: "%d particles, %.1f %% of them junk", matched.refinedCount, 100 * matched.junkFraction))
        guard matched.hasOrientations, !matched.refined.isEmpty else {
            try StarDocument(tables: [summary]).write(to: io.output + ".star")
            return
        }
        let poses = PoseComparison(refined: matched.refined, truth: matched.truth, symmetry: symmetry)
        record(poses, in: &summary, context.reporter)
        pages.append(Page(anglePlot(poses)))
        if let mapPair {
            let fsc = try compare(mapPair, poses, context, &summary)
            pages.append(Page(try fscPlot(fsc, mapPair)))
        }
        try StarDocument(tables: [summary]).write(to: io.output + ".star")
        try Figure(pages: pages).write(png: io.output + "_angles.png", page: 0)
        if pages.count > 1 { try Figure(pages: pages).write(png: io.output + "_fsc.png", page: 1) }
    }

    private func record(_ poses: PoseComparison, in summary: inout StarTable, _ reporter: Reporter) {
        let angle = PoseComparison.median(poses.anglesInDegrees), shift = PoseComparison.median(poses.shiftsInAngstrom)
        let good = Double(poses.anglesInDegrees.filter { $0 < 10 }.count) / Double(poses.anglesInDegrees.count)
        summary.setValue("simHandIsMirrored", poses.isMirrored)
        summary.setValue("simMedianAngleError", angle)
        summary.setValue("simFractionWithin10Degrees", good)
        summary.setValue("simMedianShiftErrorAngst", shift)
        reporter.info("Hand: \(poses.isMirrored ? "mirrored" : "as in the true map")")
        reporter.info(String(format: "Orientations: median error %.2f degrees; %.1f %% within 10 degrees", angle, 100 * good))
        reporter.info(String(format: "Centres: median error %.2f A", shift))
    }

    private func compare(
        _ maps: TrueAndRefinedMap, _ poses: PoseComparison, _ context: ProgramContext, _ summary: inout StarTable
    ) throws -> FourierShellCorrelation {
        let pixel = maps.pixelSize
        let aligned = MapAlignment.apply(poses, to: maps.refined, pixelSizeInAngstrom: pixel, pool: context.pool)
        var (first, second) = (aligned, maps.truth)
        if let mask = maps.mask {
            let turned = MapAlignment.apply(poses, to: mask, pixelSizeInAngstrom: pixel, pool: context.pool)
            for i in first.values.indices {
                first.values[i] *= turned.values[i]
                second.values[i] *= turned.values[i]
            }
        }
        try ImageFile.write(first, to: io.output + "_aligned.mrc", pixelSizeInAngstrom: pixel)
        let fsc = FourierShellCorrelation(first, second, pool: context.pool)
        let resolution = fsc.resolutionInAngstrom(threshold: 0.5, box: maps.truth.shape.x, pixelSizeInAngstrom: pixel)
        summary.setValue("simResolutionAgainstTruth", resolution)
        context.reporter.info(String(format: "Map against truth: FSC above 0.5 to %.2f A", resolution))
        return fsc
    }

    private func anglePlot(_ poses: PoseComparison) -> Plot {
        let limit = max(2, min(180, 4 * PoseComparison.percentile(poses.anglesInDegrees, 0.8)))
        return .histogram(title: "Orientations against the truth", label: "Error (degrees)",
                          values: poses.anglesInDegrees.map { min($0, limit) }, bins: 50, range: 0...limit)
    }

    private func fscPlot(_ fsc: FourierShellCorrelation, _ maps: TrueAndRefinedMap) throws -> Plot {
        let n = maps.truth.shape.x
        let frequencies = (0...n / 2).map { Double($0) / (Double(n) * maps.pixelSize) }
        var plot = Plot(title: "Fourier shell correlation", x: Axis("Resolution (1/Å)"), y: Axis("FSC", range: -0.1...1.05))
        plot.showsResolutionOnTop = true
        if let name = self.maps.postprocess.ifGiven {
            let table = try StarDocument(contentsOf: name).table("fsc")
            plot.series.append(.line("half maps, corrected for the mask", x: try table.doubles("rlnResolution"),
                                     y: try table.doubles("rlnFourierShellCorrelationCorrected")))
        }
        plot.series.append(.line("map against the true potential", x: frequencies, y: Array(fsc.correlation.prefix(n / 2 + 1))))
        plot.guides = [.horizontal(0.143, label: "0.143"), .horizontal(0.5, label: "0.5")]
        return plot
    }
}
