import Arrays

/// An open movie: frames of one shape, read one at a time.
///
/// Any thread may read any frame, and several at once: that is how frames are decoded in parallel. Memory does not grow
/// with the number of frames. Frames of TIFF, EER and plain MRC movies are equally quick in any order; those of a
/// compressed MRC movie follow one another in the file, so ask for them in rising order (`framesFollowInOrder`).
package protocol MovieReader: Sendable {
    var path: String { get }
    /// Of one frame, in pixels; z is 1.
    var shape: Shape { get }
    var frameCount: Int { get }
    /// How pixels are stored.
    var pixel: MoviePixel { get }
    /// Nil when the file does not say.
    var pixelSizeInAngstrom: Double? { get }
    /// Reading frames out of order means decompressing from the start.
    var framesFollowInOrder: Bool { get }

    /// Reads frame `frame`, counted from 0, into a buffer of `shape.count` values, x fastest, rows from the bottom of
    /// the detector's picture up (the order of MRC files; TIFF files are turned over).
    /// - Throws: `InputError` naming the file and the frame.
    func readFrame(_ frame: Int, into target: UnsafeMutableBufferPointer<Float>) throws
}

extension MovieReader {
    package var framesFollowInOrder: Bool { false }

    package func frame(_ index: Int) throws -> RealArray {
        var image = RealArray(shape: shape)
        try image.values.withUnsafeMutableBufferPointer { try readFrame(index, into: $0) }
        return image
    }
}
