import Foundation
import Geometry
import Reporting

/// The plain text form of local symmetry, in the manner of DM (CCP4): for each mask a line `MASKFILENAME name`, then for each
/// motion `ROTA EULER a b c`, `ROTA POLAR omega phi kappa` or `ROTA MATRIX` with nine numbers, and `TRAN x y z`; or `OMAT` with nine
/// numbers and three. Numbers may stand on the keyword's line or on the following ones. Angles are in degrees, shifts in Å.
///
/// Euler angles are those of `EulerAngles`; matrices are written row by row and are the transposes of theirs.
extension LocalSymmetryFile {
    static func domains(inText path: String) throws -> [Domain] {
        var words = try SymmetryWords(path)
        var domains: [Domain] = []
        while let word = words.next() {
            if word.text == "MASKFILENAME" {
                guard let name = words.next() else { throw words.fault("MASKFILENAME at the end", "the name of a mask") }
                guard !domains.contains(where: { $0.maskFile == name.text }) else {
                    throw words.fault("\(name.text) comes a second time", "each mask once")
                }
                domains.append(Domain(maskFile: name.text, motions: []))
                continue
            }
            guard !domains.isEmpty else { throw words.fault("\"\(word.text)\" before any mask", "MASKFILENAME and a name") }
            let motion = try words.motion(after: word.text)
            try add(motion, to: &domains[domains.count - 1], place: words.place)
        }
        return domains
    }

    /// As text that the reader above takes.
    package static func text(of domains: [Domain]) -> String {
        func numbers(_ values: [Double]) -> String { values.map { String(format: "%15.6f", $0) }.joined(separator: " ") }
        return domains.map { domain in
            "\nMASKFILENAME \(domain.maskFile)\n"
                + domain.motions.map { motion in
                    let angles = EulerAngles(motion.rotation)
                    return " ROTA EULER " + numbers([angles.rot, angles.tilt, angles.psi]) + "\n       TRAN "
                        + numbers([motion.shift.x, motion.shift.y, motion.shift.z]) + "\n"
                }.joined()
        }.joined()
    }
}

/// The words of a text file with the lines on which they stand.
private struct SymmetryWords {
    private let path: String
    private let words: [(text: String, line: Int)]
    private var position = 0

    init(_ path: String) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputError(place: path, found: "cannot be read", expected: "masks and motions in a STAR or text file")
        }
        var words: [(String, Int)] = []
        let lines = String(decoding: data, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let parts = line.split(whereSeparator: \.isWhitespace)
            if parts.first?.hasPrefix("#") == true { continue }
            words += parts.map { (String($0), index + 1) }
        }
        self.words = words
    }

    var place: String { "\(path):\(words[min(max(0, position - 1), max(0, words.count - 1))].line)" }

    mutating func next() -> (text: String, line: Int)? {
        guard position < words.count else { return nil }
        position += 1
        return words[position - 1]
    }

    func fault(_ found: String, _ expected: String) -> InputError {
        InputError(place: words.isEmpty ? path : place, found: found, expected: expected)
    }

    mutating func numbers(_ count: Int, of what: String) throws -> [Double] {
        try (0..<count).map { _ in
            guard let word = next(), let value = Double(word.text), value.isFinite else {
                throw fault("\(what) has fewer than \(count) numbers", "numbers, in degrees or Å")
            }
            return value
        }
    }

    mutating func motion(after keyword: String) throws -> RigidMotion {
        let rotation: RotationMatrix
        if keyword == "OMAT" {
            rotation = Self.matrix(try numbers(9, of: keyword))
        } else {
            guard keyword == "ROTA", let kind = next()?.text else {
                throw fault("\"\(keyword)\"", "MASKFILENAME, ROTA EULER, ROTA POLAR, ROTA MATRIX or OMAT")
            }
            switch kind {
            case "EULER":
                let angles = try numbers(3, of: "ROTA EULER")
                rotation = EulerAngles(rot: angles[0], tilt: angles[1], psi: angles[2]).matrix
            case "POLAR": rotation = Self.polar(try numbers(3, of: "ROTA POLAR"))
            case "MATRIX": rotation = Self.matrix(try numbers(9, of: "ROTA MATRIX"))
            default: throw fault("ROTA \(kind)", "ROTA EULER, ROTA POLAR or ROTA MATRIX")
            }
            guard next()?.text == "TRAN" else { throw fault("a rotation without its shift", "TRAN and three numbers") }
        }
        let shift = try numbers(3, of: "a shift")
        guard abs(rotation.determinant - 1) < 0.01 else { throw fault("a matrix that is no rotation", "determinant 1") }
        return RigidMotion(rotation: rotation, shift: Vector3(shift[0], shift[1], shift[2]))
    }

    private static func matrix(_ m: [Double]) -> RotationMatrix {
        RotationMatrix(rows: Vector3(m[0], m[1], m[2]), Vector3(m[3], m[4], m[5]), Vector3(m[6], m[7], m[8])).transpose
    }

    /// The axis by its angles from z and about z, and the turn about it.
    private static func polar(_ angles: [Double]) -> RotationMatrix {
        let (omega, phi) = (angles[0] * .pi / 180, angles[1] * .pi / 180)
        let axis = Vector3(sin(omega) * cos(phi), sin(omega) * sin(phi), cos(omega))
        return RotationMatrix(angleInDegrees: angles[2], axis: axis).transpose
    }
}
