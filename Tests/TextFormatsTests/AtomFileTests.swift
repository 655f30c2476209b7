import Foundation
import Reporting
import TestSupport
import Testing
@testable import TextFormats

@Suite struct AtomFileTests {
    static let pdb = """
        HEADER    TEST
        ATOM      1  N   MET A   1      27.340  24.430   2.614  1.00  9.67           N
        ATOM      2  CA  MET A   1      26.266  25.413   2.842  0.50 10.38           C
        HETATM    3 ZN    ZN B 101     -10.100   0.000 100.500  1.00 20.00          ZN
        HETATM    4  O   HOH C 201       1.000   2.000   3.000  1.00 30.00           O
        ENDMDL
        ATOM      1  N   MET A   1      27.340  24.430   2.614  1.00  9.67           N
        """
    static let cif = """
        data_TEST
        #
        loop_
        _entity.id
        _entity.details
        1 'a thing'
        2
        ;text with loop_ inside
        _atom_site.id
        ;
        #
        loop_
        _atom_site.group_PDB
        _atom_site.type_symbol
        _atom_site.label_comp_id
        _atom_site.auth_asym_id
        _atom_site.Cartn_x
        _atom_site.Cartn_y
        _atom_site.Cartn_z
        _atom_site.occupancy
        _atom_site.B_iso_or_equiv
        _atom_site.pdbx_PDB_model_num
        _atom_site.label_atom_id
        ATOM N MET A 27.340 24.430 2.614 1.00 9.67 1 N
        ATOM C MET A 26.266 25.413 2.842 0.50 10.38 1 "C1'"
        HETATM ZN ZN B -10.100 0.000
        100.500 1.00 20.00 1 ZN
        HETATM O HOH C 1 2 3 1 30 1 O
        ATOM N MET A 27.340 24.430 2.614 1.00 9.67 2 N
        #
        """

    private func read(_ text: String, _ name: String, _ selection: AtomSelection = AtomSelection()) throws -> [Atom] {
        let path = NSTemporaryDirectory() + UUID().uuidString + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try AtomFile.read(path, selecting: selection)
    }

    private func problem(_ text: String, _ name: String) -> String {
        do {
            _ = try read(text, name)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test(arguments: [(pdb, ".pdb"), (cif, ".cif"), (pdb, ".txt"), (cif, ".txt"), (pdb.replacingOccurrences(of: "\n", with: "\r\n"), ".ent")])
    func bothFormatsGiveTheSameAtoms(text: String, name: String) throws {
        let atoms = try read(text, name)
        #expect(atoms.map(\.element.description) == ["N", "C", "Zn"])
        #expect(atoms[1].position == SIMD3(26.266, 25.413, 2.842))
        #expect(atoms[1].occupancy == 0.5 && atoms[1].bFactor == 10.38)
        #expect(atoms[2].chain == "B" && atoms[2].position.z == 100.5)
    }

    @Test func selectionChoosesChainsAndWater() throws {
        #expect(try read(Self.pdb, ".pdb", AtomSelection(includesWater: true)).count == 4)
        #expect(try read(Self.pdb, ".pdb", AtomSelection(chains: ["B"])).map(\.element.description) == ["Zn"])
        #expect(throws: InputError.self) { try read(Self.pdb, ".pdb", AtomSelection(chains: ["Q"])) }
    }

    @Test func damageIsNamedWithItsLine() {
        #expect(problem(Self.pdb.replacingOccurrences(of: "25.413", with: "25.4x3"), ".pdb").contains(".pdb:3"))
        #expect(problem(Self.cif.replacingOccurrences(of: "0.000\n", with: "zero\n"), ".cif").contains("Cartn_y"))
        #expect(problem("ATOM      1  N   MET A   1      27.340", ".pdb").contains("columns"))
        #expect(problem(Self.cif.replacingOccurrences(of: "_atom_site.Cartn_z\n", with: ""), ".cif").contains("cartn_z"))
        #expect(problem(String(Self.cif.prefix(while: { $0 != "-" })), ".cif").contains("the file ends"))
        #expect(problem("ATOM\u{0}", ".pdb").contains("zero byte"))
        #expect(problem("", ".pdb").contains("no atoms"))
        #expect(throws: InputError.self) { try AtomFile.read("/nonexistent.pdb") }
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func compressedEntryOfTheDataBank() throws {
        let path = SharedData.root.appendingPathComponent("data/models/5a1a.cif.gz").path
        let atoms = try AtomFile.read(path)
        #expect(atoms.count > 30_000)
        #expect(Set(atoms.map(\.chain)) == ["A", "B", "C", "D"])
        // A truncated copy is refused, not read as a shorter structure.
        let cut = NSTemporaryDirectory() + UUID().uuidString + ".cif.gz"
        try Data(contentsOf: URL(fileURLWithPath: path)).prefix(200_000).write(to: URL(fileURLWithPath: cut))
        defer { try? FileManager.default.removeItem(atPath: cut) }
        #expect(throws: InputError.self) { try AtomFile.read(cut) }
    }
}
