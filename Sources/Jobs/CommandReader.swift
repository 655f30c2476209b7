import Foundation
import Reporting

/// Reads what a job type says about its commands, nodes and requirements.
enum CommandReader {
    /// `let NAME = TEMPLATE when CONDITION`
    static func definition(_ entry: CatalogueEntry) throws -> Definition {
        let line = try ConditionalLine(entry.head, place: entry.place)
        let sides = line.text.components(separatedBy: " = ")
        guard sides.count == 2 else { throw fault(entry, "NAME = TEXT") }
        let value = sides[1].trimmingCharacters(in: .whitespaces)
        return Definition(
            name: sides[0].trimmingCharacters(in: .whitespaces), value: try Template(parsing: value, place: entry.place),
            condition: line.condition)
    }

    /// `require CONDITION when CONDITION`, the message below.
    static func requirement(_ entry: CatalogueEntry) throws -> Requirement {
        let line = try ConditionalLine(entry.head, place: entry.place)
        let wanted = try ExpressionParser.parse(line.text, place: entry.place)
        guard !entry.lines.isEmpty else { throw fault(entry, "a message below") }
        return Requirement(
            condition: line.condition.map { .or(.not($0), wanted) } ?? wanted,
            message: try Template(parsing: entry.paragraph, place: entry.place))
    }

    /// `command PROGRAM, PROGRAM_mpi, bare, no extra arguments, control FLAG, for NAME in A B when CONDITION`, an argument a line.
    static func command(_ entry: CatalogueEntry) throws -> CommandTemplate {
        let line = try ConditionalLine(entry.head, place: entry.place)
        var fields = line.fields
        guard !fields.isEmpty else { throw fault(entry, "the name of a program") }
        let name = fields.removeFirst()
        var mpi: String?
        var bare = false
        var takesExtraArguments = true
        var controlFlag = "--pipeline_control"
        var repetition: Repetition?
        for field in fields {
            if field == "bare" { bare = true }
            else if field == "no extra arguments" { takesExtraArguments = false }
            else if field.hasPrefix("control ") { controlFlag = String(field.dropFirst(8)) }
            else if field.hasPrefix("for ") { repetition = try self.repetition(field, entry) }
            else if field == name + "_mpi" { mpi = field }
            else { throw fault(entry, "a property of a command (\"\(field)\" is none)") }
        }
        let option = name.hasPrefix("{") ? String(name.dropFirst().dropLast()) : nil
        return CommandTemplate(
            program: option.map { .option($0) } ?? .named(name, mpi: mpi, bare: bare),
            arguments: try entry.lines.map { try argument($0.text, place: $0.place) },
            takesExtraArguments: takesExtraArguments, controlFlag: controlFlag, condition: line.condition, repetition: repetition)
    }

    /// A flag and its value stand apart by as many blanks as look well; one is meant.
    private static func argument(_ text: String, place: String) throws -> CommandTemplate.Argument {
        let line = try ConditionalLine(text, place: place)
        var words = line.text
        if let blank = words.firstIndex(of: " "), !words.hasPrefix("{") {
            words = words[..<blank] + " " + words[blank...].trimmingCharacters(in: .whitespaces)
        }
        return CommandTemplate.Argument(text: try Template(parsing: words, place: place), condition: line.condition)
    }

    /// `shell LINE when CONDITION`
    static func shell(_ entry: CatalogueEntry) throws -> CommandTemplate {
        let line = try ConditionalLine(entry.head, place: entry.place)
        return CommandTemplate(
            program: .shell(try Template(parsing: line.text, place: entry.place)), arguments: [], takesExtraArguments: false,
            controlFlag: "", condition: line.condition, repetition: nil)
    }

    /// `reads PATH : TYPE, tomo TYPE, depth N, for NAME in 1 to EXPRESSION when CONDITION`; the same for `writes`.
    static func node(_ entry: CatalogueEntry) throws -> NodeTemplate {
        let line = try ConditionalLine(entry.head, place: entry.place)
        guard let colon = line.text.range(of: " : ") else { throw fault(entry, "PATH : TYPE") }
        var fields = line.text[colon.upperBound...].components(separatedBy: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let type = fields.removeFirst()
        var tomoType: String?
        var depth: Int?
        var repetition: Repetition?
        for field in fields {
            if field.hasPrefix("tomo ") { tomoType = String(field.dropFirst(5)) }
            else if field.hasPrefix("depth ") { depth = Int(field.dropFirst(6)) }
            else if field.hasPrefix("for ") { repetition = try self.repetition(field, entry) }
            else { throw fault(entry, "a property of a node (\"\(field)\" is none)") }
        }
        let path = line.text[..<colon.lowerBound].trimmingCharacters(in: .whitespaces)
        return NodeTemplate(
            path: try Template(parsing: path, place: entry.place), type: type, tomoType: tomoType, depth: depth,
            condition: line.condition, repetition: repetition)
    }

    /// `for NAME in A B C` or `for NAME in 1 to EXPRESSION`
    private static func repetition(_ field: String, _ entry: CatalogueEntry) throws -> Repetition {
        let words = field.split(separator: " ").map(String.init)
        guard words.count > 3, words[2] == "in" else { throw fault(entry, "for NAME in VALUES") }
        guard words[3] == "1", words.count > 5, words[4] == "to" else {
            return Repetition(name: words[1], values: .texts(Array(words[3...])))
        }
        let last = try ExpressionParser.parse(words[5...].joined(separator: " "), place: entry.place)
        return Repetition(name: words[1], values: .upTo(last))
    }

    private static func fault(_ entry: CatalogueEntry, _ expected: String) -> InputError {
        InputError(place: entry.place, found: "\(entry.keyword) \(entry.head)", expected: expected)
    }
}
