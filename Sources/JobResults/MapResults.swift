import ImageFormats
import Tables

/// Maps of local resolution, and masks.
struct MapResults {
    enum Kind { case localResolution, mask }

    let files: JobFiles
    let inputs: [String]
    /// Larger maps are not read for a histogram.
    private static let voxelLimit = 1 << 28

    func sections(_ kind: Kind) -> [ResultSection] {
        switch kind {
        case .localResolution:
            for name in ["relion_locres.mrc", "half1_resmap.mrc"] { if let section = localResolution(name) { return [section] } }
            return []
        case .mask: return mask("mask.mrc").map { [$0] } ?? []
        }
    }

    private func map(_ path: String) -> (values: [Float], pixelSizeInAngstrom: Double)? {
        guard let real = try? files.resolve(path), let reader = try? StackReader(path: real), reader.header.shapeOfAll.count <= Self.voxelLimit,
            let map = try? reader.all()
        else { return nil }
        return (map.values.withUnsafeBufferPointer { Array($0) }, reader.header.pixelSizeInAngstrom ?? 1)
    }

    /// Within the mask that the job was given, else where there is a value.
    private func localResolution(_ name: String) -> ResultSection? {
        guard let map = map(files.job + name) else { return nil }
        let mask = inputs.first { $0.lowercased().contains("mask") }.flatMap(self.map)?.values
        let isMasked = mask?.count == map.values.count
        var values: [Double] = []
        for (index, value) in map.values.enumerated() where value > 0 && value < 999 {
            if isMasked, let mask, mask[index] < 0.5 { continue }
            values.append(Double(value))
        }
        let histogram = ColumnHistogram(values, bins: 60)
        guard histogram.count > 0 else { return nil }
        var facts = FactList()
        facts.add("Best", histogram.minimum, "Å", digits: 2)
        facts.add("Median", histogram.median, "Å", digits: 2)
        facts.add("Worst", histogram.maximum, "Å", digits: 2)
        let title = isMasked ? "Local resolution inside the mask" : "Local resolution"
        return ResultSection("Local resolution", [
            .facts(facts),
            .histogram(HistogramPlot(title: title, x: PlotAxis("Local resolution", "Å"), counted: "voxels", histogram: histogram)),
        ])
    }

    private func mask(_ name: String) -> ResultSection? {
        guard let map = map(files.job + name), !map.values.isEmpty else { return nil }
        let sum = map.values.reduce(0.0) { $0 + Double($1) }
        let full = map.values.count { $0 > 0.999 }, soft = map.values.count { $0 > 0.001 && $0 <= 0.999 }
        let count = Double(map.values.count), voxel = map.pixelSizeInAngstrom * map.pixelSizeInAngstrom * map.pixelSizeInAngstrom
        var facts = FactList()
        facts.add("Share of the box", 100 * sum / count, "%", digits: 2)
        facts.add("Volume", sum * voxel / 1000, "nm³", digits: 1)
        facts.add("Voxels that are one", full)
        facts.add("Voxels of the soft edge", soft)
        let edge = map.values.filter { $0 > 0.001 && $0 <= 0.999 }.map(Double.init)
        var items: [ResultItem] = [.facts(facts)]
        if !edge.isEmpty {
            items.append(.histogram(HistogramPlot(
                title: "Values of the soft edge", x: PlotAxis("Value", low: 0, high: 1), counted: "voxels", histogram: ColumnHistogram(edge, bins: 40))))
        }
        return ResultSection("Mask", items)
    }
}
