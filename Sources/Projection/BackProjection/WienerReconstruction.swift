import Arrays
import ComplexModule
import Fourier
import Foundation
import Parallel

/// The prior as a Wiener filter uses it.
package struct WienerPrior: Sendable {
    /// Variance of the signal per shell 0 ... box/2; not negative. 0 suppresses a shell almost completely.
    package var tau2: [Double]
    /// RELION's tau2_fudge (T).
    package var fudge: Double
    /// Shells below this one are not regularised.
    package var firstShell: Int

    package init(tau2: [Double], fudge: Double = 1, firstShell: Int = 0) {
        self.tau2 = tau2
        self.fudge = fudge
        self.firstShell = firstShell
    }
}

extension BackProjection {
    /// The map: data / (weight + 1/tau²) within the sphere, transformed back, masked beyond the inscribed sphere, corrected for
    /// gridding. Without a prior the map is not regularised.
    ///
    /// Weights are kept from falling below a thousandth of the mean weight of their shell. The accumulators are not changed.
    /// - Precondition: `symmetrise` was called.
    package func reconstruct(prior: WienerPrior?, pool: ThreadPool) -> RealArray {
        let filter = WienerFilter(self, prior: prior, pool: pool)
        let data = data
        let layout = layout
        let map = SphereTransform(layout: layout).inverse(scale: mapScale, pool: pool) { first, ky, kz, count, row in
            let start = layout.index(first, ky, kz), rest = ky * ky + kz * kz
            for i in 0..<count {
                let squared = rest + (first + i) * (first + i)
                row[i] = data.base[start + i].multiplied(by: filter.factor(at: start + i, squaredRadius: squared))
            }
        }
        return finished(map, correctsGridding: true, pool: pool)
    }

    /// Undoes the scale of the accumulators: images are scaled by 1/box², maps are not.
    var mapScale: Float {
        let isProjection = layout.dimension == .three && dataDimension == .two
        return Float(1 / (layout.oversampling * (isProjection ? Double(layout.box) : 1)))
    }

    /// Soft spherical mask and gridding correction.
    func finished(_ map: consuming RealArray, correctsGridding: Bool, pool: ThreadPool) -> RealArray {
        map.maskOutsideSphere(radius: Double(layout.box / 2), pool: pool)
        guard correctsGridding else { return map }
        let correction = GriddingCorrection(layout: layout, interpolation: interpolation)
        let half = layout.box / 2, box = layout.box, depth = map.shape.z
        map.values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let values = base  // Sections are disjoint.
            pool.forEach(count: depth) { z, _ in
                let dz = depth > 1 ? z - half : 0
                for y in 0..<box {
                    let rest = dz * dz + (y - half) * (y - half), row = (z * box + y) * box
                    for x in 0..<box {
                        values[row + x] *= correction.factor(squaredDistance: rest + (x - half) * (x - half))
                    }
                }
            }
        }
        return map
    }
}

/// What each point of the accumulators is multiplied by.
struct WienerFilter: Sendable {
    private let weight: AlignedBuffer<Float>
    /// By squared radius: the prior's weight, and the least weight allowed.
    private let priorWeight: [Float]
    private let leastWeight: [Float]
    /// Whether a shell without signal is suppressed, by squared radius.
    private let isSuppressed: [Bool]

    init(_ accumulators: BackProjection, prior: WienerPrior?, pool: ThreadPool) {
        let layout = accumulators.layout, weight = accumulators.weight
        let limit = layout.radius * layout.radius
        var priorWeight = [Float](repeating: 0, count: limit + 1)
        var isSuppressed = [Bool](repeating: false, count: limit + 1)
        if let prior {
            precondition(prior.tau2.count >= layout.maximumRadius + 1)
            // The rim, |k| equal to the radius, has no prior, as in RELION.
            for squared in 0..<limit {
                let shell = layout.shell(squaredRadius: squared)
                if shell < prior.firstShell { continue }
                let tau2 = prior.tau2[shell]
                isSuppressed[squared] = tau2 <= 0
                if tau2 > 0 { priorWeight[squared] = Float(1 / (layout.oversampling * prior.fudge * tau2)) }
            }
        }
        self.weight = weight
        self.priorWeight = priorWeight
        self.isSuppressed = isSuppressed
        let means = Self.meanWeights(weight, layout, priorWeight, isSuppressed, pool)
        let padding = layout.padding
        leastWeight = (0...limit).map { squared in
            let shell = min(Int(Double(squared).squareRoot() / padding), layout.maximumRadius - 1)
            return Float(means[max(0, shell)] / 1000)
        }
    }

