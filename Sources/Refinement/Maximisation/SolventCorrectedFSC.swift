import Arrays
import Foundation
import Fourier
import Parallel
import Randomness

/// FSC of two masked half maps, corrected for the correlation that the mask itself brings (Chen et al. 2013,
/// Ultramicroscopy 135:24): beyond some resolution the phases are randomised, and what correlation remains is the mask's.
struct SolventCorrectedFSC {
    /// Per shell; 1 at low resolution where nothing is randomised stays as measured within the mask.
    let corrected: [Double]

    /// Phases are randomised from the shell where the FSC without mask falls below this value.
    private static let randomiseBelow = 0.8

    /// - Parameter mask: of the maps' shape, 0...1.
    init(first: RealArray, second: RealArray, mask: RealArray, seed: Int, pool: ThreadPool) {
        let transform = FourierTransform(shape: first.shape)
        let a = transform.forward(first, pool: pool), b = transform.forward(second, pool: pool)
        let unmasked = FourierShellCorrelation(a, b, pool: pool).correlation
        let start = max(1, unmasked.indices.first { $0 > 0 && unmasked[$0] < Self.randomiseBelow } ?? unmasked.count - 1)
        func correlation(_ x: RealArray, _ y: RealArray) -> [Double] {
            FourierShellCorrelation(transform.forward(Self.masked(x, mask), pool: pool),
                                    transform.forward(Self.masked(y, mask), pool: pool), pool: pool).correlation
        }
        let masked = correlation(first, second)
        let random = correlation(
            transform.inverse(Self.randomised(a, from: start, seed: seed, stream: 1), pool: pool),
            transform.inverse(Self.randomised(b, from: start, seed: seed, stream: 2), pool: pool))
        corrected = masked.indices.map { shell in
            // Two shells beyond the start the randomisation is complete.
            guard shell >= start + 2, random[shell] < 1 else { return masked[shell] }
            return masked[shell] < random[shell] ? 0 : (masked[shell] - random[shell]) / (1 - random[shell])
        }
    }

    private static func masked(_ map: RealArray, _ mask: RealArray) -> RealArray {
        RealArray(shape: map.shape, values: zip(map.values, mask.values).map { $0 * $1 })
    }

    private static func randomised(_ spectrum: FourierArray, from start: Int, seed: Int, stream: Int) -> FourierArray {
        var generator = CounterGenerator(seed: seed, stream: stream)
        var result = spectrum
        let shape = spectrum.realShape, width = shape.x / 2 + 1
        for z in 0..<shape.z {
            let kz = signedFrequency(z, length: shape.z)
            for y in 0..<shape.y {
                let ky = signedFrequency(y, length: shape.y)
                for x in 0..<width {
                    guard Int(Double(x * x + ky * ky + kz * kz).squareRoot().rounded()) >= start else { continue }
                    let i = (z * shape.y + y) * width + x
                    let value = result.values[i]
                    let amplitude = (value.real * value.real + value.imaginary * value.imaginary).squareRoot()
                    let phase = Float(2 * Double.pi * generator.uniform())
                    result.values[i] = ComplexFloat(amplitude * cos(phase), amplitude * sin(phase))
                }
            }
        }
        return result
    }
}
