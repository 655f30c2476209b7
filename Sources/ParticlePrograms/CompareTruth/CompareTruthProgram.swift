import ArgumentParser
import Arrays
import Foundation
import Fourier
import Geometry
import ImageFormats
import Metadata
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

/// Refined particles beside their truths, matched by image name or, where the truth has no images, by place in the micrograph.
private struct MatchedParticles {
    let refinedCount: Int
    let junkFraction: Double
    let hasOrientations: Bool
    /// Without junk, which has no orientation.
    var refined: [PoseComparison.Pose] = []
    var truth: [PoseComparison.Pose] = []

    init(refined name: String, truth truthName: String) throws {
        let table = try ParticleTable(contentsOf: name).rows
        if try StarDocument(contentsOf: truthName).table("particles").contains("rlnImageName") {
            try self.init(refined: table, images: truthName)
        } else {
            try self.init(refined: table, pixelSize: ParticleTable(contentsOf: name).optics.double("rlnMicrographOriginalPixelSize"), places: truthName)
        }
    }

    private init(refined table: StarTable, images truthName: String) throws {
        let truthTable = try ParticleTable(contentsOf: truthName).rows
        let names = try table.strings("rlnImageName")
        let places = Dictionary(try truthTable.strings("rlnImageName").enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let classes = try truthTable.ints("rlnClassNumber")
        let rows = try names.enumerated().map { row, image -> Int in
            guard let place = places[image] else {
                throw InputError(place: table.place(ofRow: row), found: "image \(image) is not in \(truthName)",
                                 expected: "particles of that simulation")
            }
            return place
        }
        refinedCount = names.count
        junkFraction = names.isEmpty ? 0 : Double(rows.filter { classes[$0] == 0 }.count) / Double(names.count)
        hasOrientations = table.contains("rlnAngleRot") && table.contains("rlnAngleTilt")
        guard hasOrientations else { return }
        let refinedPoses = try Self.poses(table), truePoses = try Self.poses(truthTable)
        for (i, place) in rows.enumerated() where classes[place] != 0 {
            refined.append(refinedPoses[i])
            truth.append(truePoses[place])
        }
    }

    /// Å between a pick and the particle that it stands for at most.
    private static let reach = 60.0

    /// Particles cut from simulated movies: where no particle was, it is junk; true origins lead from the cut's centre to the particle.
    private init(refined table: StarTable, pixelSize: Double, places truthName: String) throws {
        let truth = try StarDocument(contentsOf: truthName).table("particles")
        func key(_ name: String) -> String { PathName(PathName(name).name).stem }
        let trueNames = try truth.strings("rlnMicrographMovieName"), tx = try truth.doubles("rlnCoordinateX"), ty = try truth.doubles("rlnCoordinateY")
        let byMovie = Dictionary(grouping: trueNames.indices) { key(trueNames[$0]) }
        let names = try table.strings("rlnMicrographName"), x = try table.doubles("rlnCoordinateX"), y = try table.doubles("rlnCoordinateY")
        let places = names.indices.map { row -> Int? in
            func distance(_ place: Int) -> Double { ((x[row] - tx[place]) * (x[row] - tx[place]) + (y[row] - ty[place]) * (y[row] - ty[place])).squareRoot() }
            guard let nearest = byMovie[key(names[row])]?.min(by: { distance($0) < distance($1) }) else { return nil }
            return distance(nearest) * pixelSize <= Self.reach ? nearest : nil
        }
        refinedCount = names.count
        junkFraction = names.isEmpty ? 0 : Double(places.filter { $0 == nil }.count) / Double(names.count)
        hasOrientations = table.contains("rlnAngleRot") && table.contains("rlnAngleTilt")
        guard hasOrientations else { return }
        let poses = try Self.poses(table)
        let rot = try truth.doubles("rlnAngleRot"), tilt = try truth.doubles("rlnAngleTilt"), psi = try truth.doubles("rlnAnglePsi")
        for (row, place) in places.enumerated() {
            guard let place else { continue }
            refined.append(poses[row])
            self.truth.append(.init(orientation: EulerAngles(rot: rot[place], tilt: tilt[place], psi: psi[place]).matrix,
                                    origin: pixelSize * SIMD2(x[row] - tx[place], y[row] - ty[place])))
        }
    }

    private static func poses(_ table: StarTable) throws -> [PoseComparison.Pose] {
        let rot = try table.doubles("rlnAngleRot"), tilt = try table.doubles("rlnAngleTilt"), psi = try table.doubles("rlnAnglePsi")
        let x = try table.doubles("rlnOriginXAngst"), y = try table.doubles("rlnOriginYAngst")
        return rot.indices.map { i in
            .init(orientation: EulerAngles(rot: rot[i], tilt: tilt[i], psi: psi[i]).matrix, origin: SIMD2(x[i], y[i]))
        }
    }
}

/// The maps to compare, of one size.
private struct TrueAndRefinedMap {
    let refined: RealArray
    let truth: RealArray
    let mask: RealArray?
    let pixelSize: Double

    init(_ options: CompareTruthProgram.MapOptions) throws {
        let (refined, header) = try ImageFile.readVolume(options.map)
        let truth = try ImageFile.readVolume(options.reference).volume
        guard refined.shape == truth.shape, refined.shape.isCube else {
            throw InputError(place: "--map \(options.map)", found: "\(refined.shape) voxels", expected: "a cube as large as the true map, \(truth.shape)")
        }
        mask = try options.mask.ifGiven.map { name in
            let mask = try ImageFile.readVolume(name).volume
            guard mask.shape == refined.shape else {
                throw InputError(place: "--mask \(name)", found: "\(mask.shape) voxels", expected: "\(refined.shape)")
            }
            return mask
        }
        guard let pixel = options.pixelSize > 0 ? options.pixelSize : header.pixelSizeInAngstrom, pixel > 0 else {
            throw InputError(place: options.map, found: "no pixel size in the header", remedy: "Give --angpix")
        }
        (self.refined, self.truth, pixelSize) = (refined, truth, pixel)
    }
}
