import CTIFF
import Foundation
import Reporting

/// One open TIFF file of libtiff. It has a current page: for one thread at a time.
final class TIFFHandle {
    let path: String
    private let handle: UnsafeMutablePointer<ctiff_handle>

    /// Damaged files may ask for more than this at once; no detector's frame does.
    private static let largestAllocation: Int64 = 1 << 32

    /// Opens a file for reading.
    convenience init(reading path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError.system("open", path: path, code: errno) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw InputError.system("read", path: path, code: EISDIR)
        }
        // m: without mapping, so that a file that shrinks is an error and not a bus error.
        try self.init(descriptor: descriptor, path: path, mode: "rm")
    }

    /// - Parameter descriptor: belongs to the handle from here on.
    init(descriptor: Int32, path: String, mode: String) throws {
        var message = [CChar](repeating: 0, count: 256)
        self.path = path
        guard let handle = ctiff_open(descriptor, path, mode, Self.largestAllocation, &message) else {
            close(descriptor)
            let reason = Self.text(message)
            throw InputError(
                place: path, found: reason.isEmpty ? "is no TIFF file" : "is no TIFF file that can be read (\(reason))",
                remedy: "The file is damaged or of another format; copy or make it again")
        }
        self.handle = handle
    }

    deinit { ctiff_close(handle) }

    var file: OpaquePointer { handle.pointee.file }

    /// What libtiff said about its first trouble since the last call.
    func takeMessage() -> String {
        defer { handle.pointee.message.0 = 0 }
        return withUnsafeBytes(of: handle.pointee.message) { Self.text(Array($0.bindMemory(to: CChar.self))) }
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// An error about page `page`, counted from 0, with libtiff's own words.
    func error(page: Int, _ found: String) -> InputError {
        let message = takeMessage()
        return InputError(
            place: path, found: "frame \(page + 1): \(found)\(message.isEmpty ? "" : " (\(message))")",
            remedy: "The file is damaged; copy or make it again")
    }

    // MARK: Fields of the current page

    func integer(_ tag: Int32) -> Int? {
        var value: UInt32 = 0
        return ctiff_get_u32(handle, UInt32(tag), &value) == 1 ? Int(value) : nil
    }

    func short(_ tag: Int32) -> Int? {
        var value: UInt16 = 0
        return ctiff_get_u16(handle, UInt32(tag), &value) == 1 ? Int(value) : nil
    }

    func real(_ tag: Int32) -> Double? {
        var value: Float = 0
        return ctiff_get_float(handle, UInt32(tag), &value) == 1 ? Double(value) : nil
    }

    func set(_ tag: Int32, _ value: Int) { _ = ctiff_set_integer(handle, UInt32(tag), UInt32(value)) }
    func set(_ tag: Int32, _ value: Double) { _ = ctiff_set_real(handle, UInt32(tag), value) }
    func set(_ tag: Int32, _ value: String) { _ = ctiff_set_text(handle, UInt32(tag), value) }
}
