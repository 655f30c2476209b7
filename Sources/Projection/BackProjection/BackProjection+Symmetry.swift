import Arrays
import ComplexModule
import Foundation
import Fourier
import Geometry
import Parallel

/// Helical symmetry as reconstruction imposes it in Fourier space.
package struct HelicalOperators: Sendable, Hashable {
    /// Copies summed, the identity included.
    package var asymmetricUnits: Int
    /// Positive for a right-handed helix.
    package var twistInDegrees: Double
    /// In pixels of the reconstruction.
    package var riseInPixels: Double

    package init(asymmetricUnits: Int, twistInDegrees: Double, riseInPixels: Double) {
        self.asymmetricUnits = asymmetricUnits
        self.twistInDegrees = twistInDegrees
        self.riseInPixels = riseInPixels
    }
}

extension BackProjection {
    /// Completes accumulators before they are used: consistent border, then helical and point-group symmetry.
    ///
    /// Sums over the operators, without dividing by their number: a weight then counts all symmetric copies of a particle. 2D
    /// accumulators and trivial groups only get a consistent border. Call once, after all slices.
    package func symmetrise(group: SymmetryGroup = .none, helix: HelicalOperators? = nil, pool: ThreadPool) {
        enforceHermitianSymmetry()
        guard layout.dimension == .three else { return }
        if let helix, helix.asymmetricUnits > 1 { sumCopies(Self.copies(of: helix, paddedBox: layout.paddedBox), pool: pool) }
        if !group.isTrivial {
            sumCopies(group.operators.map { SymmetryCopy(matrix: $0.right, turnsPerPlane: 0) }, pool: pool)
        }
    }

    /// Makes the stored half consistent on its border x = 0, where F(−y, −z) = F(y, z)*: each point of a pair gets the sum of both.
    ///
    /// Insertion adds to one member of a pair only. Call once, after all slices and before anything that reads the arrays.
    package func enforceHermitianSymmetry() {
        for z in layout.zRange where z >= 0 {
            for y in -layout.extent...layout.extent where (z > 0 || y > 0) && layout.rowCount(y, z) > 0 {
                let i = layout.index(0, y, z), j = layout.index(0, -y, -z)
                let sum = Complex(data.base[i].real + data.base[j].real, data.base[i].imaginary - data.base[j].imaginary)
                data.base[i] = sum
                data.base[j] = sum.conjugate
                let weights = weight.base[i] + weight.base[j]
                weight.base[i] = weights
                weight.base[j] = weights
            }
        }
    }

    /// Copies −⌈n/2⌉ ... of a helix about the middle one, as RELION counts them.
    static func copies(of helix: HelicalOperators, paddedBox: Int) -> [SymmetryCopy] {
        let first = -(helix.asymmetricUnits / 2)
        return (first..<first + helix.asymmetricUnits).map { h in
            let rotation = RotationMatrix(angleInDegrees: Double(h) * helix.twistInDegrees, axis: Vector3(0, 0, 1))
            return SymmetryCopy(matrix: rotation.transpose,
                                turnsPerPlane: -Double(h) * helix.riseInPixels / Double(paddedBox))
        }
    }

    private func sumCopies(_ copies: [SymmetryCopy], pool: ThreadPool) {
        Self.sumCopies(copies, of: data, layout: layout, pool: pool)
        Self.sumCopies(copies, of: weight, layout: layout, pool: pool)
    }

    /// Replaces each value within the sphere by the sum of the values at its images under the operators.
    private static func sumCopies<Element: SphereElement>(_ copies: [SymmetryCopy], of array: AlignedBuffer<Element>,
                                                          layout: CentredLayout, pool: ThreadPool) {
        let source = SphereCopy(array, layout: layout)
        let radius = layout.radius
        pool.forEach(count: 2 * radius + 1) { plane, _ in
            let z = plane - radius
            for y in -radius...radius {
                let last = CentredLayout.lastColumn(limit: radius * radius, rest: y * y + z * z)
                if last < 0 { continue }
                let row = array.base + layout.index(0, y, z)
                for copy in copies where !copy.isIdentity {
                    copy.addRow(of: source, y: y, z: z, count: last + 1, into: row)
                }
            }
        }
    }
}

/// One operator in Fourier space: frequency k takes the value at `matrix`·k, its phase turned in proportion to k's z.
struct SymmetryCopy: Sendable {
    var matrix: RotationMatrix
    var turnsPerPlane: Double

    var isIdentity: Bool { matrix.isClose(to: .identity, tolerance: 1e-9) && turnsPerPlane == 0 }

    @inline(__always)
    func addRow<Element: SphereElement>(of source: SphereCopy<Element>, y: Int, z: Int, count: Int,
                                        into row: UnsafeMutablePointer<Element>) {
        let start = matrix * Vector3(0, Double(y), Double(z))
        let step = Vector3(matrix.row0.x, matrix.row1.x, matrix.row2.x)
        let angle = 2 * Double.pi * turnsPerPlane * Double(z)
        let cosine = Float(cos(angle)), sine = Float(sin(angle))
        for x in 0..<count {
            var p = start + step * Double(x)
            let isMirrored = p.x < 0
            if isMirrored { p = -p }
            var value = source.trilinear(p)
            if isMirrored { value = value.mirrored }
            if turnsPerPlane != 0 { value = value.turned(cosine: cosine, sine: sine) }
            row[x] = .sum(row[x], value)
        }
    }
}
