import Foundation
import Reporting

/// The fixed-column ATOM and HETATM records of a PDB file (format 3.3).
struct PDBReader {
    let reader: TextLineReader

    func readAtoms(_ body: (Atom) -> Void) throws {
        while let line = try reader.next() {
            if line.hasPrefix("ENDMDL") { return }
            guard line.hasPrefix("ATOM  ") || line.hasPrefix("HETATM") else { continue }
            body(try atom(from: Array(line.utf8)))
        }
    }

    private func atom(from line: [UInt8]) throws -> Atom {
        guard line.count >= 54 else {
            throw InputError(place: reader.place, found: "an atom record of \(line.count) columns",
                             expected: "at least 54", remedy: "The file may be cut off; fetch it again")
        }
        let position = SIMD3(
            try number(line, 31...38, "x in Å"), try number(line, 39...46, "y in Å"), try number(line, 47...54, "z in Å"))
        return Atom(
            element: try element(of: line), position: position,
            occupancy: try number(line, 55...60, "the occupancy", absent: 1),
            bFactor: try number(line, 61...66, "the B factor in Å²", absent: 0),
            chain: field(line, 22...22), residue: field(line, 18...20))
    }

    /// Columns 77–78; older files lack them, and there the atom's name has the element right-aligned in columns 13–14.
    private func element(of line: [UInt8]) throws -> ChemicalElement {
        let stated = field(line, 77...78)
        if !stated.isEmpty, let element = ChemicalElement(symbol: stated) { return element }
        let name = field(line, 13...14).filter { !$0.isNumber }
        if let element = ChemicalElement(symbol: name) { return element }
        // A hydrogen name of four letters (`HG11`) starts one column early.
        if let first = name.first, let element = ChemicalElement(symbol: String(first)) { return element }
        throw InputError(place: reader.place, found: "element \"\(stated)\", atom name \"\(field(line, 13...16))\"",
                         expected: "a chemical element in columns 77-78")
    }

    private func field(_ line: [UInt8], _ columns: ClosedRange<Int>) -> String {
        guard columns.lowerBound <= line.count else { return "" }
        let bytes = line[columns.lowerBound - 1..<min(columns.upperBound, line.count)]
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }

    private func number(
        _ line: [UInt8], _ columns: ClosedRange<Int>, _ what: String, absent: Double? = nil
    ) throws -> Double {
        let text = field(line, columns)
        if text.isEmpty, let absent { return absent }
        guard let value = Double(text), value.isFinite else {
            throw InputError(place: reader.place, found: "\"\(text)\" in columns \(columns.lowerBound)-\(columns.upperBound)",
                             expected: "\(what), a number")
        }
        return value
    }
}