    /// Mean weight, the prior's included, of the points with floor(|k|) equal to the shell.
    private static func meanWeights(_ weight: AlignedBuffer<Float>, _ layout: CentredLayout, _ prior: [Float],
                                    _ isSuppressed: [Bool], _ pool: ThreadPool) -> [Double] {
        let limit = layout.radius * layout.radius, shells = max(1, layout.maximumRadius)
        let shellOf = (0...limit).map { UInt16(min(shells - 1, Int(Double($0).squareRoot() / layout.padding))) }
        let sums = layout.radialSums(terms: 2, limit: limit - 1, shellOf: shellOf, shellCount: shells, pool: pool) {
            index, squared, sums in
            sums[0] += Double(total(weight.base[index], prior[squared], isSuppressed[squared]))
            sums[1] += 1
        }
        return (0..<shells).map { sums[1][$0] > 0 ? sums[0][$0] / sums[1][$0] : 0 }
    }

    /// A shell without signal gets a prior of a thousandth of the data's variance.
    @inline(__always)
    private static func total(_ weight: Float, _ prior: Float, _ isSuppressed: Bool) -> Float {
        if isSuppressed { return weight > 1e-20 ? weight + 1 / (0.001 * weight) : weight }
        return weight + prior
    }

    /// weight + prior.
    func total(at index: Int, squaredRadius: Int) -> Float {
        Self.total(weight.base[index], priorWeight[squaredRadius], isSuppressed[squaredRadius])
    }

    /// 1 / (weight + prior), 0 where nothing is known.
    @inline(__always)
    func factor(at index: Int, squaredRadius: Int) -> Float {
        let sum = Self.total(weight.base[index], priorWeight[squaredRadius], isSuppressed[squaredRadius])
        let divisor = max(sum, leastWeight[squaredRadius])
        return divisor > 0 ? 1 / divisor : 0
    }
}

extension RealArray {
    /// Replaces values beyond `radius` pixels from the centre by their mean, with a raised-cosine edge of `edge` pixels.
    mutating func maskOutsideSphere(radius: Double, edge: Double = 3, pool: ThreadPool) {
        let shape = shape
        @Sendable func share(_ x: Int, _ y: Int, _ z: Int) -> Double {
            let dx = Double(x - shape.x / 2), dy = Double(y - shape.y / 2), dz = shape.z > 1 ? Double(z - shape.z / 2) : 0
            let distance = (dx * dx + dy * dy + dz * dz).squareRoot()
            if distance < radius { return 0 }
            return distance > radius + edge ? 1 : 0.5 + 0.5 * cos(.pi * (radius + edge - distance) / edge)
        }
        values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let values = base  // Sections are disjoint.
            let parts = pool.map(count: shape.z) { z, _ -> (Double, Double) in
                var sum = 0.0, count = 0.0
                for y in 0..<shape.y {
                    for x in 0..<shape.x {
                        let outside = share(x, y, z)
                        sum += outside * Double(values[(z * shape.y + y) * shape.x + x])
                        count += outside
                    }
                }
                return (sum, count)
            }
            let count = parts.reduce(0) { $0 + $1.1 }
            let background = count > 0 ? parts.reduce(0) { $0 + $1.0 } / count : 0
            pool.forEach(count: shape.z) { z, _ in
                for y in 0..<shape.y {
                    for x in 0..<shape.x {
                        let outside = Float(share(x, y, z)), i = (z * shape.y + y) * shape.x + x
                        if outside > 0 { values[i] = (1 - outside) * values[i] + outside * Float(background) }
                    }
                }
            }
        }
    }
}
