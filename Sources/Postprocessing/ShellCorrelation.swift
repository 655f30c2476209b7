import Arrays
import ComplexModule
import Fourier
import Parallel

/// Agreement of two transforms of the same shape, shell by shell.
package enum ShellCorrelation {
    /// The Fourier shell correlation (Harauz & van Heel, Optik 73 (1986) 146); 0 where a shell has no power, except that
    /// the origin, whose correlation is only a sign, counts as 1 when it is not positive.
    package static func correlation(_ first: FourierArray, _ second: FourierArray, pool: ThreadPool) -> [Double] {
        precondition(first.realShape == second.realShape)
        let sums = sums(first, second, terms: 3, pool: pool) { p, q, sums in
            let pr = Double(p.real), pi = Double(p.imaginary), qr = Double(q.real), qi = Double(q.imaginary)
            sums[0] += pr * qr + pi * qi
            sums[1] += pr * pr + pi * pi
            sums[2] += qr * qr + qi * qi
        }
        var result = sums[0].indices.map { shell -> Double in
            let denominator = (sums[1][shell] * sums[2][shell]).squareRoot()
            return denominator > 0 ? sums[0][shell] / denominator : 0
        }
        if result[0] <= 0 { result[0] = 1 }
        return result
    }

    /// Pearson's correlation of the amplitudes in each shell, and the differential phase residual in degrees
    /// sqrt(Σ Δφ² (|a|+|b|) / Σ (|a|+|b|)) (Frank, Verschoor & Boublik, Science 214 (1981) 1353).
    package static func amplitudesAndPhases(
        _ first: FourierArray, _ second: FourierArray, pool: ThreadPool
    ) -> (amplitudeCorrelation: [Double], phaseResidualInDegrees: [Double]) {
        let sums = sums(first, second, terms: 8, pool: pool) { p, q, sums in
            let a = Double(p.power).squareRoot(), b = Double(q.power).squareRoot()
            var difference = Double(p.phase.isFinite ? p.phase : 0) - Double(q.phase.isFinite ? q.phase : 0)
            if difference > .pi { difference -= 2 * .pi } else if difference < -.pi { difference += 2 * .pi }
            sums[0] += 1
            sums[1] += a
            sums[2] += b
            sums[3] += a * a
            sums[4] += b * b
            sums[5] += a * b
            sums[6] += difference * difference * (a + b)
            sums[7] += a + b
        }
        let correlation = sums[0].indices.map { r -> Double in
            let n = sums[0][r]
            guard n > 0 else { return 1 }
            let varianceA = sums[3][r] - sums[1][r] * sums[1][r] / n, varianceB = sums[4][r] - sums[2][r] * sums[2][r] / n
            let denominator = (max(0, varianceA) * max(0, varianceB)).squareRoot()
            return denominator > 0 ? (sums[5][r] - sums[1][r] * sums[2][r] / n) / denominator : 1
        }
        let residual = zip(sums[6], sums[7]).map { $1 > 0 ? ($0 / $1).squareRoot() * 180 / .pi : 0 }
        return (correlation, residual)
    }

    private static func sums(
        _ first: FourierArray, _ second: FourierArray, terms: Int, pool: ThreadPool,
        _ add: @Sendable (ComplexFloat, ComplexFloat, UnsafeMutablePointer<Double>) -> Void
    ) -> [[Double]] {
        first.values.withUnsafeBufferPointer { a in
            second.values.withUnsafeBufferPointer { b in
                nonisolated(unsafe) let a = a, b = b  // Only read.
                return RadialShells(realShape: first.realShape).sum(terms: terms, pool: pool) { index, sums in
                    add(a[index], b[index], sums)
                }
            }
        }
    }
}
