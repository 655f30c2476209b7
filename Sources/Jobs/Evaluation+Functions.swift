import Foundation
import Reporting

extension Evaluation {
    /// The parser has checked the number of arguments.
    func call(_ function: ExpressionFunction, _ arguments: [Expression]) throws -> FormulaValue {
        switch function {
        case .if, .choice, .letter, .count, .variable: return try choose(function, arguments)
        case .clamp, .max, .round, .trunc: return .number(try calculate(function, arguments.map(number)))
        default: return try edit(function, arguments.map { Self.text(try value($0)) })
        }
    }

    private func choose(_ function: ExpressionFunction, _ arguments: [Expression]) throws -> FormulaValue {
        switch function {
        case .if: return try value(holds(arguments[0]) ? arguments[1] : arguments[2])
        case .count: return .number(Double(try arguments.filter(holds).count))
        case .variable: return .truth(Self.text(try value(arguments[0])).contains("$$"))
        case .letter:
            let letters = Array(Self.text(try value(arguments[1])))
            let position = try self.position(of: arguments[0])
            return .text(letters.indices.contains(position) ? String(letters[position]) : "")
        default: return .number(Double(try position(of: arguments[0])))
        }
    }

    private func position(of argument: Expression) throws -> Int {
        guard case .word(let key) = argument, let choices = choices(key) else {
            throw InputError(place: "job catalogue", found: "choice of \(argument)", expected: "an option with choices")
        }
        let chosen = Self.text(try value(argument))
        if let position = choices.firstIndex(of: chosen) { return position }
        throw InputError(
            place: key, found: "\"\(chosen)\"", expected: "one of " + choices.map { "\"\($0)\"" }.joined(separator: ", "))
    }

    private func calculate(_ function: ExpressionFunction, _ values: [Double]) -> Double {
        switch function {
        case .clamp: Swift.min(Swift.max(values[0], values[1]), values[2])
        case .max: Swift.max(values[0], values[1])
        case .round: values[0].rounded()
        default: values[0].rounded(.towardZero)
        }
    }

    private func edit(_ function: ExpressionFunction, _ texts: [String]) throws -> FormulaValue {
        let text = texts[0]
        switch function {
        case .first: return .text(texts.first { !$0.isEmpty } ?? "")
        case .list: return .text(texts.filter { !$0.isEmpty }.joined(separator: " "))
        case .filename: return .text(Self.splitPath(text).name)
        case .folder: return .text(Self.splitPath(text).folder)
        case .after: return .text(Self.tail(of: text, behind: texts[1]))
        case .without: return .text(text.replacingOccurrences(of: texts[1], with: ""))
        case .otherhalf: return .text(try Self.otherHalf(of: text))
        case .absolute: return .truth(text.hasPrefix("/"))
        case .iteration: return .number(Double(try Self.iteration(of: text)))
        default:
            let isPlain = text.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0 || $0 == "-") }
            return .truth(isPlain || text.hasPrefix("$$"))
        }
    }

    // MARK: File names

    /// A path's folder with its slash, and the name in it.
    static func splitPath(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        let name = path.index(after: slash)
        return (String(path[..<name]), String(path[name...]))
    }

    private static func tail(of text: String, behind mark: String) -> String {
        guard let range = text.range(of: mark, options: .backwards) else { return "" }
        return String(text[range.upperBound...])
    }

    /// Half maps come in pairs named alike.
    static func otherHalf(of path: String) throws -> String {
        let (folder, name) = splitPath(path)
        if name.contains("half1") { return folder + name.replacingOccurrences(of: "half1", with: "half2") }
        if name.contains("half2") { return folder + name.replacingOccurrences(of: "half2", with: "half1") }
        throw InputError(
            place: path, found: "no half1 or half2 in the file's name", expected: "the name of a half map",
            remedy: "Choose one of two half maps whose names differ in half1 and half2")
    }

    /// The digits behind the last `_it`.
    static func iteration(of path: String) throws -> Int {
        let digits = tail(of: splitPath(path).name, behind: "_it").prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else {
            throw InputError(
                place: path, found: "no iteration number in the file's name",
                expected: "the file of an iteration, such as run_it012_optimiser.star")
        }
        return number
    }
}
