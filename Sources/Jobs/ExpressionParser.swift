import Reporting

/// Reads formulas by descent, one function for each level of binding.
struct ExpressionParser {
    private enum Token: Equatable {
        case number(Double)
        case text(String)
        case word(String)
        case symbol(String)
    }

    private let source: String
    private let place: String
    private var tokens: [Token] = []
    private var position = 0

    /// - Throws: `InputError` naming `place` when the text is no formula.
    static func parse(_ source: some StringProtocol, place: String) throws -> Expression {
        var parser = ExpressionParser(source: String(source), place: place)
        try parser.split()
        let expression = try parser.disjunction()
        guard parser.position == parser.tokens.count else { throw parser.fault("an operator") }
        return expression
    }

    private init(source: String, place: String) {
        self.source = source
        self.place = place
    }

    private func fault(_ expected: String) -> InputError {
        let found = position < tokens.count ? "\(tokens[position])" : "the end"
        return InputError(place: place, found: "\(found) in \"\(source)\"", expected: expected)
    }

    // MARK: Tokens

    private mutating func split() throws {
        var rest = Substring(source)
        while let character = rest.first {
            if character == " " {
                rest.removeFirst()
            } else if character == "\"" || character == "'" {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: character) else { throw fault("a closing quote") }
                tokens.append(.text(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            } else if character.isNumber {
                let digits = rest.prefix { $0.isNumber || $0 == "." }
                guard let value = Double(digits) else { throw fault("a number") }
                tokens.append(.number(value))
                rest = rest.dropFirst(digits.count)
            } else if character.isLetter || character == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            } else if let symbol = Self.symbols.first(where: rest.hasPrefix) {
                tokens.append(.symbol(symbol))
                rest = rest.dropFirst(symbol.count)
            } else {
                throw InputError(place: place, found: "\"\(character)\" in \"\(source)\"", expected: "a formula")
            }
        }
    }

    private static let symbols = ["<=", ">=", "!=", "=", "<", ">", "!", "+", "-", "*", "/", "(", ")", ","]

    private mutating func accept(_ token: Token) -> Bool {
        guard position < tokens.count, tokens[position] == token else { return false }
        position += 1
        return true
    }

    private mutating func require(_ symbol: String) throws {
        guard accept(.symbol(symbol)) else { throw fault("\"\(symbol)\"") }
    }

    // MARK: Grammar

    private mutating func disjunction() throws -> Expression {
        var left = try conjunction()
        while accept(.word("or")) { left = .or(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws -> Expression {
        var left = try negation()
        while accept(.word("and")) { left = .and(left, try negation()) }
        return left
    }

    private mutating func negation() throws -> Expression {
        if accept(.word("not")) || accept(.symbol("!")) { return .not(try negation()) }
        return try comparison()
    }

    private mutating func comparison() throws -> Expression {
        let left = try sum()
        if accept(.word("contains")) { return .comparison(left, .contains, try sum()) }
        for comparison in Expression.Comparison.allCases where accept(.symbol(comparison.rawValue)) {
            return .comparison(left, comparison, try sum())
        }
        return left
    }

    private mutating func sum() throws -> Expression {
        var left = try product()
        while true {
            if accept(.symbol("+")) { left = .arithmetic(left, .plus, try product()) }
            else if accept(.symbol("-")) { left = .arithmetic(left, .minus, try product()) }
            else { return left }
        }
    }

    private mutating func product() throws -> Expression {
        var left = try factor()
        while true {
            if accept(.symbol("*")) { left = .arithmetic(left, .times, try factor()) }
            else if accept(.symbol("/")) { left = .arithmetic(left, .over, try factor()) }
            else { return left }
        }
    }

    private mutating func factor() throws -> Expression {
        if accept(.symbol("(")) {
            let inner = try disjunction()
            try require(")")
            return inner
        }
        if accept(.symbol("-")) { return .arithmetic(.number(0), .minus, try factor()) }
        guard position < tokens.count else { throw fault("a value") }
        switch tokens[position] {
        case .number(let value):
            position += 1
            return .number(value)
        case .text(let value):
            position += 1
            return .text(value)
        case .word(let name):
            position += 1
            return accept(.symbol("(")) ? try call(name) : .word(name)
        case .symbol:
            throw fault("a value")
        }
    }

    private mutating func call(_ name: String) throws -> Expression {
        guard let function = ExpressionFunction(rawValue: name) else {
            throw InputError(place: place, found: "function \(name) in \"\(source)\"", expected: "a known function")
        }
        var arguments: [Expression] = []
        repeat { arguments.append(try disjunction()) } while accept(.symbol(","))
        try require(")")
        guard function.arity.contains(arguments.count) else { throw fault("\(function.arity.lowerBound) arguments of \(name)") }
        return .call(function, arguments)
    }
}
