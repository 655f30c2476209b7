import Arrays
import Fourier
import Foundation

/// The finely sampled transform of a reference image, from which transforms of its rotations are interpolated.
///
/// The reference is divided by what bilinear interpolation does to it, so that rotations are exact but for aliases, which a
/// fine sampling makes small.
struct RotatableReference: Sendable {
    /// Coefficients of the whole plane, frequency (0, 0) in the middle.
    private let values: [ComplexFloat]
    private let side: Int
    private let half: Int
    /// Fine samples from one coefficient of the working image to the next.
    private let step: Float
    /// Largest frequency, in coefficients of the working image.
    let radius: Int

    /// - Parameters:
    ///   - image: square, even, centre at box/2, pixels of the micrograph.
    ///   - oversampling: fine samples in a coefficient of the image's own box.
    ///   - radius: frequencies of the square of the micrograph that are kept.
    init(_ image: RealArray, grid: PickingGrid, radius: Int, oversampling: Int) {
        let box = image.shape.x, padded = box * oversampling
        let step = Double(padded) / Double(grid.size)
        let half = min(padded / 2 - 1, Int((Double(radius) * step).rounded(.up)) + 1)
        (self.step, self.half, side) = (Float(step), half, 2 * half + 1)
        self.radius = min(radius, grid.workSize / 2 - 1, Int(Double(half - 1) / step))
        let correction = (0..<box).map { index -> Float in
            let x = Double(index - box / 2) / Double(padded) * .pi
            return Float(x == 0 ? 1 : pow(x / sin(x), 2))
        }
        let transform = CroppingTransform(size: padded, newSize: 2 * (half + 1))
        let first = padded / 2 - box / 2, columns = half + 2
        var spectrum = [ComplexFloat](repeating: ComplexFloat(0, 0), count: columns * 2 * (half + 1))
        spectrum.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            transform.forward(into: target, filledRows: first..<first + box, scratch: transform.makeScratch()) { y, row in
                row.update(repeating: 0, count: padded)
                let factor = correction[y - first]
                for x in 0..<box { row[first + x] = image.values[(y - first) * box + x] * factor * correction[x] }
            }
        }
        // Forward transforms are scaled by the number of their pixels; the coefficients are to be those of the square.
        let scale = Float(pow(step, 2))
        var plane = [ComplexFloat](repeating: ComplexFloat(0, 0), count: side * side)
        for y in -half...half {
            for x in -half...half {
                let row = (x < 0 ? -y : y), value = spectrum[frequencyIndex(row, length: 2 * (half + 1)) * columns + abs(x)]
                let sign: Float = (x + y) & 1 == 0 ? scale : -scale
                plane[(y + half) * side + x + half] = ComplexFloat(value.real * sign, (x < 0 ? -value.imaginary : value.imaginary) * sign)
            }
        }
        values = plane
    }

    /// The transform of the reference turned by ψ, phase origin in the corner pixel (the reference's centre is there).
    ///
    /// - Parameter result: rows of radius + 1 coefficients, y frequencies 0 ... radius, −radius ... −1. Coefficients beyond the
    ///   radius are left as they are.
    func rotated(psiInDegrees psi: Double, into result: UnsafeMutablePointer<ComplexFloat>) {
        let (cosine, sine) = (Float(cos(psi * .pi / 180)) * step, Float(sin(psi * .pi / 180)) * step)
        let columns = radius + 1, rows = 2 * radius + 1, side = side, centre = Float(half)
        values.withUnsafeBufferPointer { table in
            guard let table = table.baseAddress else { return }
            for ky in -radius...radius {
                let row = result + frequencyIndex(ky, length: rows) * columns
                let last = Int(Double(radius * radius - ky * ky).squareRoot())
                let (startX, startY) = (centre - sine * Float(ky), centre + cosine * Float(ky))
                for kx in 0...last {
                    let x = startX + cosine * Float(kx), y = startY + sine * Float(kx)
                    let (left, top) = (Int(x), Int(y))
                    let (fx, fy) = (x - Float(left), y - Float(top))
                    let p = table + top * side + left
                    let (a, b, c, d) = (p[0], p[1], p[side], p[side + 1])
                    let upperReal = a.real + fx * (b.real - a.real), upperImaginary = a.imaginary + fx * (b.imaginary - a.imaginary)
                    let lowerReal = c.real + fx * (d.real - c.real), lowerImaginary = c.imaginary + fx * (d.imaginary - c.imaginary)
                    row[kx] = ComplexFloat(
                        upperReal + fy * (lowerReal - upperReal), upperImaginary + fy * (lowerImaginary - upperImaginary))
                }
            }
        }
    }
}
