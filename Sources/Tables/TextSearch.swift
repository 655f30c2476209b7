import Foundation

extension UnsafeBufferPointer<UInt8> {
    /// Whether `text`, given in lower case, stands in these bytes; only letters without accents have two cases.
    func containsIgnoringCase(_ text: [UInt8]) -> Bool {
        guard let first = text.first else { return true }
        guard count >= text.count else { return false }
        let upper = first.isLowerLetter ? first - 32 : first
        for start in 0...(count - text.count) where self[start] == first || self[start] == upper {
            var length = 1
            while length < text.count, self[start + length].lowered == text[length] { length += 1 }
            if length == text.count { return true }
        }
        return false
    }
}

extension UInt8 {
    var isLowerLetter: Bool { self >= 97 && self <= 122 }
    var lowered: UInt8 { self >= 65 && self <= 90 ? self + 32 : self }
}

extension StringProtocol {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

func naturalLogarithm(_ value: Double) -> Double { log(value) }
