import Arrays
import CKernels
import CTIFF
import Reporting
import Synchronization

/// A TIFF movie (or image, or gain reference): each page is a frame.
///
/// TIFF files have their first row at the top, MRC files at the bottom: rows are turned over on reading, as SerialEM,
/// IMOD and MotionCor2 do, whatever the orientation tag says. Every compression of the installed libtiff is read (none,
/// LZW, deflate, …).
final class TIFFMovie: MovieReader {
    let path: String
    let shape: Shape
    let pixel: MoviePixel
    let pixelSizeInAngstrom: Double?
    private let page: TIFFPage
    /// Where each page's directory lies, so that any page is reached at once.
    private let pageOffsets: [UInt64]
    /// Handles not in use; each thread that reads takes one, or opens one more.
    private let idle: Mutex<[TIFFHandleBox]>

    /// A handle on its way between threads. Exactly one owner at a time: the list of idle ones, or the reading thread.
    private struct TIFFHandleBox: @unchecked Sendable { let handle: TIFFHandle }

    private static let largestPageCount = 1 << 20

    init(path: String, extent: MovieFile.Extent = .allFrames) throws {
        let handle = try TIFFHandle(reading: path)
        self.path = path
        page = try TIFFPage(handle, page: 0)
        pixelSizeInAngstrom = TIFFPage.pixelSizeInAngstrom(handle)
        (shape, pixel) = (page.shape, page.pixel)
        var offsets = [TIFFCurrentDirOffset(handle.file)]
        _ = handle.takeMessage()
        while extent == .allFrames, TIFFLastDirectory(handle.file) == 0 {
            guard TIFFReadDirectory(handle.file) == 1, offsets.count < Self.largestPageCount else {
                throw handle.error(page: offsets.count, "its description cannot be read")
            }
            let next = try TIFFPage(handle, page: offsets.count)
            guard next == page else {
                throw InputError(
                    place: path, found: "frame \(offsets.count + 1) has \(next.shape) pixels (\(next.pixel))",
                    expected: "\(page.shape) pixels (\(page.pixel)) as frame 1",
                    remedy: "The frames of a movie are of one size and kind")
            }
            offsets.append(TIFFCurrentDirOffset(handle.file))
        }
        pageOffsets = offsets
        idle = Mutex([TIFFHandleBox(handle: handle)])
    }

    var frameCount: Int { pageOffsets.count }

    func readFrame(_ frame: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        try readFrame(frame, into: target, turnsRows: true)
    }

    /// - Parameter turnsRows: false gives the rows in the order of the file.
    func readFrame(_ frame: Int, into target: UnsafeMutableBufferPointer<Float>, turnsRows: Bool) throws {
        try MovieFile.requireFrame(frame, of: frameCount, path: path)
        precondition(target.count == shape.count, "the buffer does not fit the frame")
        let box = try idle.withLock { $0.popLast() } ?? TIFFHandleBox(handle: TIFFHandle(reading: path))
        defer { idle.withLock { $0.append(box) } }
        let byteCount = page.rowBytes * page.height
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
        defer { bytes.deallocate() }
        try Self.readStrips(box.handle, frame: frame, offset: pageOffsets[frame], page: page, into: bytes)
        decode(bytes, into: target, turnsRows: turnsRows)
    }

    private static func readStrips(
        _ handle: TIFFHandle, frame: Int, offset: UInt64, page: TIFFPage, into bytes: UnsafeMutableRawBufferPointer
    ) throws {
        _ = handle.takeMessage()
        guard TIFFCurrentDirOffset(handle.file) == offset || TIFFSetSubDirectory(handle.file, offset) == 1,
            let now = try? TIFFPage(handle, page: frame), now == page, let base = bytes.baseAddress
        else { throw handle.error(page: frame, "its description cannot be read") }
        let rowsPerStrip = min(page.height, max(1, handle.integer(TIFFTAG_ROWSPERSTRIP) ?? page.height))
        let stripCount = (page.height + rowsPerStrip - 1) / rowsPerStrip
        guard Int(TIFFNumberOfStrips(handle.file)) == stripCount else {
            throw handle.error(page: frame, "has a wrong number of strips")
        }
        for strip in 0..<stripCount {
            let rows = min(rowsPerStrip, page.height - strip * rowsPerStrip)
            let expected = rows * page.rowBytes
            let got = TIFFReadEncodedStrip(
                handle.file, UInt32(strip), base + strip * rowsPerStrip * page.rowBytes, tmsize_t(expected))
            guard got == expected else { throw handle.error(page: frame, "its pixels cannot be read") }
        }
    }

    private func decode(
        _ bytes: UnsafeMutableRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>, turnsRows: Bool
    ) {
        guard let base = bytes.baseAddress, let output = target.baseAddress else { return }
        for row in 0..<shape.y {
            let source = base + row * page.rowBytes
            let line = output + (turnsRows ? shape.y - 1 - row : row) * shape.x
            switch pixel {
            case .uint8: Self.convert(source.assumingMemoryBound(to: UInt8.self), line, shape.x)
            case .int8: Self.convert(source.assumingMemoryBound(to: Int8.self), line, shape.x)
            case .uint16: Self.convert(source.assumingMemoryBound(to: UInt16.self), line, shape.x)
            case .int16: Self.convert(source.assumingMemoryBound(to: Int16.self), line, shape.x)
            case .float16: kernels_decode_half(source.assumingMemoryBound(to: UInt16.self), line, shape.x)
            case .float32: line.update(from: source.assumingMemoryBound(to: Float.self), count: shape.x)
            case .uint4:
                let packed = source.assumingMemoryBound(to: UInt8.self)
                for x in 0..<shape.x { line[x] = Float(x % 2 == 0 ? packed[x / 2] & 15 : packed[x / 2] >> 4) }
            case .events: break
            }
        }
    }

    @inline(__always)
    private static func convert<T: FixedWidthInteger>(
        _ source: UnsafePointer<T>, _ target: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        for i in 0..<count { target[i] = Float(source[i]) }
    }
}
