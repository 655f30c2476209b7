import Arrays
import Foundation
import Reporting

/// The 1024-byte header of an MRC file (MRC2014; Cheng et al. 2015, J Struct Biol 192:146).
struct MRCHeader {
    static let byteCount = 1024
    static let label = "relion-swift"

    var columns: Int32, rows: Int32, sections: Int32
    var mode: Int32
    var samplingX: Int32
    var cellX: Float
    var minimum: Float, maximum: Float, mean: Float, rms: Float
    var extendedHeaderBytes: Int32
    var isByteSwapped: Bool

    private enum Word { static let mode = 3, samplingX = 7, cellX = 10, minimum = 19, extended = 23, rms = 54 }

    /// Fields in the given byte order, without judging them.
    private init(_ bytes: UnsafeRawBufferPointer, isByteSwapped: Bool) {
        func integer(_ word: Int) -> Int32 {
            let value = bytes.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self)
            return Int32(bitPattern: isByteSwapped ? value.byteSwapped : value)
        }
        func real(_ word: Int) -> Float { Float(bitPattern: UInt32(bitPattern: integer(word))) }
        (columns, rows, sections, mode) = (integer(0), integer(1), integer(2), integer(Word.mode))
        (samplingX, cellX) = (integer(Word.samplingX), real(Word.cellX))
        (minimum, maximum, mean) = (real(Word.minimum), real(Word.minimum + 1), real(Word.minimum + 2))
        rms = real(Word.rms)
        extendedHeaderBytes = integer(Word.extended)
        self.isByteSwapped = isByteSwapped
    }

    private static let largestExtent: Int32 = 1 << 20

    private var isPlausible: Bool {
        let range = 1...Self.largestExtent
        return range.contains(columns) && range.contains(rows) && range.contains(sections)
            && mode >= 0 && mode < 1 << 16 && extendedHeaderBytes >= 0
    }

    /// Parses a header, finding the byte order: the order in which the sizes make sense; if both do, the one that the
    /// machine stamp names, else this machine's.
    init(parsing bytes: UnsafeRawBufferPointer, path: String) throws {
        let native = MRCHeader(bytes, isByteSwapped: false)
        let swapped = MRCHeader(bytes, isByteSwapped: true)
        switch (native.isPlausible, swapped.isPlausible) {
        case (true, false): self = native
        case (false, true): self = swapped
        case (true, true):
            let stampIsBigEndian = bytes[212] == 0x11
            self = stampIsBigEndian == (1.littleEndian == 1) ? swapped : native
        case (false, false):
            throw InputError(
                place: path,
                found: "a header of \(native.columns) × \(native.rows) × \(native.sections) pixels in mode \(native.mode), extended header of \(native.extendedHeaderBytes) bytes",
                expected: "an MRC header with sizes from 1 to \(Self.largestExtent)",
                remedy: "The file is damaged or not an MRC file")
        }
    }

    /// - Throws: `InputError` for modes that are no real-space images and for files shorter than the header promises.
    func layout(path: String, fileSize: Int, isStack: Bool) throws -> StoredLayout {
        guard let mode = PixelMode(rawValue: Int(mode)) else {
            throw InputError(place: path, found: "MRC mode \(self.mode)",
                             expected: "real pixels: mode 0 (int8), 1 (int16), 2 (float), 6 (uint16), 12 (float16) or 101 (4-bit)")
        }
        let (x, y, z) = (Int(columns), Int(rows), Int(sections))
        let offset = Self.byteCount + Int(extendedHeaderBytes)
        var sectionBytes = (x * y * mode.bitsPerPixel + 7) / 8
        var hasPaddedRows = false
        if mode == .uint4 && x % 2 == 1 {
            let padded = (x + 1) / 2 * y
            hasPaddedRows = y % 2 == 1 || fileSize >= offset + padded * z
            if hasPaddedRows { sectionBytes = padded }
        }
        guard fileSize >= offset + sectionBytes * z else {
            throw InputError(
                place: path, found: "\(fileSize) bytes",
                expected: "\(offset + sectionBytes * z) bytes for \(x) × \(y) × \(z) pixels in mode \(self.mode) as its header says",
                remedy: "The file is truncated or its header is wrong; copy or make it again")
        }
        let pixelSize = samplingX > 0 && cellX.isFinite && cellX > 0 ? Double(cellX) / Double(samplingX) : nil
        let statistics = PixelStatistics(
            count: x * y * z, minimum: minimum, maximum: maximum, mean: Double(mean), standardDeviation: Double(rms))
        let header = ImageHeader(
            shape: Shape(x: x, y: y, z: isStack ? 1 : z), imageCount: isStack ? z : 1, mode: mode,
            pixelSizeInAngstrom: pixelSize, statistics: statistics)
        let imageBytes = sectionBytes * header.shape.z
        return StoredLayout(
            header: header, dataOffset: offset, imageStride: imageBytes, imageBytes: imageBytes,
            isByteSwapped: isByteSwapped, hasPaddedRows: hasPaddedRows)
    }

    /// The bytes of a header as RELION writes it: cell and sampling from the pixel size, angles of 90°, statistics, one
    /// label. Stacks have space group 0 and one section a cell; the pixel size of an unknown one is written as 1 Å.
    static func encode(_ header: ImageHeader) -> [UInt8] {
        var words = [UInt32](repeating: 0, count: byteCount / 4)
        func integer(_ word: Int, _ value: Int) { words[word] = UInt32(bitPattern: Int32(truncatingIfNeeded: value)) }
        func real(_ word: Int, _ value: Double) { words[word] = Float(value).bitPattern }
        let shape = header.shapeOfAll
        let isStack = header.shape.z == 1
        let extents = [shape.x, shape.y, shape.z]
        let cellExtents = [shape.x, shape.y, isStack ? 1 : shape.z]
        let pixelSize = header.pixelSizeInAngstrom ?? 1
        for axis in 0..<3 {
            integer(axis, extents[axis])
            integer(7 + axis, cellExtents[axis])
            real(10 + axis, Double(Float(pixelSize)) * Double(cellExtents[axis]))
            real(13 + axis, 90)
            integer(16 + axis, axis + 1)
        }
        integer(Word.mode, header.mode.rawValue)
        real(19, Double(header.statistics.minimum))
        real(20, Double(header.statistics.maximum))
        real(21, header.statistics.mean)
        integer(22, isStack ? 0 : 1)
        integer(27, 20140)
        real(Word.rms, header.statistics.standardDeviation)
        integer(55, 1)
        var bytes = words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
        bytes.replaceSubrange(208..<216, with: Array("MAP ".utf8) + [0x44, 0x44, 0, 0])
        bytes.replaceSubrange(224..<224 + label.utf8.count, with: Array(label.utf8))
        return bytes
    }
}
