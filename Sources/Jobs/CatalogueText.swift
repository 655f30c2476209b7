import Foundation
import Reporting

/// A catalogue page cut into entries. An entry is a line that starts at the margin and the indented lines below it;
/// empty lines and lines that start with `#` are left out.
struct CatalogueEntry {
    /// Page and line, for messages.
    let place: String
    /// The first word of the line, which says what is declared.
    let keyword: String
    /// The rest of the line.
    let head: String
    let lines: [(text: String, place: String)]

    static func entries(of page: CataloguePage) throws -> [CatalogueEntry] {
        var entries: [CatalogueEntry] = []
        var pending: (place: String, text: String)?
        var lines: [(text: String, place: String)] = []
        func finish() {
            if let pending { entries.append(CatalogueEntry(place: pending.place, text: pending.text, lines: lines)) }
            lines = []
        }
        for (index, line) in page.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = line.trimmingCharacters(in: .whitespaces)
            let place = "\(page.name):\(index + 1)"
            if text.isEmpty || text.hasPrefix("#") { continue }
            if line.hasPrefix(" ") {
                guard pending != nil else {
                    throw InputError(place: place, found: "an indented line", expected: "a declaration before it")
                }
                lines.append((text, place))
            } else {
                finish()
                pending = (place, text)
            }
        }
        finish()
        return entries
    }

    private init(place: String, text: String, lines: [(text: String, place: String)]) {
        self.place = place
        self.lines = lines
        let words = text.split(separator: " ", maxSplits: 1)
        keyword = String(words[0])
        head = words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : ""
    }

    /// The indented lines as one text.
    var paragraph: String { lines.map(\.text).joined(separator: " ") }
}

/// A line such as `--iter {nr_iter}   when new`: what it says, and the condition behind `when`.
struct ConditionalLine {
    let text: String
    let condition: Expression?

    init(_ line: String, place: String) throws {
        guard let range = line.range(of: " when ") else {
            text = line.trimmingCharacters(in: .whitespaces)
            condition = nil
            return
        }
        text = line[..<range.lowerBound].trimmingCharacters(in: .whitespaces)
        condition = try ExpressionParser.parse(line[range.upperBound...], place: place)
    }

    /// The parts between commas.
    var fields: [String] { text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
}
