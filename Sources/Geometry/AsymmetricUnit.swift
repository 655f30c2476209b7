/// The directions that stand for all others of a point group: a wedge of rot and tilt and half spaces through the centre.
///
/// The regions are RELION's (from XMIPP), borders included, so that tables of directions agree. Borders count twice for
/// that reason; `OrientationGrid` removes the doubles afterwards.
struct AsymmetricUnit {
    private var rotRange: ClosedRange<Double> = -360...360
    /// rot == 0 is also inside: views along the poles, for which rot has no meaning.
    private var includesZeroRot = false
    private var tiltLimit = 180.0
    private var planes: [Vector3] = []

    func contains(_ view: ViewDirection, vector: Vector3) -> Bool {
        let inWedge = rotRange.contains(view.rot) && view.tilt <= tiltLimit
        return (inWedge || includesZeroRot && view.rot == 0) && planes.allSatisfy { vector.dot($0) >= 0 }
    }

    init(of group: PointGroup) {
        switch group {
        case .cyclic(let n): rotRange = -180 / Double(n)...180 / Double(n)
        case .inversion, .mirror: tiltLimit = 90
        case .cyclicVertical(let n): rotRange = 0...180 / Double(n)
        case .cyclicHorizontal(let n):
            rotRange = -180 / Double(n)...180 / Double(n)
            tiltLimit = 90
        case .rotoreflection(let n):
            rotRange = -360 / Double(n)...360 / Double(n)
            tiltLimit = 90
        case .dihedral(let n):
            // The two-fold axis is along x: the wedge lies around y. D1 has no main axis to cut a wedge.
            if n > 1 { rotRange = -180 / Double(n) + 90...180 / Double(n) + 90 }
            tiltLimit = 90
        case .dihedralVertical(let n), .dihedralHorizontal(let n):
            rotRange = 90...180 / Double(n) + 90
            tiltLimit = 90
        case .tetrahedral:
            rotRange = 90...150
            includesZeroRot = true
            planes = [(-0.942809, 0, 0), (0.471405, 0.272165, 0.7698), (0.471404, 0.816497, 0)].map(Self.normal)
        case .tetrahedralFull:
            planes = [(-0.942809, 0, 0), (0.471405, 0.272165, 0.7698), (0, 0.471405, -0.666667)].map(Self.normal)
        case .tetrahedralInversion:
            planes = [(-0.816496, 0, 0), (0.707107, 0.408248, -0.57735), (-0.408248, -0.707107, 0)].map(Self.normal)
        case .octahedral, .octahedralFull:
            rotRange = (group == .octahedral ? 45 : 90)...135
            includesZeroRot = group == .octahedral
            tiltLimit = 90
            planes = [(0, -1, 1), (1, 1, 0), (-1, 1, 0)].map(Self.normal)
        case .icosahedral(let setting): planes = Self.icosahedralPlanes(setting: setting, isFull: false)
        case .icosahedralFull(let setting): planes = Self.icosahedralPlanes(setting: setting, isFull: true)
        }
    }

    private static func normal(_ v: (Double, Double, Double)) -> Vector3 { Vector3(v.0, v.1, v.2).normalised }

    /// Half the angle between neighbouring five-fold axes.
    private static let halfFivefoldAngle = 31.7174745559

    private static func icosahedralPlanes(setting: Int, isFull: Bool) -> [Vector3] {
        // The triangle between two five-folds and a three-fold, in setting 2 and lying about the five-fold frame.
        let upright = [
            (0, 1, 0), (-0.4999999839058737, -0.8090170074556163, 0.3090169861701543),
            (0.4999999839058737, -0.8090170074556163, 0.3090169861701543),
        ].map(normal)
        let lying = [
            (0, 0, 1), (0.187592467856686, -0.303530987314591, -0.491123477863004),
            (0.187592467856686, 0.303530987314591, -0.491123477863004),
        ].map(normal)
        func turned(_ vectors: [Vector3], tilt: Double) -> [Vector3] {
            let matrix = EulerAngles(rot: 0, tilt: tilt, psi: 0).matrix
            return vectors.map { (matrix * $0).normalised }
        }
        let x = Vector3(1, 0, 0)
        let y = Vector3(0, 1, 0)
        switch (setting, isFull) {
        case (1, false): return turned(upright, tilt: 90)
        case (3, false): return turned(upright, tilt: halfFivefoldAngle)
        case (4, false): return turned(lying, tilt: -halfFivefoldAngle).map { -$0 }
        case (1, true): return turned([upright[0], upright[1], x], tilt: 90)
        case (3, true): return turned(lying, tilt: halfFivefoldAngle) + [y]
        case (4, true): return turned(lying, tilt: -halfFivefoldAngle).map { -$0 } + [y]
        case (_, true): return [upright[0], upright[1], x]
        default: return upright
        }
    }
}
