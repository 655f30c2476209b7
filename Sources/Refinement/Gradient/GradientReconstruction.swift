import Arrays
import Parallel
import Projection

/// One step of a reference along its gradient.
///
/// Per shell, F ← F + s·(c·g − (1 − c)·F): where the gradients of the two halves agree (c near 1) the reference follows them,
/// where they differ it decays. c is estimated from the amplitude of the reference and of the noise in the moments; with random
/// halves it is their gold-standard correlation, and what decays is (1 − c)/T·F.
struct GradientReconstruction {
    var stepSize: Double
    /// T.
    var fudge: Double
    /// Gold-standard correlations, a lower bound of c; 0 where there are none.
    var correlation: [Double]
    /// Whether the halves are refined on their own, so that `correlation` is all that counts.
    var isGoldStandard = false

    /// - Parameters:
    ///   - direction: `data` holds g.
    ///   - noise: see `GradientMoments.Update`.
    func stepped(_ reference: RealArray, along direction: BackProjection, noise: [Double], pool: ThreadPool) -> RealArray {
        let layout = direction.layout
        let padded = PaddedReference(map: reference, padding: layout.padding, currentSize: 2 * layout.maximumRadius,
                                     correctsGridding: false, pool: pool)
        precondition(padded.layout == layout)
        let values = padded.values
        let sums = SphereRows(layout: layout).visit(terms: 2, pool: pool) { y, z, count, shells, sums in
            let row = values.base + layout.index(0, y, z)
            for x in 0..<count {
                let re = row[x].real, im = row[x].imaginary, term = sums + 2 * Int(shells[x])
                term[0] += Double(re * re + im * im).squareRoot()
                term[1] += 1
            }
        }
        let amplitudes = zip(sums[0], sums[1]).map { $1 > 0 ? $0 / $1 : 0 }
        let shares = confidence(amplitudes: amplitudes, noise: noise)
        let decay = isGoldStandard ? stepSize / fudge : stepSize
        let follow = shares.map { Float(stepSize * $0) }, keep = shares.map { Float(1 - decay * (1 - $0)) }
        SphereRows(layout: layout).visit(terms: 0, pool: pool) { y, z, count, shells, _ in
            let start = layout.index(0, y, z)
            for x in 0..<count {
                let shell = Int(shells[x])
                values.base[start + x] = values.base[start + x].multiplied(by: keep[shell])
                    + direction.data.base[start + x].multiplied(by: follow[shell])
            }
        }
        return padded.map(pool: pool)
    }

    /// c per shell: SNR/(1 + SNR) with an SNR of 2T times the ratio of amplitudes.
    func confidence(amplitudes: [Double], noise: [Double]) -> [Double] {
        if isGoldStandard { return correlation.map { min(1, max(0, $0)) } }
        return amplitudes.indices.map { shell in
            let ratio = noise[shell] > 0 ? 2 * fudge * amplitudes[shell] / noise[shell] : 0
            return min(1, max(ratio / (1 + ratio), correlation[shell]))
        }
    }
}
