import Reporting

/// The `_atom_site` loop of an mmCIF file; everything else in the file is passed over.
struct MMCIFReader {
    let reader: TextLineReader

    func readAtoms(_ body: (Atom) -> Void) throws {
        var tags: [String] = []
        var inLoopHeader = false
        while let line = try reader.next() {
            if line.hasPrefix(";") { try skipTextField(); continue }
            let word = line.prefix { !$0.isWhitespace }
            if word == "loop_" {
                (tags, inLoopHeader) = ([], true)
            } else if inLoopHeader, word.hasPrefix("_") {
                tags.append(String(word))
            } else if inLoopHeader, tags.first?.hasPrefix("_atom_site.") == true {
                let columns = try AtomSiteColumns(tags: tags, place: reader.place)
                try readRows(first: line, tagCount: tags.count, columns: columns, body)
                return
            } else if !word.isEmpty {
                inLoopHeader = false
            }
        }
    }

    /// Rows until the loop ends; a row may go over several lines.
    private func readRows(first: String, tagCount: Int, columns: AtomSiteColumns, _ body: (Atom) -> Void) throws {
        var current: String? = first
        var fields: [Substring] = []
        var firstModel: Substring?
        while let line = current {
            let isRowStart = fields.isEmpty
            if isRowStart, line.hasPrefix("#") || line.hasPrefix("_") || line.hasPrefix("loop_") || line.hasPrefix("data_") {
                return
            }
            try Self.split(line, into: &fields, place: reader.place)
            if fields.count > tagCount {
                throw InputError(place: reader.place, found: "\(fields.count) values", expected: "\(tagCount), one for each tag of the loop")
            }
            if fields.count == tagCount {
                if let model = columns.model.map({ fields[$0] }) {
                    if firstModel == nil { firstModel = model }
                    if model != firstModel { return }
                }
                body(try columns.atom(from: fields, place: reader.place))
                fields.removeAll(keepingCapacity: true)
            }
            current = try reader.next()
        }
        if !fields.isEmpty {
            throw InputError(place: reader.place, found: "the file ends after \(fields.count) of \(tagCount) values of an atom",
                             expected: "a complete row", remedy: "The file may be cut off; fetch it again")
        }
    }

    private func skipTextField() throws {
        let opened = reader.place
        while let line = try reader.next() { if line.hasPrefix(";") { return } }
        throw InputError(place: opened, found: "a text field that does not end", expected: "a line that starts with ';'")
    }

    /// Splits at blanks; a value in quotes ends at the quote that is followed by a blank.
    static func split(_ line: String, into fields: inout [Substring], place: String) throws {
        let text = line.utf8
        var index = text.startIndex
        while true {
            while index < text.endIndex, isBlank(text[index]) { index = text.index(after: index) }
            guard index < text.endIndex else { return }
            let quote = text[index]
            if quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
                let start = text.index(after: index)
                var end = start
                while end < text.endIndex {
                    let after = text.index(after: end)
                    if text[end] == quote, after == text.endIndex || isBlank(text[after]) { break }
                    end = after
                }
                guard end < text.endIndex else { throw InputError(place: place, found: "a quote that does not end") }
                fields.append(line[start..<end])
                index = text.index(after: end)
            } else {
                let start = index
                while index < text.endIndex, !isBlank(text[index]) { index = text.index(after: index) }
                fields.append(line[start..<index])
            }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

/// Positions of the values of an atom in a row of the `_atom_site` loop.
private struct AtomSiteColumns {
    let element, x, y, z: Int
    let occupancy, bFactor, chain, residue, model: Int?

    init(tags: [String], place: String) throws {
        let positions = Dictionary(tags.enumerated().map { ($1.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        func optional(_ names: String...) -> Int? {
            names.lazy.compactMap { positions["_atom_site." + $0] }.first
        }
        func required(_ name: String) throws -> Int {
            guard let position = optional(name) else {
                throw InputError(place: place, found: "an atom loop without _atom_site.\(name)",
                                 expected: "the tags type_symbol, Cartn_x, Cartn_y and Cartn_z")
            }
            return position
        }
        element = try required("type_symbol")
        x = try required("cartn_x")
        y = try required("cartn_y")
        z = try required("cartn_z")
        occupancy = optional("occupancy")
        bFactor = optional("b_iso_or_equiv")
        chain = optional("auth_asym_id", "label_asym_id")
        residue = optional("auth_comp_id", "label_comp_id")
        model = optional("pdbx_pdb_model_num")
    }

    func atom(from fields: [Substring], place: String) throws -> Atom {
        func number(_ position: Int?, _ what: String, absent: Double? = nil) throws -> Double {
            guard let position else { return absent ?? 0 }
            let text = fields[position]
            if let absent, text == "?" || text == "." { return absent }
            guard let value = Double(text), value.isFinite else {
                throw InputError(place: place, found: "\(what) = \"\(text)\"", expected: "a number")
            }
            return value
        }
        guard let kind = ChemicalElement(symbol: fields[element]) else {
            throw InputError(place: place, found: "_atom_site.type_symbol = \"\(fields[element])\"", expected: "a chemical element")
        }
        return Atom(
            element: kind,
            position: SIMD3(try number(x, "_atom_site.Cartn_x"), try number(y, "_atom_site.Cartn_y"), try number(z, "_atom_site.Cartn_z")),
            occupancy: try number(occupancy, "_atom_site.occupancy", absent: 1),
            bFactor: try number(bFactor, "_atom_site.B_iso_or_equiv", absent: 0),
            chain: chain.map { String(fields[$0]) } ?? "", residue: residue.map { String(fields[$0]) } ?? "")
    }
}
