import Arrays
import CFFTW

/// One-dimensional complex transforms of `batch` lines at a time: element i of line l is at `i * batch + l`.
///
/// The lines of a volume along y or z are gathered into such a block, which stays in the cache, transformed, and put back.
package final class LineTransform: Sendable {
    /// 16 complex floats are two cache lines: whole lines are read and written when a block is gathered from a volume.
    package static let batch = 16

    package let length: Int
    private let forwardPlan: Plan
    private let inversePlan: Plan

    package init(length: Int) {
        self.length = length
        let block = AlignedBuffer<Float>(count: 2 * length * Self.batch)
        let count = Int32(Self.batch)
        var size = Int32(length)
        func plan(_ sign: Int32) -> Plan {
            Plan {
                fftwf_plan_many_dft(1, &size, count, block.base.fftwf, nil, count, 1, block.base.fftwf, nil, count, 1, sign,
                                    PlanLock.flags)
            }
        }
        forwardPlan = plan(-1)
        inversePlan = plan(1)
    }

    /// Memory for one block.
    package func makeBlock() -> AlignedBuffer<ComplexFloat> { AlignedBuffer(count: length * Self.batch) }

    /// In place, unscaled, exponent −2πi.
    /// - Precondition: `block` came from `makeBlock()` (aligned to 16 bytes).
    package func forward(_ block: UnsafeMutablePointer<ComplexFloat>) {
        fftwf_execute_dft(forwardPlan.handle, block.fftwf, block.fftwf)
    }

    /// In place, unscaled, exponent +2πi.
    package func inverse(_ block: UnsafeMutablePointer<ComplexFloat>) {
        fftwf_execute_dft(inversePlan.handle, block.fftwf, block.fftwf)
    }
}

/// One-dimensional real-to-complex transforms of single contiguous rows.
package final class RowTransform: Sendable {
    package let length: Int
    private let forwardPlan: Plan
    private let inversePlan: Plan

    /// - Parameter isInPlace: reals and coefficients begin at the same address, which need not be aligned.
    package init(length: Int, isInPlace: Bool = false) {
        self.length = length
        let complex = AlignedBuffer<Float>(count: 2 * (length / 2 + 1))
        let real = isInPlace ? complex : AlignedBuffer<Float>(count: length)
        let size = Int32(length), flags = isInPlace ? PlanLock.flags | PlanLock.unaligned : PlanLock.flags
        forwardPlan = Plan { fftwf_plan_dft_r2c_1d(size, real.base, complex.base.fftwf, flags) }
        inversePlan = Plan { fftwf_plan_dft_c2r_1d(size, complex.base.fftwf, real.base, flags) }
    }

    /// `length` reals to `length / 2 + 1` coefficients, unscaled.
    /// - Precondition: both pointers are aligned to 16 bytes, or the transform is in place and they are equal.
    package func forward(_ real: UnsafeMutablePointer<Float>, into spectrum: UnsafeMutablePointer<ComplexFloat>) {
        fftwf_execute_dft_r2c(forwardPlan.handle, real, spectrum.fftwf)
    }

    /// Unscaled; overwrites the spectrum.
    package func inverse(_ spectrum: UnsafeMutablePointer<ComplexFloat>, into real: UnsafeMutablePointer<Float>) {
        fftwf_execute_dft_c2r(inversePlan.handle, spectrum.fftwf, real)
    }
}
