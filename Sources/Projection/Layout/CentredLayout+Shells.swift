import Arrays
import ComplexModule
import Fourier
import Parallel

extension CentredLayout {
    /// Mean of |value|²/2 per shell over the stored points within the sphere.
    func shellMeans(of values: AlignedBuffer<ComplexFloat>, pool: ThreadPool) -> [Double] {
        let sums = shellSums(terms: 2, includesRim: true, pool: pool) { index, _, sums in
            sums[0] += Double(values.base[index].power) / 2
            sums[1] += 1
        }
        return zip(sums[0], sums[1]).map { $1 > 0 ? $0 / $1 : 0 }
    }

    /// Per shell 0 ... box/2, sums of `terms` numbers over the stored points with |k| < radius (<= radius with `includesRim`).
    ///
    /// - Parameter add: adds what the point at `index`, of squared radius `squared`, contributes to `sums[0..<terms]`.
    func shellSums(terms: Int, includesRim: Bool, pool: ThreadPool,
                   _ add: @Sendable (_ index: Int, _ squared: Int, _ sums: UnsafeMutablePointer<Double>) -> Void) -> [[Double]] {
        let limit = includesRim ? radius * radius : radius * radius - 1
        let shellOf = shellTable()
        return radialSums(terms: terms, limit: limit, shellOf: shellOf, shellCount: shellCount, pool: pool, add)
    }

    /// Shell of each squared radius up to that of the sphere.
    func shellTable() -> [UInt16] { (0...radius * radius).map { UInt16(truncatingIfNeeded: shell(squaredRadius: $0)) } }

    /// As `shellSums` with any division into shells; planes in parallel, added in order, in double precision.
    func radialSums(terms: Int, limit: Int, shellOf: [UInt16], shellCount: Int, pool: ThreadPool,
                    _ add: @Sendable (_ index: Int, _ squared: Int, _ sums: UnsafeMutablePointer<Double>) -> Void) -> [[Double]] {
        // A 2D layout has one plane: its rows are the pieces of work.
        let parts = pool.map(count: 2 * radius + 1) { piece, _ in
            var sums = [Double](repeating: 0, count: shellCount * terms)
            sums.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                let z = dimension == .three ? piece - radius : 0
                for y in dimension == .three ? -radius...radius : (piece - radius)...(piece - radius) {
                    let rest = y * y + z * z
                    let last = Self.lastColumn(limit: limit, rest: rest)
                    if last < 0 { continue }
                    let row = index(0, y, z)
                    for x in 0...last {
                        let squared = rest + x * x
                        add(row + x, squared, base + Int(shellOf[squared]) * terms)
                    }
                }
            }
            return sums
        }
        var total = [[Double]](repeating: [Double](repeating: 0, count: shellCount), count: terms)
        for part in parts {
            for shell in 0..<shellCount {
                for term in 0..<terms { total[term][shell] += part[shell * terms + term] }
            }
        }
        return total
    }
}
