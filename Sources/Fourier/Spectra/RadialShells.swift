import Arrays
import ComplexModule
import Parallel

/// The resolution shells of a transform: shell r holds the coefficients with round(|k|) == r, k in units of 1/(n·pixel),
/// n being the x extent. On other axes of a rectangular array frequencies are scaled to the same unit.
///
/// As in RELION every stored coefficient of the half-plane counts once: those with x > 0 are not counted for their
/// conjugates. `shellCount` is n/2 + 1; coefficients in the corners beyond belong to no shell.
package struct RadialShells: Sendable {
    package let realShape: Shape
    package let shellCount: Int

    package init(realShape: Shape) {
        self.realShape = realShape
        shellCount = realShape.x / 2 + 1
    }

    /// Shell of a squared radius: sqrt rounded half up.
    @inline(__always)
    package static func shell(squaredRadius: Float) -> Int { Int(squaredRadius.squareRoot() + 0.5) }

    /// Calls `body(shell, index)` for each coefficient of section `z` within the shells; `index` counts from the array's start.
    @inline(__always)
    package func forEach(inSection z: Int, _ body: (_ shell: Int, _ index: Int) -> Void) {
        let half = realShape.halfPlane.x
        let scaleY = Float(realShape.x) / Float(realShape.y), scaleZ = Float(realShape.x) / Float(realShape.z)
        let kz = realShape.z > 1 ? Float(signedFrequency(z, length: realShape.z)) * scaleZ : 0
        for y in 0..<realShape.y {
            let ky = Float(signedFrequency(y, length: realShape.y)) * scaleY
            let base = kz * kz + ky * ky
            let row = (z * realShape.y + y) * half
            for x in 0..<half {
                let shell = Self.shell(squaredRadius: base + Float(x * x))
                if shell >= shellCount { break }
                body(shell, row + x)
            }
        }
    }

    /// Per shell, sums over the coefficients of `terms` numbers each, in double precision; sections in parallel, added in order.
    ///
    /// - Parameter add: adds what the coefficient at `index` contributes to `sums[0..<terms]`.
    package func sum(
        terms: Int, pool: ThreadPool? = nil, _ add: @Sendable (_ index: Int, _ sums: UnsafeMutablePointer<Double>) -> Void
    ) -> [[Double]] {
        let count = shellCount
        let parts = (pool ?? .one).map(count: realShape.z) { z, _ in
            var sums = [Double](repeating: 0, count: count * terms)
            sums.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                forEach(inSection: z) { shell, index in add(index, base + shell * terms) }
            }
            return sums
        }
        var total = [[Double]](repeating: [Double](repeating: 0, count: count), count: terms)
        for part in parts {
            for shell in 0..<count {
                for term in 0..<terms { total[term][shell] += part[shell * terms + term] }
            }
        }
        return total
    }

    /// Number of stored coefficients in each shell.
    package func counts(pool: ThreadPool? = nil) -> [Double] { sum(terms: 1, pool: pool) { _, sums in sums[0] += 1 }[0] }
}

extension FourierArray {
    /// Mean of |F|² in each shell (0 for an empty shell).
    package func powerSpectrum(pool: ThreadPool? = nil) -> [Double] {
        radialMean(pool: pool) { Double($0.power) }
    }

    /// Mean of |F| in each shell.
    package func amplitudeSpectrum(pool: ThreadPool? = nil) -> [Double] {
        radialMean(pool: pool) { Double($0.power.squareRoot()) }
    }

    /// Mean in each shell of a function of the coefficients.
    package func radialMean(pool: ThreadPool? = nil, _ value: @Sendable (ComplexFloat) -> Double) -> [Double] {
        let sums = values.withUnsafeBufferPointer { buffer in
            nonisolated(unsafe) let data = buffer  // Only read.
            return RadialShells(realShape: realShape).sum(terms: 2, pool: pool) { index, sums in
                sums[0] += value(data[index])
                sums[1] += 1
            }
        }
        return zip(sums[0], sums[1]).map { $1 > 0 ? $0 / $1 : 0 }
    }

    /// Multiplies each coefficient by the factor of its shell; beyond the last factor by zero.
    package mutating func multiplyShells(by factors: [Float]) {
        let shells = RadialShells(realShape: realShape)
        var result = [ComplexFloat](repeating: .zero, count: values.count)
        for z in 0..<realShape.z {
            shells.forEach(inSection: z) { shell, index in
                if shell < factors.count { result[index] = values[index].multiplied(by: factors[shell]) }
            }
        }
        values = result
    }
}

extension RealArray {
    /// Mean of the values at round(distance from the centre n/2) == r, r = 0 ... n/2.
    package func radialAverage() -> [Double] {
        let count = shape.x / 2 + 1
        var sums = [Double](repeating: 0, count: count), counts = sums
        for z in 0..<shape.z {
            let dz = shape.z > 1 ? z - shape.z / 2 : 0
            for y in 0..<shape.y {
                let dy = y - shape.y / 2
                for x in 0..<shape.x {
                    let dx = x - shape.x / 2
                    let shell = RadialShells.shell(squaredRadius: Float(dx * dx + dy * dy + dz * dz))
                    if shell < count {
                        sums[shell] += Double(self[x, y, z])
                        counts[shell] += 1
                    }
                }
            }
        }
        return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    }
}
