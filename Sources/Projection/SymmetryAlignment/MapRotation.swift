import Arrays
import ComplexModule
import Fourier
import Geometry
import Parallel

/// Turns maps in Fourier space, and averages them over a point group.
package enum MapRotation {
    /// The map turned by `rotation` about its centre (box/2): result(R·x) = map(x).
    ///
    /// Frequencies beyond |k| = box/2 are lost.
    /// - Precondition: `reference` was made from a cube with `dataDimension: .three`.
    package static func rotate(
        _ reference: PaddedReference, by rotation: RotationMatrix, averagedOver symmetry: SymmetryGroup = .none,
        pool: ThreadPool
    ) -> RealArray {
        let box = reference.layout.box
        // result(k) = F(R⁻¹ S k), averaged over the elements S of the group.
        let turns = symmetry.operators.map { rotation.transpose * $0.right }
        let sampler = TransformSampler(reference)
        let half = box / 2
        let shape = Shape.cube(box)
        let sections = pool.map(count: box) { section, _ -> [ComplexFloat] in
            let z = signedFrequency(section, length: box)
            var values = [ComplexFloat](repeating: .zero, count: shape.halfPlane.x * box)
            for row in 0..<box {
                let y = signedFrequency(row, length: box)
                for x in 0...half where x * x + y * y + z * z <= half * half {
                    let k = Vector3(Double(x), Double(y), Double(z))
                    var sum: (Float, Float) = (0, 0)
                    for turn in turns {
                        let value = sampler.value(at: turn * k)
                        sum = (sum.0 + value.real, sum.1 + value.imaginary)
                    }
                    let scale = 1 / Float(turns.count)
                    values[row * shape.halfPlane.x + x] = ComplexFloat(sum.0 * scale, sum.1 * scale)
                }
            }
            return values
        }
        var spectrum = FourierArray(realShape: shape, values: sections.flatMap { $0 })
        spectrum.movePhaseOriginToCorner()
        return FourierTransform(shape: shape).inverse(spectrum, pool: pool)
    }
}
