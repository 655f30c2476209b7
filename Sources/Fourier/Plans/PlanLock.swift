import CFFTW
import Synchronization

/// FFTW's planner and destructor are not reentrant: every call of them in the process holds this lock.
///
/// Plans are always made with FFTW_ESTIMATE. FFTW_MEASURE picks codelets by timing, so that two runs of the same job could
/// round differently; the loss of speed measured on 2D boxes of 64 ... 512 is below 20 %.
enum PlanLock {
    static let lock = Mutex(())
    static let flags: UInt32 = 1 << 6  // FFTW_ESTIMATE, a macro that Swift does not import.
    static let unaligned: UInt32 = 1 << 1  // FFTW_UNALIGNED
}

/// Owner of one single-precision plan. Executing a plan on other arrays ("new-array execute") is documented as thread-safe,
/// and the handle never changes: hence Sendable.
final class Plan: @unchecked Sendable {
    let handle: fftwf_plan

    /// - Precondition: the planner accepts the sizes; for positive sizes it always does.
    init(_ make: () -> fftwf_plan?) {
        var plan: fftwf_plan?
        PlanLock.lock.withLock { _ in plan = make() }
        guard let plan else { preconditionFailure("FFTW refused to make a plan") }
        handle = plan
    }

    deinit {
        PlanLock.lock.withLock { _ in fftwf_destroy_plan(handle) }
    }
}

extension UnsafeMutablePointer {
    /// The same memory as FFTW's complex type (two floats), which has the layout of `Complex<Float>`.
    @inline(__always)
    var fftwf: UnsafeMutablePointer<fftwf_complex> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: fftwf_complex.self)
    }
}

/// FFTW's vector code needs the alignment that the plan was made for; memory of Swift arrays and of `AlignedBuffer` has it.
@inline(__always)
func isAligned<T>(_ pointer: UnsafePointer<T>) -> Bool { UInt(bitPattern: pointer) & 15 == 0 }

@inline(__always)
func isAligned<T>(_ pointer: UnsafeMutablePointer<T>) -> Bool { UInt(bitPattern: pointer) & 15 == 0 }
