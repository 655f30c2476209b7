import Arrays
import Foundation
import Metadata
import MotionCorrection
import Plotting
import ProgramKit
import Reporting
import StarFormat

/// The joint STAR file of all micrographs, and `logfile.pdf`.
struct CorrectedMicrographs {
    private let plan: MotionCorrectionPlan
    private let movies: [MovieTable.Movie]
    private static let motionLabels = ["rlnAccumMotionTotal", "rlnAccumMotionEarly", "rlnAccumMotionLate"]

    /// - Parameter failed: names of movies without a micrograph.
    init(_ plan: MotionCorrectionPlan, without failed: Set<String>) {
        self.plan = plan
        movies = plan.listed.filter { !failed.contains($0.name) }
    }

    func write(_ reporter: Reporter) throws {
        let options = plan.options
        let files = try movies.map { try MotionFile(contentsOf: plan.root(of: $0.name) + ".star") }
        let motions = files.map(Self.motion)
        let paths = zip(motions, files).map { motion, file in
            motion.pathLengths(cutoffFrame: (options.own.earlyDose - file.preExposure) / max(1e-9, file.doseRate) - Double(file.startFrame - 1))
        }
        let roots = movies.map { plan.root(of: $0.name) }
        var table = StarTable(name: "micrographs")
        if options.dose.weightsDose && options.own.savesUnweighted {
            table.set("rlnMicrographNameNoDW", strings: roots.map { $0 + "_noDW.mrc" })
        }
        if options.general.spectrumGrouping > 0 { table.set("rlnCtfPowerSpectrum", strings: roots.map { $0 + "_PS.mrc" }) }
        if options.alignment.splitsEvenOdd {
            table.set("rlnMicrographNameEven", strings: roots.map { $0 + "_EVN.mrc" })
            table.set("rlnMicrographNameOdd", strings: roots.map { $0 + "_ODD.mrc" })
        }
        table.set("rlnMicrographName", strings: roots.map { $0 + ".mrc" })
        table.set("rlnMicrographMetadata", strings: roots.map { $0 + ".star" })
        table.set("rlnOpticsGroup", ints: movies.map(\.opticsGroup))
        let columns = [paths.map(\.total), paths.map(\.early), paths.map(\.late)]
        for (label, values) in zip(Self.motionLabels, columns) { table.set(label, doubles: values) }
        var optics = plan.table.optics
        optics.set("rlnMicrographPixelSize", doubles: try optics.doubles(MovieTable.pixelSizeLabel).map { $0 * plan.settings.binning })
        try StarDocument(tables: [optics, table]).write(to: plan.folder + "corrected_micrographs.star")
        reporter.info("Written: \(plan.folder)corrected_micrographs.star")
        try writeLog(motions, files, columns)
        reporter.info("Written: \(plan.folder)logfile.pdf")
    }

    /// The motion that a file tells of.
    static func motion(_ file: MotionFile) -> MovieMotion {
        var motion = MovieMotion(frameShape: Shape(x: file.width, y: file.height), shifts: file.shifts.compactMap { $0 }, changes: [])
        motion.localModel = file.model
        motion.patchShifts = file.patchShifts.map { row in
            let time = Double(row.frame - file.startFrame)
            let place = SIMD2(row.place.x / Double(file.width) - 0.5, row.place.y / Double(file.height) - 0.5)
            return PatchShift(frame: time, place: row.place, observed: row.shift,
                              fitted: motion.localModel?.shift(frame: time, place: place) ?? .zero)
        }
        return motion
    }

    private func writeLog(_ motions: [MovieMotion], _ files: [MotionFile], _ columns: [[Double]]) throws {
        guard !motions.isEmpty else { return }
        let numbers = motions.indices.map { Double($0 + 1) }
        var elements: [PageElement] = []
        for (name, values) in zip(["whole", "early", "late"], columns) {
            elements.append(.plot(Plot(title: "Motion of the whole frame: \(name)", x: Axis("Micrograph"), y: Axis("Path (pixels)"),
                                       series: [.scatter(x: numbers, y: values, size: 2)])))
            if motions.count > 3 { elements.append(.plot(.histogram(title: "", label: "Path (pixels)", values: values))) }
        }
        var pages = [Page(title: "Motion correction", columns: motions.count > 3 ? 2 : 1, elements)]
        if !plan.options.general.skipsLogfile {
            for (motion, file) in zip(motions, files) { pages += MotionPlot.figure(motion, title: file.movie).pages }
        }
        try Figure(pages: pages).write(pdf: plan.folder + "logfile.pdf")
    }
}
