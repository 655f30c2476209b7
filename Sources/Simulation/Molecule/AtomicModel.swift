import Foundation
import Geometry
import Reporting
import TextFormats

/// Atoms ready to be imaged: sorted into kinds (element and B factor), centred on the origin.
package struct AtomicModel: Sendable {
    /// Å, relative to the centre of mass of the model (unless it was made with its own origin).
    package var positions: [Vector3]
    /// Fraction of the molecules that have the atom.
    package var occupancies: [Float]
    /// Index of each atom's kind.
    package var kinds: [Int]
    let potentials: [(potential: AtomicPotential, count: Int)]

    /// What of the atoms' B factors is used.
    package enum Blur: Sendable {
        /// One value for all atoms, Å².
        case uniform(Double)
        /// Each atom's own, in steps of 10 Å², plus a common value, Å².
        case ownPlus(Double)
    }

    package enum Origin: Sendable {
        /// The mean position of the atoms moves to the origin.
        case centred
        /// Coordinates stay as they are.
        case kept
        /// Centred, and the principal axes turned onto x (longest), y, z: the two-folds of a D2 assembly end up on the axes.
        case principalAxes
    }

    /// - Throws: `InputError` when an element has no scattering factors; `source` names the file.
    package init(atoms: [Atom], blur: Blur, origin: Origin, source: String) throws {
        var index: [Kind: Int] = [:]
        var potentials: [(potential: AtomicPotential, count: Int)] = []
        positions = []
        occupancies = []
        kinds = []
        for atom in atoms {
            let kind = Kind(element: atom.element, step: blur.step(of: atom))
            let position: Int
            if let known = index[kind] {
                position = known
            } else {
                guard let factor = ScatteringFactor(atom.element) else {
                    throw InputError(place: source, found: "an atom of \(atom.element)",
                                     expected: "elements found in biological samples", remedy: "Remove these atoms")
                }
                position = potentials.count
                index[kind] = position
                potentials.append((AtomicPotential(factor: factor, displacesIce: atom.element != .hydrogen,
                                                   bFactor: blur.value(ofStep: kind.step)), 0))
            }
            potentials[position].count += 1
            positions.append(atom.position)
            occupancies.append(Float(atom.occupancy))
            kinds.append(position)
        }
        self.potentials = potentials
        move(to: origin)
    }

    private struct Kind: Hashable {
        let element: ChemicalElement
        let step: Int
    }

    package var count: Int { positions.count }

    /// Distance of the farthest atom from the origin, Å.
    package var radius: Double { positions.map(\.length).max() ?? 0 }

    /// The atoms for which `condition` holds, in the same frame.
    package func filtered(_ condition: (Vector3) -> Bool) -> AtomicModel {
        var part = self
        let kept = positions.indices.filter { condition(positions[$0]) }
        part.positions = kept.map { positions[$0] }
        part.occupancies = kept.map { occupancies[$0] }
        part.kinds = kept.map { kinds[$0] }
        return part
    }

    private mutating func move(to origin: Origin) {
        if case .kept = origin { return }
        let centre = positions.reduce(Vector3.zero, +) / Double(max(1, count))
        for i in positions.indices { positions[i] -= centre }
        guard case .principalAxes = origin else { return }
        let axes = principalAxes(of: positions)
        for i in positions.indices { positions[i] = axes * positions[i] }
    }
}

extension AtomicModel.Blur {
    private static let stepWidth = 10.0

    func step(of atom: Atom) -> Int {
        switch self {
        case .uniform: 0
        case .ownPlus: Int((max(0, min(atom.bFactor, 500)) / Self.stepWidth).rounded())
        }
    }

    func value(ofStep step: Int) -> Double {
        switch self {
        case .uniform(let b): b
        case .ownPlus(let b): b + Double(step) * Self.stepWidth
        }
    }
}

/// Rows: the eigenvectors of the covariance of the points, largest spread first; right-handed.
///
/// Jacobi's method: three rotations a sweep, which converges in a few sweeps for a 3 × 3 matrix.
func principalAxes(of points: [Vector3]) -> RotationMatrix {
    var a = [[Double]](repeating: [0, 0, 0], count: 3)
    for p in points { for i in 0..<3 { for j in 0..<3 { a[i][j] += p[i] * p[j] } } }
    var v: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    for _ in 0..<30 {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] where abs(a[p][q]) > 1e-15 * (abs(a[p][p]) + abs(a[q][q])) {
            let theta = 0.5 * atan2(2 * a[p][q], a[p][p] - a[q][q])
            let (s, c) = (sin(theta), cos(theta))
            for i in 0..<3 { (a[i][p], a[i][q]) = (c * a[i][p] + s * a[i][q], c * a[i][q] - s * a[i][p]) }
            for i in 0..<3 { (a[p][i], a[q][i]) = (c * a[p][i] + s * a[q][i], c * a[q][i] - s * a[p][i]) }
            for i in 0..<3 { (v[i][p], v[i][q]) = (c * v[i][p] + s * v[i][q], c * v[i][q] - s * v[i][p]) }
        }
    }
    let order = [0, 1, 2].sorted { a[$0][$0] > a[$1][$1] }
    func column(_ j: Int) -> Vector3 { Vector3(v[0][order[j]], v[1][order[j]], v[2][order[j]]) }
    let x = column(0), y = column(1)
    return RotationMatrix(rows: x, y, x.cross(y))
}
