import Arrays
import Foundation
import Randomness
import TextFormats

/// The granularity of amorphous ice: random projected potential with the scattering of water, before the transfer function.
enum IceStructure {
    /// Water molecules in an Å³ of amorphous ice (0.93 g/cm³).
    static let numberDensity = 0.031
    /// Mean structure factor below the first diffraction ring: neighbours keep their distance, which evens the density out.
    static let structureFactor = 0.12

    /// Standard deviation of each Fourier coefficient (real and imaginary part together), V·Å, on the half plane; empty without ice.
    static func amplitudes(thickness: Double, box: Int, pixelSizeInAngstrom pixel: Double) -> [Float] {
        guard thickness > 0, let oxygen = ScatteringFactor(.oxygen), let hydrogen = ScatteringFactor(.hydrogen) else { return [] }
        let length = Double(box) * pixel
        let molecules = numberDensity * thickness * length * length
        var result = [Float](repeating: 0, count: (box / 2 + 1) * box)
        for y in 0..<box {
            let fy = signedFrequency(y, length: box)
            for x in 0...box / 2 where x != 0 || fy != 0 {
                let k = Double(x * x + fy * fy).squareRoot() / length
                let scattering = oxygen.value(atFrequency: k, bFactor: 0) + 2 * hydrogen.value(atFrequency: k, bFactor: 0)
                let potential = AtomicPotential.voltsPerScatteringFactor * scattering
                result[y * (box / 2 + 1) + x] =
                    Float((molecules * structureFactor).squareRoot() * potential / (length * length))
            }
        }
        return result
    }

    /// Adds one random field. The lines x = 0 and x = box/2 are kept Hermitian, so that the image is real.
    static func add(amplitudes: [Float], to spectrum: inout FourierArray, using generator: inout CounterGenerator) {
        let box = spectrum.realShape.x, half = box / 2 + 1
        for y in 0..<box {
            for x in 0..<half {
                let isEdge = x == 0 || x == box / 2
                if isEdge, y > box / 2 { continue }
                let (a, b) = generator.normalPair()
                let isReal = isEdge && (y == 0 || y == box / 2)
                let scale = amplitudes[y * half + x] * (isReal ? 1 : Float(0.5).squareRoot())
                let value = ComplexFloat(Float(a) * scale, isReal ? 0 : Float(b) * scale)
                spectrum[x, y] += value
                if isEdge, y > 0, y < box / 2 { spectrum[x, box - y] += value.conjugate }
            }
        }
    }
}
