import Arrays
import Foundation
import Reporting

/// The header of a SPIDER image, volume or stack: 32-bit floats in either byte order
/// (https://spider.wadsworth.org/spider_doc/spider/docs/image_doc.html; word numbers here count from 0).
struct SpiderHeader {
    /// The words that are read; the header itself is longer.
    static let byteCount = 256 * 4

    private enum Word {
        static let sections = 0, rows = 1, form = 4, maximum = 6, minimum = 7, mean = 8, deviation = 9, columns = 11
        static let scale = 20, headerBytes = 21, recordBytes = 22, isStack = 23, imagesInUse = 25
    }

    static func layout(parsing bytes: UnsafeRawBufferPointer, path: String, fileSize: Int) throws -> StoredLayout {
        func word(_ index: Int, swapped: Bool) -> Double {
            let bits = bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
            return Double(Float(bitPattern: swapped ? bits.byteSwapped : bits))
        }
        func isPlausible(swapped: Bool) -> Bool {
            let range = 1.0...1048576.0
            return [Word.sections, Word.rows, Word.columns, Word.headerBytes].allSatisfy {
                let value = word($0, swapped: swapped)
                return range.contains(value) && value == value.rounded()
            } && (1...3).contains(abs(word(Word.form, swapped: swapped)))
        }
        guard let swapped = [false, true].first(where: isPlausible) else {
            throw InputError(place: path, found: "no SPIDER header", expected: "a SPIDER image, volume or stack")
        }
        let (x, y, z) = (Int(word(Word.columns, swapped: swapped)), Int(word(Word.rows, swapped: swapped)),
                         Int(word(Word.sections, swapped: swapped)))
        let headerBytes = Int(word(Word.headerBytes, swapped: swapped))
        let imageBytes = x * y * z * 4
        let isStack = word(Word.isStack, swapped: swapped) > 0
        let inUse = word(Word.imagesInUse, swapped: swapped)
        // Whatever a damaged header says must not overflow what follows; no file holds more images than bytes.
        let images = isStack ? inUse >= 1 && inUse <= Double(fileSize) ? Int(inUse) : 0 : 1
        // A stack has one header for the whole and one before every image.
        let offset = isStack ? 2 * headerBytes : headerBytes
        let stride = isStack ? headerBytes + imageBytes : imageBytes
        let expected = isStack ? headerBytes + images * stride : headerBytes + imageBytes
        guard images > 0, fileSize >= expected else {
            throw InputError(place: path, found: "\(fileSize) bytes",
                             expected: "\(expected) bytes for \(images) image(s) of \(x) × \(y) × \(z) pixels as its header says",
                             remedy: "The file is truncated or its header is wrong; copy or make it again")
        }
        let scale = word(Word.scale, swapped: swapped)
        let statistics = PixelStatistics(
            count: x * y * z * images, minimum: Float(word(Word.minimum, swapped: swapped)),
            maximum: Float(word(Word.maximum, swapped: swapped)), mean: word(Word.mean, swapped: swapped),
            standardDeviation: max(0, word(Word.deviation, swapped: swapped)))
        let header = ImageHeader(
            shape: Shape(x: x, y: y, z: z), imageCount: images, mode: .float32,
            pixelSizeInAngstrom: scale.isFinite && scale > 0 ? scale : nil, statistics: statistics)
        return StoredLayout(header: header, dataOffset: offset, imageStride: stride, imageBytes: imageBytes, isByteSwapped: swapped)
    }
}
