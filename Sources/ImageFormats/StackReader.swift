import Arrays
import Foundation
import Reporting

/// An open image file: a stack of images, or a single image or volume. Any thread may read any image.
package final class StackReader: Sendable {
    /// What one "image" of the file is.
    package enum Layout: Sendable {
        /// By the file's name: `.mrcs` is a stack, `.mrc` a volume (or one image).
        case byName
        /// Every section is an image, as `N@file` addresses them.
        case sections
    }

    package let path: String
    package let header: ImageHeader
    private let pixels: Pixels

    private enum Pixels: Sendable {
        case stored(ByteSource, StoredLayout)
        case tiff(TIFFMovie)
    }

    /// Opens the file and checks that it is as long as its header says.
    /// - Throws: `InputError` naming the file and what is wrong.
    package init(path: String, layout requested: Layout = .byName) throws {
        let kind = try FileKind(path: path)
        self.path = path
        if kind.format == .tiff {
            let file = try TIFFMovie(path: kind.path)
            pixels = .tiff(file)
            header = ImageHeader(
                shape: file.shape, imageCount: file.frameCount, mode: file.pixel.nearestMode,
                pixelSizeInAngstrom: file.pixelSizeInAngstrom)
            return
        }
        let source = try ByteSource(path: kind.path, compression: kind.compression)
        guard source.byteCount >= MRCHeader.byteCount else {
            throw InputError(
                place: path, found: "\(source.byteCount) bytes",
                expected: "at least the \(MRCHeader.byteCount) bytes of a header",
                remedy: "The file is truncated or empty")
        }
        var bytes = [UInt8](repeating: 0, count: MRCHeader.byteCount)
        try bytes.withUnsafeMutableBytes { try source.read(into: $0, at: 0) }
        let layout = try bytes.withUnsafeBytes { bytes in
            if kind.format == .spider {
                return try SpiderHeader.layout(parsing: bytes, path: path, fileSize: source.byteCount)
            }
            return try MRCHeader(parsing: bytes, path: path).layout(
                path: path, fileSize: source.byteCount, isStack: kind.isStack || requested == .sections)
        }
        pixels = .stored(source, layout)
        header = layout.header
    }

    package var count: Int { header.imageCount }

    /// Reads image `index` (from 0) into `target`, which holds exactly one image, x fastest.
    package func read(_ index: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        try read(index..<index + 1, into: target)
    }

    /// Reads consecutive images; one system call where the file stores floats.
    package func read(_ range: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) throws {
        let pixels = header.shape.count
        precondition(target.count == pixels * range.count, "the buffer does not fit the images")
        guard range.lowerBound >= 0, range.upperBound <= header.imageCount else {
            throw InputError(
                place: path, found: "image \(range.upperBound) is asked for",
                expected: "an image from 1 to \(header.imageCount)",
                remedy: "Check that the STAR file belongs to this stack")
        }
        func part(_ position: Int) -> UnsafeMutableBufferPointer<Float> {
            UnsafeMutableBufferPointer(rebasing: target[position * pixels..<(position + 1) * pixels])
        }
        switch self.pixels {
        case .tiff(let file):
            for (position, index) in range.enumerated() { try file.readFrame(index, into: part(position)) }
        case .stored(let source, let layout) where layout.isContiguous:
            try Self.readRun(
                source, layout, at: layout.dataOffset + range.lowerBound * layout.imageStride,
                byteCount: layout.imageBytes * range.count, into: target)
        case .stored(let source, let layout):
            for (position, index) in range.enumerated() {
                try Self.readRun(
                    source, layout, at: layout.dataOffset + index * layout.imageStride, byteCount: layout.imageBytes,
                    into: part(position))
            }
        }
    }

    private static func readRun(
        _ source: ByteSource, _ layout: StoredLayout, at offset: Int, byteCount: Int,
        into target: UnsafeMutableBufferPointer<Float>
    ) throws {
        if layout.header.mode == .float32 {
            let bytes = UnsafeMutableRawBufferPointer(target)
            try source.read(into: bytes, at: offset)
            if layout.isByteSwapped { PixelDecoding.swapBytes(bytes, bits: 32) }
            return
        }
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
        defer { scratch.deallocate() }
        try source.read(into: scratch, at: offset)
        PixelDecoding.decode(scratch, layout: layout, into: target)
    }

    /// Image `index`, counted from 0.
    package func image(_ index: Int) throws -> RealArray {
        var image = RealArray(shape: header.shape)
        try image.values.withUnsafeMutableBufferPointer { try read(index, into: $0) }
        return image
    }

    /// All images, one behind the other.
    package func all() throws -> RealArray {
        var images = RealArray(shape: header.shapeOfAll)
        try images.values.withUnsafeMutableBufferPointer { try read(0..<count, into: $0) }
        return images
    }
}
