import Foundation
import ProgramKit
import Reporting

/// How many frames the movies have: a movie with fewer than the others may be cut off, and all of them together have had an exposure.
struct FrameCounts {
    private var movies: [Int: [String]] = [:]

    mutating func add(_ movie: String, _ count: Int) { movies[count, default: []].append(movie) }

    /// What most movies have; the larger of two that are equally frequent.
    var usual: Int? { movies.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.key }

    private static let namedMovies = 5

    var warning: String? {
        guard let usual, movies.count > 1 else { return nil }
        let others = movies.filter { $0.key != usual }.sorted { $0.key < $1.key }.flatMap { count, names in names.map { "\($0) (\(count))" } }
        let named = others.prefix(Self.namedMovies).joined(separator: ", ") + (others.count > Self.namedMovies ? " …" : "")
        return "\(others.count) movies do not have \(usual) frames as the others: \(named). They may be cut off"
    }

    /// e/Å²; nothing is left of proteins at the second one.
    private static let unusualExposure = 150.0, impossibleExposure = 500.0

    /// - Throws: `InputError` when the movies would have had an exposure that no sample stands.
    func checkExposure(_ options: MotionCorrectionProgram, _ reporter: Reporter) throws {
        guard options.dose.weightsDose, let usual else { return }
        let exposure = options.dose.preExposure + options.dose.dosePerFrame * Double(usual)
        let text = "\(usual) frames of \(number(options.dose.dosePerFrame)) e/Å² make \(number(exposure)) e/Å²"
        if exposure > Self.impossibleExposure {
            throw InputError(place: "--dose_per_frame", found: text, expected: "an exposure that leaves something of the sample: 30 to 100 e/Å² are usual",
                             remedy: "Give the exposure of one frame (of EER movies: of --eer_grouping detector frames), not of the movie")
        }
        if exposure > Self.unusualExposure { reporter.warning("--dose_per_frame: \(text), which is unusually much") }
    }

    private func number(_ value: Double) -> String { String(format: "%.6g", value) }
}
