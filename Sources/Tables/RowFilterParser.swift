import Reporting
import StarFormat

/// Reads a `RowFilter`: `or` binds weakest, then `and`, `not`, comparisons, sums, products, signs.
struct RowFilterParser {
    private let text: [Character]
    private var position = 0
    private let table: OpenTable
    private let block: Int
    /// Columns whose numbers are used.
    private(set) var columns: [OpenTable.Column] = []
    private var depth = 0
    private static let deepest = 60

    init(_ text: String, table: OpenTable, block: Int) { (self.text, self.table, self.block) = (Array(text), table, block) }

    mutating func parse() throws -> RowFilter.Condition {
        guard comparesAnything else {
            position = text.count
            return .anywhere(Array(String(text).utf8).map(\.lowered))
        }
        let condition = try either()
        skipBlanks()
        guard position == text.count else { throw failure("nothing more, or “and” or “or”") }
        return condition
    }

    private var comparesAnything: Bool {
        String(text).lowercased().contains("inside(") || text.contains { "<>=~".contains($0) } || String(text).split(separator: " ").contains { RowFilter.TextTest(rawValue: $0.lowercased()) != nil }
    }

    // MARK: Conditions

    private mutating func either() throws -> RowFilter.Condition {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw failure("fewer parentheses") }
        var condition = try both()
        while take(word: "or") || take("||") { condition = .either(condition, try both()) }
        return condition
    }

    private mutating func both() throws -> RowFilter.Condition {
        var condition = try single()
        while take(word: "and") || take("&&") { condition = .both(condition, try single()) }
        return condition
    }

    private mutating func single() throws -> RowFilter.Condition {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw failure("fewer parentheses") }
        if take(word: "not") { return .not(try single()) }
        if peek("!"), !peek("!=") {
            position += 1
            return .not(try single())
        }
        let first = position
        if take(word: "inside"), peek("(") { return try inside() }
        position = first
        // A parenthesis begins a condition, or a number of a comparison: whichever can be read.
        let start = position
        if take("(") {
            if let inner = try? either(), take(")"), !beginsOperator { return inner }
            position = start
        }
        return try comparison()
    }

    private mutating func inside() throws -> RowFilter.Condition {
        _ = take("(")
        let x = try sum()
        guard take(",") else { throw failure("a comma") }
        let y = try sum()
        var corners: [Double] = []
        while take(",") {
            let sign: Double = take("-") ? -1 : 1
            skipBlanks()
            corners.append(sign * (try constant()))
        }
        guard take(")"), corners.count >= 6, corners.count % 2 == 0 else { throw failure("three corners x, y or more, and a closing parenthesis") }
        return .inside(x, y, corners)
    }

    private var beginsOperator: Bool {
        var next = position
        while next < text.count, text[next].isWhitespace { next += 1 }
        return next < text.count && "<>=+-*/~".contains(text[next])
    }

    private mutating func comparison() throws -> RowFilter.Condition {
        let start = position
        if let column = textColumn() {
            if let test = takeTextTest() { return .text(column, test, try operand(lowered: test == .contains)) }
        }
        position = start
        let left = try sum()
        for sign in ["<=", ">=", "==", "!=", "<", ">", "="] where take(sign) {
            return .compared(left, RowFilter.Comparison(rawValue: sign == "=" ? "==" : sign) ?? .equal, try sum())
        }
        throw failure("a comparison such as > 10000 or contains mic1")
    }

    /// A label that a test of text follows; a column of numbers is compared as numbers unless it is searched in.
    private mutating func textColumn() -> OpenTable.Column? {
        skipBlanks()
        guard let label = takeWord(), let index = table.index(of: label, block: block) else { return nil }
        let column = OpenTable.Column(block: block, index: index)
        if peek("==") || peek("!=") || peek("=") { return table.numbers(column).isNumeric ? nil : column }
        return column
    }

    private mutating func takeTextTest() -> RowFilter.TextTest? {
        if take("==") { return .equal }
        if take("!=") { return .unequal }
        if take("=") { return .equal }
        if take("~") { return .contains }
        for test in [RowFilter.TextTest.contains, .begins, .ends] where take(word: test.rawValue) { return test }
        return nil
    }

    /// What a text is compared with: in quotes, or up to the next blank or parenthesis.
    private mutating func operand(lowered: Bool) throws -> [UInt8] {
        skipBlanks()
        var value = ""
        if position < text.count, let quote = ["\"", "'"].first(where: { $0.first == text[position] })?.first {
            guard let end = text[(position + 1)...].firstIndex(of: quote) else { throw failure("a closing quote") }
            value = String(text[position + 1..<end])
            position = end + 1
        } else {
            while position < text.count, !text[position].isWhitespace, text[position] != ")" {
                value.append(text[position])
                position += 1
            }
            if value.isEmpty { throw failure("a text") }
        }
        return lowered ? Array(value.utf8).map(\.lowered) : Array(value.utf8)
    }

    // MARK: Numbers

    private mutating func sum() throws -> RowFilter.Number {
        var number = try product()
        while let sign = takeOperator("+-") { number = .combined(number, sign, try product()) }
        return number
    }

    private mutating func product() throws -> RowFilter.Number {
        var number = try factor()
        while let sign = takeOperator("*/") { number = .combined(number, sign, try factor()) }
        return number
    }

    private mutating func factor() throws -> RowFilter.Number {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw failure("fewer parentheses") }
        if take("-") { return .combined(.constant(0), .minus, try factor()) }
        if take("(") {
            let number = try sum()
            guard take(")") else { throw failure("a closing parenthesis") }
            return number
        }
        skipBlanks()
        if position < text.count, text[position].isNumber || text[position] == "." { return .constant(try constant()) }
        let start = position
        guard let word = takeWord() else { throw failure("a label or a number") }
        if peek("("), let function = RowFilter.Function(rawValue: word.lowercased()) { return .function(function, try factor()) }
        guard let index = table.index(of: word, block: block) else {
            position = start
            throw InputError(
                place: "filter", found: "data_\(table.outline.blocks[block].name) has no column \(word)",
                expected: "one of " + table.outline.blocks[block].labels.joined(separator: ", "))
        }
        return .column(number(of: OpenTable.Column(block: block, index: index)))
    }

    private mutating func number(of column: OpenTable.Column) -> Int {
        if let known = columns.firstIndex(of: column) { return known }
        columns.append(column)
        return columns.count - 1
    }

    private mutating func constant() throws -> Double {
        let start = position
        while position < text.count, text[position].isNumber || ".eE".contains(text[position])
            || ("+-".contains(text[position]) && "eE".contains(text[position - 1]) && position > start)
        {
            position += 1
        }
        guard let value = NumberText.double(String(text[start..<position])) else {
            position = start
            throw failure("a number")
        }
        return value
    }

    // MARK: Characters

    private mutating func skipBlanks() { while position < text.count, text[position].isWhitespace { position += 1 } }

    private mutating func peek(_ sign: String) -> Bool {
        skipBlanks()
        return text[position...].starts(with: sign)
    }

    private mutating func take(_ sign: String) -> Bool {
        guard peek(sign) else { return false }
        position += sign.count
        return true
    }

    private mutating func take(word: String) -> Bool {
        skipBlanks()
        let start = position
        if takeWord()?.lowercased() == word { return true }
        position = start
        return false
    }

    private mutating func takeOperator(_ signs: String) -> RowFilter.Operator? {
        skipBlanks()
        guard position < text.count, signs.contains(text[position]) else { return nil }
        position += 1
        return RowFilter.Operator(rawValue: text[position - 1])
    }

    private mutating func takeWord() -> String? {
        let start = position
        while position < text.count, text[position].isLetter || text[position] == "_" || (position > start && text[position].isNumber) { position += 1 }
        return position > start ? String(text[start..<position]) : nil
    }

    private func failure(_ expected: String) -> InputError {
        let rest = String(text[min(position, text.count)...].prefix(30))
        return InputError(
            place: "filter", found: rest.isEmpty ? "it ends too early" : "“\(rest)”", expected: expected,
            remedy: "An example: DefocusU > 10000 and MicrographName contains mic1")
    }
}
