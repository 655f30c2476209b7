import CCompress

/// What a decompressor did with one piece of input.
struct CodecStep {
    enum State { case goesOn, memberEnded, damaged }
    var taken: Int
    var given: Int
    var state: State
}

/// One of the decompression libraries, a piece at a time.
protocol StreamCodec: AnyObject {
    func step(_ input: UnsafeMutableRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> CodecStep
    /// Ready for the first byte of another member; false when memory is short.
    func restart() -> Bool
}

extension Compression {
    /// Nil when memory is short.
    func makeCodec() -> (any StreamCodec)? {
        let codec: any StreamCodec =
            switch self {
            case .gzip: GzipCodec()
            case .bzip2: Bzip2Codec()
            case .xz: XZCodec()
            case .zstandard: ZstandardCodec()
            }
        return codec.restart() ? codec : nil
    }
}

/// The libraries count in 32 bits.
private let largestPiece = 1 << 30

private final class GzipCodec: StreamCodec {
    private var stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var isOpen = false

    deinit {
        if isOpen { inflateEnd(stream) }
        stream.deallocate()
    }

    func restart() -> Bool {
        if isOpen { return inflateReset(stream) == Z_OK }
        stream.initialize(to: z_stream())
        // 15 window bits, +32: gzip and zlib headers are both recognised.
        isOpen = inflateInit2_(stream, 47, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        return isOpen
    }

    func step(_ input: UnsafeMutableRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> CodecStep {
        let (offered, room) = (min(input.count, largestPiece), min(output.count, largestPiece))
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(offered)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        let status = inflate(stream, Z_NO_FLUSH)
        let taken = offered - Int(stream.pointee.avail_in), given = room - Int(stream.pointee.avail_out)
        let state: CodecStep.State =
            status == Z_STREAM_END ? .memberEnded : status == Z_OK || status == Z_BUF_ERROR ? .goesOn : .damaged
        return CodecStep(taken: taken, given: given, state: state)
    }
}

private final class Bzip2Codec: StreamCodec {
    private var stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)
    private var isOpen = false

    deinit {
        if isOpen { BZ2_bzDecompressEnd(stream) }
        stream.deallocate()
    }

    func restart() -> Bool {
        if isOpen { BZ2_bzDecompressEnd(stream) }
        stream.initialize(to: bz_stream())
        isOpen = BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK
        return isOpen
    }

    func step(_ input: UnsafeMutableRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> CodecStep {
        let (offered, room) = (min(input.count, largestPiece), min(output.count, largestPiece))
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_in = UInt32(offered)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(room)
        let status = BZ2_bzDecompress(stream)
        let taken = offered - Int(stream.pointee.avail_in), given = room - Int(stream.pointee.avail_out)
        return CodecStep(
            taken: taken, given: given,
            state: status == BZ_STREAM_END ? .memberEnded : status == BZ_OK ? .goesOn : .damaged)
    }
}

private final class XZCodec: StreamCodec {
    /// More than any preset of xz needs (-9: 65 MiB); the header of a damaged file may ask for 4 GiB.
    private static let memoryLimit: UInt64 = 1 << 31
    private var stream = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)

    init() { stream.initialize(to: lzma_stream()) }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    func restart() -> Bool { lzma_stream_decoder(stream, Self.memoryLimit, 0) == LZMA_OK }

    func step(_ input: UnsafeMutableRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> CodecStep {
        stream.pointee.next_in = UnsafePointer(input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = output.count
        let status = lzma_code(stream, LZMA_RUN)
        let taken = input.count - stream.pointee.avail_in, given = output.count - stream.pointee.avail_out
        let state: CodecStep.State =
            status == LZMA_STREAM_END
            ? .memberEnded : status == LZMA_OK || status == LZMA_BUF_ERROR ? .goesOn : .damaged
        return CodecStep(taken: taken, given: given, state: state)
    }
}

private final class ZstandardCodec: StreamCodec {
    private let stream = ZSTD_createDStream()

    deinit { ZSTD_freeDStream(stream) }

    func restart() -> Bool { stream != nil && ZSTD_isError(ZSTD_initDStream(stream)) == 0 }

    func step(_ input: UnsafeMutableRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> CodecStep {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let left = ZSTD_decompressStream(stream, &target, &source)
        let state: CodecStep.State = ZSTD_isError(left) != 0 ? .damaged : left == 0 ? .memberEnded : .goesOn
        return CodecStep(taken: source.pos, given: target.pos, state: state)
    }
}
