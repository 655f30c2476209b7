import Foundation

/// Numbers in STAR files: reading, and writing in fields of twelve characters.
package enum NumberText {
    private static let powersOfTen: [Double] = (0...22).map { pow(10, Double($0)) }

    /// Reads the whole of `bytes` as a number; nil when anything else is there.
    ///
    /// Up to 2⁵³ in the digits and 22 in the exponent, one multiplication or division of two exact numbers gives the
    /// correctly rounded result; other numbers go through `strtod`.
    static func double(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var position = 0
        let count = bytes.count
        guard count > 0 else { return nil }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        if isNegative || bytes[0] == UInt8(ascii: "+") { position = 1 }
        var digits: UInt64 = 0
        var digitCount = 0
        var scale = 0
        var sawPoint = false
        while position < count {
            let byte = bytes[position]
            if byte.isDigit {
                digits = digits &* 10 &+ UInt64(byte &- 48)
                digitCount &+= 1
                if sawPoint { scale &-= 1 }
            } else if byte == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else {
                break
            }
            position &+= 1
        }
        if digitCount == 0 || digitCount > 19 { return slowDouble(bytes) }
        if position < count {
            guard bytes[position] | 0x20 == UInt8(ascii: "e"), let exponent = exponent(bytes, from: position + 1) else {
                return nil
            }
            scale += exponent
        }
        guard digits <= 1 << 53, abs(scale) <= 22 else { return slowDouble(bytes) }
        let magnitude = scale < 0 ? Double(digits) / powersOfTen[-scale] : Double(digits) * powersOfTen[scale]
        return isNegative ? -magnitude : magnitude
    }

    private static func exponent(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        var position = isNegative || bytes[start] == UInt8(ascii: "+") ? start + 1 : start
        guard position < bytes.count, bytes.count - position <= 4 else { return nil }
        var value = 0
        while position < bytes.count {
            guard bytes[position].isDigit else { return nil }
            value = value * 10 + Int(bytes[position] - 48)
            position += 1
        }
        return isNegative ? -value : value
    }

    private static func slowDouble(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        guard bytes.count < 64, !bytes[0].endsToken else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            for index in bytes.indices { text[index] = CChar(bitPattern: bytes[index]) }
            text[bytes.count] = 0
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(text.baseAddress!, &end)
            return end == text.baseAddress! + bytes.count ? value : nil
        }
    }

    /// Reads a whole number; `3.000000` counts as one.
    static func int(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var position = 0
        guard bytes.count > 0, bytes.count < 18 else { return nil }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        if isNegative || bytes[0] == UInt8(ascii: "+") { position = 1 }
        var value = 0
        guard position < bytes.count else { return nil }
        while position < bytes.count {
            guard bytes[position].isDigit else { return double(bytes).flatMap { Int(exactly: $0) } }
            value = value &* 10 &+ Int(bytes[position] &- 48)
            position &+= 1
        }
        return isNegative ? -value : value
    }

    package static func double(_ text: some StringProtocol) -> Double? { Array(text.utf8).withUnsafeBufferPointer { double($0) } }
    package static func int(_ text: some StringProtocol) -> Int? { Array(text.utf8).withUnsafeBufferPointer { int($0) } }

    /// Room that `write` may need.
    static let maximalWidth = 32

    /// Writes a number as RELION's tables have it: six decimals (five where there is a sign), scientific below 0.001
    /// and above 100,000, twelve characters wide. Returns how many bytes it took.
    @inline(__always)
    static func write(_ value: Double, to field: UnsafeMutablePointer<UInt8>) -> Int {
        let magnitude = abs(value)
        if magnitude == 0 || (magnitude >= 0.001 && magnitude < 99_999) {
            let scaled = magnitude * (value < 0 ? 1e5 : 1e6)
            let nearest = scaled.rounded()
            // Near a tie the product's own rounding could decide; there the C library's exact conversion does.
            if abs(scaled - nearest) < 0.4999 {
                writeFixed(UInt64(nearest), isNegative: value < 0, to: field)
                return 12
            }
        }
        return writeThroughPrintf(value, to: field)
    }

    /// `scaled` counts millionths, or hundred-thousandths of a negative number, and has at most eleven digits.
    @inline(__always)
    private static func writeFixed(_ scaled: UInt64, isNegative: Bool, to field: UnsafeMutablePointer<UInt8>) {
        let unit: UInt32 = isNegative ? 100_000 : 1_000_000
        var whole = UInt32(truncatingIfNeeded: scaled / UInt64(unit))
        var fraction = UInt32(truncatingIfNeeded: scaled % UInt64(unit))
        var position = 12
        for _ in 0..<(isNegative ? 5 : 6) {
            position &-= 1
            field[position] = UInt8(truncatingIfNeeded: fraction % 10) &+ 48
            fraction /= 10
        }
        position &-= 1
        field[position] = UInt8(ascii: ".")
        repeat {
            position &-= 1
            field[position] = UInt8(truncatingIfNeeded: whole % 10) &+ 48
            whole /= 10
        } while whole > 0
        if isNegative {
            position &-= 1
            field[position] = UInt8(ascii: "-")
        }
        while position > 0 {
            position &-= 1
            field[position] = .space
        }
    }

    private static func writeThroughPrintf(_ value: Double, to field: UnsafeMutablePointer<UInt8>) -> Int {
        let magnitude = abs(value)
        let isScientific = (magnitude > 0 && magnitude < 0.001) || magnitude > 100_000
        var text = String(format: isScientific ? (value < 0 ? "%12.5e" : "%12.6e") : (value < 0 ? "%12.5f" : "%12.6f"), value)
        if text.utf8.count > 12 {
            // A three-digit exponent or a rounding up to the next power of ten: fewer decimals, never a cut number.
            text = isScientific ? String(format: value < 0 ? "%12.4e" : "%12.5e", value) : String(text.prefix(12))
        }
        for (index, byte) in text.utf8.enumerated() { field[index] = byte }
        return text.utf8.count
    }

    @inline(__always)
    static func write(_ value: Int, to field: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = value.magnitude
        var digitCount = value < 0 ? 2 : 1
        while rest >= 10 {
            rest /= 10
            digitCount &+= 1
        }
        let width = max(12, digitCount)
        var position = width
        rest = value.magnitude
        repeat {
            position &-= 1
            field[position] = UInt8(truncatingIfNeeded: rest % 10) &+ 48
            rest /= 10
        } while rest > 0
        if value < 0 {
            position &-= 1
            field[position] = UInt8(ascii: "-")
        }
        while position > 0 {
            position &-= 1
            field[position] = .space
        }
        return width
    }

    /// A number as it stands in a file, without the blanks in front.
    package static func text(_ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximalWidth) { field in
            let count = write(value, to: field.baseAddress!)
            return String(decoding: field[..<count].drop { $0 == .space }, as: UTF8.self)
        }
    }

    /// `[1,2.5,3]`: how vectors stand in one cell, with up to twelve significant digits.
    package static func vector(_ values: [Double]) -> String {
        "[" + values.map { String(format: "%.12g", $0) }.joined(separator: ",") + "]"
    }

    /// Reads `[1,2.5,3]`; nil for anything else.
    package static func vector(_ text: String) -> [Double]? {
        guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
        let parts = text.dropFirst().dropLast().split(separator: ",")
        let values = parts.compactMap { double($0.trimmingCharacters(in: .whitespaces)) }
        return values.count == parts.count ? values : nil
    }
}
