import Arrays
import Foundation

/// A featureless elongated blob, as a clump of denatured protein: a Gaussian of projected potential.
struct Contaminant {
    /// Standard deviation along x, Å.
    let radius: Double
    let shift: SIMD2<Double>
    /// Ratio of the standard deviations along x and y.
    let elongation: Double

    /// Mean potential of protein above that of ice, V.
    private static let potential = 2.0

    func draw(into spectrum: inout FourierArray, pixelSizeInAngstrom pixel: Double, scale: Double) {
        let box = spectrum.realShape.x
        let step = 1 / (Double(box) * pixel)
        let area = 2 * Double.pi * radius * radius / elongation
        // The blob is as thick as it is wide: its projected potential at the centre is potential × √2π × radius.
        let integral = Self.potential * (2 * Double.pi).squareRoot() * radius * area * scale
        for y in 0..<box {
            let fy = signedFrequency(y, length: box)
            let ky = Double(fy) * step
            for x in 0...box / 2 {
                let kx = Double(x) * step
                let width = radius * radius * (kx * kx + ky * ky / (elongation * elongation))
                let amplitude = integral * exp(-2 * Double.pi * Double.pi * width) * step * step
                // The centre of the image is at box/2: the sign alternates.
                let sign = (x + abs(fy)) % 2 == 0 ? 1.0 : -1.0
                let phase = -2 * Double.pi * (kx * shift.x + ky * shift.y)
                spectrum[x, y] = ComplexFloat(Float(sign * amplitude * cos(phase)), Float(sign * amplitude * sin(phase)))
            }
        }
    }
}
