import Arrays
import Foundation
import Parallel
import Refinement
import Reporting

/// All particle images, kept in memory (`--preread_images`).
final class MemoryImageSource: ImageSource {
    private let pixels: AlignedBuffer<Float>
    /// Where each particle's image starts; one more than there are particles.
    private let start: [Int]

    /// Reads all images through `source`.
    ///
    /// - Parameter boxes: box size by particle.
    init(
        reading source: any ImageSource, boxes: [Int], pool: ThreadPool, reporter: Reporter
    ) throws {
        var ends = [0]
        ends.reserveCapacity(boxes.count + 1)
        for box in boxes { ends.append(ends[ends.count - 1] + box * box) }
        let start = ends
        self.start = start
        let pixels = AlignedBuffer<Float>(count: start[boxes.count])
        let progress = reporter.progress("Reading particles", total: boxes.count)
        // Whole runs of particles by one thread: neighbours lie in one stack.
        let run = 64
        _ = try pool.tryMap(count: (boxes.count + run - 1) / run) { index, _ in
            let range = index * run..<min(boxes.count, (index + 1) * run)
            for particle in range {
                try source.readImage(
                    particle,
                    into: UnsafeMutableBufferPointer(
                        rebasing: pixels.pointer[start[particle]..<start[particle + 1]]))
            }
            progress.advance(by: range.count)
        }
        progress.finish()
        self.pixels = pixels
    }

    static func bytes(boxes: [Int]) -> Int { boxes.reduce(0) { $0 + $1 * $1 } * MemoryLayout<Float>.stride }

    func readImage(_ particle: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        let count = start[particle + 1] - start[particle]
        precondition(destination.count == count)
        destination.baseAddress?.update(from: pixels.base + start[particle], count: count)
    }
}
