import Arrays
import CKernels
import Foundation
import Fourier

/// Transforms of whole frames in the working memory of a thread: moved, weighted, cut to the micrograph's size.
struct FrameSpectra: Sendable {
    let images: FrameImages
    let sizes: BinnedShape
    let forward: FourierTransform
    let inverse: FourierTransform

    init(_ images: FrameImages, sizes: BinnedShape) {
        (self.images, self.sizes) = (images, sizes)
        forward = FourierTransform(shape: sizes.padded)
        inverse = sizes.paddedBinned == sizes.padded ? forward : FourierTransform(shape: sizes.paddedBinned)
    }

    /// Floats of a buffer that holds a frame or its transform.
    var bufferCount: Int { forward.inPlaceCount }

    /// The transform of a frame.
    func transform(_ frame: Int, into buffer: UnsafeMutablePointer<Float>) {
        images.expand(frame, into: buffer, rowStride: forward.inPlaceRowStride, padded: sizes.padded)
        forward.forwardInPlace(buffer)
    }

    /// Moves a transform of `shape` by `shift` pixels of the movie, and weights it.
    ///
    /// - Parameter weights: a table of `ExposureWeights`, or nil.
    func move(_ buffer: UnsafeMutablePointer<Float>, shape: Shape, by shift: SIMD2<Double>, weights: [Float]?) {
        let half = shape.x / 2 + 1, padded = sizes.padded
        let columns = (0..<half).flatMap { x -> [Float] in
            let phase = TrackAlignment.phase(Double(x) * shift.x / Double(padded.x))
            return [phase.real, phase.imaginary]
        }
        func rows(_ table: UnsafePointer<Float>?) {
            for y in 0..<shape.y {
                let k = signedFrequency(y, length: shape.y)
                let phase = TrackAlignment.phase(Double(k) * shift.y / Double(padded.y))
                columns.withUnsafeBufferPointer {
                    shift_and_weight_row(buffer + y * 2 * half, half, $0.baseAddress, phase.real, phase.imaginary, table,
                                         1 / Float(padded.x), Float(k) / Float(padded.y), Float(ExposureWeights.entriesPerUnit))
                }
            }
        }
        if let weights { weights.withUnsafeBufferPointer { rows($0.baseAddress) } } else { rows(nil) }
    }

    /// Cuts a transform to the low frequencies that the binned image has, in place.
    func bin(_ buffer: UnsafeMutablePointer<Float>) {
        let large = sizes.padded, small = sizes.paddedBinned
        guard large != small else { return }
        let half = small.x / 2 + 1, largeHalf = large.x / 2 + 1
        for y in 0..<small.y {
            let k = signedFrequency(y, length: small.y)
            let row = k < 0 ? k + large.y : k
            // Rows move towards the front only.
            memmove(buffer + y * 2 * half, buffer + row * 2 * largeHalf, 2 * half * MemoryLayout<Float>.stride)
        }
    }
}
