import Arrays
import Fourier
import Parallel

/// The scale, and optionally the relative B-factor, with which one map is best subtracted from another.
package struct MapSubtraction: Sendable {
    /// Factor of the subtracted map.
    package let scale: Double
    /// In Å²; 0 when it was not searched.
    package let bFactor: Double
    /// The map to subtract, with B-factor and scale applied.
    package let scaled: RealArray

    /// Least squares within a mask (weights are squared, as amplitudes of the masked maps): min over s, B of Σ m²(x − s·a_B)².
    ///
    /// - Parameters:
    ///   - bFactorRange: searched from −range to +range in steps of 10 Å²; 0: no search.
    ///   - mask: of the same shape; nil: all voxels.
    package init(
        of subtracted: RealArray, from map: RealArray, mask: RealArray?, bFactorRange: Double = 0, pixelSizeInAngstrom: Double = 1,
        pool: ThreadPool? = nil
    ) {
        precondition(subtracted.shape == map.shape && (mask.map { $0.shape == map.shape } ?? true))
        var best: (scale: Double, bFactor: Double, map: RealArray, residual: Double)?
        let steps = bFactorRange > 0 ? Int((bFactorRange / 5).rounded(.down)) : 0
        for step in 0...steps {
            let bFactor = bFactorRange > 0 ? -bFactorRange + 10 * Double(step) : 0
            let candidate = bFactor == 0 ? subtracted
                : subtracted.filtered(by: .bFactor(bFactor, pixelSizeInAngstrom: pixelSizeInAngstrom), pool: pool)
            let (scale, residual) = Self.fit(candidate, to: map, mask: mask)
            if best.map({ residual < $0.residual }) ?? true { best = (scale, bFactor, candidate, residual) }
        }
        let chosen = best ?? (1, 0, subtracted, 0)
        scale = chosen.scale
        bFactor = chosen.bFactor
        var result = chosen.map
        let factor = Float(chosen.scale)
        for i in result.values.indices { result.values[i] *= factor }
        scaled = result
    }

    private static func fit(_ a: RealArray, to x: RealArray, mask: RealArray?) -> (scale: Double, residual: Double) {
        var aa = 0.0, xa = 0.0, xx = 0.0
        for i in a.values.indices {
            let weight = mask.map { Double($0.values[i]) } ?? 1
            let (av, xv) = (weight * Double(a.values[i]), weight * Double(x.values[i]))
            (aa, xa, xx) = (aa + av * av, xa + xv * av, xx + xv * xv)
        }
        guard aa > 0 else { return (0, xx) }
        return (xa / aa, xx - xa * xa / aa)
    }
}
