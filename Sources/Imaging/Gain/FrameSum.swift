import Arrays
import Parallel

/// The sum of many frames, and the gain reference that follows from it: over enough movies every pixel has seen the
/// same dose.
package struct FrameSum: Sendable {
    package let shape: Shape
    package private(set) var frameCount = 0
    private var sums: [Double]

    package init(shape: Shape) {
        self.shape = shape
        sums = [Double](repeating: 0, count: shape.count)
    }

    private static let chunk = 1 << 16

    /// Adds images that are sums of `frameCount` frames together, in order: the same bits for any number of threads.
    package mutating func add(_ images: [RealArray], frameCount count: Int, pool: ThreadPool) {
        precondition(images.allSatisfy { $0.shape == shape })
        sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let sums = sums  // Chunks are disjoint.
            pool.forEachChunk(count: sums.count, chunk: Self.chunk) { range, _ in
                for image in images {
                    image.values.withUnsafeBufferPointer { values in
                        for i in range { sums[i] += Double(values[i]) }
                    }
                }
            }
        }
        frameCount += count
    }

    /// Adds another sum, of `frameCount` frames.
    package mutating func add(_ other: FrameSum, frameCount count: Int, pool: ThreadPool) {
        precondition(other.shape == shape)
        sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let sums = sums  // Chunks are disjoint.
            pool.forEachChunk(count: sums.count, chunk: Self.chunk) { range, _ in
                other.sums.withUnsafeBufferPointer { values in
                    for i in range { sums[i] += values[i] }
                }
            }
        }
        frameCount += count
    }

    /// Of a pixel in a frame.
    package var mean: Double { frameCount == 0 ? 0 : sums.reduce(0, +) / (Double(shape.count) * Double(frameCount)) }

    package var image: RealArray { RealArray(shape: shape, values: sums.map { Float($0) }) }

    /// Factors that make all pixels' means equal: the mean over all pixels divided by the pixel's own; 1 where a pixel
    /// never counted.
    package var gain: RealArray {
        let mean = mean, frames = Double(frameCount)
        return RealArray(shape: shape, values: sums.map { $0 == 0 ? 1 : Float(frames / $0 * mean) })
    }
}
