import Arrays
import CKernels
import Foundation

extension ContrastTransferFunction {
    /// All values on a half-plane grid, x fastest.
    ///
    /// - Parameter phaseOffset: symmetric aberrations on the same grid (`Aberrations.phaseOffset`), in radians.
    package func values(
        on grid: FrequencyGrid, form: Form = .signed, intact: IntactRange = .none, isDamped: Bool = true,
        phaseOffset: [Float]? = nil
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: grid.count) { buffer, count in
            evaluate(
                on: grid, form: form, intact: intact, isDamped: isDamped, phaseOffset: phaseOffset,
                into: UnsafeMutableBufferPointer(rebasing: buffer[0..<grid.count]))
            count = grid.count
        }
    }

    /// As `values`, into memory of `grid.count` elements. The error is a few single-precision ulps of the scale.
    package func evaluate(
        on grid: FrequencyGrid, form: Form = .signed, intact: IntactRange = .none, isDamped: Bool = true,
        phaseOffset: [Float]? = nil, into result: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(result.count >= grid.count && (phaseOffset?.count ?? grid.count) == grid.count)
        guard let base = result.baseAddress else { return }
        let isPlain = intact == .none && form == .signed && (!isDamped || bFactorInSquareAngstrom == 0)
        let phase = self.phase
        let columns = grid.columns
        withOptionalPointer(phaseOffset) { offset in
            for row in 0..<grid.rows {
                var line = kernelRow(phase, grid, row)
                let values = base + row * columns
                let rowOffset = offset.map { $0 + row * columns }
                if isPlain {
                    kernels_transfer_function(&line, rowOffset, Float(scale), values, columns)
                    keepFromZero(values, columns)
                } else {
                    general(&line, rowOffset, values, columns, form, intact, isDamped)
                }
            }
        }
    }

    private func withOptionalPointer(_ array: [Float]?, _ body: (UnsafePointer<Float>?) -> Void) {
        guard let array else { return body(nil) }
        array.withUnsafeBufferPointer { body($0.baseAddress) }
    }

    func kernelRow(_ phase: Phase, _ grid: FrequencyGrid, _ row: Int) -> transfer_function_row {
        let step = 1 / grid.extentX
        let y = grid.y(row)
        return transfer_function_row(
            xx: phase.xx, xy: phase.xy, yy: phase.yy, fourth: phase.fourth, constant: phase.constant,
            xStep: magnification.xx * step, yStep: magnification.yx * step,
            xStart: magnification.xy * y, yStart: magnification.yy * y)
    }

    private func keepFromZero(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
        let least = Float(Self.smallestMagnitude)
        for i in 0..<count {
            let value = values[i]
            values[i] = abs(value) < least ? (value >= 0 ? least : -least) : value
        }
    }

    private func general(
        _ line: inout transfer_function_row, _ offset: UnsafePointer<Float>?, _ values: UnsafeMutablePointer<Float>,
        _ count: Int, _ form: Form, _ intact: IntactRange, _ isDamped: Bool
    ) {
        let damping = isDamped ? -bFactorInSquareAngstrom / 4 : 0
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { gamma in
            guard let gammas = gamma.baseAddress else { return }
            kernels_transfer_function_phase(&line, offset, gammas, count)
            for i in 0..<count {
                var value = intact.contains(gammas[i]) ? 1 : -sin(gammas[i])
                if damping != 0 {
                    let x = line.xStart + Double(i) * line.xStep
                    let y = line.yStart + Double(i) * line.yStep
                    value *= exp(damping * (x * x + y * y))
                }
                values[i] = Float(Self.kept(form.applied(to: value) * scale))
            }
        }
    }

    /// Values along a line through the origin at an angle from x, at frequencies 0, 1/extent, …
    package func profile(
        angleInDegrees: Double, extentInAngstrom: Double, count: Int, form: Form = .signed, isDamped: Bool = true
    ) -> [Double] {
        let angle = angleInDegrees * .pi / 180
        return (0..<count).map { index in
            let k = Double(index) / extentInAngstrom
            return value(x: k * cos(angle), y: k * sin(angle), form: form, isDamped: isDamped)
        }
    }
}
