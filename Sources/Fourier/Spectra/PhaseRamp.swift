import Arrays
import ComplexModule
import Foundation

/// The phase ramp exp(−2πi k·s/n) that moves content of a real array by +s pixels, as one table per axis.
package struct PhaseRamp: Sendable {
    package let realShape: Shape
    private let x: [ComplexFloat]
    private let y: [ComplexFloat]
    private let z: [ComplexFloat]

    /// - Parameters sx, sy, sz: shift in pixels; content moves towards higher indices.
    package init(realShape: Shape, shift sx: Double, _ sy: Double, _ sz: Double = 0) {
        self.realShape = realShape
        func table(_ count: Int, _ length: Int, _ shift: Double) -> [ComplexFloat] {
            (0..<count).map { index in
                // Whole turns are dropped first: it keeps signs exact for shifts by half a box.
                let turns = Double(signedFrequency(index, length: length)) * shift / Double(length)
                let fraction = turns - turns.rounded()
                switch abs(fraction) {
                case 0: return .one
                case 0.5: return Complex(-1, 0)
                default:
                    let angle = -2 * Double.pi * fraction
                    return Complex(Float(cos(angle)), Float(sin(angle)))
                }
            }
        }
        x = table(realShape.x / 2 + 1, realShape.x, sx)
        y = table(realShape.y, realShape.y, sy)
        z = table(realShape.z, realShape.z, sz)
    }

    /// Multiplies `realShape.halfPlane.count` coefficients by the ramp; `input` and `output` may be the same memory.
    package func apply(_ input: UnsafePointer<ComplexFloat>, into output: UnsafeMutablePointer<ComplexFloat>) {
        let half = realShape.halfPlane.x
        x.withUnsafeBufferPointer { x in
            for zi in 0..<realShape.z {
                for yi in 0..<realShape.y {
                    let factor = z[zi].times(y[yi])
                    let row = (zi * realShape.y + yi) * half
                    for xi in 0..<half { output[row + xi] = input[row + xi].times(factor.times(x[xi])) }
                }
            }
        }
    }
}

extension FourierArray {
    /// Moves the content of the real array by (sx, sy, sz) pixels, +x to the right, +y towards higher rows, with wrap-around.
    package mutating func translate(by sx: Double, _ sy: Double, _ sz: Double = 0) {
        apply(PhaseRamp(realShape: realShape, shift: sx, sy, sz))
    }

    /// - Precondition: same shape.
    package mutating func apply(_ ramp: PhaseRamp) {
        precondition(ramp.realShape == realShape)
        values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            ramp.apply(base, into: base)
        }
    }
}
