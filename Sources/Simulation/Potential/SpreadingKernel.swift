import Foundation

/// The Kaiser–Bessel kernel with which points are put on a grid, and its transform, by which the grid's transform is divided.
///
/// A non-uniform FFT of type 1 (Dutt & Rokhlin 1993; kernel and shape parameter of Beatty, Nishimura & Pauly 2005): with a grid
/// finer by 5/4 than the image and eight points an axis the error is about 10⁻⁵ of the largest coefficient.
struct SpreadingKernel: Sendable {
    /// Grid points an axis that one atom touches; one SIMD8.
    static let width = 8
    /// The grid is finer than the image by this ratio.
    static let oversampling = (numerator: 5, denominator: 4)

    private static let samplesPerPoint = 1024
    private let shape: Double
    /// Kernel from −width/2 to width/2.
    private let table: [Float]

    init() {
        let w = Double(Self.width), ratio = Double(Self.oversampling.numerator) / Double(Self.oversampling.denominator)
        shape = Double.pi * (w * w / (ratio * ratio) * (ratio - 0.5) * (ratio - 0.5) - 0.8).squareRoot()
        let n = Self.width * Self.samplesPerPoint
        let (beta, half) = (shape, w / 2)
        table = (0...n + 1).map { i in
            let x = (Double(i) / Double(Self.samplesPerPoint) - half) / half
            return abs(x) <= 1 ? Float(Self.besselI0(beta * (1 - x * x).squareRoot()) / Self.besselI0(beta)) : 0
        }
    }

    /// The grid's length for an image axis of `length` pixels.
    static func gridLength(for length: Int) -> Int { length * oversampling.numerator / oversampling.denominator }

    /// First grid point and the eight weights for a point at grid coordinate `u`.
    @inline(__always)
    func weights(at u: Double) -> (first: Int, weights: SIMD8<Float>) {
        let first = Int((u - Double(Self.width) / 2).rounded(.up))
        // Distance of the first point from the left end of the kernel, in 0 ..< 1.
        let offset = Double(first) - (u - Double(Self.width) / 2)
        let position = offset * Double(Self.samplesPerPoint)
        let index = Int(position)
        let part = Float(position - Double(index))
        var result = SIMD8<Float>()
        table.withUnsafeBufferPointer { table in
            for j in 0..<Self.width {
                let at = index + j * Self.samplesPerPoint
                result[j] = table[at] + part * (table[at + 1] - table[at])
            }
        }
        return (first, result)
    }

    /// The kernel's continuous transform at `frequency` cycles per grid point.
    func transform(atFrequency frequency: Double) -> Double {
        let w = Double(Self.width)
        let t = shape * shape - (Double.pi * w * frequency) * (Double.pi * w * frequency)
        let value: Double
        if t > 1e-8 {
            value = sinh(t.squareRoot()) / t.squareRoot()
        } else if t < -1e-8 {
            value = sin((-t).squareRoot()) / (-t).squareRoot()
        } else {
            value = 1
        }
        return w * value / Self.besselI0(shape)
    }

    /// Modified Bessel function of order 0, by its power series; x up to 20 needs about 40 terms.
    private static func besselI0(_ x: Double) -> Double {
        var sum = 1.0, term = 1.0
        for k in 1..<80 {
            term *= (x / 2) * (x / 2) / Double(k * k)
            sum += term
            if term < 1e-17 * sum { break }
        }
        return sum
    }
}
