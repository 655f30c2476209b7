import Reporting

/// Reads atoms from PDB and mmCIF files, plain or gzip-compressed.
///
/// Only the first model of a file is read. The two formats are told apart by the file's name
/// (`.cif`, `.mmcif`; `.pdb`, `.ent`), else by its first lines.
package enum AtomFile {
    enum Format { case pdb, mmCIF }

    /// All atoms that `selection` accepts, in the order of the file.
    /// - Throws: `InputError` with file and line for damaged records, and when no atom is left.
    package static func read(_ path: String, selecting selection: AtomSelection = AtomSelection()) throws -> [Atom] {
        let reader = try TextLineReader(path: path)
        var atoms: [Atom] = []
        let keep: (Atom) -> Void = { atom in if selection.accepts(atom) { atoms.append(atom) } }
        switch try format(of: path) {
        case .pdb: try PDBReader(reader: reader).readAtoms(keep)
        case .mmCIF: try MMCIFReader(reader: reader).readAtoms(keep)
        }
        guard !atoms.isEmpty else {
            let wanted = selection.chains.isEmpty ? "" : " of chains \(selection.chains.sorted().joined(separator: ", "))"
            throw InputError(place: path, found: "no atoms\(wanted)", expected: "ATOM or HETATM records",
                             remedy: "Check that this is a PDB or mmCIF file")
        }
        return atoms
    }

    static func format(of path: String) throws -> Format {
        var name = path.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        if name.hasSuffix(".cif") || name.hasSuffix(".mmcif") { return .mmCIF }
        if name.hasSuffix(".pdb") || name.hasSuffix(".ent") { return .pdb }
        let reader = try TextLineReader(path: path)
        while let line = try reader.next() {
            if line.hasPrefix("data_") || line.hasPrefix("loop_") { return .mmCIF }
            if line.hasPrefix("HEADER") || line.hasPrefix("ATOM  ") || line.hasPrefix("CRYST1") { return .pdb }
        }
        throw InputError(place: path, found: "an unknown format", expected: "a PDB or mmCIF file",
                         remedy: "Give it a name that ends in .pdb or .cif")
    }
}
