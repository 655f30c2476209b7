import ImageFormats
import StarFormat
import Tables

/// Classifications and refinements: how they went from iteration to iteration, and where they stand.
struct RefinementResults {
    let files: JobFiles
    let cache: FileCache<IterationRecord>

    func sections(isGoldStandard: Bool) -> [ResultSection] {
        let listed = IterationFiles(names: files.names())
        let records = listed.iterations.compactMap { iteration in
            record(model: iteration.model, optimiser: iteration.stem + "_optimiser.star").map { record in
                var record = record
                record.iteration = iteration.number
                return record
            }
        }
        let last = listed.final ?? listed.iterations.last { files.exists($0.model) }?.stem
        let final = listed.final.flatMap { record(model: $0 + "_model.star", optimiser: $0 + "_optimiser.star") }
        guard let last, let latest = final ?? records.last else { return [] }
        let data = files.rows(of: last + "_data.star", blocks: ["particles"])
        var sections = [ResultSection("Now", [.facts(facts(latest, isFinal: final != nil, data))])]
        let model = final != nil ? last + "_model.star" : listed.iterations.last?.model ?? ""
        if isGoldStandard, let curves = fourierShells(model, records, listed) { sections[0].items.append(curves) }
        if let gallery = ClassGallery(latest, data: data, middle: middleSection) { sections.append(ResultSection("Classes", [.classes(gallery)])) }
        sections.append(ResultSection("Iterations", progress(records)))
        if let map = data.flatMap(AngularDistribution.init), map.isSpread { sections.append(ResultSection("Directions", [.heat(map.plot)])) }
        if let data { sections.append(ResultSection("Particles", particles(data))) }
        return sections
    }

    private func middleSection(_ map: String) -> Int {
        guard let path = try? files.resolve(map), let reader = try? StackReader(path: path) else { return 0 }
        return reader.header.shapeOfAll.z / 2
    }

    private func record(model: String, optimiser: String) -> IterationRecord? {
        guard let path = try? files.resolve(files.job + model) else { return nil }
        let settings = try? files.resolve(files.job + optimiser)
        return cache.value(path, others: settings.map { [$0] } ?? []) { try IterationRecord(model: path, optimiser: settings) }
    }

    private func facts(_ latest: IterationRecord, isFinal: Bool, _ data: TableRows?) -> FactList {
        var facts = FactList()
        if isFinal { facts.add("State", "finished") } else { facts.add("Iteration", latest.iteration) }
        facts.add("Particles", data?.count)
        if latest.classes.count > 1 { facts.add("Classes", latest.classes.count) }
        facts.add("Resolution", latest.resolutionInAngstrom, "Å", digits: 2)
        facts.add("Accuracy of rotations", latest.accuracyInDegrees, "°", digits: 2)
        facts.add("Accuracy of shifts", latest.accuracyInAngstrom, "Å", digits: 2)
        facts.add("Mean of largest probabilities", latest.maximalProbability, digits: 3)
        return facts
    }

    // MARK: Curves

    private func progress(_ records: [IterationRecord]) -> [ResultItem] {
        let x = records.map { Double($0.iteration) }, axis = PlotAxis("Iteration")
        func curve(_ name: String, _ value: (IterationRecord) -> Double?) -> CurvePlot.Curve? {
            let y = records.map { value($0) ?? .nan }
            return y.contains { $0.isFinite } ? .init(name, x: x, y: y) : nil
        }
        func plot(_ title: String, _ y: PlotAxis, _ curves: [CurvePlot.Curve?]) -> ResultItem? {
            let present = curves.compactMap { $0 }
            return present.isEmpty ? nil : .curves(CurvePlot(title: title, x: axis, y: y, curves: present))
        }
        return [
            plot("Resolution", PlotAxis("Resolution", "Å", low: 0), [curve("Resolution") { $0.resolutionInAngstrom.flatMap { $0 < 999 ? $0 : nil } }]),
            plot("Changes of orientations", PlotAxis("Mean change", "°", low: 0), [curve("Orientations") { $0.changedOrientations.flatMap(Self.told) }]),
            plot("Changes of offsets", PlotAxis("Mean change", "Å", low: 0), [curve("Offsets") { $0.changedOffsets.flatMap(Self.told) }]),
            plot("Changes of classes", PlotAxis("Share of the particles", low: 0), [curve("Classes") { $0.classes.count > 1 ? $0.changedClasses.flatMap(Self.told) : nil }]),
            plot("Accuracy of alignment", PlotAxis("Accuracy", low: 0), [
                curve("Rotations (°)") { $0.accuracyInDegrees }, curve("Shifts (Å)") { $0.accuracyInAngstrom },
            ]),
            plot("Mean of largest probabilities", PlotAxis("Probability", low: 0, high: 1), [curve("Probability") { $0.maximalProbability }]),
            plot("Size of the images", PlotAxis("Current size", "pixels", low: 0), [curve("Size") { $0.imageSize.flatMap { $0 > 0 ? $0 : nil } }]),
            plot("Spread of the offsets", PlotAxis("σ of offsets", "Å", low: 0), [curve("σ") { $0.offsetSigmaInAngstrom }]),
            plot("Class sizes", PlotAxis("Share of the particles", low: 0), classSizes(records, x)),
        ].compactMap { $0 }
    }

