import Foundation
import Geometry
import Randomness
import TextFormats

/// Builds the atoms of one protein chain from helices, strands and loops with ideal backbone geometry.
///
/// Side chains are blobs: the heavy atoms that a residue of average composition has, grown outwards from its Cβ with bond
/// lengths of 1.5 Å. The sequence of residues is drawn from a generator with a fixed seed: the same chain every time.
struct ChainBuilder {
    private(set) var atoms: [Atom] = []
    private(set) var residueCount = 0
    private var generator: CounterGenerator
    /// Where the last residue's Cα is, for the loop to the next element.
    private var lastAlpha: Vector3?

    /// Numbers of heavy side-chain atoms of the twenty amino acids, each as often as one finds it in proteins (per 50 residues).
    private static let sideChainSizes: [Int] = [
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 6,
        7, 7, 7, 7, 7, 8, 8, 10, 2, 1,
    ]

    init(seed: Int) { generator = CounterGenerator(seed: seed, stream: 0) }

    /// A right-handed α-helix of `residues` along `axis`, whose axis passes through `centre` at half its length.
    ///
    /// 100° and 1.5 Å a residue; cylindrical coordinates of the backbone from the ideal Pauling–Corey helix.
    mutating func addHelix(centre: Vector3, axis: Vector3, residues: Int, phaseInDegrees: Double = 0) {
        let frame = AxisFrame(axis: axis)
        let start = centre - frame.u * (0.75 * Double(residues - 1))
        for i in 0..<residues {
            let turn = phaseInDegrees + 100 * Double(i), rise = 1.5 * Double(i)
            let place = { (r: Double, angle: Double, z: Double) in
                start + frame.point(radius: r, angleInDegrees: turn + angle, height: rise + z)
            }
            let backbone = Backbone(n: place(1.57, -28, -0.9), alpha: place(2.29, 0, 0), c: place(1.68, 26, 1.12), o: place(2.03, 21, 2.33))
            add(backbone, beta: place(3.33, -19, -0.5), isFirst: i == 0)
        }
    }

    /// A β-strand: 3.3 Å a residue, side chains alternately on the two faces of the sheet.
    mutating func addStrand(centre: Vector3, axis: Vector3, normal: Vector3, residues: Int) {
        let u = axis.normalised
        let n = (normal - u * normal.dot(u)).normalised
        let b = u.cross(n)
        let start = centre - u * (1.65 * Double(residues - 1))
        for i in 0..<residues {
            let side = i % 2 == 0 ? 1.0 : -1.0
            let alpha = start + u * (3.3 * Double(i)) + n * (0.85 * side)
            let c = alpha + u * 1.25 - n * (0.7 * side) + b * (0.3 * side)
            let backbone = Backbone(n: alpha - u * 1.2 - n * (0.7 * side) - b * (0.2 * side), alpha: alpha, c: c,
                                    o: c + b * (1.2 * side))
            add(backbone, beta: alpha + n * (1.45 * side) + u * 0.3, isFirst: i == 0)
        }
    }

    private mutating func add(_ backbone: Backbone, beta: Vector3, isFirst: Bool) {
        if isFirst, let from = lastAlpha { addLoop(from: from, to: backbone.alpha) }
        append(backbone, beta: beta)
        lastAlpha = backbone.alpha
    }

    /// Residues 3.8 Å apart on a curve that bulges away from the chord.
    private mutating func addLoop(from: Vector3, to: Vector3) {
        let chord = to - from
        let frame = AxisFrame(axis: chord)
        let bulge = frame.point(radius: min(9, 3 + 0.2 * chord.length), angleInDegrees: 360 * generator.uniform(), height: 0)
        let control = (from + to) / 2 + bulge * 2
        let arc = chord.length + 4 * bulge.length * bulge.length / (3 * max(chord.length, 4))
        let residues = max(1, Int(arc / 3.8) - 1)
        for i in 1...residues {
            let t = Double(i) / Double(residues + 1)
            let alpha = (1 - t) * (1 - t) * from + 2 * t * (1 - t) * control + t * t * to
            let tangent = (2 * (1 - t) * (control - from) + 2 * t * (to - control)).normalised
            let side = AxisFrame(axis: tangent).point(radius: 1, angleInDegrees: 137.5 * Double(i), height: 0)
            let c = alpha + tangent * 1.3 + side * 0.6
            append(Backbone(n: alpha - tangent * 1.3 + side * 0.4, alpha: alpha, c: c, o: c + side * 1.2),
                   beta: alpha - side * 1.5)
        }
    }

    private mutating func append(_ backbone: Backbone, beta: Vector3) {
        residueCount += 1
        append(.nitrogen, backbone.n)
        append(.carbon, backbone.alpha)
        append(.carbon, backbone.c)
        append(.oxygen, backbone.o)
        let size = Self.sideChainSizes[Int(generator.next() % UInt64(Self.sideChainSizes.count))]
        guard size > 0 else { return }
        var tip = beta
        var direction = (beta - backbone.alpha).normalised
        append(.carbon, tip)
        for i in 1..<max(size, 2) where i < size {
            // Long side chains branch: every third atom goes back to the one before the tip.
            let wobble = Vector3(generator.uniform() - 0.5, generator.uniform() - 0.5, generator.uniform() - 0.5)
            let next = (direction + 1.4 * wobble).normalised
            let position = tip + 1.5 * next
            append(sideChainElement(at: i), position)
            if i % 3 != 2 { (tip, direction) = (position, (direction + next).normalised) }
        }
    }

    /// About one side-chain atom in six is N or O, one in sixty S.
    private mutating func sideChainElement(at index: Int) -> ChemicalElement {
        let draw = generator.uniform()
        if index < 2 { return draw < 0.9 ? .carbon : .oxygen }
        return draw < 0.02 ? .sulfur : draw < 0.14 ? .nitrogen : draw < 0.28 ? .oxygen : .carbon
    }

    private mutating func append(_ element: ChemicalElement, _ position: Vector3) {
        atoms.append(Atom(element: element, position: position))
    }
}

/// The four backbone atoms of a residue.
private struct Backbone {
    let n, alpha, c, o: Vector3
}

/// Cylindrical coordinates about an axis.
private struct AxisFrame {
    let u, v, w: Vector3

    init(axis: Vector3) {
        u = axis.normalised
        let other = abs(u.z) < 0.9 ? Vector3(0, 0, 1) : Vector3(1, 0, 0)
        v = u.cross(other).normalised
        w = u.cross(v)
    }

    func point(radius: Double, angleInDegrees: Double, height: Double) -> Vector3 {
        let angle = angleInDegrees * .pi / 180
        return radius * cos(angle) * v + radius * sin(angle) * w + height * u
    }
}
