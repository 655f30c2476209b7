import Arrays
import CTIFF
import Foundation
import Reporting

/// Writes a TIFF movie frame by frame; it appears under its name when `finish` is called. For one thread at a time.
///
/// Rows are turned over (see `TIFFMovie`), so that a frame that is written and read again is the same.
package final class TIFFMovieWriter {
    package enum Packing: Sendable, Equatable {
        case none, lzw
        /// Level 1 (fast) to 9 (small).
        case deflate(level: Int)
    }

    package enum Strips: Sendable { case onePerFrame, onePerRow }

    private let path: String
    private let shape: Shape
    private let pixel: MoviePixel
    private let packing: Packing
    private let strips: Strips
    private let pixelSizeInAngstrom: Double?
    private let file: OutputFile
    private let handle: TIFFHandle
    private var bytes: [UInt8]
    private var count = 0

    /// Above this many bytes of pixels the file is a BigTIFF: others end at 4 GiB.
    private static let largestClassicFile = 4_000_000_000

    /// - Parameters:
    ///   - pixel: int8, uint8, int16, uint16 or float32.
    ///   - frameCount: expected; decides with the shape whether the file must be a BigTIFF.
    package init(
        path: String, shape: Shape, pixel: MoviePixel, frameCount: Int, packing: Packing, strips: Strips = .onePerFrame,
        pixelSizeInAngstrom: Double? = nil
    ) throws {
        precondition([.int8, .uint8, .int16, .uint16, .float32].contains(pixel), "TIFF files do not hold \(pixel)")
        self.path = path
        (self.shape, self.pixel, self.packing, self.strips) = (shape, pixel, packing, strips)
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
        let frameBytes = shape.count * pixel.bits / 8
        bytes = [UInt8](repeating: 0, count: frameBytes)
        file = try OutputFile(path: path)
        // Compression makes noise a little longer.
        let isBig = frameBytes * frameCount > Self.largestClassicFile / 5 * 4
        handle = try TIFFHandle(descriptor: try file.duplicatedDescriptor(), path: path, mode: isBig ? "w8" : "w")
    }

    /// Writes the next frame.
    /// - Throws: `InputError` naming frame and pixel when a value cannot be stored as it is: no whole number, or out of
    ///   range.
    package func append(_ values: UnsafeBufferPointer<Float>) throws {
        precondition(values.count == shape.count, "a frame of another size")
        try encode(values)
        setFields()
        let rowBytes = bytes.count / shape.y
        let stripRows = strips == .onePerFrame ? shape.y : 1
        try bytes.withUnsafeMutableBytes { bytes in
            for strip in 0..<shape.y / stripRows {
                let count = stripRows * rowBytes
                guard
                    TIFFWriteEncodedStrip(
                        handle.file, UInt32(strip), bytes.baseAddress.map { $0 + strip * count }, tmsize_t(count))
                        == count
                else { throw failure }
            }
        }
        guard TIFFWriteDirectory(handle.file) == 1 else { throw failure }
        count += 1
    }

    package func append(_ frame: RealArray) throws { try frame.values.withUnsafeBufferPointer { try append($0) } }

    /// Completes the file and gives it its name.
    package func finish() throws {
        guard TIFFFlush(handle.file) == 1 else { throw failure }
        try file.commit()
    }

    private var failure: InputError {
        let message = handle.takeMessage()
        return InputError(
            place: path, found: "frame \(count + 1) cannot be written\(message.isEmpty ? "" : " (\(message))")",
            remedy: "Check that the disk has space")
    }

    private func setFields() {
        handle.set(TIFFTAG_SOFTWARE, MRCHeader.label)
        handle.set(TIFFTAG_IMAGEWIDTH, shape.x)
        handle.set(TIFFTAG_IMAGELENGTH, shape.y)
        handle.set(TIFFTAG_SAMPLESPERPIXEL, 1)
        handle.set(TIFFTAG_BITSPERSAMPLE, pixel.bits)
        let format: Int32 =
            switch pixel {
            case .float32: SAMPLEFORMAT_IEEEFP
            case .int8, .int16: SAMPLEFORMAT_INT
            default: SAMPLEFORMAT_UINT
            }
        handle.set(TIFFTAG_SAMPLEFORMAT, Int(format))
        handle.set(TIFFTAG_PLANARCONFIG, Int(PLANARCONFIG_CONTIG))
        handle.set(TIFFTAG_PHOTOMETRIC, Int(PHOTOMETRIC_MINISBLACK))
        handle.set(TIFFTAG_ROWSPERSTRIP, strips == .onePerFrame ? shape.y : 1)
        switch packing {
        case .none: handle.set(TIFFTAG_COMPRESSION, Int(COMPRESSION_NONE))
        case .lzw: handle.set(TIFFTAG_COMPRESSION, Int(COMPRESSION_LZW))
        case .deflate(let level):
            // 8: the code of the standard, read by more programs than libtiff's own 32946.
            handle.set(TIFFTAG_COMPRESSION, Int(COMPRESSION_ADOBE_DEFLATE))
            handle.set(TIFFTAG_ZIPQUALITY, level)
        }
        if let size = pixelSizeInAngstrom, size > 0 {
            handle.set(TIFFTAG_RESOLUTIONUNIT, Int(RESUNIT_CENTIMETER))
            handle.set(TIFFTAG_XRESOLUTION, 1e8 / size)
            handle.set(TIFFTAG_YRESOLUTION, 1e8 / size)
        }
    }

    // MARK: Pixels

    private func encode(_ values: UnsafeBufferPointer<Float>) throws {
        let failed: Int? = bytes.withUnsafeMutableBytes { bytes in
            switch pixel {
            case .int8: Self.store(values, bytes.bindMemory(to: Int8.self), shape)
            case .uint8: Self.store(values, bytes.bindMemory(to: UInt8.self), shape)
            case .int16: Self.store(values, bytes.bindMemory(to: Int16.self), shape)
            case .uint16: Self.store(values, bytes.bindMemory(to: UInt16.self), shape)
            default: Self.storeFloats(values, bytes.bindMemory(to: Float.self), shape)
            }
        }
        guard let failed else { return }
        throw InputError(
            place: path,
            found:
                "frame \(count + 1) has the value \(values[failed]) in column \(failed % shape.x + 1), row \(failed / shape.x + 1)",
            expected: "whole numbers that \(pixel) can hold")
    }

    /// Gives the first pixel whose value cannot be kept.
    private static func store<T: FixedWidthInteger>(
        _ values: UnsafeBufferPointer<Float>, _ target: UnsafeMutableBufferPointer<T>, _ shape: Shape
    ) -> Int? {
        let (low, high) = (Float(T.min), Float(T.max))
        for row in 0..<shape.y {
            let from = row * shape.x, to = (shape.y - 1 - row) * shape.x
            for x in 0..<shape.x {
                let value = values[from + x]
                // NaN fails both comparisons.
                guard value >= low && value <= high, value == value.rounded(.towardZero) else { return from + x }
                target[to + x] = T(value)
            }
        }
        return nil
    }

    private static func storeFloats(
        _ values: UnsafeBufferPointer<Float>, _ target: UnsafeMutableBufferPointer<Float>, _ shape: Shape
    ) -> Int? {
        for row in 0..<shape.y {
            let from = row * shape.x, to = (shape.y - 1 - row) * shape.x
            for x in 0..<shape.x { target[to + x] = values[from + x] }
        }
        return nil
    }
}
