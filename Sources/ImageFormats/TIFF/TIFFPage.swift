import Arrays
import CTIFF
import Reporting

/// How one page of a TIFF file stores its pixels.
struct TIFFPage: Equatable {
    /// As stored; packed 4-bit pixels count by twos.
    var storedWidth: Int
    var height: Int
    var pixel: MoviePixel

    var width: Int { pixel == .uint4 ? storedWidth * 2 : storedWidth }
    var shape: Shape { Shape(x: width, y: height) }
    var rowBytes: Int { storedWidth * (pixel == .uint4 ? 8 : pixel.bits) / 8 }

    /// Reads and judges the current page of `handle`.
    init(_ handle: TIFFHandle, page: Int) throws {
        guard let width = handle.integer(TIFFTAG_IMAGEWIDTH), let height = handle.integer(TIFFTAG_IMAGELENGTH) else {
            throw handle.error(page: page, "has no width or height")
        }
        guard let bits = handle.short(TIFFTAG_BITSPERSAMPLE), let format = handle.short(TIFFTAG_SAMPLEFORMAT) else {
            throw handle.error(page: page, "has no pixel format")
        }
        let samples = handle.short(TIFFTAG_SAMPLESPERPIXEL) ?? 1
        guard samples == 1, TIFFIsTiled(handle.file) == 0,
            let pixel = Self.pixel(bits: bits, format: format, width: width, height: height)
        else {
            let tiles = TIFFIsTiled(handle.file) != 0 ? ", in tiles" : ""
            throw InputError(
                place: handle.path,
                found: "frame \(page + 1) has \(samples) sample(s) of \(bits) bits in format \(format)\(tiles)",
                expected: "one sample of 8 or 16 bits (whole numbers) or 16 or 32 bits (floats), in strips",
                remedy: "Convert the movie with the program that made it")
        }
        (storedWidth, self.height, self.pixel) = (width, height, pixel)
        try MovieFile.requirePlausible(shape, path: handle.path)
        guard TIFFScanlineSize64(handle.file) == UInt64(rowBytes) else {
            throw handle.error(page: page, "rows of \(TIFFScanlineSize64(handle.file)) bytes do not fit the width")
        }
    }

    private static func pixel(bits: Int, format: Int, width: Int, height: Int) -> MoviePixel? {
        switch (bits, Int32(format)) {
        case (8, _) where isPackedSuperResolution(width: width, height: height): .uint4
        case (8, SAMPLEFORMAT_UINT): .uint8
        case (8, SAMPLEFORMAT_INT): .int8
        case (16, SAMPLEFORMAT_UINT): .uint16
        case (16, SAMPLEFORMAT_INT): .int16
        case (16, SAMPLEFORMAT_IEEEFP): .float16
        case (32, SAMPLEFORMAT_IEEEFP): .float32
        default: nil
        }
    }

    /// Two 4-bit pixels in each byte of an 8-bit TIFF: IMOD's way of storing super-resolution frames. Nothing in the
    /// file says so; the size does, being that of a K2 or K3 in super-resolution with half its columns.
    private static func isPackedSuperResolution(width: Int, height: Int) -> Bool {
        let sensors = [(11520, 8184), (8184, 11520), (7676, 7420), (7420, 7676)]
        return sensors.contains { $0 == (width * 2, height) }
    }

    /// From the resolution in pixels per inch or centimetre; nil where the file has none.
    static func pixelSizeInAngstrom(_ handle: TIFFHandle) -> Double? {
        guard let unit = handle.short(TIFFTAG_RESOLUTIONUNIT), let resolution = handle.real(TIFFTAG_XRESOLUTION),
            resolution > 0,
            resolution.isFinite
        else { return nil }
        switch Int32(unit) {
        case RESUNIT_INCH: return 2.54e8 / resolution
        case RESUNIT_CENTIMETER: return 1e8 / resolution
        default: return nil
        }
    }
}
