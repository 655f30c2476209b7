import Arrays
import CFFTW

/// The two-dimensional real-to-complex transform in place for sections that are larger than caches: rows one by one, then
/// columns in blocks that are turned into rows in the second-level cache, transformed there and turned back.
///
/// FFTW's own plans for such sections, estimated as ours are, take nearly twice the time.
final class BlockedSection: Sendable {
    private let x: Int
    private let y: Int
    private let rows: RowTransform
    private let columns: RowBatch
    /// Coefficients of a row of the half plane.
    private var half: Int { x / 2 + 1 }

    /// From so many floats on blocks are quicker: what no second-level cache holds.
    private static let smallestCount = 1 << 20
    /// Columns of a block: four cache lines of a row are read and written at once.
    private static let width = 32
    /// Beyond a column's coefficients, so that columns of 4096 do not share their places in the cache.
    private static let gap = 16

    /// nil where the section is too small to gain from blocks.
    init?(x: Int, y: Int) {
        guard x * y >= Self.smallestCount, x > 1, y > 1 else { return nil }
        (self.x, self.y) = (x, y)
        rows = RowTransform(length: x, isInPlace: true)
        columns = RowBatch(length: y, count: Self.width, stride: y + Self.gap)
    }

    /// Times `factor`.
    func forward(_ buffer: UnsafeMutablePointer<Float>, factor: Float) {
        for row in 0..<y {
            let line = buffer + 2 * half * row
            rows.forward(line, into: complex(line))
        }
        forEachBlock(of: complex(buffer), factor: factor) { columns.forward($0) }
    }

    /// Unscaled.
    func inverse(_ buffer: UnsafeMutablePointer<Float>) {
        forEachBlock(of: complex(buffer), factor: 1) { columns.inverse($0) }
        for row in 0..<y {
            let line = buffer + 2 * half * row
            rows.inverse(complex(line), into: line)
        }
    }

    private func complex(_ floats: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<ComplexFloat> {
        UnsafeMutableRawPointer(floats).assumingMemoryBound(to: ComplexFloat.self)
    }

    private func forEachBlock(
        of spectrum: UnsafeMutablePointer<ComplexFloat>, factor: Float, _ transform: (UnsafeMutablePointer<ComplexFloat>) -> Void
    ) {
        let stride = y + Self.gap
        let memory = AlignedBuffer<ComplexFloat>(count: Self.width * stride)
        let block = memory.base
        for first in Swift.stride(from: 0, to: half, by: Self.width) {
            let width = min(Self.width, half - first)
            for row in 0..<y {
                let source = spectrum + row * half + first
                for i in 0..<width { block[i * stride + row] = source[i] }
            }
            transform(block)
            for row in 0..<y {
                let target = spectrum + row * half + first
                for i in 0..<width { target[i] = block[i * stride + row].multiplied(by: factor) }
            }
        }
        withExtendedLifetime(memory) {}
    }
}

/// One-dimensional complex transforms in place of several rows, `stride` coefficients apart.
private final class RowBatch: Sendable {
    private let forwardPlan: Plan
    private let inversePlan: Plan

    init(length: Int, count: Int, stride: Int) {
        let block = AlignedBuffer<Float>(count: 2 * stride * count)
        let rows = Int32(count), distance = Int32(stride)
        var size = Int32(length)
        func plan(_ sign: Int32) -> Plan {
            Plan { fftwf_plan_many_dft(1, &size, rows, block.base.fftwf, nil, 1, distance, block.base.fftwf, nil, 1, distance, sign, PlanLock.flags) }
        }
        forwardPlan = plan(-1)
        inversePlan = plan(1)
    }

    /// Unscaled, exponent −2πi.
    func forward(_ block: UnsafeMutablePointer<ComplexFloat>) { fftwf_execute_dft(forwardPlan.handle, block.fftwf, block.fftwf) }

    /// Unscaled, exponent +2πi.
    func inverse(_ block: UnsafeMutablePointer<ComplexFloat>) { fftwf_execute_dft(inversePlan.handle, block.fftwf, block.fftwf) }
}
