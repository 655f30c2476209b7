import Foundation

/// A few radial curves of which the potentials of all kinds of atoms in a model are combinations.
///
/// Projecting each kind of atom (element, B factor) onto its own grid costs one transform a kind. Their curves differ
/// little, so that two or three common curves v_r(k) with one weight w_{a,r} an atom do: Φ_a(k) ≈ Σ_r w_{a,r} v_r(k). The curves come from
/// the principal components of those of all kinds, weighted by the numbers of atoms, and `largestError` is measured.
package struct FormFactorBasis: Sendable {
    /// Accepted deviation of any kind's curve, as a fraction of the largest value of any curve. Far below one part in the noise of
    /// any image, and of the order of the rounding of a single-precision sum over 10⁴ atoms.
    package static let tolerance = 1e-4
    /// Samples of each curve between frequency 0 and the largest.
    static let samples = 256

    /// `weights[kind][r]`
    package let weights: [[Float]]
    /// `curves[r][i]` at frequency `i * largestFrequency / (samples - 1)`.
    let curves: [[Float]]
    package let largestFrequency: Double
    package let largestError: Double

    package var rank: Int { curves.count }

    /// - Parameters:
    ///   - kinds: potentials, with the numbers of atoms that have them.
    ///   - largestFrequency: up to where the curves are needed, 1/Å.
    init(kinds: [(potential: AtomicPotential, count: Int)], largestFrequency: Double) {
        let n = Self.samples
        let table = kinds.map { kind in
            (0..<n).map { kind.potential.value(atFrequency: Double($0) * largestFrequency / Double(n - 1)) }
        }
        let peak = table.map { $0.map(abs).max() ?? 0 }.max() ?? 1
        let weightsOfKinds = kinds.map { Double($0.count).squareRoot() }
        var components: [[Double]] = []
        var weights = [[Float]](repeating: [], count: kinds.count)
        var residual = table
        var error = Double.infinity
        while components.count < kinds.count {
            let curve = Self.principalCurve(of: residual, weights: weightsOfKinds)
            components.append(curve)
            for a in residual.indices {
                let w = zip(residual[a], curve).reduce(0) { $0 + $1.0 * $1.1 }
                weights[a].append(Float(w))
                for i in 0..<n { residual[a][i] -= w * curve[i] }
            }
            error = (residual.map { $0.map(abs).max() ?? 0 }.max() ?? 0) / max(peak, .leastNormalMagnitude)
            if error <= Self.tolerance { break }
        }
        self.weights = weights
        curves = components.map { $0.map(Float.init) }
        self.largestFrequency = largestFrequency
        largestError = error
    }

    /// The unit vector that explains most of the weighted curves, by power iteration.
    private static func principalCurve(of curves: [[Double]], weights: [Double]) -> [Double] {
        let n = curves[0].count
        let start = zip(curves, weights).max { norm($0.0) * $0.1 < norm($1.0) * $1.1 }?.0 ?? curves[0]
        var vector = normalised(start)
        for _ in 0..<200 {
            var next = [Double](repeating: 0, count: n)
            for (curve, weight) in zip(curves, weights) {
                let projection = zip(curve, vector).reduce(0) { $0 + $1.0 * $1.1 } * weight * weight
                for i in 0..<n { next[i] += projection * curve[i] }
            }
            vector = normalised(next)
        }
        return vector
    }

    private static func norm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    private static func normalised(_ v: [Double]) -> [Double] {
        let length = norm(v)
        return length > 0 ? v.map { $0 / length } : [1] + [Double](repeating: 0, count: v.count - 1)
    }

    /// Curve `r` at spatial frequency `k` (1/Å), between its samples by a straight line.
    package func value(_ r: Int, atFrequency k: Double) -> Float {
        let position = min(k / largestFrequency, 1) * Double(Self.samples - 1)
        let low = min(Int(position), Self.samples - 2)
        let part = Float(position - Double(low))
        return curves[r][low] * (1 - part) + curves[r][low + 1] * part
    }
}
