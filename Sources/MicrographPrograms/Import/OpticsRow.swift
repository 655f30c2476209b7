import Foundation
import Optics
import ProgramKit
import Reporting
import StarFormat

/// The optics group of imported movies or micrographs.
enum OpticsRow {
    static func check(_ options: ImportProgram.OpticsOptions, _ check: inout InputCheck) {
        checkName(options.group, option: "--optics_group_name", &check)
        for (option, value) in [("--angpix", options.pixelSize), ("--kV", options.voltage)] {
            check.require(value > 0 && value.isFinite, option, found: "\(value)", expected: "a number above 0")
        }
        check.require(
            options.sphericalAberration.isFinite, "--Cs", found: "\(options.sphericalAberration)",
            expected: "a number in mm")
        check.require(
            (0...1).contains(options.amplitudeContrast), "--Q0", found: "\(options.amplitudeContrast)",
            expected: "a fraction from 0 to 1")
        for (option, value) in [("--beamtilt_x", options.beamTiltX), ("--beamtilt_y", options.beamTiltY)] {
            check.require(value.isFinite, option, found: "\(value)", expected: "a number in mrad")
        }
        if let mtf = options.mtf.ifGiven { check.attempt { try requireMTF(mtf) } }
    }

    /// Other programs use the name in names of files and tables.
    static func checkName(_ name: String, option: String, _ check: inout InputCheck) {
        let isPlain =
            !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-")
            }
        check.require(isPlain, option, found: "\"\(name)\"", expected: "letters, digits and hyphens only")
    }

    private static func requireMTF(_ path: String) throws {
        let document = try StarDocument(contentsOf: path)
        let labels = ["rlnResolutionInversePixel", "rlnMtfValue"]
        guard let table = document.tables.first(where: { $0.contains(labels[1]) }) ?? document.tables.first else {
            throw InputError(place: path, found: "has no tables", expected: "an MTF curve")
        }
        try table.require(labels)
        _ = try DetectorTransfer(
            frequenciesPerPixel: table.doubles(labels[0]), values: table.doubles(labels[1]), name: path)
    }

    /// Smaller beam tilts count as none.
    private static let smallestBeamTilt = 0.001

    /// A table of one row, with the columns in their usual order.
    static func table(_ options: ImportProgram.OpticsOptions, number: Int, isMicrograph: Bool) -> StarTable {
        var table = StarTable(name: "optics")
        table.set("rlnOpticsGroupName", strings: [options.group])
        table.set("rlnOpticsGroup", ints: [number])
        if let mtf = options.mtf.ifGiven { table.set("rlnMtfFileName", strings: [mtf]) }
        if isMicrograph { table.set("rlnMicrographPixelSize", doubles: [options.pixelSize]) }
        table.set("rlnMicrographOriginalPixelSize", doubles: [options.pixelSize])
        table.set("rlnVoltage", doubles: [options.voltage])
        table.set("rlnSphericalAberration", doubles: [options.sphericalAberration])
        table.set("rlnAmplitudeContrast", doubles: [options.amplitudeContrast])
        if abs(options.beamTiltX) + abs(options.beamTiltY) > smallestBeamTilt {
            table.set("rlnBeamTiltX", doubles: [options.beamTiltX])
            table.set("rlnBeamTiltY", doubles: [options.beamTiltY])
        }
        return table
    }

    /// Adds a row to the groups of an earlier import. What only some groups have gets the value that stands for none.
    static func append(_ row: StarTable, to table: StarTable) throws -> StarTable {
        var (old, new) = (table, row)
        for label in row.labels where !old.contains(label) { fill(label, in: &old) }
        for label in old.labels where !new.contains(label) { fill(label, in: &new) }
        try old.append(new)
        return old
    }

    private static func fill(_ label: String, in table: inout StarTable) {
        if label == "rlnMtfFileName" { table.fill(label, with: "None") } else { table.fill(label, with: 0.0) }
    }
}