    /// Before the first comparison of two iterations the files have 999, or 1 for all.
    private static func told(_ value: Double) -> Double? { value >= 0 && value < 990 ? value : nil }

    /// The largest at the end.
    private func classSizes(_ records: [IterationRecord], _ x: [Double]) -> [CurvePlot.Curve?] {
        guard let last = records.last, last.classes.count > 1 else { return [] }
        let largest = last.classes.indices.sorted { last.classes[$0].share > last.classes[$1].share }.prefix(10)
        return largest.map { index in
            .init("Class \(index + 1)", x: x, y: records.map { $0.classes.indices.contains(index) ? $0.classes[index].share : .nan })
        }
    }

    private func fourierShells(_ model: String, _ records: [IterationRecord], _ listed: IterationFiles) -> ResultItem? {
        func curve(_ name: String, _ path: String, isDashed: Bool) -> CurvePlot.Curve? {
            guard let table = files.document(files.job + path)?.tables.first(where: { $0.name.hasPrefix("model_class_") && $0.contains("rlnGoldStandardFsc") }),
                let x = try? table.doubles("rlnResolution"), let y = try? table.doubles("rlnGoldStandardFsc")
            else { return nil }
            return .init(name, x: x, y: y, isDashed: isDashed)
        }
        var curves = [curve(listed.final == nil ? "Last iteration" : "At the end", model, isDashed: false)]
        if listed.iterations.count > 2 {
            let earlier = listed.iterations[listed.iterations.count / 2]
            curves.append(curve("Iteration \(earlier.number)", earlier.model, isDashed: true))
        }
        let present = curves.compactMap { $0 }
        guard !present.isEmpty else { return nil }
        return .curves(CurvePlot(
            title: "Fourier shell correlation of the half maps", x: .resolution, y: PlotAxis("FSC", low: 0, high: 1), curves: present,
            marks: [.init(axis: .y, value: 0.143, label: "0.143")]))
    }

    private func particles(_ data: TableRows) -> [ResultItem] {
        [
            data.histogram("rlnMaxValueProbDistribution", "Largest probability of a particle", counted: "particles"),
            data.histogram("rlnNrOfSignificantSamples", "Significant samples of a particle", counted: "particles"),
            data.histogram("rlnNormCorrection", "Norm correction", counted: "particles"),
        ].compactMap { $0 }
    }
}

extension ClassGallery {
    /// Nil without images.
    ///
    /// - Parameter middle: number of the section in the middle of a map.
    init?(_ record: IterationRecord, data: TableRows?, middle: (_ map: String) -> Int) {
        guard !record.classes.isEmpty else { return nil }
        var counts: [Int: Int] = [:]
        for number in data?.numbers("rlnClassNumber") ?? [] where number.isFinite && abs(number) < 1e6 { counts[Int(number), default: 0] += 1 }
        title = "Classes, largest first"
        classes = record.classes.enumerated().map { index, found in
            let halves = found.image.split(separator: "@", maxSplits: 1), isInStack = halves.count == 2
            return Entry(
                number: index + 1, path: String(halves.last ?? ""), index: isInStack ? max(0, (Int(halves[0]) ?? 1) - 1) : middle(found.image), isMap: !isInStack,
                share: found.share.isFinite ? found.share : 0, particles: data == nil ? nil : counts[index + 1] ?? 0,
                resolutionInAngstrom: found.resolutionInAngstrom, accuracyInDegrees: found.accuracyInDegrees, accuracyInAngstrom: found.accuracyInAngstrom)
        }.sorted { ($0.share, $1.number) > ($1.share, $0.number) }
    }
}
