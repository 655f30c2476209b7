import Foundation
import Reporting
import StarFormat

/// Optics groups of cryoSPARC's particles: those of one exposure group that agree in microscope, image size and beam tilt.
struct CryosparcOptics {
    private(set) var table = StarTable(name: "optics")
    private(set) var groupOfRow: [Int] = []
    /// Whether there are aberrations that are not taken over.
    let hasAberrations: Bool

    private static let labels: [(column: String, label: String, count: Int)] = [
        ("ctf/accel_kv", "rlnVoltage", 1), ("ctf/cs_mm", "rlnSphericalAberration", 1), ("ctf/amp_contrast", "rlnAmplitudeContrast", 1),
        ("blob/psize_A", "rlnImagePixelSize", 1), ("location/micrograph_psize_A", "rlnMicrographOriginalPixelSize", 1),
    ]

    init(_ source: CryosparcTable) throws {
        let rows = source.rowCount
        var columns: [(label: String, values: [Double])] = []
        for (column, label, count) in Self.labels {
            if let values = try source.doubles(column, count: count) { columns.append((label, values)) }
        }
        if !columns.contains(where: { $0.label == "rlnAmplitudeContrast" }), let values = try source.doubles("ctf/ac") {
            columns.append(("rlnAmplitudeContrast", values))
        }
        if let shape = try source.doubles("blob/shape", count: 2) { columns.append(("rlnImageSize", (0..<rows).map { shape[2 * $0] })) }
        columns += try Self.beamTilt(source)
        let exposures = try source.doubles("ctf/exp_group_id") ?? Array(repeating: 0, count: rows)

        var keys: [[UInt64]: Int] = [:]
        var first: [Int] = []
        for row in 0..<rows {
            let key = [exposures[row].bitPattern] + columns.map { $0.values[row].bitPattern }
            if let group = keys[key] { groupOfRow.append(group) } else {
                first.append(row)
                keys[key] = first.count
                groupOfRow.append(first.count)
            }
        }
        table.set("rlnOpticsGroupName", strings: first.indices.map { "opticsGroup\($0 + 1)" })
        table.set("rlnOpticsGroup", ints: first.indices.map { $0 + 1 })
        for (label, values) in columns {
            if label == "rlnImageSize" { table.set(label, ints: first.map { Self.whole(values[$0]) }) } else {
                table.set(label, doubles: first.map { Self.asWritten(values[$0]) })
            }
        }
        if columns.contains(where: { $0.label == "rlnImageSize" }) { table.set("rlnImageDimensionality", ints: first.map { _ in 2 }) }
        table.set("cryosparcExposureGroup", ints: first.map { Self.whole(exposures[$0]) })
        hasAberrations = try [("ctf/trefoil_A", 2), ("ctf/tetra_A", 4), ("ctf/anisomag", 4)].contains { column, count in
            try source.doubles(column, count: count)?.contains { $0 != 0 } ?? false
        }
    }

    /// Beam tilt in mrad from cryoSPARC's `tilt_A`, which is sin(tilt) × Cs.
    private static func beamTilt(_ source: CryosparcTable) throws -> [(label: String, values: [Double])] {
        guard let tilt = try source.doubles("ctf/tilt_A", count: 2), tilt.contains(where: { $0 != 0 }), let cs = try source.doubles("ctf/cs_mm"),
            cs.allSatisfy({ $0 > 0 })
        else { return [] }
        return [("rlnBeamTiltX", 0), ("rlnBeamTiltY", 1)].map { label, axis in
            (label, cs.indices.map { asin(max(-1, min(1, tilt[2 * $0 + axis] / (cs[$0] * 1e7)))) * 1000 })
        }
    }

    private static func whole(_ value: Double) -> Int { value >= 0 && value < 1e9 ? Int(value) : 0 }

    /// The shortest decimal number of the single-precision value: 0.885, not 0.88499999.
    static func asWritten(_ value: Double) -> Double { Double("\(Float(value))") ?? value }
}
