import Geometry
import Reporting
import StarFormat

/// Masks of domains and the motions that take each domain to its copies: a STAR file with one row for each mask and motion.
///
/// Angles (degrees) and shifts (Å) say how the domain is moved: a point p about the centre of the box goes to A(rot, tilt, psi)·p
/// + shift, with the matrix of `EulerAngles`. Rows that move nothing may be there or not.
package struct LocalSymmetryFile: Sendable {
    package struct Domain: Sendable {
        package var maskFile: String
        /// Shifts in Å; without the motion that moves nothing.
        package var motions: [RigidMotion]

        package init(maskFile: String, motions: [RigidMotion]) { (self.maskFile, self.motions) = (maskFile, motions) }
    }

    package let domains: [Domain]

    /// Motions are the same within these differences.
    private static let angleTolerance = 0.01, shiftToleranceInAngstrom = 0.01
    private static let labels = [
        "rlnMaskName", "rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi", "rlnOriginXAngst", "rlnOriginYAngst", "rlnOriginZAngst",
    ]

    package init(domains: [Domain]) { self.domains = domains }

    /// Reads a STAR file, or the text form where the name does not end in `.star`.
    ///
    /// - Throws: `InputError` naming file and line for missing columns, a value that is no number, a motion given twice, or a mask
    ///   without a motion.
    package init(contentsOf path: String) throws {
        let isStar = PathName(path).pathExtension.lowercased() == "star"
        domains = isStar ? try Self.domains(inStarFile: path) : try Self.domains(inText: path)
        guard !domains.isEmpty else { throw InputError(place: path, found: "has no masks", expected: "masks and their motions") }
        if let domain = domains.first(where: { $0.motions.isEmpty }) {
            throw InputError(place: path, found: "\(domain.maskFile) has no motion", expected: "at least one that moves it to a copy")
        }
    }

    private static func domains(inStarFile path: String) throws -> [Domain] {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnMaskName") }), table.rowCount > 0 else {
            throw InputError(place: path, found: "has no table with rlnMaskName",
                             expected: "one row for each mask and motion, with " + labels.joined(separator: ", "))
        }
        try table.require(labels, remedy: "Shifts are in Å; in files of versions before 3.1 rename rlnOriginX to rlnOriginXAngst,"
            + " and so for Y and Z")
        let numbers = try labels.dropFirst().map { try table.doubles($0, expected: "a number") }
        let masks = try table.strings("rlnMaskName")
        var domains: [Domain] = []
        for (row, mask) in masks.enumerated() {
            guard numbers.allSatisfy({ $0[row].isFinite }) else {
                throw InputError(place: table.place(ofRow: row), found: "an angle or shift that is not finite", expected: "numbers")
            }
            let motion = RigidMotion(
                rotation: EulerAngles(rot: numbers[0][row], tilt: numbers[1][row], psi: numbers[2][row]).matrix,
                shift: Vector3(numbers[3][row], numbers[4][row], numbers[5][row]))
            let index = domains.firstIndex { $0.maskFile == mask } ?? domains.endIndex
            if index == domains.endIndex { domains.append(Domain(maskFile: mask, motions: [])) }
            try add(motion, to: &domains[index], place: table.place(ofRow: row))
        }
        return domains
    }

    /// Leaves out what moves nothing.
    static func add(_ motion: RigidMotion, to domain: inout Domain, place: String) throws {
        if isSame(motion, .identity) { return }
        guard !domain.motions.contains(where: { isSame($0, motion) }) else {
            throw InputError(place: place, found: "moves \(domain.maskFile) as a row before it does",
                             expected: "a different motion in each row", remedy: "Remove the row")
        }
        domain.motions.append(motion)
    }

    private static func isSame(_ a: RigidMotion, _ b: RigidMotion) -> Bool {
        a.isClose(to: b, degrees: angleTolerance, distance: shiftToleranceInAngstrom)
    }

    // MARK: Writing

    /// A STAR file, or the text form where the name does not end in `.star`.
    package func write(to path: String) throws {
        guard PathName(path).pathExtension.lowercased() == "star" else {
            let file = try AtomicFile(path: path)
            try file.write(Self.text(of: domains))
            return try file.commit()
        }
        var table = StarTable(name: "")
        table.set(Self.labels[0], strings: domains.flatMap { domain in domain.motions.map { _ in domain.maskFile } })
        Self.setMotions(domains.flatMap(\.motions), in: &table)
        try StarDocument(tables: [table]).write(to: path)
    }

    /// Adds the columns of angles and shifts.
    package static func setMotions(_ motions: [RigidMotion], in table: inout StarTable) {
        let angles = motions.map { EulerAngles($0.rotation) }
        let columns = [
            angles.map(\.rot), angles.map(\.tilt), angles.map(\.psi), motions.map(\.shift.x), motions.map(\.shift.y),
            motions.map(\.shift.z),
        ]
        for (label, values) in zip(labels.dropFirst(), columns) { table.set(label, doubles: values) }
    }
}
