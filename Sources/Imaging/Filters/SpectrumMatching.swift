import Arrays
import Foundation
import Fourier
import Parallel

/// Mean amplitude or power per shell out to the corners of the transform.
package struct CornerSpectrum: Sendable {
    /// Index: round(|k|·n) for the x extent n; shells without coefficients hold 0.
    package let means: [Double]

    package enum Quantity: Sendable { case amplitude, power }

    package init(_ spectrum: FourierArray, _ quantity: Quantity) {
        var sums = [Double](repeating: 0, count: Self.shellCount(spectrum.realShape)), counts = sums
        Self.forEachCoefficient(spectrum.realShape) { shell, index in
            let power = Double(spectrum.values[index].power)
            sums[shell] += quantity == .power ? power : power.squareRoot()
            counts[shell] += 1
        }
        means = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    }

    static func shellCount(_ shape: Shape) -> Int {
        Int((Double(shape.x) / 2 * (shape.z > 1 ? 3.0 : 2.0).squareRoot()).rounded(.up)) + 2
    }

    static func forEachCoefficient(_ shape: Shape, _ body: (_ shell: Int, _ index: Int) -> Void) {
        let half = shape.halfPlane.x
        let scaleY = Double(shape.x) / Double(shape.y), scaleZ = Double(shape.x) / Double(shape.z)
        for z in 0..<shape.z {
            let kz = shape.z > 1 ? Double(signedFrequency(z, length: shape.z)) * scaleZ : 0
            for y in 0..<shape.y {
                let ky = Double(signedFrequency(y, length: shape.y)) * scaleY
                for x in 0..<half {
                    body(Int((kz * kz + ky * ky + Double(x * x)).squareRoot() + 0.5), (z * shape.y + y) * half + x)
                }
            }
        }
    }
}

extension RealArray {
    /// The array with the mean amplitude of every shell made equal to that of `reference` (same shape); the mean too.
    package func matchingAmplitudes(of reference: RealArray, pool: ThreadPool? = nil) -> RealArray {
        let transform = FourierTransform(shape: shape)
        var spectrum = transform.forward(self, pool: pool)
        let own = CornerSpectrum(spectrum, .amplitude).means
        let wanted = CornerSpectrum(transform.forward(reference, pool: pool), .amplitude).means
        let factors = zip(own, wanted).map { $0 > 0 ? Float($1 / $0) : 1 }
        CornerSpectrum.forEachCoefficient(shape) { shell, index in
            spectrum.values[index] = spectrum.values[index].multiplied(by: factors[shell])
        }
        return transform.inverse(spectrum, pool: pool)
    }
}
