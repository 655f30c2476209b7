import Arrays
import CFFTW

/// Plans of the two-dimensional real-to-complex transform of one section, in both directions, out of place and in place,
/// for aligned memory and for any memory.
struct SectionPlans: Sendable {
    private let forwardPlan: Plan
    private let forwardAnywhere: Plan
    private let inversePlan: Plan
    private let inverseAnywhere: Plan
    private let padded: PaddedPlans
    /// In place, where blocks are quicker.
    let blocked: BlockedSection?

    init(x: Int, y: Int) {
        blocked = BlockedSection(x: x, y: y)
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
        padded = PaddedPlans(x: x, y: y, memory: complex)
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

    /// Times `factor`.
    func forwardInPlace(_ buffer: UnsafeMutablePointer<Float>, factor: Float) {
        if let blocked { return blocked.forward(buffer, factor: factor) }
        padded.forward(buffer, factor: factor)
    }

    func inverseInPlace(_ buffer: UnsafeMutablePointer<Float>) {
        if let blocked { return blocked.inverse(buffer) }
        padded.inverse(buffer)
    }
}

/// The plans in place: rows of the real array are padded to 2 (x/2 + 1) values, which FFTW assumes when both pointers agree.
private final class PaddedPlans: Sendable {
    private let forwardPlan: Plan
    private let inversePlan: Plan
    private let floats: Int

    init(x: Int, y: Int, memory: AlignedBuffer<Float>) {
        floats = 2 * (x / 2 + 1) * y
        let rows = Int32(y), columns = Int32(x), flags = PlanLock.flags | PlanLock.unaligned
        forwardPlan = Plan { fftwf_plan_dft_r2c_2d(rows, columns, memory.base, memory.base.fftwf, flags) }
        inversePlan = Plan { fftwf_plan_dft_c2r_2d(rows, columns, memory.base.fftwf, memory.base, flags) }
    }

    func forward(_ buffer: UnsafeMutablePointer<Float>, factor: Float) {
        fftwf_execute_dft_r2c(forwardPlan.handle, buffer, buffer.fftwf)
        if factor != 1 { for i in 0..<floats { buffer[i] *= factor } }
    }

    func inverse(_ buffer: UnsafeMutablePointer<Float>) { fftwf_execute_dft_c2r(inversePlan.handle, buffer.fftwf, buffer) }
}
