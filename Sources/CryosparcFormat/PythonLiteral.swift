/// The part of Python's literals that headers of NumPy files are made of.
enum PythonLiteral: Equatable {
    case text(String)
    case integer(Int)
    case truth(Bool)
    case none
    case list([PythonLiteral])
    case tuple([PythonLiteral])
    case dictionary([String: PythonLiteral])

    /// What is wrong with a text that is no literal.
    struct Fault: Error { let description: String }

    init(_ text: String) throws {
        var parser = Parser(bytes: Array(text.utf8))
        self = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.isAtEnd else { throw Fault(description: "text after its end") }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var items: [PythonLiteral]? {
        switch self {
        case .list(let items), .tuple(let items): items
        default: nil
        }
    }

    private struct Parser {
        let bytes: [UInt8]
        var next = 0

        var isAtEnd: Bool { next >= bytes.count }
        var byte: UInt8? { next < bytes.count ? bytes[next] : nil }

        mutating func skipBlanks() { while let byte, byte == 32 || (9...13).contains(byte) || byte == 0 { next += 1 } }

        mutating func take(_ character: Character) -> Bool {
            skipBlanks()
            guard let byte, byte == character.asciiValue else { return false }
            next += 1
            return true
        }

        mutating func value(depth: Int) throws -> PythonLiteral {
            guard depth < 20 else { throw Fault(description: "it is nested too deeply") }
            skipBlanks()
            guard let byte else { throw Fault(description: "it ends early") }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try quoted())
            case UInt8(ascii: "["):
                next += 1
                return .list(try items(until: "]", depth: depth).items)
            case UInt8(ascii: "("):
                next += 1
                let (items, hasComma) = try items(until: ")", depth: depth)
                // Round brackets without a comma only group.
                return items.count == 1 && !hasComma ? items[0] : .tuple(items)
            case UInt8(ascii: "{"): return try dictionary(depth: depth)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
            default: return try word()
            }
        }

        mutating func items(until end: Character, depth: Int) throws -> (items: [PythonLiteral], hasComma: Bool) {
            var items: [PythonLiteral] = []
            var hasComma = false
            while !take(end) {
                items.append(try value(depth: depth + 1))
                if take(",") { hasComma = true } else {
                    guard take(end) else { throw Fault(description: "\"\(end)\" is missing") }
                    break
                }
            }
            return (items, hasComma)
        }

        mutating func dictionary(depth: Int) throws -> PythonLiteral {
            next += 1
            var entries: [String: PythonLiteral] = [:]
            while !take("}") {
                guard case .text(let key) = try value(depth: depth + 1), take(":") else { throw Fault(description: "a key is missing") }
                entries[key] = try value(depth: depth + 1)
                if !take(",") {
                    guard take("}") else { throw Fault(description: "\"}\" is missing") }
                    break
                }
            }
            return .dictionary(entries)
        }

        mutating func quoted() throws -> String {
            let quote = bytes[next]
            next += 1
            var text: [UInt8] = []
            while let byte, byte != quote {
                next += 1
                if byte == UInt8(ascii: "\\"), let escaped = self.byte {
                    next += 1
                    text.append(escaped)
                } else {
                    text.append(byte)
                }
            }
            guard byte == quote else { throw Fault(description: "a quotation mark is missing") }
            next += 1
            return String(decoding: text, as: UTF8.self)
        }

        mutating func integer() throws -> Int {
            let start = next
            next += 1
            while let byte, (48...57).contains(byte) { next += 1 }
            guard let value = Int(String(decoding: bytes[start..<next], as: UTF8.self)) else { throw Fault(description: "a number is too large") }
            // Python 2 marked long numbers.
            if byte == UInt8(ascii: "L") { next += 1 }
            return value
        }

        mutating func word() throws -> PythonLiteral {
            let start = next
            while let byte, (65...90).contains(byte) || (97...122).contains(byte) { next += 1 }
            switch String(decoding: bytes[start..<next], as: UTF8.self) {
            case "True": return .truth(true)
            case "False": return .truth(false)
            case "None": return .none
            default: throw Fault(description: "an unknown word at character \(start)")
            }
        }
    }
}
