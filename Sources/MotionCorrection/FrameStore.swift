import Arrays
import CKernels
import Parallel

/// All frames of a movie in memory, in as few bytes as their values need: counts of electrons mostly fit into one.
package final class FrameStore: Sendable {
    package let shape: Shape
    package let count: Int
    private let frames: [StoredFrame]
    /// What counts are multiplied by; nil: 1.
    package let gain: RealArray?

    private enum StoredFrame: Sendable {
        case bytes(AlignedBuffer<UInt8>)
        case words(AlignedBuffer<UInt16>)
        case floats(AlignedBuffer<Float>)
    }

    /// - Parameter read: fills a buffer of `shape.count` values with frame i; called from several threads.
    package init(
        shape: Shape, count: Int, gain: RealArray?, inOrder: Bool, pool: ThreadPool,
        read: @Sendable (_ frame: Int, _ target: UnsafeMutableBufferPointer<Float>) throws -> Void
    ) throws {
        self.shape = shape
        self.count = count
        self.gain = gain
        let readers = inOrder ? ThreadPool(threads: 1) : pool
        let buffers = (0..<min(readers.threadCount, max(1, count))).map { _ in AlignedBuffer<Float>(uninitialisedCount: shape.count) }
        frames = try readers.tryMap(count: count) { frame, worker in
            let values = UnsafeMutableBufferPointer(start: buffers[worker].base, count: shape.count)
            try read(frame, values)
            return Self.packed(values)
        }
    }

    private static func packed(_ values: UnsafeMutableBufferPointer<Float>) -> StoredFrame {
        guard let base = values.baseAddress else { return .bytes(AlignedBuffer(count: 0)) }
        var highest: Float = 0
        guard are_counts(base, values.count, &highest) != 0 else {
            let floats = AlignedBuffer<Float>(uninitialisedCount: values.count)
            floats.base.update(from: base, count: values.count)
            return .floats(floats)
        }
        if highest <= 255 {
            let bytes = AlignedBuffer<UInt8>(uninitialisedCount: values.count)
            counts_to_bytes(base, bytes.base, values.count)
            return .bytes(bytes)
        }
        let words = AlignedBuffer<UInt16>(uninitialisedCount: values.count)
        counts_to_words(base, words.base, values.count)
        return .words(words)
    }

    /// Row `y` of a frame times the gain.
    func expandRow(_ y: Int, of frame: Int, into target: UnsafeMutablePointer<Float>) {
        let width = shape.x, start = y * width
        func convert(_ gain: UnsafePointer<Float>?) {
            switch frames[frame] {
            case .bytes(let values): counts8_to_image(values.base + start, gain, target, width)
            case .words(let values): counts16_to_image(values.base + start, gain, target, width)
            case .floats(let values): floats_to_image(values.base + start, gain, target, width)
            }
        }
        guard let gain else { return convert(nil) }
        gain.values.withUnsafeBufferPointer { convert($0.baseAddress.map { $0 + start }) }
    }

    /// The sum of all frames before any alignment.
    func sum(pool: ThreadPool) -> RealArray {
        var result = RealArray(shape: shape)
        let width = shape.x
        result.values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let sums = base  // Rows are disjoint.
            pool.forEachChunk(count: shape.y, chunk: 64) { rows, _ in
                let row = AlignedBuffer<Float>(uninitialisedCount: width)
                for y in rows {
                    for frame in 0..<count {
                        expandRow(y, of: frame, into: row.base)
                        add_floats(sums + y * width, row.base, width)
                    }
                }
            }
        }
        return result
    }
}
