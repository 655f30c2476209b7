import Reporting

/// A text with formulas in braces: `{outdir}run_it{nr_iter:3}_data.star`.
///
/// A formula that is just an option stands for the option's text as it is; numbers are written with up to six
/// significant digits. `{formula:3}` is a whole number with at least three digits.
package struct Template: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case text(String)
        case value(Expression)
        case wholeNumber(Expression, digits: Int)
    }

    package let parts: [Part]
    /// As written in the catalogue.
    package let source: String

    init(parsing source: some StringProtocol, place: String) throws {
        self.source = String(source)
        var parts: [Part] = []
        var rest = Substring(source)
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            rest = rest[rest.index(after: open)...]
            guard let close = Self.end(of: rest) else {
                throw InputError(place: place, found: "an open brace in \"\(source)\"", expected: "a closing one")
            }
            parts.append(try Self.part(rest[..<close], place: place))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    private static func end(of text: Substring) -> Substring.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "}" {
                return index
            }
        }
        return nil
    }

    private static func part(_ text: Substring, place: String) throws -> Part {
        if let colon = text.lastIndex(of: ":"), let digits = Int(text[text.index(after: colon)...]) {
            return .wholeNumber(try ExpressionParser.parse(text[..<colon], place: place), digits: digits)
        }
        return .value(try ExpressionParser.parse(text, place: place))
    }

    /// Every word its formulas mention.
    package var words: [String] {
        parts.flatMap { part -> [String] in
            switch part {
            case .text: []
            case .value(let expression), .wholeNumber(let expression, _): expression.words
            }
        }
    }
}
