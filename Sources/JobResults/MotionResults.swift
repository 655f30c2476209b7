import Metadata
import StarFormat
import Tables

/// Motion correction: how far the micrographs moved, and the tracks of one of them.
struct MotionResults {
    let files: JobFiles
    let cache: FileCache<Double>
    /// Points that are drawn.
    private static let pointLimit = 20_000

    func sections() -> [ResultSection] {
        guard let rows = files.rows(of: "corrected_micrographs.star", blocks: ["micrographs"]) else { return running() }
        var facts = FactList()
        facts.add("Micrographs", rows.count)
        if let total = rows.numbers("rlnAccumMotionTotal") { facts.add("Median of total motion", ColumnHistogram(total).median, "Å", digits: 1) }
        var items: [ResultItem] = [.facts(facts)]
        let named = [("Total", "rlnAccumMotionTotal"), ("Early", "rlnAccumMotionEarly"), ("Late", "rlnAccumMotionLate")]
        let count = min(rows.count, Self.pointLimit)
        let curves = named.compactMap { name, label in
            rows.numbers(label).map { CurvePlot.Curve(name, x: (0..<count).map { Double($0 + 1) }, y: Array($0.prefix(count)), isPoints: true) }
        }
        if !curves.isEmpty {
            items.append(.curves(CurvePlot(
                title: "Motion of each micrograph", x: PlotAxis("Micrograph"), y: PlotAxis("Accumulated motion", "Å", low: 0), curves: curves,
                source: rows.source())))
        }
        items += named.compactMap { rows.histogram($0.1, "\($0.0) motion", "Å", counted: "micrographs") }
        if let tracks = tracks(0) { items.append(.tracks(tracks)) }
        return [ResultSection("Motion", items)]
    }

    /// Before the table of all micrographs is written: those that are done.
    private func running() -> [ResultSection] {
        let done = movies
        guard !done.isEmpty else { return [] }
        var facts = FactList()
        facts.add("Micrographs so far", done.count)
        var items: [ResultItem] = [.facts(facts)]
        let shown = Array(done.suffix(1000)), first = done.count - shown.count
        let totals = shown.map { length(of: files.job + $0) ?? .nan }
        items.append(.curves(CurvePlot(
            title: "Motion of each micrograph", x: PlotAxis("Micrograph"), y: PlotAxis("Accumulated motion", "Å", low: 0),
            curves: [.init("Total", x: shown.indices.map { Double($0 + first + 1) }, y: totals, isPoints: true)])))
        if let tracks = tracks(done.count - 1) { items.append(.tracks(tracks)) }
        return [ResultSection("Motion", items)]
    }

    /// Files of single movies, of which there is one for each micrograph.
    private var movies: [String] { files.deepNames(ending: ".star").filter { $0.contains("/") && !$0.hasPrefix(".") } }

    private func motion(_ path: String) -> MotionFile? {
        guard let real = try? files.resolve(path) else { return nil }
        return try? MotionFile(contentsOf: real)
    }

    /// Å.
    private func length(of path: String) -> Double? {
        guard let real = try? files.resolve(path) else { return nil }
        return cache.value(real) { Self.length(try MotionFile(contentsOf: real)) }
    }

    private static func length(_ motion: MotionFile) -> Double {
        let shifts = motion.shifts.compactMap { $0 }
        return zip(shifts, shifts.dropFirst()).reduce(0) { sum, pair in
            let step = pair.1 - pair.0
            return sum + (step.x * step.x + step.y * step.y).squareRoot()
        } * motion.pixelSizeInAngstrom
    }

    func tracks(_ index: Int) -> TrackPlot? {
        let path: String, count: Int
        if let rows = files.rows(of: "corrected_micrographs.star", blocks: ["micrographs"]), rows.contains("rlnMicrographMetadata") {
            guard (0..<rows.count).contains(index), let name = rows.strings("rlnMicrographMetadata", rows: index..<index + 1)?.first else { return nil }
            (path, count) = (name, rows.count)
        } else {
            let all = movies
            guard all.indices.contains(index) else { return nil }
            (path, count) = (files.job + all[index], all.count)
        }
        guard let motion = motion(path) else { return nil }
        let size = motion.pixelSizeInAngstrom
        func track(_ shifts: [SIMD2<Double>], place: SIMD2<Double>?) -> TrackPlot.Track {
            let start = shifts.first ?? .zero
            return .init(
                place: place.map { [$0.x * size, $0.y * size] }, x: shifts.map { Float(($0.x - start.x) * size) },
                y: shifts.map { Float(($0.y - start.y) * size) })
        }
        var places: [SIMD2<Double>] = [], patches: [SIMD2<Double>: [SIMD2<Double>]] = [:]
        for row in motion.patchShifts {
            if patches[row.place] == nil { places.append(row.place) }
            patches[row.place, default: []].append(row.shift)
        }
        return TrackPlot(
            title: motion.movie.isEmpty ? path : motion.movie, size: [Double(motion.width) * size, Double(motion.height) * size],
            whole: track(motion.shifts.compactMap { $0 }, place: nil), patches: places.map { track(patches[$0] ?? [], place: $0) }, index: index,
            count: count)
    }
}
