import Foundation
import Reporting

/// An options file of on-the-fly processing, `relion_it_options.py`: one Python dictionary of texts, numbers, True, False and None.
/// It is read, never executed.
package struct OptionsFile: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        case text(String)
        /// As it was written: 0.885, 50, 1e-3.
        case number(String)
        case flag(Bool)
        case none
    }

    package struct Entry: Sendable, Equatable {
        package var key: String
        package var value: Value
        /// File and line.
        package var place: String

        package init(key: String, value: Value, place: String) { (self.key, self.value, self.place) = (key, value, place) }
    }

    /// In the order of the file. A key may stand twice: the last one counts, as in Python.
    package private(set) var entries: [Entry]

    /// - Throws: `InputError` naming file and line.
    package init(contentsOf path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputError(place: path, found: "the file cannot be read", expected: "an options file",
                             remedy: "relion it --template \(path) writes one")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw InputError(place: path, found: "bytes that are no text", expected: "a text file in UTF-8")
        }
        try self.init(text, name: path)
    }

    /// - Parameter name: of the file, for errors.
    package init(_ text: String, name: String) throws {
        var reader = PythonDictionaryReader(text, name: name)
        entries = try reader.read()
    }
}

/// Reads the dictionary byte by byte; values are plain, so nothing nests.
private struct PythonDictionaryReader {
    private let bytes: [UInt8]
    private let name: String
    private var at = 0
    private var line = 1

    init(_ text: String, name: String) { (bytes, self.name) = (Array(text.utf8), name) }

    private func fault(_ found: String, expected: String, remedy: String = "") -> InputError {
        InputError(place: "\(name):\(line)", found: found, expected: expected, remedy: remedy)
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }
    private func isNext(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

    private var nextText: String {
        guard next != nil else { return "the end of the file" }
        let rest = bytes[at...].prefix { $0 != 10 && $0 != 13 }.prefix(24)
        return rest.isEmpty ? "the end of the line" : "\"\(String(decoding: rest, as: UTF8.self))\""
    }

    private mutating func step() {
        if next == 10 { line += 1 }
        at += 1
    }

    private mutating func skipBlanks() {
        while let byte = next {
            if byte == UInt8(ascii: "#") {
                while next != nil, next != 10 { at += 1 }
            } else if [9, 10, 12, 13, 32].contains(byte) {
                step()
            } else {
                return
            }
        }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipBlanks()
        guard next == character.asciiValue else { return false }
        at += 1
        return true
    }

    mutating func read() throws -> [OptionsFile.Entry] {
        guard take("{") else {
            throw fault(nextText, expected: "{", remedy: "The file is one dictionary: { 'key' : value, … }; scripts of RELION before 4.0 are not understood")
        }
        var entries: [OptionsFile.Entry] = []
        while !take("}") {
            skipBlanks()
            let start = line
            guard let key = try string() else { throw fault(nextText, expected: "a key in quotes or }") }
            guard take(":") else { throw fault(nextText, expected: ": after '\(key)'") }
            entries.append(.init(key: key, value: try value(of: key), place: "\(name):\(start)"))
            if take(",") { continue }
            guard next == UInt8(ascii: "}") else { throw fault(nextText, expected: ", or } after the value of '\(key)'") }
        }
        skipBlanks()
        if next != nil { throw fault(nextText, expected: "nothing after }") }
        return entries
    }

    private mutating func value(of key: String) throws -> OptionsFile.Value {
        skipBlanks()
        if let text = try string() { return .text(text) }
        let start = at
        let ends = Set(" \t\r\n,}#:'\"".utf8)
        while let byte = next, !ends.contains(byte) { at += 1 }
        let word = String(decoding: bytes[start..<at], as: UTF8.self)
        switch word {
        case "True": return .flag(true)
        case "False": return .flag(false)
        case "None": return .none
        default:
            let digits = word.replacingOccurrences(of: "_", with: "")
            if let first = word.utf8.first, "0123456789.+-".utf8.contains(first), let number = Double(digits), number.isFinite {
                return .number(digits)
            }
            at = start
            let near = ["true": "True", "false": "False", "none": "None"][word.lowercased()]
            throw fault("\(nextText) as the value of '\(key)'", expected: "a text in quotes, a number, True, False or None",
                        remedy: near.map { "Write \($0)" } ?? "")
        }
    }

    /// One or several strings beside each other, which Python joins; nil where none begins.
    private mutating func string() throws -> String? {
        var result: [UInt8]?
        while true {
            skipBlanks()
            let isRaw = isNext("r'") || isNext("r\"")
            if isRaw { at += 1 }
            guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { break }
            result = (result ?? []) + (try quoted(quote, isRaw: isRaw))
        }
        return result.map { String(decoding: $0, as: UTF8.self) }
    }

    private mutating func quoted(_ quote: UInt8, isRaw: Bool) throws -> [UInt8] {
        let start = line
        let isLong = bytes[at...].starts(with: [quote, quote, quote])
        let closing = isLong ? [quote, quote, quote] : [quote]
        at += closing.count
        var content: [UInt8] = []
        while !bytes[min(at, bytes.count)...].starts(with: closing) {
            guard let byte = next, isLong || byte != 10 else {
                line = start
                throw fault("a text without closing quote", expected: String(decoding: closing, as: UTF8.self))
            }
            if byte == UInt8(ascii: "\\"), at + 1 < bytes.count {
                content += try escaped(isRaw: isRaw)
            } else {
                content.append(byte)
                step()
            }
        }
        at += closing.count
        return content
    }

    private mutating func escaped(isRaw: Bool) throws -> [UInt8] {
        let byte = bytes[at + 1]
        step()
        step()
        if isRaw { return [UInt8(ascii: "\\"), byte] }
        switch Character(UnicodeScalar(byte)) {
        case "\n": return []
        case "n": return [10]
        case "t": return [9]
        case "\\", "'", "\"": return [byte]
        default:
            // As Python: what is no escape stays as it is, but numbered characters would be lost silently.
            if "xuUN01234567abfrv".utf8.contains(byte) {
                throw fault("\\\(Character(UnicodeScalar(byte))) in a text", expected: "\\n, \\t, \\\\ or an escaped quote",
                            remedy: "Write the character itself")
            }
            return [UInt8(ascii: "\\"), byte]
        }
    }
}
