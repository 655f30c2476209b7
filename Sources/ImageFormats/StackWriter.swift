import Arrays
import Foundation
import Reporting
import Synchronization

/// Writes an MRC stack (or one volume) that appears under its name when `finish` is called.
///
/// Images may be written from any thread and in any order; statistics are combined in image order, so that the file has
/// the same bytes whatever the order.
package final class StackWriter: Sendable {
    package let path: String
    package let shape: Shape
    package let mode: PixelMode
    private let pixelSizeInAngstrom: Double?
    private let file: OutputFile
    private let statistics = Mutex<[Int: PixelStatistics]>([:])

    /// - Parameters:
    ///   - shape: of one image; a volume (`z > 1`) is a file of one.
    ///   - mode: `.float32`, or `.float16` for half the size at 11 bits of precision.
    package init(path: String, shape: Shape, mode: PixelMode = .float32, pixelSizeInAngstrom: Double?) throws {
        let kind = try FileKind(path: path)
        guard kind.format == .mrc, kind.compression == nil else {
            throw InputError(place: path, found: "this type of image cannot be written", expected: "a name ending in .mrc or .mrcs")
        }
        self.path = path
        self.shape = shape
        self.mode = mode
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
        file = try OutputFile(path: kind.path)
    }

    private var imageBytes: Int { (shape.count * mode.bitsPerPixel + 7) / 8 }

    /// Writes image `index`, counted from 0. An image may be written again; the last one counts.
    package func write(_ values: UnsafeBufferPointer<Float>, at index: Int) throws {
        precondition(values.count == shape.count, "an image of another size")
        let imageStatistics = PixelStatistics(values)
        let offset = MRCHeader.byteCount + index * imageBytes
        if mode == .float32 {
            try file.write(UnsafeRawBufferPointer(values), at: offset)
        } else {
            try file.write(PixelEncoding.encode(values, as: mode), at: offset)
        }
        statistics.withLock { $0[index] = imageStatistics }
    }

    /// Writes consecutive images, image `first` and those behind it, with one system call.
    package func writeAll(_ values: UnsafeBufferPointer<Float>, from first: Int = 0) throws {
        precondition(values.count % shape.count == 0 && (shape.count * mode.bitsPerPixel) % 8 == 0)
        let count = values.count / shape.count
        let parts = (0..<count).map { index in
            PixelStatistics(UnsafeBufferPointer(rebasing: values[index * shape.count..<(index + 1) * shape.count]))
        }
        let offset = MRCHeader.byteCount + first * imageBytes
        if mode == .float32 {
            try file.write(UnsafeRawBufferPointer(values), at: offset)
        } else {
            try file.write(PixelEncoding.encode(values, as: mode), at: offset)
        }
        statistics.withLock { all in for (index, part) in parts.enumerated() { all[first + index] = part } }
    }

    package func write(_ image: RealArray, at index: Int) throws {
        try image.values.withUnsafeBufferPointer { try write($0, at: index) }
    }

    /// Writes behind the last image so far. Not for several threads at once.
    package func append(_ image: RealArray) throws { try write(image, at: statistics.withLock { ($0.keys.max() ?? -1) + 1 }) }

    /// Writes the header and gives the file its name.
    /// - Precondition: images 0 ..< count have all been written.
    package func finish() throws {
        let all = statistics.withLock { $0 }
        precondition(!all.isEmpty && all.keys.max() == all.count - 1, "images are missing from the stack")
        precondition(shape.z == 1 || all.count == 1, "a file holds one volume")
        var total = PixelStatistics()
        for index in 0..<all.count { if let part = all[index] { total.merge(part) } }
        let header = ImageHeader(
            shape: shape, imageCount: all.count, mode: mode, pixelSizeInAngstrom: pixelSizeInAngstrom, statistics: total)
        try file.write(MRCHeader.encode(header), at: 0)
        try file.commit()
    }
}
