import StarFormat

/// Postprocessing: the four FSC curves and the Guinier plot.
struct PostprocessResults {
    let files: JobFiles

    func sections() -> [ResultSection] {
        guard let document = files.document(files.job + "postprocess.star") else { return [] }
        var items: [ResultItem] = []
        let general = document.firstTable("general")
        func value(_ label: String) -> Double? { general.flatMap { table in table.contains(label) ? try? table.double(label) : nil } }
        var facts = FactList()
        facts.add("Resolution", value("rlnFinalResolution"), "Å", digits: 2)
        facts.add("B factor of sharpening", value("rlnBfactorUsedForSharpening"), "Å²", digits: 1)
        facts.add("Phases made random beyond", value("rlnRandomiseFrom"), "Å", digits: 2)
        facts.add("Solvent mask", value("rlnParticleBoxFractionSolventMask"), "% of the box", digits: 1)
        facts.add("Correlation of the Guinier fit", value("rlnCorrelationFitGuinierPlot"), digits: 3)
        if !facts.facts.isEmpty { items.append(.facts(facts)) }
        if let table = document.firstTable("fsc"), let plot = correlations(table, resolution: value("rlnFinalResolution")) { items.append(.curves(plot)) }
        if let table = document.firstTable("guinier"), let plot = guinier(table) { items.append(.curves(plot)) }
        return [ResultSection("Resolution", items)]
    }

    private func correlations(_ table: StarTable, resolution: Double?) -> CurvePlot? {
        guard let x = try? table.doubles("rlnResolution") else { return nil }
        let named = [
            ("Corrected", "rlnFourierShellCorrelationCorrected"), ("Without mask", "rlnFourierShellCorrelationUnmaskedMaps"),
            ("With mask", "rlnFourierShellCorrelationMaskedMaps"),
            ("With mask, random phases", "rlnCorrectedFourierShellCorrelationPhaseRandomizedMaskedMaps"),
            ("From the share of the mask", "rlnFourierShellCorrelationParticleMaskFraction"),
        ]
        let curves = named.enumerated().compactMap { index, name in
            (try? table.doubles(name.1)).map { CurvePlot.Curve(name.0, x: x, y: $0, isDashed: index == 4) }
        }
        guard !curves.isEmpty else { return nil }
        var marks = [CurvePlot.Mark(axis: .y, value: 0.143, label: "0.143")]
        if let resolution, resolution > 0, resolution < 999 { marks.append(.init(axis: .x, value: 1 / resolution, label: Decimal(resolution, digits: 2).text + " Å")) }
        return CurvePlot(title: "Fourier shell correlation", x: .resolution, y: PlotAxis("FSC", low: 0, high: 1), curves: curves, marks: marks)
    }

    private func guinier(_ table: StarTable) -> CurvePlot? {
        guard let x = try? table.doubles("rlnResolutionSquared") else { return nil }
        let named = [
            ("As it is", "rlnLogAmplitudesOriginal"), ("Weighted by the FSC", "rlnLogAmplitudesWeighted"), ("Corrected for the detector", "rlnLogAmplitudesMTFCorrected"),
            ("Sharpened", "rlnLogAmplitudesSharpened"), ("Fit at zero", "rlnLogAmplitudesIntercept"),
        ]
        // Amplitudes that are zero are told as −99.
        let curves = named.compactMap { name, label in
            (try? table.doubles(label)).map { CurvePlot.Curve(name, x: x, y: $0.map { $0 > -99 ? $0 : .nan }, isDashed: name == "Fit at zero") }
        }
        return curves.isEmpty ? nil : CurvePlot(title: "Guinier plot", x: PlotAxis("1 / resolution²", "1/Å²"), y: PlotAxis("ln amplitude"), curves: curves)
    }
}
