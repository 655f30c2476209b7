import StarFormat
import Tables

/// Jobs that make lists of particles or micrographs: how many, from how many, and how they are spread.
struct ParticleResults {
    let files: JobFiles

    private static let columns: [(label: String, title: String, unit: String?)] = [
        ("rlnCtfMaxResolution", "Resolution of the CTF fit", "Å"), ("rlnDefocusU", "Defocus U", "Å"), ("rlnAutopickFigureOfMerit", "Figure of merit of the pick", nil),
        ("rlnClassNumber", "Class", nil), ("rlnMaxValueProbDistribution", "Largest probability", nil), ("rlnAccumMotionTotal", "Total motion", "Å"),
        ("rlnClassScore", "Score of the class", nil),
    ]

    func sections(inputs: [String], outputs: [String]) -> [ResultSection] {
        outputs.filter { $0.hasSuffix(".star") && $0.hasPrefix(files.job) }.prefix(4).compactMap { path in
            let name = String(path.dropFirst(files.job.count))
            guard let rows = files.rows(of: name, blocks: ["particles", "micrographs", "movies"]), rows.outline.isLoop else { return nil }
            return section(rows, name: name, inputs: inputs)
        }
    }

    private func section(_ rows: TableRows, name: String, inputs: [String]) -> ResultSection {
        let counted = rows.outline.name.isEmpty ? "rows" : rows.outline.name
        var facts = FactList()
        facts.add(counted.prefix(1).uppercased() + counted.dropFirst(), rows.count)
        if let all = inputs.lazy.compactMap({ count(of: counted, in: $0) }).first, all >= rows.count, all > 0, counted != "rows" {
            facts.add("Of", all)
            facts.add("Share", 100 * Double(rows.count) / Double(all), "%", digits: 1)
        }
        addOptics(of: rows, to: &facts)
        var items: [ResultItem] = []
        if counted == "particles", rows.contains("rlnMicrographName") {
            let counts = rows.frequencies("rlnMicrographName").map(Double.init)
            facts.add("Micrographs", counts.count)
            facts.add("Median on a micrograph", ColumnHistogram(counts).median, digits: 0)
            items.append(.histogram(HistogramPlot(
                title: "Particles of a micrograph", x: PlotAxis("Particles of a micrograph"), counted: "micrographs", histogram: ColumnHistogram(counts, bins: ColumnHistogram.bins(for: counts.count)))))
        }
        items.insert(.facts(facts), at: 0)
        items += Self.columns.compactMap { rows.histogram($0.label, $0.title, $0.unit, counted: counted) }
        return ResultSection(name, items)
    }

    private func count(of block: String, in path: String) -> Int? {
        guard path.hasSuffix(".star") else { return nil }
        return files.anyTable(path)?.outline.blocks.first { $0.name == block }?.rowCount
    }

    private func addOptics(of rows: TableRows, to facts: inout FactList) {
        guard let block = rows.table.outline.blocks.firstIndex(where: { $0.name == "optics" }) else { return }
        let optics = TableRows(path: rows.path, table: rows.table, block: block)
        facts.add("Optics groups", optics.count)
        if let size = optics.numbers("rlnImageSize")?.first, size.isFinite, abs(size) < 1e9 { facts.add("Size of the images", Int(size)) }
        let pixel = optics.numbers("rlnImagePixelSize") ?? optics.numbers("rlnMicrographPixelSize") ?? optics.numbers("rlnMicrographOriginalPixelSize")
        facts.add("Pixel size", pixel?.first, "Å", digits: 3)
        facts.add("Voltage", optics.numbers("rlnVoltage")?.first, "kV", digits: 0)
    }
}
