import CCompress
import Reporting

/// Reads a text file line by line in bounded memory; gzip-compressed files are recognised by their content.
///
/// Lines end with LF or CRLF, and the last line needs no end. Bytes that are not UTF-8 are repaired, since comments of
/// atom files come in many encodings.
package final class TextLineReader {
    package let path: String
    /// Number of the line that `next()` gave last, from 1.
    package private(set) var lineNumber = 0

    /// No real file has a longer line; a binary file given by mistake has.
    static let longestLine = 1 << 20

    private let handle: gzFile
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)
    private var start = 0
    private var end = 0

    /// - Throws: `InputError` when the file cannot be opened.
    package init(path: String) throws {
        self.path = path
        guard let handle = gzopen(path, "rb") else {
            throw InputError(place: path, found: "cannot be opened", expected: "a readable text file",
                             remedy: "Check the name and the permissions")
        }
        self.handle = handle
        gzbuffer(handle, 1 << 17)
    }

    deinit { gzclose(handle) }

    /// The next line without its end, or nil at the end of the file.
    /// - Throws: `InputError` for damaged compressed data, a line of more than a megabyte, or a zero byte.
    package func next() throws -> String? {
        var line: [UInt8] = []
        var sawAny = false
        while true {
            if start == end, try !refill() {
                guard sawAny else { return nil }
                break
            }
            sawAny = true
            let part = chunk[start..<end]
            if let newline = part.firstIndex(of: UInt8(ascii: "\n")) {
                line += chunk[start..<newline]
                start = newline + 1
                break
            }
            line += part
            start = end
            if line.count > Self.longestLine { throw notText("a line longer than \(Self.longestLine) characters") }
        }
        lineNumber += 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if line.contains(0) { throw notText("a zero byte") }
        return String(decoding: line, as: UTF8.self)
    }

    /// `file:line`, for error messages about the line that was read last.
    package var place: String { "\(path):\(lineNumber)" }

    private func refill() throws -> Bool {
        let count = chunk.withUnsafeMutableBytes { gzread(handle, $0.baseAddress, UInt32($0.count)) }
        if count < 0 {
            throw InputError(place: path, found: "the compressed data are damaged after line \(lineNumber)",
                             expected: "a complete gzip file", remedy: "Fetch or compress the file again")
        }
        if count == 0 {
            var code: Int32 = Z_OK
            gzerror(handle, &code)
            if code == Z_BUF_ERROR {
                throw InputError(place: path, found: "the compressed data end early, after line \(lineNumber)",
                                 expected: "a complete gzip file", remedy: "Fetch or compress the file again")
            }
            return false
        }
        start = 0
        end = Int(count)
        return true
    }

    private func notText(_ found: String) -> InputError {
        InputError(place: "\(path):\(lineNumber + 1)", found: found, expected: "a text file",
                   remedy: "Check that this is the file that was meant")
    }
}
