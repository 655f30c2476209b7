import Foundation
import Reporting
import StarFormat

/// Picks of one micrograph, in pixels of the micrograph from its first pixel.
///
/// Columns that came with a file, such as figures of merit of automatic picks, stay with the picks that are kept.
package struct PickFile: Sendable {
    /// What RELION writes for a pick that is not of a program.
    package static let unset = -999.0
    static let byHand = 2

    package private(set) var table = StarTable(name: "")

    package init() {}

    /// - Throws: `InputError` where the file holds no coordinates.
    package init(contentsOf path: String) throws {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnCoordinateX") && $0.contains("rlnCoordinateY") }) else {
            throw InputError(
                place: path, found: "no table has columns _rlnCoordinateX and _rlnCoordinateY", expected: "picks",
                remedy: "Remove the file, or pick in its micrograph again")
        }
        _ = (try table.doubles("rlnCoordinateX"), try table.doubles("rlnCoordinateY"))
        self.table = table
    }

    package var count: Int { table.rowCount }
    package var x: [Double] { (try? table.doublesIfPresent("rlnCoordinateX")) ?? [] }
    package var y: [Double] { (try? table.doublesIfPresent("rlnCoordinateY")) ?? [] }

    /// Columns of numbers that tell picks apart, by label.
    package var values: [String: [Double]] {
        var values: [String: [Double]] = [:]
        for label in table.labels where !["rlnCoordinateX", "rlnCoordinateY"].contains(label) {
            if let column = try? table.doublesIfPresent(label), Set(column.prefix(1000)).count > 1 { values[label] = column }
        }
        return values
    }

    /// What stands in a column that a pick has no value for: picks of programs count as made by hand, shifts are none, the rest is unset.
    private static func filling(_ label: String) -> String {
        if label == "rlnParticleSelectionType" { return String(byHand) }
        return label.hasPrefix("rlnOrigin") || label == "rlnAutopickFigureOfMerit" ? "0" : "-999"
    }

    /// The picks as they are now: each either one of before, perhaps moved, or a new one.
    ///
    /// - Parameters:
    ///   - x, y: one for each pick.
    ///   - rows: rows that the picks had in this file; negative for new ones.
    ///   - figures: figures of merit of the new ones; empty: 0, as RELION writes. Others keep theirs.
    /// - Throws: `InputError` for what does not fit together.
    package func replaced(x: [Double], y: [Double], rows: [Int], figures: [Double] = []) throws -> PickFile {
        guard x.count == y.count, rows.count == x.count, (x + y + figures).allSatisfy(\.isFinite), rows.allSatisfy({ $0 < count }),
            figures.isEmpty || figures.count == rows.count
        else {
            throw InputError(
                place: "picks", found: "\(x.count) x, \(y.count) y, \(rows.count) rows, of a file of \(count)",
                expected: "finite coordinates and rows of the file, as many of each", remedy: "Load the page again")
        }
        var new = PickFile()
        var kept = table.selecting(rows: rows.filter { $0 >= 0 })
        if kept.isEmpty { kept = StarTable(name: table.name) }
        // Kept ones first: rows of a table are taken together.
        let order = rows.indices.filter { rows[$0] >= 0 } + rows.indices.filter { rows[$0] < 0 }
        let added = order.count - kept.rowCount
        var extra = StarTable(name: table.name)
        extra.set("rlnCoordinateX", doubles: Array(repeating: 0, count: added))
        extra.set("rlnCoordinateY", doubles: Array(repeating: 0, count: added))
        extra.set("rlnParticleSelectionType", ints: Array(repeating: Self.byHand, count: added))
        extra.set("rlnAnglePsi", doubles: Array(repeating: Self.unset, count: added))
        extra.set("rlnAutopickFigureOfMerit", doubles: order.suffix(added).map { figures.isEmpty ? 0 : figures[$0] })
        if kept.rowCount == 0 {
            new.table = extra
        } else if added == 0 {
            new.table = kept
        } else {
            new.table = try StarTable(name: table.name, joining: [kept, extra], missing: Self.filling)
        }
        new.table.set("rlnCoordinateX", doubles: order.map { x[$0] })
        new.table.set("rlnCoordinateY", doubles: order.map { y[$0] })
        return new
    }

    package func write(to path: String) throws { try StarDocument(tables: [table]).write(to: path) }
}
