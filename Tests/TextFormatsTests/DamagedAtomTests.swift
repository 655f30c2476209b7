import Foundation
import Reporting
import TestSupport
import Testing

@testable import TextFormats

/// Damaged atom files are read or refused with an `InputError`, never a crash.
@Suite struct DamagedAtomTests {
    static let pdb = """
        HEADER    HYDROLASE
        ATOM      1  N   MET A   1      27.340  24.430   2.614  1.00  9.67           N
        ATOM      2  CA AMET A   1      26.266  25.413   2.842  0.50 10.38           C
        HETATM    3 ZN    ZN A   2      26.913  26.639   3.531  1.00  9.62          ZN2+
        TER
        END

        """
    static let cif = """
        data_X
        #
        loop_
        _atom_site.group_PDB
        _atom_site.type_symbol
        _atom_site.label_atom_id
        _atom_site.label_alt_id
        _atom_site.label_comp_id
        _atom_site.label_asym_id
        _atom_site.label_seq_id
        _atom_site.Cartn_x
        _atom_site.Cartn_y
        _atom_site.Cartn_z
        _atom_site.occupancy
        _atom_site.B_iso_or_equiv
        ATOM N N . MET A 1 27.340 24.430 2.614 1.00 9.67
        ATOM C CA . MET A 1 26.266 25.413 2.842 1.00 10.38
        HETATM C "C1'" . GLC B . 26.2 25.4 2.8 1.00 10.3
        #

        """

    @Test(arguments: ["pdb", "cif"]) func atoms(kind: String) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("damaged-\(UUID().uuidString).\(kind)").path
        defer { unlink(path) }
        for (seed, bytes) in Damage.versions(of: Array((kind == "pdb" ? Self.pdb : Self.cif).utf8), count: 900).enumerated() {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            do {
                _ = try AtomFile.read(path)
            } catch is InputError {
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
    }
}
