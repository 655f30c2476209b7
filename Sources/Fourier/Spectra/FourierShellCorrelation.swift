import Arrays
import ComplexModule
import Parallel

/// The Fourier shell correlation Re Σ a·b* / sqrt(Σ|a|² Σ|b|²) per shell, and what else is read off the same sums
/// (Harauz & van Heel, Optik 73 (1986) 146).
package struct FourierShellCorrelation: Sendable {
    /// Correlation per shell; 0 where a shell has no power.
    package let correlation: [Double]
    /// Mean amplitudes of both transforms per shell.
    package let firstAmplitude: [Double]
    package let secondAmplitude: [Double]
    /// Mean of the absolute phase difference per shell, in degrees, weighted by nothing.
    package let differentialPhaseResidualInDegrees: [Double]

    /// - Precondition: both have the same shape.
    package init(_ first: FourierArray, _ second: FourierArray, pool: ThreadPool? = nil) {
        precondition(first.realShape == second.realShape)
        let shells = RadialShells(realShape: first.realShape)
        let sums = first.values.withUnsafeBufferPointer { a in
            second.values.withUnsafeBufferPointer { b in
                nonisolated(unsafe) let a = a, b = b  // Only read.
                return shells.sum(terms: 7, pool: pool) { index, sums in
                    let p = a[index], q = b[index]
                    let pr = Double(p.real), pi = Double(p.imaginary), qr = Double(q.real), qi = Double(q.imaginary)
                    let pp = pr * pr + pi * pi, qq = qr * qr + qi * qi
                    sums[0] += pr * qr + pi * qi
                    sums[1] += pp
                    sums[2] += qq
                    sums[3] += pp.squareRoot()
                    sums[4] += qq.squareRoot()
                    sums[5] += abs(Self.phaseDifference(p, q))
                    sums[6] += 1
                }
            }
        }
        correlation = shells.indices.map { r in
            let denominator = (sums[1][r] * sums[2][r]).squareRoot()
            return denominator > 0 ? sums[0][r] / denominator : 0
        }
        func mean(_ term: Int) -> [Double] { zip(sums[term], sums[6]).map { $1 > 0 ? $0 / $1 : 0 } }
        firstAmplitude = mean(3)
        secondAmplitude = mean(4)
        differentialPhaseResidualInDegrees = mean(5)
    }

    /// Of two maps of the same shape.
    package init(_ first: RealArray, _ second: RealArray, pool: ThreadPool? = nil) {
        let transform = FourierTransform(shape: first.shape)
        self.init(transform.forward(first, pool: pool), transform.forward(second, pool: pool), pool: pool)
    }

    /// Resolution in Å of the last shell before the correlation first falls below `threshold`; shell 0 gives 999.
    ///
    /// - Parameter box: extent in pixels of the transformed array.
    package func resolutionInAngstrom(threshold: Double, box: Int, pixelSizeInAngstrom: Double) -> Double {
        let crossing = correlation.indices.dropFirst().first { correlation[$0] < threshold } ?? correlation.count
        let shell = crossing - 1
        return shell > 0 ? Double(box) * pixelSizeInAngstrom / Double(shell) : 999
    }

    private static func phaseDifference(_ p: ComplexFloat, _ q: ComplexFloat) -> Double {
        let product = Complex<Double>(
            Double(p.real) * Double(q.real) + Double(p.imaginary) * Double(q.imaginary),
            Double(p.imaginary) * Double(q.real) - Double(p.real) * Double(q.imaginary))
        let phase = product.phase
        return phase.isFinite ? phase * 180 / .pi : 0
    }
}

extension RadialShells {
    package var indices: Range<Int> { 0..<shellCount }
}
