import Arrays
import ComplexModule
import Fourier
import Parallel

extension FourierArray {
    /// Multiplies each coefficient of a cube's transform by a function of its radius in shells (|k|, not rounded).
    mutating func multiplyRadially(pool: ThreadPool, _ factor: (_ radius: Double) -> Float) {
        let half = realShape.x / 2, ny = realShape.y, columns = shape.x
        // Squared radii are whole numbers: one value each, corners included.
        let table = (0...3 * half * half).map { factor(Double($0).squareRoot()) }
        values.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let data = buffer  // Sections are disjoint.
            table.withUnsafeBufferPointer { table in
                nonisolated(unsafe) let table = table  // Only read.
                pool.forEach(count: realShape.z) { z, _ in
                    let kz = signedFrequency(z, length: ny)
                    for y in 0..<ny {
                        let ky = signedFrequency(y, length: ny), base = kz * kz + ky * ky, row = (z * ny + y) * columns
                        for x in 0..<columns { data[row + x] = data[row + x].multiplied(by: table[base + x * x]) }
                    }
                }
            }
        }
    }

    /// Raised cosine from 1 to 0 around shell `shell`, `edgeWidth` shells wide; the same edge as everywhere in RELION.
    mutating func lowPass(shell: Int, edgeWidth: Int, pool: ThreadPool) {
        let start = Double(max(0, shell - edgeWidth / 2)), end = Double(min(realShape.x, shell + edgeWidth / 2))
        multiplyRadially(pool: pool) { LowPassEdge.factor(radius: $0, start: start, end: end) }
    }
}

enum LowPassEdge {
    @inline(__always)
    static func factor(radius: Double, start: Double, end: Double) -> Float {
        if radius < start { return 1 }
        if radius > end { return 0 }
        return end > start ? Float(0.5 + 0.5 * Double.cos(.pi * (radius - start) / (end - start))) : 1
    }
}
