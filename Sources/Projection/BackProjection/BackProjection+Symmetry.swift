import Arrays
import ComplexModule
import Fourier
import Geometry
import Parallel

extension BackProjection {
    /// Makes the stored half consistent on its border x = 0, where F(−y, −z) = F(y, z)*: each point of a pair gets the sum of both.
    ///
    /// Insertion adds to one member of a pair only. Call once, after all slices and before anything that reads the arrays.
    package func enforceHermitianSymmetry() {
        for z in layout.zRange where z >= 0 {
            for y in -layout.extent...layout.extent where z > 0 || y > 0 {
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
}
