import Foundation
import Reporting

/// The unpacked bytes of a compressed file, in order, with a bounded amount of memory. For one thread at a time.
///
/// A file may hold several compressed members, as parallel compressors write them, and zeros behind the last.
final class DecompressionStream {
    private static let chunk = 1 << 18

    private let path: String
    private let compression: Compression
    private let descriptor: Int32
    private var codec: any StreamCodec
    private var packed: [UInt8]
    /// The part of `packed` that was not taken yet.
    private var available: Range<Int> = 0..<0
    private var fileOffset = 0
    private var isAtEndOfFile = false
    private var isBetweenMembers = false
    private var isFinished = false

    init(path: String, compression: Compression) throws {
        self.path = path
        self.compression = compression
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError.system("open", path: path, code: errno) }
        packed = [UInt8](repeating: 0, count: Self.chunk)
        guard let codec = compression.makeCodec() else {
            close(descriptor)
            throw InputError(place: path, found: "not enough memory to unpack it")
        }
        self.codec = codec
    }

    deinit { close(descriptor) }

    /// Back to the first byte.
    func restart() throws {
        guard codec.restart() else { throw InputError(place: path, found: "not enough memory to unpack it") }
        (available, fileOffset) = (0..<0, 0)
        (isAtEndOfFile, isBetweenMembers, isFinished) = (false, false, false)
    }

    /// Fills `target`. `what` names what is being read, for the message about a file that ends too early.
    func readFully(into target: UnsafeMutableRawBufferPointer, what: String) throws {
        let count = try read(into: target)
        guard count == target.count else {
            throw InputError(
                place: path, found: "the unpacked file ends within \(what)",
                expected: "as many frames as its header says",
                remedy: "The file is truncated or its header is wrong; copy or make it again")
        }
    }

    func skip(_ count: Int, what: String) throws {
        var room = [UInt8](repeating: 0, count: min(count, Self.chunk))
        var left = count
        while left > 0 {
            try room.withUnsafeMutableBytes {
                try readFully(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<min(left, $0.count)]), what: what)
            }
            left -= min(left, room.count)
        }
    }

    /// Gives as many bytes as are left, at most `target.count`.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        var done = 0
        while done < target.count, !isFinished {
            if available.isEmpty { try refill() }
            if isBetweenMembers {
                try startNextMember()
                continue
            }
            let room = UnsafeMutableRawBufferPointer(rebasing: target[done...])
            let step = packed.withUnsafeMutableBytes { packed in
                codec.step(UnsafeMutableRawBufferPointer(rebasing: packed[available]), room)
            }
            available = available.lowerBound + step.taken..<available.upperBound
            done += step.given
            switch step.state {
            case .memberEnded: isBetweenMembers = true
            case .damaged: throw damage
            case .goesOn:
                // Nothing taken, nothing given, nothing to come: the file is cut off.
                if step.taken == 0, step.given == 0, available.isEmpty, isAtEndOfFile { throw damage }
                if step.taken == 0, step.given == 0, !available.isEmpty { throw damage }
            }
        }
        return done
    }

    private var damage: InputError {
        InputError(
            place: path, found: "damaged or truncated \(compression.rawValue) data",
            expected: "a complete .\(compression.rawValue) file", remedy: "Copy or make the file again")
    }

    private func startNextMember() throws {
        while let byte = available.first.map({ packed[$0] }), byte == 0 { available = available.dropFirst() }
        guard let first = available.first else {
            if isAtEndOfFile { isFinished = true }
            return
        }
        // Like gzip, take no notice of what else follows.
        if compression == .gzip, packed[first] != 0x1f {
            isFinished = true
            return
        }
        guard codec.restart() else { throw damage }
        isBetweenMembers = false
    }

    private func refill() throws {
        guard !isAtEndOfFile else { return }
        while true {
            let offset = fileOffset
            let got = packed.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
            if got < 0 {
                if errno == EINTR { continue }
                throw InputError.system("read", path: path, code: errno)
            }
            isAtEndOfFile = got == 0
            fileOffset += got
            available = 0..<got
            return
        }
    }
}
