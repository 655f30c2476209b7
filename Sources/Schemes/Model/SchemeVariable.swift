import Foundation
import Reporting

/// Value of a scheme's variable.
package enum SchemeValue: Sendable, Equatable, CustomStringConvertible {
    case number(Double)
    case flag(Bool)
    case text(String)

    package enum Kind: String, Sendable, CaseIterable {
        case number = "float", flag = "bool", text = "string"
    }

    package var kind: Kind {
        switch self {
        case .number: .number
        case .flag: .flag
        case .text: .text
        }
    }

    /// Of the kind that the text looks like: a leading number makes a float, `true` and `false` a bool, all else is a string.
    package init(guessing text: String) {
        if let number = Self.leadingNumber(text) {
            self = .number(number)
        } else if let flag = ["true": true, "True": true, "false": false, "False": false][text] {
            self = .flag(flag)
        } else {
            self = .text(text)
        }
    }

    /// The text read as a value of a kind; nil where it is none.
    package init?(_ text: String, kind: Kind) {
        switch kind {
        case .number:
            guard let number = Double(text) else { return nil }
            self = .number(number)
        case .flag:
            switch text.lowercased() {
            case "true", "yes", "1": self = .flag(true)
            case "false", "no", "0": self = .flag(false)
            default: return nil
            }
        case .text: self = .text(text)
        }
    }

    private static func leadingNumber(_ text: String) -> Double? {
        var end: UnsafeMutablePointer<CChar>?
        return text.withCString { start in
            guard let first = text.utf8.first, "0123456789.+-".utf8.contains(first) else { return nil }
            let value = strtod(start, &end)
            return end == UnsafeMutablePointer(mutating: start) ? nil : value
        }
    }

    /// As it is put into a job's settings: numbers with up to six digits, Yes and No.
    package var jobOption: String {
        switch self {
        case .number(let value): String(format: "%g", value)
        case .flag(let value): value ? "Yes" : "No"
        case .text(let value): value
        }
    }

    package var description: String {
        switch self {
        case .number(let value): String(format: "%g", value)
        case .flag(let value): value ? "true" : "false"
        case .text(let value): value
        }
    }
}

/// A named value of a scheme, and what it is set back to by a reset.
package struct SchemeVariable: Sendable, Equatable {
    package var name: String
    package var value: SchemeValue
    package var resetValue: SchemeValue

    package init(name: String, value: SchemeValue, resetValue: SchemeValue? = nil) {
        (self.name, self.value, self.resetValue) = (name, value, resetValue ?? value)
    }
}
