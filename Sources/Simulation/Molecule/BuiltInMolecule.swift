import Foundation
import Geometry
import TextFormats

/// A made-up protein for demonstrations and tests: a D2 tetramer of about 180 kDa and 145 Å, two-folds on x, y and z.
///
/// Each subunit has four domains: an eight-fold α/β barrel, a four-helix bundle at the centre of the tetramer, a β-sandwich
/// and a small three-helix domain at the far end, so that it has no symmetry of its own and its helices show the hand.
package enum BuiltInMolecule {
    /// Species for tests of classification.
    package enum Species: Sendable {
        case whole
        /// Without the β-sandwich.
        case withoutSandwich
    }

    /// The operators of D2 as signs of x, y, z.
    static let symmetrySigns: [Vector3] = [
        Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1),
    ]

    /// All atoms of the tetramer, its centre at the origin.
    package static func atoms(_ species: Species = .whole) -> [Atom] {
        let subunit = subunit(species)
        var all: [Atom] = []
        for (signs, chain) in zip(symmetrySigns, ["A", "B", "C", "D"]) {
            all += subunit.map { atom in
                var copy = atom
                copy.position *= signs
                copy.chain = chain
                return copy
            }
        }
        return all
    }

    /// The subunit occupies the quarter of space x > 0, z > 0.
    static func subunit(_ species: Species) -> [Atom] {
        var chain = ChainBuilder(seed: 2012)
        addBundle(to: &chain)
        addBarrel(to: &chain)
        // The sandwich is built in both species, so that the residues after it are the same.
        let before = chain.atoms.count
        addSandwich(to: &chain)
        let after = chain.atoms.count
        addCap(to: &chain)
        guard species == .withoutSandwich else { return chain.atoms }
        return Array(chain.atoms[..<before] + chain.atoms[after...])
    }

    /// Four antiparallel helices, 9.6 Å apart, crossing at about 20°.
    private static func addBundle(to chain: inout ChainBuilder) {
        let centre = Vector3(18, 22, 9.5)
        let axis = RotationMatrix(angleInDegrees: 24, axis: Vector3(0, 0, 1)) * Vector3(1, 0, 0.12)
        let corners: [(Double, Double)] = [(-4.8, -4.8), (4.8, -4.8), (4.8, 4.8), (-4.8, 4.8)]
        for (i, corner) in corners.enumerated() {
            let tilt = RotationMatrix(angleInDegrees: i % 2 == 0 ? 8 : -9, axis: Vector3(0, 1, 0.3))
            let direction = tilt * axis * (i % 2 == 0 ? 1 : -1)
            chain.addHelix(centre: centre + Vector3(0, corner.0, corner.1), axis: direction, residues: 22 + 3 * (i % 2),
                           phaseInDegrees: 70 * Double(i))
        }
    }

    /// Eight parallel strands in a barrel (radius 7.2 Å, inclined by 36°), each followed by a helix on a ring of 17 Å.
    private static func addBarrel(to chain: inout ChainBuilder) {
        let centre = Vector3(23.5, -15, 25)
        let turn = RotationMatrix(angleInDegrees: 35, axis: Vector3(0.4, 1, 0))
        for i in 0..<8 {
            let around = RotationMatrix(angleInDegrees: 45 * Double(i), axis: Vector3(0, 0, 1))
            let radial = around * Vector3(1, 0, 0), tangent = around * Vector3(0, 1, 0)
            let strand = Vector3(0, 0, cos(0.63)) + tangent * sin(0.63)
            chain.addStrand(centre: centre + turn * (radial * 7.2), axis: turn * strand, normal: turn * radial, residues: 5)
            let helix = Vector3(0, 0, -cos(0.5)) - tangent * sin(0.5)
            let spoke = around * RotationMatrix(angleInDegrees: 24, axis: Vector3(0, 0, 1)) * Vector3(17, 0, 0)
            chain.addHelix(centre: centre + turn * spoke, axis: turn * helix, residues: 10 + (i * 5) % 4,
                           phaseInDegrees: 40 * Double(i))
        }
    }

    /// Two sheets of four antiparallel strands, 10 Å apart, twisted against one another by 30°.
    private static func addSandwich(to chain: inout ChainBuilder) {
        let centre = Vector3(58, 5, 14)
        for sheet in 0..<2 {
            let twist = RotationMatrix(angleInDegrees: sheet == 0 ? -15 : 15, axis: Vector3(0, 0, 1))
            let normal = Vector3(0, 0, 1)
            for i in 0..<4 {
                let across = (Double(i) - 1.5) * 4.8
                let fan = RotationMatrix(angleInDegrees: 14 * (Double(i) - 1.5), axis: twist * Vector3(1, 0, 0))
                let direction = fan * twist * Vector3(0, i % 2 == 0 ? 1 : -1, 0)
                let position = centre + twist * Vector3(across, 0, 0) + normal * (sheet == 0 ? -5 : 5)
                chain.addStrand(centre: position, axis: direction, normal: normal, residues: 7)
            }
        }
    }

    /// Three short helices at the end of the long axis, and one that leans on the bundle.
    private static func addCap(to chain: inout ChainBuilder) {
        let centre = Vector3(55, 28, 9)
        chain.addHelix(centre: centre, axis: Vector3(0.2, 0.3, 1), residues: 15)
        chain.addHelix(centre: centre + Vector3(9.5, -1, 2), axis: Vector3(0, -0.25, -1), residues: 14, phaseInDegrees: 50)
        chain.addHelix(centre: centre + Vector3(4.5, 8.5, 1), axis: Vector3(-0.9, 0.3, 0.8), residues: 13, phaseInDegrees: 120)
        chain.addHelix(centre: Vector3(34, 30, 25), axis: Vector3(-1, -0.3, 0.25), residues: 20, phaseInDegrees: 10)
    }
}
