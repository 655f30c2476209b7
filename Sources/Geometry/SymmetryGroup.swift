/// One operation of a point group on orientations: A → left · A · right is an equivalent orientation.
///
/// `left` is the identity for rotations and mirrors; for products with the inversion it is diag(1, 1, −1), which keeps the
/// result a proper rotation (an image of the mirrored particle from the opposite side).
package struct SymmetryOperator: Sendable, Hashable {
    package var left: RotationMatrix
    package var right: RotationMatrix

    package func apply(to orientation: RotationMatrix) -> RotationMatrix { left * orientation * right }

    /// The equivalent of a direction of projection.
    package func apply(to direction: Vector3) -> Vector3 { left * (right.transpose * direction) }

    /// The direction d' for which `apply(to: d) · p == d · d'` for all d.
    func pullBack(_ p: Vector3) -> Vector3 { right * (left.transpose * p) }

    package static let identity = SymmetryOperator(left: .identity, right: .identity)
}

/// A point group with all its operators, in RELION's order, the identity first.
package struct SymmetryGroup: Sendable, Hashable {
    /// As the user wrote it.
    package let name: String
    package let pointGroup: PointGroup
    package let operators: [SymmetryOperator]

    /// - Throws: `InputError` when `name` is no point group.
    package init(name: String) throws {
        self.name = name
        pointGroup = try PointGroup(name: name)
        operators = Self.close(pointGroup.generators)
    }

    package static let none = SymmetryGroup(unchecked: "C1", .cyclic(1))

    private init(unchecked name: String, _ group: PointGroup) {
        self.name = name
        pointGroup = group
        operators = Self.close(group.generators)
    }

    /// Number of operators, the identity included.
    package var order: Int { operators.count }
    package var isTrivial: Bool { operators.count == 1 }

    /// Elements differ by more than this when they are different; axes are given with seven digits.
    private static let tolerance = 1e-6

    /// Products of the generators in the order in which a growing multiplication table is filled: shell n holds the
    /// products i·n for i = 0 ... n and then n·j for j = n−1 ... 0.
    private static func close(_ generators: [SymmetryElement]) -> [SymmetryOperator] {
        var found = generators.flatMap(operators(of:))
        func visit(_ i: Int, _ j: Int) {
            let product = cleaned(
                SymmetryOperator(left: found[i].left * found[j].left, right: found[i].right * found[j].right))
            if isSame(product, .identity) || found.contains(where: { isSame($0, product) }) { return }
            found.append(product)
        }
        var shell = 0
        while shell < found.count {
            for i in 0...shell { visit(i, shell) }
            for j in stride(from: shell - 1, through: 0, by: -1) { visit(shell, j) }
            shell += 1
        }
        return [.identity] + found
    }

    private static func operators(of element: SymmetryElement) -> [SymmetryOperator] {
        switch element {
        case .axis(let fold, let axis):
            return (1..<max(1, fold)).map { step in
                // Angles are added up as the reference program does; the sum differs from the product in the last bits.
                var angle = 0.0
                for _ in 0..<step { angle += 360 / Double(fold) }
                let turn = RotationMatrix(angleInDegrees: angle, axis: axis).transpose
                return cleaned(SymmetryOperator(left: .identity, right: turn))
            }
        case .mirrorPlane(let normal):
            let n = normal.normalised
            let mirror = RotationMatrix(
                rows: Vector3(1, 0, 0) - 2 * n.x * n, Vector3(0, 1, 0) - 2 * n.y * n, Vector3(0, 0, 1) - 2 * n.z * n)
            return [cleaned(SymmetryOperator(left: .identity, right: mirror))]
        case .inversion:
            return [SymmetryOperator(left: .diagonal(1, 1, -1), right: .diagonal(-1, -1, -1))]
        }
    }

    private static func isSame(_ a: SymmetryOperator, _ b: SymmetryOperator) -> Bool {
        a.left.isClose(to: b.left, tolerance: tolerance) && a.right.isClose(to: b.right, tolerance: tolerance)
    }

    /// Elements that are zero but for rounding become +0, so that angles of the operators have no −0.
    private static func cleaned(_ o: SymmetryOperator) -> SymmetryOperator {
        func clean(_ v: Vector3) -> Vector3 {
            Vector3(abs(v.x) < tolerance ? 0 : v.x, abs(v.y) < tolerance ? 0 : v.y, abs(v.z) < tolerance ? 0 : v.z)
        }
        func clean(_ m: RotationMatrix) -> RotationMatrix {
            RotationMatrix(rows: clean(m.row0), clean(m.row1), clean(m.row2))
        }
        return SymmetryOperator(left: clean(o.left), right: clean(o.right))
    }
}
