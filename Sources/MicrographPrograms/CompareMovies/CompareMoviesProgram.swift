import ArgumentParser
import Foundation
import Metadata
import MotionCorrection
import ProgramKit
import Reporting
import StarFormat

/// How far motion, defocus and picks of simulated movies are from the truth. New in this suite.
struct CompareMoviesProgram: RelionProgram {
    static let programName = "relion_compare_movies"
    static let summary = "Compare motion, defocus and picks with the truth of simulated movies."

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("truth"), parsing: .unconditional, help: "The truth that relion_simulate_movies wrote.")
        var truth = ""
        @Option(name: .customLong("mics"), parsing: .unconditional, help: "corrected_micrographs.star, whose motion is compared.")
        var micrographs = ""
        @Option(name: .customLong("ctf"), parsing: .unconditional, help: "micrographs_ctf.star, whose defocus is compared.")
        var ctf = ""
        @Option(name: .customLong("picks"), parsing: .unconditional, help: "autopick.star, whose coordinates are compared.")
        var picks = ""
        @Option(name: .customLong("radius"), parsing: .unconditional, help: "Distance (in Angstroms) within which a pick counts as right.")
        var radius = 50.0
        @Option(name: .customLong("o"), parsing: .unconditional, help: "STAR file for the result.")
        var output = "movie_comparison.star"
    }

    @OptionGroup(title: "What is compared") var io: InputOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.output(io.output, option: "--o")
        check.require(!io.truth.isEmpty, "--truth", found: "is not given", expected: "the truth.star of simulated movies")
        check.require(io.radius > 0 && io.radius.isFinite, "--radius", found: "\(io.radius)", expected: "a distance above 0")
        let truth = check.hasProblems ? nil : check.attempt { try MovieTruthFile(io.truth) }
        try check.finish()
        guard let truth, !context.isDryRun else { return }
        var summary = StarTable(name: "movie_comparison", kind: .list)
        if let name = io.micrographs.ifGiven { try compareMotion(name, truth, &summary, context.reporter) }
        if let name = io.ctf.ifGiven { try compareDefocus(name, truth, &summary, context.reporter) }
        if let name = io.picks.ifGiven { try comparePicks(name, truth, &summary, context.reporter) }
        summary.setValue("simMovieNumber", truth.movies.count)
        try StarDocument(tables: [summary]).write(to: io.output)
    }

    // MARK: Motion

    private func compareMotion(_ name: String, _ truth: MovieTruthFile, _ summary: inout StarTable, _ reporter: Reporter) throws {
        let table = try StarDocument(contentsOf: name).table("micrographs")
        var squares = (still: 0.0, whole: 0.0, local: 0.0), count = 0.0
        for file in try table.strings("rlnMicrographMetadata") {
            let motion = CorrectedMicrographs.motion(try MotionFile(contentsOf: file))
            for track in try truth.tracks(of: file) where track.shifts.count == motion.shifts.count {
                let frames = track.shifts.indices
                squares.still += Self.spread(track.shifts)
                squares.whole += Self.spread(frames.map { track.shifts[$0] + motion.shifts[$0] })
                squares.local += Self.spread(frames.map { track.shifts[$0] + motion.shift(frame: $0, at: track.place) })
                count += Double(frames.count)
            }
        }
        guard count > 0 else { throw InputError(place: name, found: "has no movie of \(io.truth)", expected: "micrographs of these movies") }
        let errors = [squares.still, squares.whole, squares.local].map { ($0 / count).squareRoot() }
        for (label, value) in zip(["simTrackErrorUncorrected", "simTrackErrorGlobal", "simTrackError"], errors) { summary.setValue(label, value) }
        reporter.info(String(format: "Tracks of particles, rms error: %.2f px uncorrected, %.2f px with whole frames moved, %.2f px with local motion",
                             errors[0], errors[1], errors[2]))
    }

    /// Sum of squared distances from the mean: where a track starts is a matter of convention.
    private static func spread(_ errors: [SIMD2<Double>]) -> Double {
        let mean = errors.reduce(.zero, +) / Double(max(1, errors.count))
        return errors.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) + ($1.y - mean.y) * ($1.y - mean.y) }
    }

    // MARK: Defocus

    private func compareDefocus(_ name: String, _ truth: MovieTruthFile, _ summary: inout StarTable, _ reporter: Reporter) throws {
        let table = try StarDocument(contentsOf: name).table("micrographs")
        let names = try table.strings("rlnMicrographName")
        let u = try table.doubles("rlnDefocusU"), v = try table.doubles("rlnDefocusV")
        var mean: [Double] = [], difference: [Double] = []
        for (row, name) in names.enumerated() {
            guard let true_ = truth.defocus(of: name) else { continue }
            mean.append(abs((u[row] + v[row]) / 2 - (true_.u + true_.v) / 2))
            difference.append(abs(abs(u[row] - v[row]) - abs(true_.u - true_.v)))
        }
        guard !mean.isEmpty else { throw InputError(place: name, found: "has no movie of \(io.truth)", expected: "micrographs of these movies") }
        summary.setValue("simMedianDefocusError", Self.median(mean))
        summary.setValue("simLargestDefocusError", mean.max() ?? 0)
        summary.setValue("simMedianAstigmatismError", Self.median(difference))
        reporter.info(String(format: "Defocus: median error %.0f A, largest %.0f A; astigmatism: median error %.0f A", Self.median(mean), mean.max() ?? 0, Self.median(difference)))
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    // MARK: Picks

    private func comparePicks(_ name: String, _ truth: MovieTruthFile, _ summary: inout StarTable, _ reporter: Reporter) throws {
        let table = try StarDocument(contentsOf: name).table("coordinate_files")
        let micrographs = try table.strings("rlnMicrographName"), files = try table.strings("rlnMicrographCoordinates")
        var picked = 0, right = 0, present = 0, distances: [Double] = []
        for (micrograph, file) in zip(micrographs, files) {
            let document = try StarDocument(contentsOf: file)
            guard let rows = document.tables.first(where: { $0.contains("rlnCoordinateX") }) else { continue }
            let picks = zip(try rows.doubles("rlnCoordinateX"), try rows.doubles("rlnCoordinateY")).map { SIMD2($0, $1) }
            let places = truth.places(of: micrograph)
            // Pairs by rising distance; each particle and each pick once.
            let pairs = picks.indices.flatMap { p in places.indices.map { t in (p, t, truth.distanceInAngstrom(picks[p], places[t])) } }
                .filter { $0.2 <= io.radius }.sorted { $0.2 < $1.2 }
            var usedPicks: Set<Int> = [], usedPlaces: Set<Int> = []
            for (p, t, distance) in pairs where !usedPicks.contains(p) && !usedPlaces.contains(t) {
                usedPicks.insert(p)
                usedPlaces.insert(t)
                distances.append(distance)
            }
            picked += picks.count
            present += places.count
            right += usedPicks.count
        }
        let recall = present > 0 ? Double(right) / Double(present) : 0, precision = picked > 0 ? Double(right) / Double(picked) : 0
        summary.setValue("simPickedNumber", picked)
        summary.setValue("simPickPrecision", precision)
        summary.setValue("simPickRecall", recall)
        summary.setValue("simMedianPickErrorAngst", Self.median(distances))
        reporter.info(String(format: "Picks: %d, of which %.1f %% are right; %.1f %% of the %d particles found; median distance %.1f A", picked, 100 * precision,
                             100 * recall, present, Self.median(distances)))
    }
}
