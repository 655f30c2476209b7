import Foundation

/// A direction or position in three dimensions: (x, y, z).
@usableFromInline package typealias Vector3 = SIMD3<Double>

/// A 3 × 3 matrix, row-major: usually a rotation; elements of some point groups are improper (mirrors).
///
/// As an orientation it turns the reference into the image: a point p of the reference stands at `matrix * p` in the
/// frame of the particle, whose z axis is the direction of projection.
@frozen @usableFromInline package struct RotationMatrix: Sendable, Hashable {
    @usableFromInline package var row0: Vector3
    @usableFromInline package var row1: Vector3
    @usableFromInline package var row2: Vector3

    @inlinable package init(rows row0: Vector3, _ row1: Vector3, _ row2: Vector3) {
        self.row0 = row0
        self.row1 = row1
        self.row2 = row2
    }

    /// - Precondition: nine elements, row after row.
    package init(elements e: [Double]) {
        precondition(e.count == 9)
        self.init(rows: Vector3(e[0], e[1], e[2]), Vector3(e[3], e[4], e[5]), Vector3(e[6], e[7], e[8]))
    }

    package static func diagonal(_ x: Double, _ y: Double, _ z: Double) -> RotationMatrix {
        RotationMatrix(rows: Vector3(x, 0, 0), Vector3(0, y, 0), Vector3(0, 0, z))
    }

    package static let identity = diagonal(1, 1, 1)

    /// Right-handed rotation by an angle about an axis (Rodrigues); the axis need not be normalised.
    package init(angleInDegrees: Double, axis: Vector3) {
        let u = axis.normalised
        let angle = angleInDegrees * .pi / 180
        let c = cos(angle)
        let s = sin(angle)
        let d = (1 - c) * u
        self.init(
            rows: Vector3(c + d.x * u.x, d.x * u.y - s * u.z, d.x * u.z + s * u.y),
            Vector3(d.y * u.x + s * u.z, c + d.y * u.y, d.y * u.z - s * u.x),
            Vector3(d.z * u.x - s * u.y, d.z * u.y + s * u.x, c + d.z * u.z))
    }

    /// Nine elements, row after row.
    package var elements: [Double] { [row0.x, row0.y, row0.z, row1.x, row1.y, row1.z, row2.x, row2.y, row2.z] }

    @inlinable package subscript(row: Int, column: Int) -> Double {
        get { row == 0 ? row0[column] : row == 1 ? row1[column] : row2[column] }
        set {
            switch row {
            case 0: row0[column] = newValue
            case 1: row1[column] = newValue
            default: row2[column] = newValue
            }
        }
    }

    @inlinable package var transpose: RotationMatrix {
        RotationMatrix(
            rows: Vector3(row0.x, row1.x, row2.x), Vector3(row0.y, row1.y, row2.y), Vector3(row0.z, row1.z, row2.z))
    }

    package var determinant: Double { row0.dot(row1.cross(row2)) }
    package var trace: Double { row0.x + row1.y + row2.z }

    @inlinable package static func * (a: RotationMatrix, b: RotationMatrix) -> RotationMatrix {
        RotationMatrix(
            rows: a.row0.x * b.row0 + a.row0.y * b.row1 + a.row0.z * b.row2,
            a.row1.x * b.row0 + a.row1.y * b.row1 + a.row1.z * b.row2,
            a.row2.x * b.row0 + a.row2.y * b.row1 + a.row2.z * b.row2)
    }

    @inlinable package static func * (a: RotationMatrix, v: Vector3) -> Vector3 {
        Vector3(a.row0.dot(v), a.row1.dot(v), a.row2.dot(v))
    }

    /// Whether all elements agree within `tolerance`.
    package func isClose(to other: RotationMatrix, tolerance: Double) -> Bool {
        func near(_ a: Vector3, _ b: Vector3) -> Bool {
            abs(a.x - b.x) <= tolerance && abs(a.y - b.y) <= tolerance && abs(a.z - b.z) <= tolerance
        }
        return near(row0, other.row0) && near(row1, other.row1) && near(row2, other.row2)
    }

    /// The angle, 0 ... 180°, of the one rotation that leads from `other` to this rotation.
    package func rotationAngleInDegrees(to other: RotationMatrix) -> Double {
        let cosine = ((row0.dot(other.row0) + row1.dot(other.row1) + row2.dot(other.row2)) - 1) / 2
        return acos(min(1, max(-1, cosine))) * 180 / .pi
    }
}

extension Vector3 {
    @inlinable package func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

    @inlinable package func cross(_ b: Vector3) -> Vector3 {
        Vector3(y * b.z - z * b.y, z * b.x - x * b.z, x * b.y - y * b.x)
    }

    @inlinable package var length: Double { dot(self).squareRoot() }
    /// The unit vector in this direction; the zero vector stays as it is.
    @inlinable package var normalised: Vector3 { length > 0 ? self / length : self }
}
