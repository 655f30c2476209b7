import Foundation
import Geometry
import Testing
import TextFormats
@testable import Simulation

@Suite struct MoleculeTests {
    @Test func moleculeIsAProteinOfTheStatedSize() {
        let atoms = BuiltInMolecule.atoms()
        let extent = { (axis: Int) in (atoms.map { $0.position[axis] }.max() ?? 0) - (atoms.map { $0.position[axis] }.min() ?? 0) }
        #expect((10_000...25_000).contains(atoms.count))
        #expect((130...200).contains(extent(0)))
        #expect(extent(1) < 150 && extent(2) < 150)
        let centre = atoms.map(\.position).reduce(Vector3.zero, +) / Double(atoms.count)
        #expect(centre.length < 1e-6)
        #expect(BuiltInMolecule.atoms() == atoms)
        #expect(BuiltInMolecule.atoms(.withoutSandwich).count < atoms.count)
    }

    @Test func backboneBondsHaveTheirLengths() {
        var chain = ChainBuilder(seed: 1)
        chain.addHelix(centre: .zero, axis: Vector3(1, 2, 3), residues: 20)
        // N, CA, C, O lead each residue; the next N follows after the side chain.
        let alphas = chain.atoms.indices.filter { i in
            i + 2 < chain.atoms.count && chain.atoms[i].element == .nitrogen && chain.atoms[i + 1].element == .carbon
                && (chain.atoms[i].position - chain.atoms[i + 1].position).length < 1.6
                && chain.atoms[i + 3 < chain.atoms.count ? i + 3 : i].element == .oxygen
        }
        #expect(alphas.count >= 18)
        for i in alphas {
            #expect(abs((chain.atoms[i + 1].position - chain.atoms[i].position).length - 1.46) < 0.1)
            #expect(abs((chain.atoms[i + 2].position - chain.atoms[i + 1].position).length - 1.52) < 0.1)
            #expect(abs((chain.atoms[i + 3].position - chain.atoms[i + 2].position).length - 1.23) < 0.1)
        }
    }

    @Test func subunitsDoNotRunThroughOneAnother() {
        // Heavy atoms of different subunits that are closer than 2 Å would be one atom in a real protein.
        let first = BuiltInMolecule.subunit(.whole).map(\.position)
        var close = 0
        for signs in BuiltInMolecule.symmetrySigns.dropFirst() {
            for p in first {
                let mate = p * signs
                for q in first where abs(q.x - mate.x) < 2 && (q - mate).length < 2 { close += 1 }
            }
        }
        #expect(close < first.count / 50)
    }
}
