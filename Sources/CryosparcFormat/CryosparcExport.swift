import Foundation
import Geometry
import Reporting
import StarFormat

/// Turns a particle STAR file into the columns of cryoSPARC; the reverse of `CryosparcImport`.
package struct CryosparcExport {
    package struct Settings: Sendable {
        /// Put before relative paths: `>` means the folder of the .cs file.
        package var pathPrefix = ">"
        /// Width and height of the micrographs, for coordinates as fractions; nil leaves coordinates out.
        package var micrographSize: (x: Int, y: Int)?

        package init() {}
    }

    package private(set) var table: NumpyTableWriter
    /// Groups of columns, as cryoSPARC lists results: `blob`, `ctf` …
    package private(set) var groups: [String] = []
    package private(set) var warnings: [String] = []
    package let rowCount: Int
    private let particles: StarTable
    private let optics: StarTable
    private let settings: Settings
    /// Row of the optics table for each particle.
    private let opticsRow: [Int]

    /// - Throws: `InputError` for STAR files without the labels needed.
    package init(_ document: StarDocument, settings: Settings = Settings()) throws {
        particles = try document.table("particles")
        optics = try document.table("optics")
        self.settings = settings
        try particles.require(["rlnImageName", "rlnOpticsGroup"])
        try optics.require(["rlnOpticsGroup", "rlnImagePixelSize", "rlnVoltage", "rlnSphericalAberration", "rlnAmplitudeContrast"])
        rowCount = particles.rowCount
        table = NumpyTableWriter(rowCount: rowCount)
        let rowOfGroup = Dictionary(try optics.ints("rlnOpticsGroup").enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let place = document.name
        opticsRow = try particles.ints("rlnOpticsGroup").enumerated().map { row, group in
            guard let index = rowOfGroup[group] else {
                throw InputError(place: place, found: "particle \(row + 1) is of optics group \(group)", expected: "a group of data_optics")
            }
            return index
        }
        try addImages()
        try addContrastTransfer()
        try addAlignment()
        try addPlaces()
    }

    private func ofOptics(_ label: String) throws -> [Double] {
        let values = try optics.doubles(label)
        return opticsRow.map { values[$0] }
    }

    private func path(_ text: String) -> String { text.hasPrefix("/") ? text : settings.pathPrefix + text }

    private mutating func addImages() throws {
        let names = try particles.strings("rlnImageName")
        var (paths, indices): ([String], [UInt32]) = ([], [])
        for (row, name) in names.enumerated() {
            let parts = name.split(separator: "@", maxSplits: 1)
            guard parts.count == 2, let index = UInt32(parts[0]), index > 0 else {
                throw particles.mismatch("rlnImageName", row, found: name, expected: "an image of a stack, 000001@stack.mrcs")
            }
            let file = parts[1].hasSuffix(":mrcs") ? parts[1].dropLast(5) : parts[1]
            paths.append(path(String(file)))
            indices.append(index - 1)
        }
        table.add("uid", words: try uids(names))
        table.add("blob/path", texts: paths)
        table.add("blob/idx", whole: indices)
        if optics.contains("rlnImageSize") {
            table.add("blob/shape", whole: try ofOptics("rlnImageSize").flatMap { [UInt32(clamping: Int($0)), UInt32(clamping: Int($0))] }, elements: 2)
        }
        table.add("blob/psize_A", floats: try ofOptics("rlnImagePixelSize"))
        // RELION's particles are light on a dark ground.
        table.add("blob/sign", floats: Array(repeating: 1, count: rowCount))
        groups.append("blob")
    }

    /// cryoSPARC's own numbers where the particles came from there; else from the images' names, so that they stay the same.
    private func uids(_ names: [String]) throws -> [UInt64] {
        if let texts = try particles.stringsIfPresent("cryosparcUid") {
            let numbers = texts.compactMap { UInt64($0) }
            if numbers.count == rowCount, Set(numbers).count == rowCount { return numbers }
        }
        var seen: Set<UInt64> = []
        return try names.enumerated().map { row, name in
            // FNV-1a; zero is left out, as it could stand for none.
            let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            let uid = hash == 0 ? 1 : hash
            guard seen.insert(uid).inserted else {
                throw particles.mismatch("rlnImageName", row, found: name, expected: "each image once", remedy: "relion_star_handler --remove_duplicates")
            }
            return uid
        }
    }

    private mutating func addContrastTransfer() throws {
        guard particles.contains("rlnDefocusU") else { return warnings.append("there are no defocus values: the columns ctf/ are left out") }
        try particles.require(["rlnDefocusV", "rlnDefocusAngle"])
        let zeros = Array(repeating: 0.0, count: rowCount)
        let radians = Double.pi / 180
        let exposures = try optics.intsIfPresent("cryosparcExposureGroup") ?? optics.ints("rlnOpticsGroup").map { $0 - 1 }
        table.add("ctf/exp_group_id", whole: opticsRow.map { UInt32(clamping: exposures[$0]) })
        let cs = try ofOptics("rlnSphericalAberration")
        table.add("ctf/accel_kv", floats: try ofOptics("rlnVoltage"))
        table.add("ctf/cs_mm", floats: cs)
        table.add("ctf/amp_contrast", floats: try ofOptics("rlnAmplitudeContrast"))
        table.add("ctf/df1_A", floats: try particles.doubles("rlnDefocusU"))
        table.add("ctf/df2_A", floats: try particles.doubles("rlnDefocusV"))
        table.add("ctf/df_angle_rad", floats: try particles.doubles("rlnDefocusAngle").map { $0 * radians })
        table.add("ctf/phase_shift_rad", floats: try particles.doublesIfPresent("rlnPhaseShift")?.map { $0 * radians } ?? zeros)
        table.add("ctf/scale", floats: try particles.doublesIfPresent("rlnCtfScalefactor") ?? Array(repeating: 1, count: rowCount))
        table.add("ctf/bfactor", floats: try particles.doublesIfPresent("rlnCtfBfactor") ?? zeros)
        var tilt = Array(repeating: 0.0, count: 2 * rowCount)
        if optics.contains("rlnBeamTiltX"), optics.contains("rlnBeamTiltY") {
            let (x, y) = (try ofOptics("rlnBeamTiltX"), try ofOptics("rlnBeamTiltY"))
            for row in 0..<rowCount {
                tilt[2 * row] = sin(x[row] / 1000) * cs[row] * 1e7
                tilt[2 * row + 1] = sin(y[row] / 1000) * cs[row] * 1e7
            }
        }
        table.add("ctf/tilt_A", floats: tilt, elements: 2)
        for (label, column) in [("rlnCtfFigureOfMerit", "ctf/cross_corr_ctffind4"), ("rlnCtfMaxResolution", "ctf/ctf_fit_to_A")] {
            if let values = try particles.doublesIfPresent(label) { table.add(column, floats: values) }
        }
        groups.append("ctf")
        for label in ["rlnOddZernike", "rlnEvenZernike", "rlnMagMat00"] where optics.contains(label) {
            warnings.append("\(label) is not taken over: estimate it anew in cryoSPARC")
        }
    }

    private mutating func addAlignment() throws {
        guard let psi = try particles.doublesIfPresent("rlnAnglePsi") else { return }
        let rot = try particles.doublesIfPresent("rlnAngleRot"), tilt = try particles.doublesIfPresent("rlnAngleTilt")
        let is3D = rot != nil && tilt != nil
        let group = is3D ? "alignments3D" : "alignments2D"
        if let rot, let tilt {
            table.add("alignments3D/pose", floats: psi.indices.flatMap { row -> [Double] in
                let pose = RotationVector(EulerAngles(rot: rot[row], tilt: tilt[row], psi: psi[row])).vector
                return [pose.x, pose.y, pose.z]
            }, elements: 3)
        } else {
            table.add("alignments2D/pose", floats: psi.map { $0 * .pi / 180 })
        }
        let sizes = try ofOptics("rlnImagePixelSize")
        let x = try particles.doublesIfPresent("rlnOriginXAngst"), y = try particles.doublesIfPresent("rlnOriginYAngst")
        table.add(group + "/shift", floats: sizes.indices.flatMap { [(x?[$0] ?? 0) / sizes[$0], (y?[$0] ?? 0) / sizes[$0]] }, elements: 2)
        table.add(group + "/psize_A", floats: sizes)
        if let halves = try particles.intsIfPresent("rlnRandomSubset") { table.add(group + "/split", whole: halves.map { UInt32(clamping: $0 - 1) }) }
        if let classes = try particles.intsIfPresent("rlnClassNumber"), classes.allSatisfy({ $0 > 0 }) {
            table.add(group + "/class", whole: classes.map { UInt32(clamping: $0 - 1) })
        }
        let ones = Array(repeating: 1.0, count: rowCount)
        table.add(group + "/class_posterior", floats: try particles.doublesIfPresent("rlnMaxValueProbDistribution") ?? ones)
        table.add(group + "/alpha", floats: ones)
        groups.append(group)
    }

    private mutating func addPlaces() throws {
        if let names = try particles.stringsIfPresent("rlnMicrographName") { table.add("location/micrograph_path", texts: names.map(path)) } else { return }
        groups.append("location")
        guard let x = try particles.doublesIfPresent("rlnCoordinateX"), let y = try particles.doublesIfPresent("rlnCoordinateY") else { return }
        guard let size = settings.micrographSize else {
            return warnings.append("the size of the micrographs is not known: coordinates are left out; give it with --micrograph_size")
        }
        table.add("location/micrograph_shape", whole: x.flatMap { _ in [UInt32(clamping: size.y), UInt32(clamping: size.x)] }, elements: 2)
        table.add("location/center_x_frac", floats: x.map { $0 / Double(size.x) })
        table.add("location/center_y_frac", floats: y.map { $0 / Double(size.y) })
        if optics.contains("rlnMicrographOriginalPixelSize") {
            table.add("location/micrograph_psize_A", floats: try ofOptics("rlnMicrographOriginalPixelSize"))
        }
    }
}
