import CCompress

@testable import ImageFormats

extension Compression {
    /// Packs bytes with the library itself, as the command-line tools do.
    func pack(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: bytes.count * 2 + 4096)
        let room = output.count
        let count: Int = output.withUnsafeMutableBytes { output in
            bytes.withUnsafeBytes { input in
                switch self {
                case .gzip: Self.gzip(input, output)
                case .bzip2:
                    Self.bzip2(input, output)
                case .xz:
                    Self.xz(input, output)
                case .zstandard: Int(ZSTD_compress(output.baseAddress, room, input.baseAddress, input.count, 3))
                }
            }
        }
        return Array(output[..<count])
    }

    private static func gzip(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int {
        var stream = z_stream()
        deflateInit2_(
            &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(output.count)
        deflate(&stream, Z_FINISH)
        return Int(stream.total_out)
    }

    private static func bzip2(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int {
        var count = UInt32(output.count)
        BZ2_bzBuffToBuffCompress(
            output.bindMemory(to: CChar.self).baseAddress, &count,
            UnsafeMutablePointer(mutating: input.bindMemory(to: CChar.self).baseAddress),
            UInt32(input.count), 1, 0, 0)
        return Int(count)
    }

    private static func xz(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        _ = lzma_easy_buffer_encode(
            1, LZMA_CHECK_CRC32, nil, input.bindMemory(to: UInt8.self).baseAddress, input.count,
            output.bindMemory(to: UInt8.self).baseAddress, &count, output.count)
        return count
    }
}
