import Reporting
import StarFormat

/// Brings a table of RELION 3.0 or older, without optics groups, to the present form.
///
/// Columns that describe the microscope become an optics table with one group for each different set of values;
/// detector pixel (µm) and magnification become a pixel size (Å); origins and track lengths in pixels become Å.
struct OldVersionUpgrade {
    let content: ParticleTable.Content
    private(set) var rows: StarTable
    private(set) var optics: StarTable

    /// In the order in which they come in the new table.
    private static let opticsLabels = [
        "rlnAmplitudeContrast", "rlnBeamTiltX", "rlnBeamTiltY", "rlnSphericalAberration", "rlnVoltage",
        "rlnDetectorPixelSize", "rlnMagnification",
    ]

    private static let labelsInPixels = [
        ("rlnOriginX", "rlnOriginXAngst"), ("rlnOriginY", "rlnOriginYAngst"), ("rlnOriginZ", "rlnOriginZAngst"),
        ("rlnOriginXPrior", "rlnOriginXPriorAngst"), ("rlnOriginYPrior", "rlnOriginYPriorAngst"),
        ("rlnOriginZPrior", "rlnOriginZPriorAngst"), ("rlnHelicalTrackLength", "rlnHelicalTrackLengthAngst"),
    ]

    init(
        of table: StarTable, content wanted: ParticleTable.Content?,
        imageSize: (String) throws -> (size: Int, dimensionality: Int)?
    ) throws {
        content = wanted ?? Self.guessContent(of: table)
        rows = table
        optics = StarTable(name: "optics")
        let groupOfRow = try splitOptics()
        try unifyPixelSize()
        if content == .particles {
            try convertOrigins(groupOfRow)
            try addImageSizes(groupOfRow, imageSize)
        }
        rows.name = content.rawValue
        rows.version = StarTable.currentVersion
    }

    private static func guessContent(of table: StarTable) -> ParticleTable.Content {
        if table.contains("rlnImageName") { return .particles }
        return table.contains("rlnMicrographMetadata") ? .movies : .micrographs
    }

    /// Moves the microscope's columns to the optics table; gives each row's group, counted from zero.
    private mutating func splitOptics() throws -> [Int] {
        let labels = Self.opticsLabels.filter(rows.contains)
        let columns = try labels.map { try rows.doubles($0, expected: LabelTable.expectation($0)) }
        var groups: [[Double]] = []
        var groupOfValues: [[Double]: Int] = [:]
        let groupOfRow = (0..<rows.rowCount).map { row in
            let values = columns.map { $0[row] }
            if let known = groupOfValues[values] { return known }
            groupOfValues[values] = groups.count
            groups.append(values)
            return groups.count - 1
        }
        for label in labels { rows.removeColumn(label) }
        rows.set("rlnOpticsGroup", ints: groupOfRow.map { $0 + 1 })
        optics.set("rlnOpticsGroup", ints: Array(1...max(1, groups.count)))
        optics.set("rlnOpticsGroupName", strings: groups.indices.map { "opticsGroup\($0 + 1)" })
        for (index, label) in labels.enumerated() { optics.set(label, doubles: groups.map { $0[index] }) }
        optics.place = rows.place
        return groupOfRow
    }

    private mutating func unifyPixelSize() throws {
        guard optics.contains("rlnDetectorPixelSize"), optics.contains("rlnMagnification") else { return }
        let detector = try optics.doubles("rlnDetectorPixelSize")
        let magnification = try optics.doubles("rlnMagnification")
        // µm to Å.
        let pixelSizes = zip(detector, magnification).map { 10000 * $0 / $1 }
        switch content {
        case .particles: optics.set("rlnImagePixelSize", doubles: pixelSizes)
        case .micrographs:
            optics.set("rlnMicrographPixelSize", doubles: pixelSizes)
            optics.set("rlnMicrographOriginalPixelSize", doubles: pixelSizes)
        case .movies, .tiltImages: break
        }
        optics.removeColumn("rlnDetectorPixelSize")
        optics.removeColumn("rlnMagnification")
    }

    private mutating func convertOrigins(_ groupOfRow: [Int]) throws {
        let present = Self.labelsInPixels.filter { rows.contains($0.0) }
        if present.isEmpty { return }
        let remedy = "Add rlnDetectorPixelSize and rlnMagnification, from which the pixel size follows"
        guard optics.contains("rlnImagePixelSize") else {
            throw InputError(
                place: rows.place, found: "_\(present[0].0) is in pixels and the pixel size is not known", remedy: remedy)
        }
        let pixelSizes = try optics.doubles("rlnImagePixelSize")
        for (old, new) in present {
            let inPixels = try rows.doubles(old, expected: LabelTable.expectation(old))
            rows.set(new, doubles: zip(inPixels, groupOfRow).map { $0 * pixelSizes[$1] })
            rows.removeColumn(old)
        }
    }

    /// Sizes and dimensionalities by the first particle of each group; left out unless all are known.
    private mutating func addImageSizes(
        _ groupOfRow: [Int], _ imageSize: (String) throws -> (size: Int, dimensionality: Int)?
    ) throws {
        var sizes: [Int: (size: Int, dimensionality: Int)] = [:]
        for (row, group) in groupOfRow.enumerated() where sizes[group] == nil {
            guard let name = rows.string("rlnImageName", row: row), let size = try imageSize(name) else { return }
            sizes[group] = size
            if sizes.count == optics.rowCount { break }
        }
        let ordered = (0..<optics.rowCount).compactMap { sizes[$0] }
        guard ordered.count == optics.rowCount else { return }
        optics.set("rlnImageSize", ints: ordered.map(\.size))
        optics.set("rlnImageDimensionality", ints: ordered.map(\.dimensionality))
    }
}
