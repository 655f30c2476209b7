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
    }

    package let domains: [Domain]

    /// Motions are the same within these differences.
    private static let angleTolerance = 0.01, shiftToleranceInAngstrom = 0.01
    private static let labels = [
        "rlnMaskName", "rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi", "rlnOriginXAngst", "rlnOriginYAngst", "rlnOriginZAngst",
    ]

    /// - Throws: `InputError` naming file and line for missing columns, a value that is no number, a motion given twice, or a mask
    ///   without a motion.
    package init(contentsOf path: String) throws {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnMaskName") }), table.rowCount > 0 else {
            throw InputError(place: path, found: "has no table with rlnMaskName",
                             expected: "one row for each mask and motion, with " + Self.labels.joined(separator: ", "))
        }
        try table.require(Self.labels, remedy: "Shifts are in Å; in files of versions before 3.1 rename rlnOriginX to rlnOriginXAngst,"
            + " and so for Y and Z")
        let numbers = try Self.labels.dropFirst().map { try table.doubles($0, expected: "a number") }
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
            if Self.isSame(motion, .identity) { continue }
            guard !domains[index].motions.contains(where: { Self.isSame($0, motion) }) else {
                throw InputError(place: table.place(ofRow: row), found: "moves \(mask) as a row before it does",
                                 expected: "a different motion in each row", remedy: "Remove the row")
            }
            domains[index].motions.append(motion)
        }
        if let domain = domains.first(where: { $0.motions.isEmpty }) {
            throw InputError(place: path, found: "\(domain.maskFile) has no motion", expected: "at least one that moves it to a copy")
        }
        self.domains = domains
    }

    private static func isSame(_ a: RigidMotion, _ b: RigidMotion) -> Bool {
        a.isClose(to: b, degrees: angleTolerance, distance: shiftToleranceInAngstrom)
    }
}
