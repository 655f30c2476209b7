import Arrays
import Foundation
import Fourier

/// Frames as they go into transforms: counts times gain, mended, in a frame large enough for a quick transform.
struct FrameImages: Sendable {
    let store: FrameStore
    let defects: DefectivePixels

    var shape: Shape { store.shape }

    /// Writes a frame into rows of `rowStride` floats. Rows and columns beyond the frame, up to `padded`, go on with its edge.
    func expand(_ frame: Int, into image: UnsafeMutablePointer<Float>, rowStride: Int, padded: Shape) {
        let width = shape.x, height = shape.y
        for y in 0..<height { store.expandRow(y, of: frame, into: image + y * rowStride) }
        defects.repair(image, rowStride: rowStride, frame: frame)
        if padded.x > width {
            for y in 0..<height {
                let row = image + y * rowStride
                for x in width..<padded.x { row[x] = row[2 * width - 1 - x] }
            }
        }
        for y in height..<max(height, padded.y) {
            (image + y * rowStride).update(from: image + (2 * height - 1 - y) * rowStride, count: padded.x)
        }
    }

    /// The next even length that has no prime factor above 7.
    static func quickLength(atLeast length: Int) -> Int {
        var n = length + length % 2
        while true {
            var rest = n
            for prime in [2, 3, 5, 7] { while rest % prime == 0 { rest /= prime } }
            if rest == 1 { return n }
            n += 2
        }
    }
}
