import Foundation
import Reporting

/// The bytes of one STAR file, kept once; cells refer to them by offset.
final class StarText: Sendable {
    /// The file's name as the user gave it; starts every message about its contents.
    let name: String
    let bytes: [UInt8]

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    convenience init(contentsOf path: String) throws {
        self.init(name: path, bytes: try Self.readBytes(of: path))
    }

    /// One-based line of a byte; counts line ends, so it is meant for messages only.
    func line(ofByteAt offset: Int) -> Int {
        bytes[..<min(offset, bytes.count)].reduce(1) { $1 == .lineFeed ? $0 + 1 : $0 }
    }

    func place(ofByteAt offset: Int) -> String { "\(name):\(line(ofByteAt: offset))" }

    private static func readBytes(of path: String) throws -> [UInt8] {
        if path.isEmpty { throw InputError(place: "STAR file", found: "its name is empty", expected: "the name of a file") }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw InputError(place: path, found: "no such file", expected: "a STAR file", remedy: "Check the path")
        }
        guard !isDirectory.boolValue, let handle = FileHandle(forReadingAtPath: path) else {
            throw InputError(
                place: path, found: isDirectory.boolValue ? "this is a folder" : "the file cannot be opened",
                expected: "a readable STAR file")
        }
        defer { try? handle.close() }
        let size = (try? handle.seekToEnd()).map { Int($0) } ?? 0
        try handle.seek(toOffset: 0)
        let descriptor = handle.fileDescriptor
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = 0
            while count < size {
                let got = read(descriptor, buffer.baseAddress! + count, size - count)
                if got <= 0 {
                    failed = got < 0
                    break
                }
                count += got
            }
        }
        if failed { throw InputError(place: path, found: "the file cannot be read", expected: "a readable STAR file") }
        return bytes
    }
}

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let hash = UInt8(ascii: "#")
    static let underscore = UInt8(ascii: "_")
    static let doubleQuote = UInt8(ascii: "\"")
    static let singleQuote = UInt8(ascii: "'")
    /// Marks a quote inside a quoted value as part of the value, where a blank follows it.
    static let bell: UInt8 = 7

    @inline(__always) var isBlank: Bool { self == .space || self == .tab || self == .carriageReturn }
    @inline(__always) var isQuote: Bool { self == .doubleQuote || self == .singleQuote }
    @inline(__always) var isDigit: Bool { self &- 48 < 10 }
}
