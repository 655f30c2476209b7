import Arrays
import ComplexModule
import Fourier
import Parallel

extension BackProjection {
    /// As `reconstruct`, with weights found by iterative gridding (Pipe & Menon, Magn. Reson. Med. 41 (1999) 179): the older way, for
    /// very uneven distributions of orientations. Double precision throughout, for weights may span many orders of magnitude;
    /// needs about ten times the memory of the weights.
    ///
    /// - Parameter iterations: 0 is the same as `reconstruct`.
    package func reconstructWithGridding(prior: WienerPrior?, iterations: Int, blob: KaiserBesselBlob = KaiserBesselBlob(),
                                         pool: ThreadPool) -> RealArray {
        if iterations <= 0 { return reconstruct(prior: prior, pool: pool) }
        let filter = WienerFilter(self, prior: prior, pool: pool)
        let weights = GriddingWeights(layout: layout) { filter.total(at: $0, squaredRadius: $1) }
            .iterated(iterations, blob: blob)
        let data = data, layout = layout
        let map = SphereTransform(layout: layout).inverse(scale: mapScale, pool: pool) { first, ky, kz, count, row in
            let start = layout.index(first, ky, kz)
            let place = layout.cornerIndex(first, ky, kz)
            for i in 0..<count {
                let factor = weights[place + i], value = data.base[start + i]
                row[i] = Complex(Float(Double(value.real) * factor), Float(Double(value.imaginary) * factor))
            }
        }
        return finished(map, correctsGridding: true, pool: pool)
    }
}

extension CentredLayout {
    /// The cube of the layout as a half-plane array in FFTW order.
    var cornerShape: Shape { dimension == .three ? .cube(rows) : .square(rows) }

    @inline(__always)
    func cornerIndex(_ x: Int, _ y: Int, _ z: Int) -> Int {
        (frequencyIndex(z, length: rows) * (dimension == .three ? rows : 0) + frequencyIndex(y, length: rows)) * rowLength + x
    }
}

/// The weights that make the sampling density flat after smoothing with a blob.
private struct GriddingWeights {
    let layout: CentredLayout
    /// Sampling density, FFTW order.
    private var density: [Double]
    private var weights: [Double]

    init(layout: CentredLayout, density value: (_ index: Int, _ squaredRadius: Int) -> Float) {
        self.layout = layout
        density = [Double](repeating: 0, count: layout.cornerShape.halfPlane.count)
        weights = density
        let limit = layout.radius * layout.radius
        for z in layout.zRange {
            for y in -layout.extent...layout.extent {
                let rest = y * y + z * z
                let last = CentredLayout.lastColumn(limit: limit, rest: rest)
                if last < 0 { continue }
                let place = layout.cornerIndex(0, y, z)
                for x in 0...last {
                    density[place + x] = Double(value(layout.index(x, y, z), rest + x * x))
                    if rest + x * x < limit { weights[place + x] = 1 }
                }
            }
        }
    }

    func iterated(_ iterations: Int, blob: KaiserBesselBlob) -> [Double] {
        var weights = weights
        let transform = DoubleFourierTransform(shape: layout.cornerShape)
        let window = makeWindow(blob)
        for _ in 0..<iterations {
            var product = [Complex<Double>](repeating: .zero, count: weights.count)
            for i in weights.indices { product[i] = Complex(weights[i] * density[i], 0) }
            var real = transform.inverse(product)
            for i in real.indices { real[i] *= window[i] }
            let smooth = transform.forward(real)
            // Zeros, beyond the sphere, stay zero.
            for i in weights.indices where weights[i] != 0 { weights[i] /= max(1e-6, smooth[i].length) }
        }
        return weights
    }

    /// The blob's transform over the array in real space, origin in the corner.
    private func makeWindow(_ blob: KaiserBesselBlob) -> [Double] {
        let n = layout.rows, depth = layout.dimension == .three ? n : 1
        let farthest = 3 * (n / 2 + 1) * (n / 2 + 1)
        let table = (0...farthest).map { squared -> Double in
            let w = Double(squared).squareRoot() / Double(layout.paddedBox)
            return w < 0.5 ? blob.relativeTransform(at: w) : 0
        }
        func distance(_ i: Int) -> Int { i < n / 2 ? i : i - n }
        var window: [Double] = []
        window.reserveCapacity(depth * n * n)
        for z in 0..<depth {
            for y in 0..<n {
                for x in 0..<n {
                    let dx = distance(x), dy = distance(y), dz = depth > 1 ? distance(z) : 0
                    window.append(table[dx * dx + dy * dy + dz * dz])
                }
            }
        }
        return window
    }
}
