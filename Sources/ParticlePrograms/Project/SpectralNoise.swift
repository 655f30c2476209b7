import Arrays
import ComplexModule
import Foundation
import Fourier
import Metadata
import Randomness
import Reporting

/// Normally distributed noise on a transform, of a standard deviation per shell for each of real and imaginary part.
enum SpectralNoise: Sendable {
    case white(sigma: Double)
    /// Variance per shell; the last one continues.
    case coloured(variance: [Double])

    /// One sample; the same for the same stream.
    func draw(shape: Shape, stream: Int) -> [ComplexFloat] {
        var generator = CounterGenerator(seed: 1, stream: stream)
        let half = shape.halfPlane.x
        var result = [ComplexFloat](repeating: .zero, count: shape.halfPlane.count)
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                let ky = signedFrequency(y, length: shape.y), kz = shape.z > 1 ? signedFrequency(z, length: shape.z) : 0
                for x in 0..<half {
                    let sigma = sigma(shell: RadialShells.shell(squaredRadius: Float(x * x + ky * ky + kz * kz)))
                    result[(z * shape.y + y) * half + x] = Complex(
                        Float(sigma * generator.standardNormal()), Float(sigma * generator.standardNormal()))
                }
            }
        }
        return result
    }

    private func sigma(shell: Int) -> Double {
        switch self {
        case .white(let sigma): sigma
        case .coloured(let variance): variance[min(shell, variance.count - 1)].squareRoot()
        }
    }
}
