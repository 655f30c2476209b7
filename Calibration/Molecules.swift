import Arrays
import Foundation
import Geometry
import Parallel
import Randomness
import Simulation

/// Molecules of many shapes, put together from parts of the built-in protein: whole, without a domain, single subunits, and
/// two to six subunits turned and moved at random.
struct Molecules {
    static let box = 56
    static let pixelSize = 4.5

    struct Molecule: Sendable {
        var map: RealArray
        /// Å; the mask that a user would choose.
        var maskDiameter: Double
    }

    static func make(count: Int, seed: Int, pool: ThreadPool) throws -> [Molecule] {
        let whole = try AtomicModel(atoms: BuiltInMolecule.atoms(), blur: .uniform(200), origin: .centred, source: "built-in")
        let reduced = try AtomicModel(
            atoms: BuiltInMolecule.atoms(.withoutSandwich), blur: .uniform(200), origin: .centred, source: "built-in")
        return (0..<count).map { index in
            var random = CounterGenerator(seed: seed, stream: index)
            let base = index % 2 == 0 ? whole : reduced
            var model = base
            if index % 4 != 0 {
                let subunit = base.filtered { $0.x > 0 && $0.z > 0 }
                model = assembly(of: subunit, copies: 1 + Int(6 * random.uniform()), random: &random)
            }
            let map = PotentialMap.make(model, box: box, pixelSizeInAngstrom: pixelSize, pool: pool)
            // From tight to generous.
            let diameter = 2 * model.radius * (1.05 + 0.5 * random.uniform())
            return Molecule(map: map, maskDiameter: min(diameter, Double(box - 6) * pixelSize))
        }
    }

    private static func assembly(of subunit: AtomicModel, copies: Int, random: inout CounterGenerator) -> AtomicModel {
        var model = subunit.filtered { _ in false }
        // Å; copies touch, and sometimes overlap.
        let spread = 22 * Double(copies).squareRoot()
        for _ in 0..<copies {
            let turn = randomRotation(&random)
            let shift = Vector3(spread * random.standardNormal(), spread * random.standardNormal(), spread * random.standardNormal())
            model.positions += subunit.positions.map { turn * $0 + shift }
            model.occupancies += subunit.occupancies
            model.kinds += subunit.kinds
        }
        let centre = model.positions.reduce(Vector3.zero, +) / Double(max(1, model.count))
        for i in model.positions.indices { model.positions[i] -= centre }
        // What does not fit into the box is left out.
        return model.filtered { $0.length < 0.42 * Double(box) * pixelSize }
    }

    static func randomRotation(_ random: inout CounterGenerator) -> RotationMatrix {
        let axis = Vector3(random.standardNormal(), random.standardNormal(), random.standardNormal())
        return RotationMatrix(angleInDegrees: 360 * random.uniform(), axis: axis)
            * RotationMatrix(angleInDegrees: 360 * random.uniform(), axis: Vector3(0, 0, 1))
    }
}
