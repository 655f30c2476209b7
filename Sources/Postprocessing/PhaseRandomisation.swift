import Arrays
import ComplexModule
import Fourier
import Foundation
import Parallel
import Randomness

extension FourierArray {
    /// Replaces the phases of all coefficients with |k| >= `shell` by random ones; amplitudes stay.
    ///
    /// The numbers are drawn in storage order, as RELION draws them: the same seed gives the same map. The plane x = 0 does not
    /// stay Hermitian; the inverse transform takes its real part, there as here.
    package mutating func randomisePhases(
        fromShell shell: Int, generator: inout AdditiveFeedbackGenerator, pool: ThreadPool
    ) {
        let columns = shape.x, ny = realShape.y, limit = shell * shell
        let scale = Float(Int32.max) / (2 * Float.pi)
        for z in 0..<realShape.z {
            let kz = signedFrequency(z, length: realShape.z)
            // The generator is one sequence; the trigonometry of a section is done in parallel.
            var phases = [Float](repeating: -1, count: ny * columns)
            for y in 0..<ny {
                let ky = signedFrequency(y, length: ny), base = kz * kz + ky * ky
                for x in 0..<columns where base + x * x >= limit {
                    phases[y * columns + x] = Float(generator.next()) / scale
                }
            }
            let start = z * ny * columns
            values.withUnsafeMutableBufferPointer { buffer in
                phases.withUnsafeBufferPointer { phases in
                    nonisolated(unsafe) let data = buffer, angles = phases  // Rows are disjoint.
                    pool.forEachChunk(count: ny, chunk: max(1, ny / 8)) { rows, _ in
                        for index in rows.lowerBound * columns..<rows.upperBound * columns where angles[index] >= 0 {
                            let amplitude = data[start + index].power.squareRoot()
                            data[start + index] = Complex(amplitude * cosf(angles[index]), amplitude * sinf(angles[index]))
                        }
                    }
                }
            }
        }
    }
}
