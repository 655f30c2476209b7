import Arrays
import ComplexModule
import Foundation
import Fourier
import Parallel
import Randomness

extension FourierArray {
    /// Gives all coefficients at `shell` and beyond (|k| in units of 1/n, n the x extent) random phases; amplitudes stay
    /// (Chen et al., Ultramicroscopy 135 (2013) 24).
    ///
    /// Coefficients that are conjugates of each other on the plane x = 0 (and at Nyquist in x) stay conjugates, so no
    /// power is lost in the inverse transform.
    package mutating func randomisePhases(fromShell shell: Int, seed: Int, pool: ThreadPool? = nil) {
        let shape = realShape, half = self.shape.x
        let scaleY = Double(shape.x) / Double(shape.y), scaleZ = Double(shape.x) / Double(shape.z)
        values.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let data = buffer  // Rows are disjoint.
            (pool ?? .one).forEachChunk(count: shape.y * shape.z, chunk: 64) { rows, _ in
                for row in rows {
                    let (y, z) = (row % shape.y, row / shape.y)
                    let ky = Double(signedFrequency(y, length: shape.y)) * scaleY
                    let kz = shape.z > 1 ? Double(signedFrequency(z, length: shape.z)) * scaleZ : 0
                    let partnerRow = ((shape.z - z) % shape.z) * shape.y + (shape.y - y) % shape.y
                    for x in 0..<half where ky * ky + kz * kz + Double(x * x) >= Double(shell * shell) {
                        let isOwnPlane = x == 0 || 2 * x == shape.x
                        if isOwnPlane && partnerRow == row { continue }
                        let leader = isOwnPlane ? min(row, partnerRow) : row
                        var generator = CounterGenerator(seed: seed, stream: leader * half + x)
                        let phase = 2 * Double.pi * generator.uniform() * (leader == row ? 1 : -1)
                        let amplitude = Double(data[row * half + x].power.squareRoot())
                        data[row * half + x] = ComplexFloat(Float(amplitude * cos(phase)), Float(amplitude * sin(phase)))
                    }
                }
            }
        }
    }
}

extension RealArray {
    /// As `FourierArray.randomisePhases`, of an image or map.
    package func phaseRandomised(fromShell shell: Int, seed: Int, pool: ThreadPool? = nil) -> RealArray {
        let transform = FourierTransform(shape: shape)
        var spectrum = transform.forward(self, pool: pool)
        spectrum.randomisePhases(fromShell: shell, seed: seed, pool: pool)
        return transform.inverse(spectrum, pool: pool)
    }
}
