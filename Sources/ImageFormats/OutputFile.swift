import Foundation
import Reporting
import Synchronization

/// A file that appears under its name only when it is complete: written under a temporary name beside it, then renamed.
///
/// Any thread may write disjoint byte ranges. Dropped without `commit`, it leaves nothing behind.
final class OutputFile: Sendable {
    private static let serial = Atomic<Int>(0)

    let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private let isCommitted = Atomic<Bool>(false)

    init(path: String) throws {
        self.path = path
        let number = Self.serial.wrappingAdd(1, ordering: .relaxed).newValue
        let parts = PathName(path)
        temporaryPath = parts.sibling(".\(parts.name).\(getpid())-\(number).partial")
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC
        var descriptor = open(temporaryPath, flags, 0o666)
        if descriptor < 0, errno == ENOENT {
            OutputFolder.make(for: path)
            descriptor = open(temporaryPath, flags, 0o666)
        }
        self.descriptor = descriptor
        guard descriptor >= 0 else {
            isCommitted.store(true, ordering: .relaxed)
            throw InputError.system("write", path: path, code: errno)
        }
    }

    deinit {
        if !isCommitted.load(ordering: .relaxed) {
            close(descriptor)
            unlink(temporaryPath)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let written = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
            if written >= 0 {
                done += written
            } else if errno != EINTR {
                throw InputError.system("write", path: path, code: errno)
            }
        }
    }

    func write(_ bytes: [UInt8], at offset: Int) throws { try bytes.withUnsafeBytes { try write($0, at: offset) } }

    /// A second descriptor of the file, for libraries that write by themselves; the caller closes it, before `commit` or after it.
    func duplicatedDescriptor() throws -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw InputError.system("write", path: path, code: errno) }
        return copy
    }

    /// Closes the file and gives it its name.
    func commit() throws {
        isCommitted.store(true, ordering: .relaxed)
        // Network file systems report a full disk only here.
        guard close(descriptor) == 0 else {
            let code = errno
            unlink(temporaryPath)
            throw InputError.system("write", path: path, code: code)
        }
        guard rename(temporaryPath, path) == 0 else {
            let code = errno
            unlink(temporaryPath)
            throw InputError.system("write", path: path, code: code)
        }
    }
}
