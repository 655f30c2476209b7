import Parallel
import StarFormat
import Tables

/// Picks: how many on each micrograph, and how good.
struct PickingResults {
    let files: JobFiles
    let cache: FileCache<[Float]>
    private static let fileLimit = 50_000

    func sections() -> [ResultSection] {
        if let summary = files.rows(of: "summary.star"), let counts = summary.numbers("rlnGroupNrParticles") {
            var facts = FactList()
            facts.add("Micrographs", summary.count)
            facts.add("Picks", Int(counts.filter(\.isFinite).reduce(0, +)))
            facts.add("Median on a micrograph", ColumnHistogram(counts).median, digits: 0)
            var items: [ResultItem] = [.facts(facts), perMicrograph(counts, source: summary.source())]
            if let item = summary.histogram("rlnGroupNrParticles", "Picks on a micrograph", counted: "micrographs") { items.append(item) }
            if let item = summary.histogram("rlnAutopickFigureOfMerit", "Mean figure of merit of a micrograph", counted: "micrographs") { items.append(item) }
            return [ResultSection("Picks", items + meritItems(names(of: "autopick.star")))]
        }
        // By hand, or not at its end yet: the files of the single micrographs.
        let listed = names(of: "autopick.star") + names(of: "manualpick.star")
        let names = listed.isEmpty ? files.deepNames(ending: "pick.star").filter { $0.contains("/") }.map { files.job + $0 } : listed
        let counts = names.prefix(Self.fileLimit).map { Double(merits(in: $0).count) }
        guard !counts.isEmpty else { return [] }
        var facts = FactList()
        facts.add(listed.isEmpty ? "Micrographs so far" : "Micrographs", names.count)
        facts.add("Picks", Int(counts.reduce(0, +)))
        let histogram = HistogramPlot(
            title: "Picks on a micrograph", x: PlotAxis("Picks on a micrograph"), counted: "micrographs", histogram: ColumnHistogram(counts, bins: ColumnHistogram.bins(for: counts.count)))
        return [ResultSection("Picks", [.facts(facts), perMicrograph(counts), .histogram(histogram)] + meritItems(names))]
    }

    private func perMicrograph(_ counts: [Double], source: TableSource? = nil) -> ResultItem {
        let shown = Array(counts.prefix(20_000))
        return .curves(CurvePlot(
            title: "Picks on each micrograph", x: PlotAxis("Micrograph"), y: PlotAxis("Picks", low: 0),
            curves: [.init("Picks", x: shown.indices.map { Double($0 + 1) }, y: shown, isPoints: true)], source: source))
    }

    private func names(of list: String) -> [String] {
        files.rows(of: list, blocks: ["coordinate_files"])?.strings("rlnMicrographCoordinates") ?? []
    }

    /// One for each pick.
    private func merits(in path: String) -> [Float] {
        guard let real = try? files.resolve(path) else { return [] }
        return cache.value(real) {
            let table = try OpenTable(path: real, name: path, pool: ThreadPool(threads: 1))
            let rows = TableRows(path: path, table: table, block: try table.block(nil))
            return rows.numbers("rlnAutopickFigureOfMerit")?.map(Float.init) ?? Array(repeating: .nan, count: rows.count)
        } ?? []
    }

    /// Of all picks together, where they have one.
    private func meritItems(_ names: [String]) -> [ResultItem] {
        let merits = names.prefix(Self.fileLimit).flatMap { self.merits(in: $0).map(Double.init) }
        guard merits.contains(where: \.isFinite) else { return [] }
        return [.histogram(HistogramPlot(
            title: "Figure of merit of the picks", x: PlotAxis("Figure of merit"), counted: "picks", histogram: ColumnHistogram(merits, bins: ColumnHistogram.bins(for: merits.count))))]
    }
}
