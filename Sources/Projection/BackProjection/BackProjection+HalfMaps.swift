import Arrays
import ComplexModule
import Fourier
import Parallel

extension BackProjection {
    /// Correlation per shell of the straightforward averages data / weight of two half sets, before any filter: the gold-standard FSC.
    ///
    /// The oversampled arrays are first summed into cells of one unit of 1/box, so that padding does not correlate neighbours.
    /// Shell 0 is 1; shells beyond the resolution in use are 0.
    /// - Precondition: both were made consistent by `symmetrise`; same layout.
    package static func shellCorrelation(_ first: BackProjection, _ second: BackProjection, pool: ThreadPool) -> [Double] {
        precondition(first.layout == second.layout)
        let layout = first.layout, limit = layout.maximumRadius
        let parts = pool.map(count: layout.dimension == .three ? 2 * limit + 1 : 1) { item, _ -> [Double] in
            let z = layout.dimension == .three ? item - limit : 0
            let a = first.averagePlane(z), b = second.averagePlane(z)
            return Self.correlationSums(a, b, z: z, layout: layout)
        }
        var sums = [Double](repeating: 0, count: 3 * layout.shellCount)
        for part in parts { for i in sums.indices { sums[i] += part[i] } }
        return (0..<layout.shellCount).map { r in
            if r == 0 { return 1 }
            let denominator = sums[3 * r + 1] * sums[3 * r + 2]
            return denominator > 0 ? sums[3 * r] / denominator.squareRoot() : 0
        }
    }

    /// Half-extent of the downsampled array of averages: frequencies 0 ... n in x, −n ... n in y and z.
    private var coarseExtent: Int { layout.maximumRadius + 1 }

    /// Sum of data divided by sum of weights in the cells of plane `z` (units of 1/box) of the downsampled array.
    private func averagePlane(_ z: Int) -> [ComplexFloat] {
        let extent = coarseExtent, width = extent + 1
        var sums = [SIMD3<Double>](repeating: .zero, count: (2 * extent + 1) * width)
        let coarse = (0...layout.extent).map { min(extent, Int((Double($0) / layout.padding).rounded())) }
        for fineZ in layout.zRange where (fineZ < 0 ? -coarse[-fineZ] : coarse[fineZ]) == z {
            for y in -layout.extent...layout.extent {
                let row = ((y < 0 ? -coarse[-y] : coarse[y]) + extent) * width
                let start = layout.index(0, y, fineZ)
                for x in 0..<layout.rowCount(y, fineZ) {
                    let value = data.base[start + x]
                    sums[row + coarse[x]] += SIMD3(Double(value.real), Double(value.imaginary), Double(weight.base[start + x]))
                }
            }
        }
        return sums.map { $0.z > 0 ? Complex(Float($0.x / $0.z), Float($0.y / $0.z)) : .zero }
    }

    private static func correlationSums(_ a: [ComplexFloat], _ b: [ComplexFloat], z: Int, layout: CentredLayout) -> [Double] {
        let extent = layout.maximumRadius + 1, width = extent + 1, limit = layout.maximumRadius * layout.maximumRadius
        var sums = [Double](repeating: 0, count: 3 * layout.shellCount)
        for y in -extent...extent {
            for x in 0...extent where x * x + y * y + z * z <= limit {
                let shell = RadialShells.shell(squaredRadius: Float(x * x + y * y + z * z))
                let p = a[(y + extent) * width + x], q = b[(y + extent) * width + x]
                sums[3 * shell] += Double(p.real) * Double(q.real) + Double(p.imaginary) * Double(q.imaginary)
                sums[3 * shell + 1] += Double(p.power)
                sums[3 * shell + 2] += Double(q.power)
            }
        }
        return sums
    }

    /// Replaces the frequencies up to `shell` of both half sets by their mean, so that the halves keep a common orientation.
    package static func joinLowResolution(_ first: BackProjection, _ second: BackProjection, upToShell shell: Int) {
        precondition(first.layout == second.layout && shell <= first.layout.maximumRadius)
        first.layout.eachRow(upToShell: shell) { start, count in
            for i in start..<start + count {
                let a = first.data.base[i], b = second.data.base[i]
                let mean = Complex((a.real + b.real) / 2, (a.imaginary + b.imaginary) / 2)
                let weight = (first.weight.base[i] + second.weight.base[i]) / 2
                first.data.base[i] = mean
                second.data.base[i] = mean
                first.weight.base[i] = weight
                second.weight.base[i] = weight
            }
        }
    }

    /// The frequencies up to `shell`, row after row: data and weights, for exchange between processes.
    package func lowResolution(upToShell shell: Int) -> (data: [ComplexFloat], weight: [Float]) {
        var values: [ComplexFloat] = [], weights: [Float] = []
        layout.eachRow(upToShell: shell) { start, count in
            values.append(contentsOf: UnsafeBufferPointer(start: data.base + start, count: count))
            weights.append(contentsOf: UnsafeBufferPointer(start: weight.base + start, count: count))
        }
        return (values, weights)
    }

    /// Puts back what `lowResolution` gave, for example after averaging.
    package func setLowResolution(_ values: [ComplexFloat], _ weights: [Float], upToShell shell: Int) {
        var position = 0
        layout.eachRow(upToShell: shell) { start, count in
            for i in 0..<count {
                data.base[start + i] = values[position + i]
                weight.base[start + i] = weights[position + i]
            }
            position += count
        }
    }
}

extension CentredLayout {
    /// Start index and length of each row of points within `shell`.
    func eachRow(upToShell shell: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
        let inner = Int((padding * Double(shell)).rounded()), limit = inner * inner
        for z in dimension == .three ? -inner...inner : 0...0 {
            for y in -inner...inner {
                let last = Self.lastColumn(limit: limit, rest: y * y + z * z)
                if last >= 0 { body(index(0, y, z), last + 1) }
            }
        }
    }
}
