import Tables

/// Contrast transfer: how the fits are spread.
struct CTFResults {
    let files: JobFiles

    private static let columns: [(label: String, title: String, unit: String?)] = [
        ("rlnCtfMaxResolution", "Resolution of the fit", "Å"), ("rlnDefocusU", "Defocus U", "Å"), ("rlnCtfAstigmatism", "Astigmatism", "Å"),
        ("rlnCtfFigureOfMerit", "Figure of merit", nil), ("rlnPhaseShift", "Phase shift", "°"), ("rlnCtfIceRingDensity", "Ice ring density", nil),
        ("rlnDefocusAngle", "Direction of the astigmatism", "°"),
    ]

    func sections() -> [ResultSection] {
        guard let rows = files.rows(of: "micrographs_ctf.star", blocks: ["micrographs"]) else {
            let done = files.deepNames(ending: ".ctf").count
            var facts = FactList()
            if done > 0 { facts.add("Micrographs so far", done) }
            return facts.facts.isEmpty ? [] : [ResultSection("Fits", [.facts(facts)])]
        }
        var facts = FactList()
        facts.add("Micrographs", rows.count)
        for (label, title, unit) in Self.columns.prefix(3) {
            if let values = rows.numbers(label) { facts.add("Median: " + title.prefix(1).lowercased() + title.dropFirst(), ColumnHistogram(values).median, unit, digits: label == "rlnCtfMaxResolution" ? 2 : 0) }
        }
        var items: [ResultItem] = [.facts(facts)]
        if let defocus = rows.numbers("rlnDefocusU"), let resolution = rows.numbers("rlnCtfMaxResolution") {
            items.append(.scatter(ScatterPlot(
                title: "Resolution against defocus", x: PlotAxis("Defocus U", "Å"), y: PlotAxis("Resolution of the fit", "Å"),
                points: ScatterSample(x: defocus, y: resolution, limit: 10_000), source: rows.source())))
        }
        items += Self.columns.compactMap { rows.histogram($0.label, $0.title, $0.unit, counted: "micrographs") }
        return [ResultSection("Fits", items)]
    }
}
