import Optimisation

/// How well a spectrum fixes the defocus: the curvature of the logarithm of the likelihood about its maximum.
///
/// That takes for granted that the model is right; what blurs rings in one direction only, such as motion that is left, adds to it.
struct DefocusError {
    /// Part of a ring at the finest frequency by which parameters are changed to see the curvature.
    private static let probe = 0.05

    /// The larger of the standard deviations of U and V in Å, for a given phase shift; nil where the score has no maximum here.
    ///
    /// - Parameter ring: change of the defocus that shifts the finest rings by one ring, Å.
    static func standardDeviation(at best: RingParameters, ring: Double, score: (RingParameters) -> Double) -> Double? {
        let step = probe * ring
        func value(_ changes: [(axis: Int, sign: Double)]) -> Double {
            var p = best
            for (axis, sign) in changes {
                switch axis {
                case 0: p.mean += sign * step
                case 1: p.cosine += sign * step
                default: p.sine += sign * step
                }
            }
            return score(p)
        }
        let centre = score(best)
        var curvature = [Double](repeating: 0, count: 9)
        for i in 0..<3 {
            curvature[4 * i] = -(value([(i, 1)]) + value([(i, -1)]) - 2 * centre) / (step * step)
            for j in 0..<i {
                let mixed = value([(i, 1), (j, 1)]) + value([(i, -1), (j, -1)]) - value([(i, 1), (j, -1)]) - value([(i, -1), (j, 1)])
                (curvature[3 * i + j], curvature[3 * j + i]) = (-mixed / (4 * step * step), -mixed / (4 * step * step))
            }
        }
        let half = best.halfAstigmatism
        let axis = half > 0 ? (best.cosine / half, best.sine / half) : (1, 0)
        let variances = [1.0, -1].compactMap { sign -> Double? in
            let direction = [1, sign * axis.0, sign * axis.1]
            guard let solved = LinearSystem.solveSymmetric(curvature, direction) else { return nil }
            let variance = zip(direction, solved).reduce(0) { $0 + $1.0 * $1.1 }
            return variance > 0 && variance.isFinite ? variance : nil
        }
        guard variances.count == 2, curvature[0] > 0, curvature[4] > 0, curvature[8] > 0 else { return nil }
        return max(variances[0], variances[1]).squareRoot()
    }
}
