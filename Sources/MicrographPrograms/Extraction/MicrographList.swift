import Metadata
import Optics
import Reporting
import StarFormat

/// The micrographs of a STAR file with what their particles inherit from them.
struct MicrographList: Sendable {
    let table: ParticleTable
    let names: [String]
    /// Optics group of each, as a position in `table.opticsGroups`.
    let groups: [Int]
    /// Pixel size of each optics group, in Å.
    let pixelSizes: [Double]
    /// Whether defocus values are there.
    let hasCTF: Bool

    /// - Throws: `InputError` for what is missing or no number.
    init(_ path: String) throws {
        let table = try ParticleTable(contentsOf: path, content: .micrographs)
        try table.rows.require([ParticleColumn.micrographName.label])
        let label = "rlnMicrographPixelSize"
        try table.optics.require([label], remedy: "Give the STAR file that motion correction or CTF estimation wrote")
        try table.checkValues()
        names = try table.rows.strings(ParticleColumn.micrographName.label)
        guard !names.isEmpty else {
            throw InputError(place: path, found: "names no micrographs", expected: "at least one")
        }
        groups = try table.opticsGroupIndices()
        pixelSizes = try table.optics.doubles(label)
        for (row, size) in pixelSizes.enumerated() where !(size > 0 && size.isFinite) {
            throw table.optics.mismatch(label, row, found: "\(size)", expected: "a pixel size in Å")
        }
        hasCTF = table.contains(.defocusU)
        self.table = table
    }

    func pixelSize(ofMicrograph index: Int) -> Double { pixelSizes[groups[index]] }
}

/// Columns that particles take over from their micrographs.
struct InheritedColumns: Sendable {
    /// Label and one value a micrograph.
    let contrast: [(label: String, values: [Double])]
    let beamTilt: [(label: String, values: [Double])]
    let beamTiltClass: [Int]?

    init(_ micrographs: MicrographList) throws {
        let table = micrographs.table
        guard micrographs.hasCTF else {
            (contrast, beamTilt, beamTiltClass) = ([], [], nil)
            return
        }
        func present(_ column: ParticleColumn) throws -> (String, [Double])? {
            table.contains(column) ? (column.label, try table.values(column)) : nil
        }
        let quality = try [ParticleColumn.ctfMaximalResolution, .ctfFigureOfMerit].compactMap(present)
        contrast = try quality
            + [ParticleColumn.defocusU, .defocusV, .defocusAngle, .bFactor, .ctfScale, .phaseShift].map {
                ($0.label, try table.values($0))
            }
        beamTilt = try Self.tiltLabels.compactMap { label in
            try table.rows.doublesIfPresent(label).map { (label, $0) }
        }
        beamTiltClass = table.contains(.beamTiltClass) ? try table.integers(.beamTiltClass) : nil
    }

    private static let tiltLabels = ["rlnBeamTiltX", "rlnBeamTiltY"]

    /// Adds what the particles of a micrograph do not have by themselves.
    ///
    /// - Parameter replaces: the micrograph's values replace the particles' own.
    func add(to rows: inout StarTable, micrograph: Int, replaces: Bool) {
        if replaces || !rows.contains(ParticleColumn.defocusU.label) {
            for (label, values) in contrast { rows.fill(label, with: values[micrograph]) }
        }
        if replaces || !Self.tiltLabels.contains(where: rows.contains) {
            for (label, values) in beamTilt { rows.fill(label, with: values[micrograph]) }
        }
        if let beamTiltClass, !rows.contains(ParticleColumn.beamTiltClass.label) {
            rows.fill(ParticleColumn.beamTiltClass.label, with: beamTiltClass[micrograph])
        }
    }
}
