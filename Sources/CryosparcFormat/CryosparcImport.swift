import Foundation
import Geometry
import Reporting
import StarFormat

/// Turns particles of cryoSPARC into a particle STAR file.
///
/// | cryoSPARC | STAR file |
/// | --- | --- |
/// | `blob/path`, `blob/idx` from 0 | `rlnImageName`, counted from 1 |
/// | `alignments3D/pose`, rotation vector | `rlnAngleRot`, `Tilt`, `Psi` |
/// | `alignments3D/shift`, pixels of `alignments3D/psize_A` | `rlnOriginXAngst`, `YAngst`, the same sign |
/// | `alignments2D/pose`, radians | `rlnAnglePsi` |
/// | `ctf/df_angle_rad`, `ctf/phase_shift_rad` | degrees |
/// | `location/center_x_frac`, of the width; `micrograph_shape` is (height, width) | `rlnCoordinateX`, pixels |
/// | `split` and `class`, from 0 | `rlnRandomSubset` and `rlnClassNumber`, from 1 |
package struct CryosparcImport {
    package struct Settings: Sendable {
        /// Put before relative paths of images and micrographs.
        package var pathPrefix = ""
        /// Takes the number and underline away that cryoSPARC puts before names.
        package var stripsNumbers = false
        /// Counts y from the other edge of the micrograph.
        package var invertsY = false

        package init() {}
    }

    package private(set) var document = StarDocument()
    package private(set) var warnings: [String] = []
    private let table: CryosparcTable
    private let settings: Settings
    private var particles = StarTable(name: "particles")
    private var imagePixelSize: [Double]?

    /// - Throws: `InputError` for tables without images or coordinates, and columns of unexpected types.
    package init(_ table: CryosparcTable, settings: Settings = Settings()) throws {
        self.table = table
        self.settings = settings
        imagePixelSize = try table.doubles("blob/psize_A")
        try takeImages()
        try takePlaces()
        let optics = try CryosparcOptics(table)
        particles.set("rlnOpticsGroup", ints: optics.groupOfRow)
        try takeContrastTransfer()
        try takeAlignment()
        particles.set("cryosparcUid", strings: table.uids.map(String.init))
        guard particles.contains("rlnImageName") || particles.contains("rlnCoordinateX") else {
            throw InputError(
                place: table.name, found: "neither blob/path nor location/center_x_frac", expected: "particles of cryoSPARC",
                remedy: "Give the passthrough file of the job as well")
        }
        if optics.hasAberrations {
            warnings.append("trefoil, tetrafoil or anisotropic magnification are not taken over: refine them anew with relion_ctf_refine")
        }
        document = StarDocument(tables: [optics.table, particles])
    }

    private func path(_ text: String) -> String {
        // A leading > stands for the folder of the .cs file.
        var path = text.hasPrefix(">") ? String(text.dropFirst()) : text
        if settings.stripsNumbers {
            let name = PathName(path).name
            let digits = name.prefix { $0.isASCII && $0.isNumber }
            if digits.count >= 10, name.dropFirst(digits.count).hasPrefix("_") { path = PathName(path).sibling(String(name.dropFirst(digits.count + 1))) }
        }
        return path.hasPrefix("/") ? path : PathName.joined(settings.pathPrefix, path)
    }

    private mutating func takeImages() throws {
        guard let paths = try table.strings("blob/path") else { return }
        guard let indices = try table.doubles("blob/idx") else {
            throw InputError(place: table.name, found: "blob/path without blob/idx", expected: "the number of each image in its stack")
        }
        let bad = indices.firstIndex { !($0 >= 0 && $0 < 1e9) }
        if let bad { throw InputError(place: table.name, found: "blob/idx \(indices[bad]) of particle \(bad + 1)", expected: "a number from 0") }
        // Stacks named .mrc are read as stacks when their type is named.
        let names = zip(indices, paths).map { index, text -> String in
            let path = path(text)
            let digits = String(Int(index) + 1)
            return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "@" + path + (path.hasSuffix(".mrc") ? ":mrcs" : "")
        }
        particles.set("rlnImageName", strings: names)
        if let sign = try table.doubles("blob/sign"), sign.contains(where: { $0 < 0 }) {
            warnings.append(
                "blob/sign is -1: particles are dark on a light ground in these stacks. Invert them: relion_image_handler --multiply_constant -1")
        }
    }

    private mutating func takePlaces() throws {
        let names = try table.strings("location/micrograph_path") ?? table.strings("micrograph_blob/path")
        if let names { particles.set("rlnMicrographName", strings: names.map(path)) }
        guard let x = try table.doubles("location/center_x_frac"), let y = try table.doubles("location/center_y_frac") else { return }
        guard let shape = try table.doubles("location/micrograph_shape", count: 2) else {
            return warnings.append("there is no location/micrograph_shape: coordinates are left out")
        }
        particles.set("rlnCoordinateX", doubles: x.indices.map { x[$0] * shape[2 * $0 + 1] })
        particles.set("rlnCoordinateY", doubles: y.indices.map { (settings.invertsY ? 1 - y[$0] : y[$0]) * shape[2 * $0] })
    }

    private mutating func takeContrastTransfer() throws {
        let degrees = 180 / Double.pi
        let columns: [(column: String, label: String, scale: Double)] = [
            ("ctf/df1_A", "rlnDefocusU", 1), ("ctf/df2_A", "rlnDefocusV", 1), ("ctf/df_angle_rad", "rlnDefocusAngle", degrees),
            ("ctf/phase_shift_rad", "rlnPhaseShift", degrees), ("ctf/bfactor", "rlnCtfBfactor", 1), ("ctf/scale", "rlnCtfScalefactor", 1),
            ("ctf/cross_corr_ctffind4", "rlnCtfFigureOfMerit", 1), ("ctf/ctf_fit_to_A", "rlnCtfMaxResolution", 1),
        ]
        for (column, label, scale) in columns {
            guard let values = try table.doubles(column) else { continue }
            particles.set(label, doubles: scale == 1 ? values : values.map { $0 * scale })
        }
        if !particles.contains("rlnDefocusU") { warnings.append("there are no defocus values: give the passthrough file of the job as well") }
    }

    // MARK: Alignment

    private mutating func takeAlignment() throws {
        if try takeAlignment3D("alignments3D") { return }
        // Several classes, each with its own alignment: the likeliest counts.
        let classes = Set(table.columns.compactMap { column -> String? in
            column.hasPrefix("alignments_class") && column.hasSuffix("/class_posterior") ? String(column.dropLast("/class_posterior".count)) : nil
        }).sorted { $0.count != $1.count ? $0.count < $1.count : $0 < $1 }
        if classes.count > 1 { return try takeClasses(classes) }
        if let only = classes.first, try takeAlignment3D(only) { return }
        guard let psi = try table.doubles("alignments2D/pose") else { return }
        particles.set("rlnAnglePsi", doubles: psi.map { Self.upright($0 * 180 / .pi) })
        try takeOrigins("alignments2D")
        try takeNumbers("alignments2D")
    }

    private static func upright(_ degrees: Double) -> Double { degrees - 360 * (degrees / 360).rounded() }

    private mutating func takeAlignment3D(_ group: String) throws -> Bool {
        guard let poses = try table.doubles(group + "/pose", count: 3) else { return false }
        setAngles((0..<table.rowCount).map { RotationVector(SIMD3(poses[3 * $0], poses[3 * $0 + 1], poses[3 * $0 + 2])) })
        try takeOrigins(group)
        try takeNumbers(group)
        return true
    }

    private mutating func setAngles(_ poses: [RotationVector]) {
        let angles = poses.map(\.angles)
        particles.set("rlnAngleRot", doubles: angles.map(\.rot))
        particles.set("rlnAngleTilt", doubles: angles.map(\.tilt))
        particles.set("rlnAnglePsi", doubles: angles.map(\.psi))
    }

    private func origins(_ group: String) throws -> [Double]? {
        guard let shifts = try table.doubles(group + "/shift", count: 2) else { return nil }
        guard let sizes = try table.doubles(group + "/psize_A") ?? imagePixelSize else {
            throw InputError(
                place: table.name, found: "\(group)/shift without a pixel size", expected: "\(group)/psize_A or blob/psize_A",
                remedy: "Give the passthrough file of the job as well")
        }
        return shifts.indices.map { shifts[$0] * sizes[$0 / 2] }
    }

    private mutating func takeOrigins(_ group: String) throws {
        guard let origins = try origins(group) else { return }
        particles.set("rlnOriginXAngst", doubles: stride(from: 0, to: origins.count, by: 2).map { origins[$0] })
        particles.set("rlnOriginYAngst", doubles: stride(from: 1, to: origins.count, by: 2).map { origins[$0] })
    }

    private mutating func takeNumbers(_ group: String) throws {
        if let classes = try table.doubles(group + "/class") { particles.set("rlnClassNumber", ints: classes.map { whole($0) + 1 }) }
        // A single half is no division.
        if let halves = try table.doubles(group + "/split"), Set(halves).count == 2 {
            particles.set("rlnRandomSubset", ints: halves.map { whole($0) + 1 })
        }
        if let posterior = try table.doubles(group + "/class_posterior") { particles.set("rlnMaxValueProbDistribution", doubles: posterior) }
    }

    private func whole(_ value: Double) -> Int { value >= 0 && value < 1e9 ? Int(value) : 0 }

    private mutating func takeClasses(_ groups: [String]) throws {
        let posteriors = try groups.map { try table.doubles($0 + "/class_posterior") ?? [] }
        let best = (0..<table.rowCount).map { row in
            groups.indices.max { (posteriors[$0][row], -$0) < (posteriors[$1][row], -$1) } ?? 0
        }
        let poses = try groups.map { try table.doubles($0 + "/pose", count: 3) }
        let shifts = try groups.map { try origins($0) }
        guard poses.allSatisfy({ $0 != nil }), shifts.allSatisfy({ $0 != nil }) else {
            return warnings.append("the classes have no poses or shifts: alignments are left out")
        }
        setAngles(best.enumerated().map { row, group in
            let pose = poses[group] ?? []
            return RotationVector(SIMD3(pose[3 * row], pose[3 * row + 1], pose[3 * row + 2]))
        })
        particles.set("rlnOriginXAngst", doubles: best.enumerated().map { row, group in shifts[group]?[2 * row] ?? 0 })
        particles.set("rlnOriginYAngst", doubles: best.enumerated().map { row, group in shifts[group]?[2 * row + 1] ?? 0 })
        particles.set("rlnClassNumber", ints: best.map { $0 + 1 })
        particles.set("rlnMaxValueProbDistribution", doubles: best.enumerated().map { row, group in posteriors[group][row] })
    }
}
