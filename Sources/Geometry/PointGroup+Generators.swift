/// What generates a point group.
enum SymmetryElement: Sendable, Hashable {
    case axis(fold: Int, Vector3)
    case mirrorPlane(normal: Vector3)
    case inversion
}

extension PointGroup {
    /// Elements that generate the group, in the order that fixes the order of its operators.
    ///
    /// Coordinates of axes have the digits that XMIPP and RELION give them: the operators, which follow from them, agree to
    /// the last printed digit only so.
    var generators: [SymmetryElement] {
        let z = Vector3(0, 0, 1)
        func mainAxis(_ n: Int) -> [SymmetryElement] { n > 1 ? [.axis(fold: n, z)] : [] }
        let twofoldX = SymmetryElement.axis(fold: 2, Vector3(1, 0, 0))
        switch self {
        case .cyclic(let n): return mainAxis(n)
        case .inversion: return [.inversion]
        case .mirror: return [.mirrorPlane(normal: z)]
        case .cyclicVertical(let n): return mainAxis(n) + [.mirrorPlane(normal: Vector3(0, 1, 0))]
        case .cyclicHorizontal(let n): return mainAxis(n) + [.mirrorPlane(normal: z)]
        case .rotoreflection(let n): return mainAxis(n / 2) + [.inversion]
        case .dihedral(let n): return mainAxis(n) + [twofoldX]
        case .dihedralVertical(let n): return mainAxis(n) + [twofoldX, .mirrorPlane(normal: Vector3(1, 0, 0))]
        case .dihedralHorizontal(let n): return mainAxis(n) + [twofoldX, .mirrorPlane(normal: z)]
        case .tetrahedral: return [.axis(fold: 3, z), .axis(fold: 2, Vector3(0, 0.816496, 0.577350))]
        case .tetrahedralFull:
            return PointGroup.tetrahedral.generators + [.mirrorPlane(normal: Vector3(1.4142136, 2.4494897, 0))]
        case .tetrahedralInversion:
            return [.axis(fold: 3, z), .axis(fold: 2, Vector3(0, -0.816496, -0.577350)), .inversion]
        case .octahedral:
            return [.axis(fold: 3, Vector3(0.5773502, 0.5773502, 0.5773502)), .axis(fold: 4, z)]
        case .octahedralFull: return PointGroup.octahedral.generators + [.mirrorPlane(normal: Vector3(0, 1, 1))]
        case .icosahedral(let setting): return Self.icosahedralAxes(setting: setting)
        case .icosahedralFull(let setting):
            let normals = [
                1: Vector3(0, 0, -1), 2: Vector3(1, 0, 0), 3: Vector3(0.850650807, 0, 0.525731114),
                4: Vector3(0.850650807, 0, -0.525731114),
            ]
            return Self.icosahedralAxes(setting: setting) + [.mirrorPlane(normal: normals[setting] ?? z)]
        }
    }

    private static func icosahedralAxes(setting: Int) -> [SymmetryElement] {
        switch setting {
        case 1:
            return [
                .axis(fold: 2, Vector3(1, 0, 0)), .axis(fold: 5, Vector3(0.85065080702670, 0, -0.5257311142635)),
                .axis(fold: 3, Vector3(0.9341723640, 0.3568220765, 0)),
            ]
        case 3:
            return [
                .axis(fold: 2, Vector3(-0.5257311143, 0, 0.8506508070)), .axis(fold: 5, Vector3(0, 0, 1)),
                .axis(fold: 3, Vector3(-0.4911234778630044, 0.3568220764705179, 0.7946544753759428)),
            ]
        case 4:
            return [
                .axis(fold: 2, Vector3(0.5257311143, 0, 0.8506508070)),
                .axis(fold: 5, Vector3(0.8944271932547096, 0, 0.4472135909903704)),
                .axis(fold: 3, Vector3(0.4911234778630044, 0.3568220764705179, 0.7946544753759428)),
            ]
        default:
            return [
                .axis(fold: 2, Vector3(0, 0, 1)), .axis(fold: 5, Vector3(0.525731114, 0, 0.850650807)),
                .axis(fold: 3, Vector3(0, 0.356822076, 0.934172364)),
            ]
        }
    }
}
