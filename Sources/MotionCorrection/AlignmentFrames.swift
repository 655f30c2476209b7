import Arrays
import CKernels
import Foundation
import Fourier
import Parallel

/// The low frequencies of all frames, all that an alignment with a B factor can see: spectra of small images.
///
/// Frames are averaged two by two before they are transformed when the frequencies that matter lie well below; what folds back is
/// noise of shot counts, less than a quarter of its power where the damping leaves a hundredth.
final class AlignmentFrames: @unchecked Sendable {
    /// Of the small images.
    let shape: Shape
    /// Length of the small images' sides in pixels of the movie.
    let extent: (x: Double, y: Double)
    let spectra: [AlignedBuffer<ComplexFloat>]
    let bFactor: Double

    /// Pixels of the movie to one of the small images.
    var scale: (x: Double, y: Double) { (extent.x / Double(shape.x), extent.y / Double(shape.y)) }

    /// Frequency (1/pixel) above which less than a hundredth of a correlation is left.
    static func highestFrequency(_ settings: MotionSettings) -> Double {
        if settings.correlationScale > 0 { return 0.5 * min(1, settings.correlationScale) }
        return min(0.5, (log(100) / (2 * max(1e-6, settings.bFactor))).squareRoot())
    }

    init(_ images: FrameImages, settings: MotionSettings, pool: ThreadPool) {
        let highest = Self.highestFrequency(settings)
        let averages = highest <= 0.2
        let factor = averages ? 2 : 1
        let width = images.shape.x / factor, height = images.shape.y / factor
        let padded = Shape(x: FrameImages.quickLength(atLeast: width), y: FrameImages.quickLength(atLeast: height))
        extent = (Double(padded.x * factor), Double(padded.y * factor))
        let small = Shape(x: min(padded.x, FrameImages.quickLength(atLeast: Int((2 * highest * extent.x).rounded(.up)))),
                          y: min(padded.y, FrameImages.quickLength(atLeast: Int((2 * highest * extent.y).rounded(.up)))))
        shape = small
        bFactor = settings.bFactor
        let transform = FourierTransform(shape: padded)
        let fullStride = images.shape.x
        let work = (0..<pool.threadCount).map { _ in
            (full: AlignedBuffer<Float>(uninitialisedCount: fullStride * images.shape.y),
             image: AlignedBuffer<Float>(uninitialisedCount: transform.inPlaceCount))
        }
        spectra = pool.map(count: images.store.count) { frame, worker in
            let (full, image) = work[worker]
            let stride = transform.inPlaceRowStride
            if averages {
                images.expand(frame, into: full.base, rowStride: fullStride, padded: images.shape)
                for y in 0..<height {
                    mean_of_four(full.base + 2 * y * fullStride, full.base + (2 * y + 1) * fullStride, image.base + y * stride, width)
                    for x in width..<max(width, padded.x) { image[y * stride + x] = image[y * stride + 2 * width - 1 - x] }
                }
                for y in height..<max(height, padded.y) {
                    (image.base + y * stride).update(from: image.base + (2 * height - 1 - y) * stride, count: padded.x)
                }
            } else {
                images.expand(frame, into: image.base, rowStride: stride, padded: padded)
            }
            transform.forwardInPlace(image.base)
            return Self.cropped(UnsafeRawPointer(image.base).assumingMemoryBound(to: ComplexFloat.self), from: padded, to: small)
        }
    }

    private static func cropped(_ spectrum: UnsafePointer<ComplexFloat>, from large: Shape, to small: Shape) -> AlignedBuffer<ComplexFloat> {
        let half = small.x / 2 + 1, largeHalf = large.x / 2 + 1
        let result = AlignedBuffer<ComplexFloat>(uninitialisedCount: half * small.y)
        for y in 0..<small.y {
            let ky = signedFrequency(y, length: small.y)
            let row = ky < 0 ? ky + large.y : ky
            (result.base + y * half).update(from: spectrum + row * largeHalf, count: half)
        }
        return result
    }

    /// The small images of all frames.
    func realImages(pool: ThreadPool) -> [RealArray] {
        let transform = FourierTransform(shape: shape)
        return pool.map(count: spectra.count) { frame, _ in
            var array = FourierArray(realShape: self.shape)
            for i in array.values.indices { array.values[i] = self.spectra[frame][i] }
            return transform.inverse(array)
        }
    }
}
