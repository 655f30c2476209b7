import Foundation
import Reporting

/// A file that appears under its name only when it is complete.
///
/// Bytes go to a temporary file beside it, which `commit` renames; a file that is given up leaves nothing behind.
package final class AtomicFile {
    private let path: String
    private let temporaryPath: String
    private var descriptor: Int32

    /// - Throws: `InputError` naming the file when it cannot be made.
    package init(path: String) throws {
        self.path = path
        temporaryPath = "\(path).tmp\(getpid())"
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        descriptor = open(temporaryPath, flags, 0o666)
        if descriptor < 0, errno == ENOENT {
            OutputFolder.make(for: path)
            descriptor = open(temporaryPath, flags, 0o666)
        }
        if descriptor < 0 { throw Self.failure(path) }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            unlink(temporaryPath)
        }
    }

    package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var done = 0
        while done < bytes.count {
            let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path)
            }
            done += count
        }
    }

    package func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write($0) }
    }

    /// - Parameter flushingToDisk: the content is on the disk before the name changes, and the change itself before the call
    ///   returns, so that a power cut leaves the old file or the new one.
    package func commit(flushingToDisk: Bool = false) throws {
        let flushed = flushingToDisk ? fsync(descriptor) : 0
        let closed = close(descriptor)
        descriptor = -1
        guard flushed == 0, closed == 0, rename(temporaryPath, path) == 0 else {
            let error = Self.failure(path)
            unlink(temporaryPath)
            throw error
        }
        if flushingToDisk { Self.flushFolder(of: path) }
    }

    /// Some file systems cannot flush folders; the file itself is safe there all the same.
    private static func flushFolder(of path: String) {
        let folder = PathName(path).folder
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ path: String) -> InputError {
        InputError(
            place: path, found: "the file cannot be written (\(String(cString: strerror(errno))))",
            remedy: "Check that its folder exists, may be written and has space")
    }
}
