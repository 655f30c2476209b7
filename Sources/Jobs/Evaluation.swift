import Foundation
import Reporting

/// What a formula of the catalogue gives.
enum FormulaValue: Equatable {
    case text(String)
    case number(Double)
    case truth(Bool)
}

/// Works out formulas and templates for one job's settings.
///
/// Numbers are read in single precision from the start of an option's text, as programs of this family do; a scheme's
/// variable (`$$name`) counts as 0 until the scheme fills it in. A text holds, as a condition, when it is `Yes`.
struct Evaluation {
    /// The words: nil for one that is unknown here.
    let lookUp: (String) throws -> FormulaValue?
    /// The choices of an option with a fixed list.
    let choices: (String) -> [String]?

    // MARK: Results as wanted

    func holds(_ expression: Expression?) throws -> Bool {
        guard let expression else { return true }
        return truth(try value(expression))
    }

    func text(_ template: Template) throws -> String {
        try template.parts.map { part -> String in
            switch part {
            case .text(let text): text
            case .value(let expression): Self.text(try value(expression))
            case .wholeNumber(let expression, let digits): Self.wholeNumber(try number(expression), digits: digits)
            }
        }.joined()
    }

    static func text(_ value: FormulaValue) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): String(format: "%g", Double(Float(number)))
        case .truth(let truth): truth ? "Yes" : "No"
        }
    }

    static func wholeNumber(_ number: Double, digits: Int) -> String {
        let whole = Int(exactly: number.rounded(.towardZero)) ?? 0
        let text = String(whole.magnitude)
        return (whole < 0 ? "-" : "") + String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private func truth(_ value: FormulaValue) -> Bool {
        switch value {
        case .truth(let truth): truth
        case .text(let text): text == "Yes"
        case .number(let number): number != 0
        }
    }

    func number(_ expression: Expression) throws -> Double {
        switch try value(expression) {
        case .number(let number): return number
        case .truth(let truth): return truth ? 1 : 0
        case .text(let text):
            if let number = Self.leadingNumber(text) { return number }
            throw InputError(
                place: expression.words.first ?? "a formula", found: "\"\(text)\"", expected: "a number",
                remedy: "Correct the value in the job's settings")
        }
    }

    /// The number at the start of a text; 0 for a scheme's variable.
    static func leadingNumber(_ text: String) -> Double? {
        if text.hasPrefix("$$") { return 0 }
        return text.withCString { start in
            var end: UnsafeMutablePointer<CChar>?
            let number = strtof(start, &end)
            return end == UnsafeMutablePointer(mutating: start) ? nil : Double(number)
        }
    }

    private func string(_ expression: Expression) throws -> String { Self.text(try value(expression)) }

    // MARK: Formulas

    func value(_ expression: Expression) throws -> FormulaValue {
        switch expression {
        case .number(let number): return .number(number)
        case .text(let text): return .text(text)
        case .word(let name):
            guard let value = try lookUp(name) else {
                throw InputError(place: "job catalogue", found: "the word \(name)", expected: "an option or fact of this job type")
            }
            return value
        case .not(let inner): return .truth(!truth(try value(inner)))
        case .and(let left, let right): return .truth(truth(try value(left)) ? truth(try value(right)) : false)
        case .or(let left, let right): return .truth(truth(try value(left)) ? true : truth(try value(right)))
        case .comparison(let left, let comparison, let right): return .truth(try compare(left, comparison, right))
        case .arithmetic(let left, let operation, let right):
            let (a, b) = (try number(left), try number(right))
            switch operation {
            case .plus: return .number(a + b)
            case .minus: return .number(a - b)
            case .times: return .number(a * b)
            case .over: return .number(a / b)
            }
        case .call(let function, let arguments): return try call(function, arguments)
        }
    }

    /// Texts are compared as they are where neither side is a number.
    private func compare(_ left: Expression, _ comparison: Expression.Comparison, _ right: Expression) throws -> Bool {
        switch comparison {
        case .contains: return try string(left).contains(try string(right))
        case .equal, .notEqual:
            let (a, b) = (try value(left), try value(right))
            if case .text(let a) = a, case .text(let b) = b { return (a == b) == (comparison == .equal) }
            return (try number(left) == number(right)) == (comparison == .equal)
        case .less: return try number(left) < number(right)
        case .lessOrEqual: return try number(left) <= number(right)
        case .greater: return try number(left) > number(right)
        case .greaterOrEqual: return try number(left) >= number(right)
        }
    }
}
