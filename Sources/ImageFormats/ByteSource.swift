import Foundation
import Reporting

/// Random access to the bytes of a file, plain or compressed, from any thread.
///
/// A plain file is read by `pread`, which has no shared position; a compressed one is unpacked to memory on opening.
final class ByteSource: Sendable {
    private enum Storage: Sendable {
        case file(descriptor: Int32)
        case memory([UInt8])
    }

    let path: String
    let byteCount: Int
    private let storage: Storage

    init(path: String, compression: Compression?) throws {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError.system("open", path: path, code: errno) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw InputError.system("read", path: path, code: EISDIR)
        }
        let fileSize = Int(information.st_size)
        guard let compression else {
            byteCount = fileSize
            storage = .file(descriptor: descriptor)
            return
        }
        defer { close(descriptor) }
        let bytes = try Decompression.unpack(path, compression)
        byteCount = bytes.count
        storage = .memory(bytes)
    }

    deinit {
        if case .file(let descriptor) = storage { close(descriptor) }
    }

    /// Fills `target` with the bytes from `offset` on.
    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        switch storage {
        case .file(let descriptor): try Self.readFully(descriptor, into: target, at: offset, path: path)
        case .memory(let bytes):
            guard offset + target.count <= bytes.count else { throw Self.tooShort(path, offset + target.count, bytes.count) }
            bytes.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + target.count])) }
        }
    }

    private static func readFully(
        _ descriptor: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int, path: String
    ) throws {
        guard let base = target.baseAddress else { return }
        var done = 0
        while done < target.count {
            let got = pread(descriptor, base + done, target.count - done, off_t(offset + done))
            if got > 0 {
                done += got
            } else if got == 0 {
                throw tooShort(path, offset + target.count, offset + done)
            } else if errno != EINTR {
                throw InputError.system("read", path: path, code: errno)
            }
        }
    }

    private static func tooShort(_ path: String, _ expected: Int, _ found: Int) -> InputError {
        InputError(place: path, found: "the file ends after \(found) bytes", expected: "at least \(expected) bytes",
                   remedy: "The file is truncated; copy or make it again")
    }
}
