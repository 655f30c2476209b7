import Arrays
import Reporting

/// A movie in an MRC file without compression: each section is a frame, whether the name ends in `.mrc` or `.mrcs`.
final class MRCMovie: MovieReader {
    let path: String
    private let stack: StackReader

    init(path: String) throws {
        self.path = path
        stack = try StackReader(path: path, layout: .sections)
        try MovieFile.requirePlausible(stack.header.shape, path: path)
    }

    var shape: Shape { stack.header.shape }
    var frameCount: Int { stack.header.imageCount }
    var pixel: MoviePixel { MoviePixel(stack.header.mode) }
    var pixelSizeInAngstrom: Double? { stack.header.pixelSizeInAngstrom }

    func readFrame(_ frame: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        try MovieFile.requireFrame(frame, of: frameCount, path: path)
        try stack.read(frame, into: target)
    }
}
