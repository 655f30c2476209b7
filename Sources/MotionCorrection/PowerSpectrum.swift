import Arrays
import CKernels
import Foundation
import Fourier
import Parallel

/// The amplitude spectrum that defocus is estimated from: of sums of a few aligned frames each, added up over the movie.
///
/// More electrons in a sum make its rings stand out, but also let movement within it blur them; sums of a few e/Å² are a good compromise.
final class PowerSpectrum: @unchecked Sendable {
    private let shape: Shape
    private let grouping: Int
    private let frameCount: Int
    private let group: AlignedBuffer<Float>
    private let moduli: AlignedBuffer<Float>
    private static let rowsPerTask = 64
    /// Å; higher frequencies are left out.
    static let finestPixel = 1.4

    /// - Parameter shape: of the frames' transforms.
    init(shape: Shape, grouping: Int, frameCount: Int) {
        (self.shape, self.grouping, self.frameCount) = (shape, grouping, frameCount)
        group = AlignedBuffer(count: 2 * shape.halfPlane.count)
        moduli = AlignedBuffer(count: shape.halfPlane.count)
    }

    /// - Parameter frames: in their order, with their transforms.
    func add(_ frames: [(number: Int, buffer: UnsafeMutablePointer<Float>)], pool: ThreadPool) {
        nonisolated(unsafe) let frames = frames
        let half = shape.x / 2 + 1
        pool.forEachChunk(count: shape.y, chunk: Self.rowsPerTask) { rows, _ in
            let start = rows.lowerBound * half, count = rows.count * half
            for frame in frames {
                add_floats(group.base + 2 * start, frame.buffer + 2 * start, 2 * count)
                if (frame.number + 1) % grouping == 0 || frame.number + 1 == frameCount {
                    add_moduli(moduli.base + start, group.base + 2 * start, count)
                    (group.base + 2 * start).update(repeating: 0, count: 2 * count)
                }
            }
        }
    }

    /// The spectrum with the origin in the middle, `size` pixels wide, and the pixel size (Å) that its edge stands for.
    func finish(size: Int, pixelSizeInAngstrom pixel: Double, coarsestPixel: Double) -> (image: RealArray, pixelSizeInAngstrom: Double) {
        let wanted = max(Self.finestPixel, coarsestPixel)
        func cropped(_ length: Int) -> Int {
            let n = Int((Double(length) * pixel / wanted).rounded(.up))
            return min(length, n + n % 2)
        }
        let kept = Shape(x: cropped(shape.x), y: cropped(shape.y)), half = shape.x / 2 + 1
        var centred = RealArray(shape: kept)
        for y in 0..<kept.y {
            let ky = y - kept.y / 2
            for x in 0..<kept.x {
                let kx = x - kept.x / 2
                // Friedel mates have the same modulus.
                let (u, v) = kx < 0 ? (-kx, -ky) : (kx, ky)
                centred[x, y] = moduli[((v + shape.y) % shape.y) * half + u]
            }
        }
        // The mean of the image is no part of its spectrum, and would ring.
        let middle = (kept.x / 2, kept.y / 2)
        centred[middle.0, middle.1] = 0.25 * (centred[middle.0 + 1, middle.1] + centred[middle.0 - 1, middle.1]
            + centred[middle.0, middle.1 + 1] + centred[middle.0, middle.1 - 1])
        let small = Shape.square(size)
        let spectrum = FourierTransform(shape: kept).forward(centred).resized(to: small)
        return (FourierTransform(shape: small).inverse(spectrum), Double(shape.x) * pixel / Double(kept.x))
    }
}
