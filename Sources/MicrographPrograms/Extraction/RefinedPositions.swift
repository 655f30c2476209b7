import Geometry
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Particles of a refinement that are extracted again, with coordinates and origins brought up to date.
struct RefinedPositions: Sendable {
    private(set) var table: ParticleTable
    /// Rows of each micrograph's particles.
    private let rowsOfMicrograph: [[Int]]
    /// Particles whose micrograph is not there.
    let strayCount: Int
    /// Pixel size of the micrographs that the particles were cut from, where their file tells one that differs from the new
    /// micrographs', and the latter; Å.
    private(set) var changedPixelSize: (old: Double, new: Double)?

    init(_ options: ExtractionProgram.GeneralOptions, _ micrographs: MicrographList) throws {
        let path = options.refinedParticles
        table = try ParticleTable(contentsOf: path, content: .particles)
        table.otherTables.removeAll { $0.name != "general" }
        try table.rows.require(
            [ParticleColumn.micrographName, .coordinateX, .coordinateY].map(\.label),
            remedy: "Only particles that say where they came from can be extracted again")
        try table.checkValues()
        let names = try table.rows.distinctStrings(ParticleColumn.micrographName.label)
        let micrographOfName = Self.match(names.values, with: micrographs.names)
        let micrographOfRow = names.indexOfRow.map { micrographOfName[$0] }
        var rows = Array(repeating: [Int](), count: micrographs.names.count)
        for (row, micrograph) in micrographOfRow.enumerated() { if let micrograph { rows[micrograph].append(row) } }
        rowsOfMicrograph = rows
        strayCount = micrographOfRow.count { $0 == nil }
        guard strayCount < table.count else {
            throw InputError(
                place: path, found: "its particles are from \(names.values.first ?? "no micrograph"), which is not in --i",
                expected: "particles from these micrographs, such as \(micrographs.names[0])")
        }
        try requireSameGroups(micrographOfRow, micrographs, options)
        for (row, group) in try table.opticsGroupIndices().enumerated() where changedPixelSize == nil {
            guard let micrograph = micrographOfRow[row], let old = table.opticsGroups[group].micrographPixelSizeInAngstrom else {
                continue
            }
            let new = micrographs.pixelSize(ofMicrograph: micrograph)
            if abs(old - new) > 1e-4 * new { changedPixelSize = (old, new) }
        }
        try move(options, micrographOfRow.map { $0.map(micrographs.pixelSize(ofMicrograph:)) })
    }

    func rows(ofMicrograph index: Int) -> StarTable? {
        let rows = rowsOfMicrograph[index]
        return rows.isEmpty ? nil : table.rows.selecting(rows: rows)
    }

    /// The positions of micrographs that the particles name, which may have been made by another job or lie deeper.
    private static func match(_ names: [String], with micrographs: [String]) -> [Int?] {
        var exact: [String: Int] = [:]
        for (index, name) in micrographs.enumerated() { exact[MicrographPath.withoutJob(name)] = index }
        return names.map { name in
            var rest = MicrographPath.withoutJob(name)[...]
            while true {
                if let index = exact[String(rest)] { return index }
                guard let slash = rest.firstIndex(of: "/") else { return nil }
                rest = rest[rest.index(after: slash)...]
            }
        }
    }

    /// Groups are compared by name: numbers mean something in one file only.
    private func requireSameGroups(
        _ micrographOfRow: [Int?], _ micrographs: MicrographList, _ options: ExtractionProgram.GeneralOptions
    ) throws {
        if options.keepsMicrographCTF { return }
        var pairs: [SIMD2<Int>: Int] = [:]
        for (row, group) in try table.opticsGroupIndices().enumerated() {
            guard let micrograph = micrographOfRow[row] else { continue }
            let pair = SIMD2(group, micrographs.groups[micrograph])
            pairs[pair] = pairs[pair] ?? row
        }
        let known = Dictionary(
            zip(micrographs.table.opticsGroups.map(\.name), micrographs.pixelSizes), uniquingKeysWith: { first, _ in first })
        var problems: [InputProblem] = []
        for (pair, row) in pairs.sorted(by: { $0.value < $1.value }) {
            let name = table.opticsGroups[pair.x].name, other = micrographs.table.opticsGroups[pair.y].name
            let pixelSize = micrographs.pixelSizes[pair.y]
            if let mine = known[name], abs(mine - pixelSize) <= 1e-6 * pixelSize { continue }
            problems.append(
                InputProblem(
                    place: table.rows.place(ofRow: row),
                    found: "a particle of optics group \(name) is from a micrograph of group \(other)",
                    expected: known[name] == nil
                        ? "a group that the micrographs have, too" : "groups with the same pixel size of micrographs",
                    remedy: "Rename the optics groups, or take those of the micrographs with --keep_ctfs_micrographs"))
        }
        if !problems.isEmpty { throw InputError(problems) }
    }

    // MARK: Coordinates and origins

    /// - Parameter micrographPixelSizes: of each particle's micrograph, in Å; nil where it is not there.
    private mutating func move(_ options: ExtractionProgram.GeneralOptions, _ micrographPixelSizes: [Double?]) throws {
        let axes: [(origin: ParticleColumn, coordinate: ParticleColumn)] = [
            (.originX, .coordinateX), (.originY, .coordinateY), (.originZ, .coordinateZ),
        ]
        if options.resetsOffsets {
            for axis in axes where table.contains(axis.origin) { table.set(axis.origin, Array(repeating: 0.0, count: table.count)) }
            return
        }
        guard options.recentres else { return }
        let point = SIMD3(options.recentreX, options.recentreY, options.recentreZ)
        try table.rows.require(
            [ParticleColumn.originX, .originY].map(\.label) + (point == .zero ? [] : [ParticleColumn.rot, .tilt, .psi].map(\.label)))
        let shifts = try projections(of: point, referencePixelSize: options.referencePixelSize)
        for (index, axis) in axes.enumerated() where table.contains(axis.origin) && table.contains(axis.coordinate) {
            var origins = try table.values(axis.origin), coordinates = try table.values(axis.coordinate)
            for row in origins.indices {
                guard let pixelSize = micrographPixelSizes[row] else { continue }
                let pixels = (origins[row] - shifts[row][index]) / pixelSize
                coordinates[row] -= pixels.rounded()
                origins[row] = (pixels - pixels.rounded()) * pixelSize
            }
            table.set(axis.origin, origins)
            table.set(axis.coordinate, coordinates)
        }
    }

    /// The point as each particle's image shows it, in Å from the image's centre.
    private func projections(of point: SIMD3<Double>, referencePixelSize: Double) throws -> [SIMD3<Double>] {
        if point == .zero { return Array(repeating: .zero, count: table.count) }
        let sizes = Set(table.opticsGroups.map(\.pixelSizeInAngstrom))
        guard referencePixelSize > 0 || sizes.count == 1 else {
            throw InputError(
                place: "--recenter_x --recenter_y --recenter_z",
                found: "the particles have pixel sizes of \(sizes.sorted().map { "\($0)" }.joined(separator: ", ")) Å",
                expected: "the pixel size of the reference in which the point was measured", remedy: "Give it as --ref_angpix")
        }
        let groups = try table.opticsGroupIndices()
        let (rot, tilt, psi) = (try table.values(.rot), try table.values(.tilt), try table.values(.psi))
        return (0..<table.count).map { row in
            let pixelSize = referencePixelSize > 0 ? referencePixelSize : table.opticsGroups[groups[row]].pixelSizeInAngstrom
            return EulerAngles(rot: rot[row], tilt: tilt[row], psi: psi[row]).matrix * point * pixelSize
        }
    }
}
