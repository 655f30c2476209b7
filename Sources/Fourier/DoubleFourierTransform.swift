import Arrays
import CFFTW
import ComplexModule

/// As `FourierTransform`, in double precision and on one thread: for small arrays where rounding matters.
package final class DoubleFourierTransform: @unchecked Sendable {
    // Plans are executed on other arrays only, which FFTW documents as thread-safe; the handles never change.
    package let shape: Shape
    private let forwardPlan: fftw_plan
    private let inversePlan: fftw_plan

    package init(shape: Shape) {
        self.shape = shape
        let real = AlignedBuffer<Double>(count: shape.count)
        let complex = AlignedBuffer<Double>(count: 2 * shape.halfPlane.count)
        let spectrum = UnsafeMutableRawPointer(complex.base).assumingMemoryBound(to: fftw_complex.self)
        let size = [Int32(shape.z), Int32(shape.y), Int32(shape.x)]
        let flags = PlanLock.flags | PlanLock.unaligned
        var forward: fftw_plan?, inverse: fftw_plan?
        PlanLock.lock.withLock { _ in
            forward = fftw_plan_dft_r2c(3, size, real.base, spectrum, flags)
            inverse = fftw_plan_dft_c2r(3, size, spectrum, real.base, flags)
        }
        guard let forward, let inverse else { preconditionFailure("FFTW refused to make a plan") }
        forwardPlan = forward
        inversePlan = inverse
    }

    deinit {
        PlanLock.lock.withLock { _ in
            fftw_destroy_plan(forwardPlan)
            fftw_destroy_plan(inversePlan)
        }
    }

    /// `shape.count` values to `shape.halfPlane.count` coefficients, scaled by 1/N.
    package func forward(_ real: [Double]) -> [Complex<Double>] {
        precondition(real.count == shape.count)
        var input = real
        var result = [Complex<Double>](repeating: .zero, count: shape.halfPlane.count)
        input.withUnsafeMutableBufferPointer { input in
            result.withUnsafeMutableBytes { output in
                guard let from = input.baseAddress, let to = output.baseAddress else { return }
                fftw_execute_dft_r2c(forwardPlan, from, to.assumingMemoryBound(to: fftw_complex.self))
            }
        }
        let factor = 1 / Double(shape.count)
        for i in result.indices { result[i] = Complex(result[i].real * factor, result[i].imaginary * factor) }
        return result
    }

    /// Unscaled.
    package func inverse(_ spectrum: [Complex<Double>]) -> [Double] {
        precondition(spectrum.count == shape.halfPlane.count)
        var input = spectrum
        var result = [Double](repeating: 0, count: shape.count)
        input.withUnsafeMutableBytes { input in
            result.withUnsafeMutableBufferPointer { output in
                guard let from = input.baseAddress, let to = output.baseAddress else { return }
                fftw_execute_dft_c2r(inversePlan, from.assumingMemoryBound(to: fftw_complex.self), to)
            }
        }
        return result
    }
}
