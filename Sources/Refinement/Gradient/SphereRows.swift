import Parallel
import Projection

/// The rows of a centred half-complex array with |k| < radius, visited in parallel, with sums per shell in a fixed order.
struct SphereRows {
    let layout: CentredLayout

    /// Calls `body` once for each row.
    ///
    /// - Parameters:
    ///   - terms: numbers to add up per shell.
    ///   - body: gets the row's signed frequencies y and z, the number of points from x = 0 on, their shells, and where to add
    ///     term t of shell r: `sums[r * terms + t]`.
    /// - Returns: [term][shell]
    @discardableResult
    func visit(terms: Int, pool: ThreadPool,
               _ body: @Sendable (_ y: Int, _ z: Int, _ count: Int, _ shells: UnsafePointer<Int32>,
                                  _ sums: UnsafeMutablePointer<Double>) -> Void) -> [[Double]] {
        let radius = layout.radius, limit = radius * radius, shellCount = layout.shellCount
        let shellOf = (0...limit).map { Int32(min(shellCount - 1, layout.shell(squaredRadius: $0))) }
        let isVolume = layout.dimension == .three
        // Planes of volumes, rows of images.
        let parts = pool.map(count: 2 * radius + 1) { piece, _ in
            var sums = [Double](repeating: 0, count: shellCount * terms)
            var shells = [Int32](repeating: 0, count: radius + 1)
            let z = isVolume ? piece - radius : 0
            for y in isVolume ? -radius...radius : (piece - radius)...(piece - radius) {
                let rest = y * y + z * z
                var count = 0
                while rest + count * count < limit {
                    shells[count] = shellOf[rest + count * count]
                    count += 1
                }
                guard count > 0 else { continue }
                sums.withUnsafeMutableBufferPointer { sums in
                    shells.withUnsafeBufferPointer { shells in
                        guard let target = sums.baseAddress, let shells = shells.baseAddress else { return }
                        body(y, z, count, shells, target)
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
