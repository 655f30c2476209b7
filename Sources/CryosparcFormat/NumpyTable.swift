import Foundation
import Reporting

/// A table in NumPy's file format (`.npy`, versions 1.0 to 3.0): rows of named fields, each a number, a text or an array of numbers.
///
/// cryoSPARC's `.cs` files are such files. Fields may be of either byte order; nested records are flattened (`a.b`).
/// See "A simple file format for NumPy arrays" (NEP 1) and `numpy.lib.format`.
package struct NumpyTable: Sendable {
    /// One field of the rows.
    package struct Field: Sendable, Hashable {
        enum Kind: Hashable { case float, signed, unsigned, truth, bytes, unicode, opaque }

        package let name: String
        let kind: Kind
        /// Bytes of one element.
        let width: Int
        let isBigEndian: Bool
        /// Extents of the array in each row; empty for single values.
        package let shape: [Int]
        /// Where it begins in a row.
        let offset: Int

        package var elementCount: Int { shape.reduce(1, *) }
    }

    /// For messages.
    package let name: String
    package let fields: [Field]
    package let rowCount: Int
    let rowWidth: Int
    let bytes: [UInt8]
    /// Where the first row begins.
    let start: Int

    private let fieldIndex: [String: Int]

    /// - Throws: `InputError` for files that are missing, damaged or hold something else than a table.
    package init(contentsOf path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputError(place: path, found: "the file cannot be read", expected: "a .cs or .npy file", remedy: "Check the path")
        }
        try self.init(bytes: Array(data), name: path)
    }

    package init(bytes: [UInt8], name: String) throws {
        let header = try NumpyHeader(bytes, name: name)
        self.name = name
        self.bytes = bytes
        fields = header.fields
        rowCount = header.rowCount
        rowWidth = header.rowWidth
        start = header.dataStart
        fieldIndex = Dictionary(header.fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func field(_ name: String) -> Field? { fieldIndex[name].map { fields[$0] } }
    package func contains(_ name: String) -> Bool { fieldIndex[name] != nil }

    private func require(_ fieldName: String, _ kinds: Set<Field.Kind>, expected: String) throws -> Field {
        guard let field = field(fieldName) else {
            throw InputError(place: name, found: "there is no column \(fieldName)", expected: expected)
        }
        guard kinds.contains(field.kind) else {
            throw InputError(place: name, found: "column \(fieldName) is of another type", expected: expected)
        }
        return field
    }

    // MARK: Values

    /// All elements of a field, row after row: `rowCount * elementCount` values.
    package func doubles(_ fieldName: String) throws -> [Double] {
        let field = try require(fieldName, [.float, .signed, .unsigned, .truth], expected: "numbers")
        return values(field) { word in
            switch field.kind {
            case .float where field.width == 8: Double(bitPattern: word)
            case .float where field.width == 4: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
            case .float: Self.half(UInt16(truncatingIfNeeded: word))
            case .signed: Double(Self.signed(word, width: field.width))
            default: Double(word)
            }
        }
    }

    /// Whole numbers without sign, such as `uid`.
    package func words(_ fieldName: String) throws -> [UInt64] {
        let field = try require(fieldName, [.signed, .unsigned, .truth], expected: "whole numbers")
        return values(field) { word in
            field.kind == .signed ? UInt64(bitPattern: Self.signed(word, width: field.width)) : word
        }
    }

    /// Texts, without the zeros that fill them up.
    package func strings(_ fieldName: String) throws -> [String] {
        let field = try require(fieldName, [.bytes, .unicode], expected: "texts")
        var texts: [String] = []
        texts.reserveCapacity(rowCount * field.elementCount)
        for row in 0..<rowCount {
            for element in 0..<field.elementCount {
                let from = start + row * rowWidth + field.offset + element * field.width
                texts.append(field.kind == .bytes ? text(from, field.width) : unicode(from, field))
            }
        }
        return texts
    }

    private func text(_ from: Int, _ width: Int) -> String {
        var end = from + width
        while end > from, bytes[end - 1] == 0 { end -= 1 }
        return String(decoding: bytes[from..<end], as: UTF8.self)
    }

    private func unicode(_ from: Int, _ field: Field) -> String {
        var scalars = String.UnicodeScalarView()
        for character in 0..<field.width / 4 {
            let word = UInt32(truncatingIfNeeded: word(at: from + 4 * character, width: 4, isBigEndian: field.isBigEndian))
            if word == 0 { continue }
            scalars.append(Unicode.Scalar(word) ?? "\u{FFFD}")
        }
        return String(scalars)
    }

    private func values<Value>(_ field: Field, _ value: (UInt64) -> Value) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(rowCount * field.elementCount)
        for row in 0..<rowCount {
            for element in 0..<field.elementCount {
                let from = start + row * rowWidth + field.offset + element * field.width
                values.append(value(word(at: from, width: field.width, isBigEndian: field.isBigEndian)))
            }
        }
        return values
    }

    private func word(at from: Int, width: Int, isBigEndian: Bool) -> UInt64 {
        var word: UInt64 = 0
        for i in 0..<width { word = word << 8 | UInt64(bytes[from + (isBigEndian ? i : width - 1 - i)]) }
        return word
    }

    private static func signed(_ word: UInt64, width: Int) -> Int64 {
        let unused = UInt64(64 - 8 * width)
        return Int64(bitPattern: word << unused) >> Int64(unused)
    }

    /// Half precision (IEEE 754 binary16).
    private static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 31), fraction = Double(bits & 1023)
        let size: Double = switch exponent {
        case 0: fraction * 0x1p-24
        case 31: fraction == 0 ? .infinity : .nan
        default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
        return bits >> 15 == 1 ? -size : size
    }
}
