import CCompress
import Foundation
import Reporting

/// Whole-file decompression with the four libraries that movie and image stacks are packed with.
enum Decompression {
    private static let chunk = 1 << 20
    /// LZMA_CONCATENATED, a macro that Swift does not import.
    private static let concatenated: UInt32 = 8

    /// - Throws: `InputError` naming `path` when the data are damaged or cut short.
    static func unpack(_ packed: [UInt8], _ compression: Compression, path: String) throws -> [UInt8] {
        let bytes: [UInt8]? =
            switch compression {
            case .gzip: gunzip(packed)
            case .bzip2: bunzip(packed)
            case .xz: unxz(packed)
            case .zstandard: unzstd(packed)
            }
        guard let bytes else {
            throw InputError(place: path, found: "damaged or truncated \(compression.rawValue) data",
                             expected: "a complete .\(compression.rawValue) file", remedy: "Copy or make the file again")
        }
        return bytes
    }

    /// Runs `step` with room for one more chunk of output until it says that all is done.
    ///
    /// `step` returns how many bytes it wrote and whether to go on, or nil on damage.
    private static func collect(
        _ step: (UnsafeMutableBufferPointer<UInt8>) -> (written: Int, isDone: Bool)?
    ) -> [UInt8]? {
        var output: [UInt8] = []
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: chunk)
        defer { room.deallocate() }
        while true {
            guard let (written, isDone) = step(room) else { return nil }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<written]))
            if isDone { return output }
        }
    }

    private static func gunzip(_ packed: [UInt8]) -> [UInt8]? {
        var input = packed
        return input.withUnsafeMutableBufferPointer { input in
            var stream = z_stream()
            // 15 window bits, +32: gzip and zlib headers are both recognised.
            guard inflateInit2_(&stream, 47, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
            defer { inflateEnd(&stream) }
            var consumed = 0
            return collect { room in
                let offered = min(input.count - consumed, 1 << 30)
                stream.next_in = input.baseAddress.map { $0 + consumed }
                stream.avail_in = UInt32(offered)
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(room.count)
                let status = inflate(&stream, Z_NO_FLUSH)
                let taken = offered - Int(stream.avail_in)
                consumed += taken
                let written = room.count - Int(stream.avail_out)
                if status == Z_STREAM_END {
                    // Another gzip member may follow (pigz, cat).
                    if input.count - consumed > 18, input[consumed] == 0x1f, inflateReset(&stream) == Z_OK { return (written, false) }
                    return (written, true)
                }
                guard status == Z_OK, written + taken > 0 else { return nil }
                return (written, false)
            }
        }
    }

    private static func bunzip(_ packed: [UInt8]) -> [UInt8]? {
        var input = packed
        return input.withUnsafeMutableBytes { input in
            var stream = bz_stream()
            guard BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK else { return nil }
            defer { BZ2_bzDecompressEnd(&stream) }
            var consumed = 0
            return collect { room in
                let offered = min(input.count - consumed, 1 << 30)
                stream.next_in = input.baseAddress.map { ($0 + consumed).assumingMemoryBound(to: CChar.self) }
                stream.avail_in = UInt32(offered)
                return room.withMemoryRebound(to: CChar.self) { room in
                    stream.next_out = room.baseAddress
                    stream.avail_out = UInt32(room.count)
                    let status = BZ2_bzDecompress(&stream)
                    let taken = offered - Int(stream.avail_in)
                    consumed += taken
                    let written = room.count - Int(stream.avail_out)
                    if status == BZ_STREAM_END {
                        // Parallel compressors write one stream per block.
                        guard consumed < input.count else { return (written, true) }
                        BZ2_bzDecompressEnd(&stream)
                        stream = bz_stream()
                        return BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK ? (written, false) : nil
                    }
                    guard status == BZ_OK, written + taken > 0 else { return nil }
                    return (written, false)
                }
            }
        }
    }

    private static func unxz(_ packed: [UInt8]) -> [UInt8]? {
        packed.withUnsafeBufferPointer { input in
            var stream = lzma_stream()
            guard lzma_stream_decoder(&stream, .max, concatenated) == LZMA_OK else { return nil }
            defer { lzma_end(&stream) }
            stream.next_in = input.baseAddress
            stream.avail_in = input.count
            return collect { room in
                stream.next_out = room.baseAddress
                stream.avail_out = room.count
                let status = lzma_code(&stream, LZMA_FINISH)
                let written = room.count - stream.avail_out
                if status == LZMA_STREAM_END { return (written, true) }
                return status == LZMA_OK ? (written, false) : nil
            }
        }
    }

    private static func unzstd(_ packed: [UInt8]) -> [UInt8]? {
        packed.withUnsafeBytes { input in
            guard let stream = ZSTD_createDStream() else { return nil }
            defer { ZSTD_freeDStream(stream) }
            var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
            return collect { room in
                var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                let before = source.pos
                let left = ZSTD_decompressStream(stream, &target, &source)
                guard ZSTD_isError(left) == 0 else { return nil }
                if left == 0 && source.pos == source.size { return (target.pos, true) }
                guard target.pos > 0 || source.pos > before else { return nil }
                return (target.pos, false)
            }
        }
    }
}
