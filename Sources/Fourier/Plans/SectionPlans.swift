import Arrays
import CFFTW

/// Plans of the two-dimensional real-to-complex transform of one section, in both directions, out of place and in place,
/// for aligned memory and for any memory.
struct SectionPlans: Sendable {
    private let forwardPlan: Plan
    private let forwardAnywhere: Plan
    private let inversePlan: Plan
    private let inverseAnywhere: Plan
    private let forwardPadded: Plan
    private let inversePadded: Plan

    init(x: Int, y: Int) {
        let half = x / 2 + 1
        let real = AlignedBuffer<Float>(count: max(2 * half, x) * y)
        let complex = AlignedBuffer<Float>(count: 2 * half * y)
        let spectrum = complex.base.fftwf
        let rows = Int32(y), columns = Int32(x)
        let flags = PlanLock.flags
        forwardPlan = Plan { fftwf_plan_dft_r2c_2d(rows, columns, real.base, spectrum, flags) }
        inversePlan = Plan { fftwf_plan_dft_c2r_2d(rows, columns, spectrum, real.base, flags) }
        forwardAnywhere = Plan {
            fftwf_plan_dft_r2c_2d(rows, columns, real.base, spectrum, flags | PlanLock.unaligned)
        }
        inverseAnywhere = Plan {
            fftwf_plan_dft_c2r_2d(rows, columns, spectrum, real.base, flags | PlanLock.unaligned)
        }
        // In place, the rows of the real array are padded to 2 (x/2 + 1) values; FFTW assumes that when both pointers agree.
        forwardPadded = Plan {
            fftwf_plan_dft_r2c_2d(rows, columns, complex.base, spectrum, flags | PlanLock.unaligned)
        }
        inversePadded = Plan {
            fftwf_plan_dft_c2r_2d(rows, columns, spectrum, complex.base, flags | PlanLock.unaligned)
        }
    }

    /// Unscaled. The real section is left as it is.
    func forward(_ real: UnsafePointer<Float>, into spectrum: UnsafeMutablePointer<ComplexFloat>) {
        let plan = isAligned(real) && isAligned(spectrum) ? forwardPlan : forwardAnywhere
        fftwf_execute_dft_r2c(plan.handle, UnsafeMutablePointer(mutating: real), spectrum.fftwf)
    }

    /// Unscaled. The spectrum is overwritten.
    func inverse(_ spectrum: UnsafeMutablePointer<ComplexFloat>, into real: UnsafeMutablePointer<Float>) {
        let plan = isAligned(UnsafePointer(spectrum)) && isAligned(real) ? inversePlan : inverseAnywhere
        fftwf_execute_dft_c2r(plan.handle, spectrum.fftwf, real)
    }

    func forwardInPlace(_ buffer: UnsafeMutablePointer<Float>) {
        fftwf_execute_dft_r2c(forwardPadded.handle, buffer, buffer.fftwf)
    }

    func inverseInPlace(_ buffer: UnsafeMutablePointer<Float>) {
        fftwf_execute_dft_c2r(inversePadded.handle, buffer.fftwf, buffer)
    }
}
