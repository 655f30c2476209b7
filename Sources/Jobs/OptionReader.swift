import Foundation
import Reporting

/// Reads the declaration of an option:
///
///     slider nr_classes = 1 | Number of classes: | 1 to 50 step 1 | fixed | if do_classes
///         What it means.
///
/// Fields between bars: kind, key and default; label; what the kind needs (`node`: type and file pattern, `file`: file
/// pattern and folder, `slider`: range, `radio`: name of a list of choices); then, where they apply, `fixed` or
/// `continue-only`, `if CONDITION`, `row CAPTION`, `depth N`, `environment VARIABLE`, `most VARIABLE`.
struct OptionReader {
    let choices: [String: [String]]

    func option(_ entry: CatalogueEntry) throws -> JobOption {
        var fields = entry.head.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        let head = fields.removeFirst()
        guard let equals = head.firstIndex(of: "="), !fields.isEmpty else {
            throw InputError(place: entry.place, found: "\(entry.keyword) \(entry.head)", expected: "KIND KEY = DEFAULT | LABEL | …")
        }
        let key = head[..<equals].trimmingCharacters(in: .whitespaces)
        let label = fields.removeFirst()
        let kind = try kind(entry, &fields)
        let attributes = try Attributes(fields, place: entry.place)
        return JobOption(
            key: key, label: label, kind: attributes.applied(to: kind),
            builtInDefault: head[head.index(after: equals)...].trimmingCharacters(in: .whitespaces),
            environmentVariable: attributes.environment, rangeVariable: attributes.most, edit: attributes.edit,
            enabled: attributes.enabled, row: attributes.row, help: entry.paragraph)
    }

    private func kind(_ entry: CatalogueEntry, _ fields: inout [String]) throws -> JobOption.Kind {
        func next(_ what: String) throws -> String {
            guard !fields.isEmpty else { throw InputError(place: entry.place, found: entry.head, expected: what) }
            return fields.removeFirst()
        }
        switch entry.keyword {
        case "text": return .text
        case "boolean": return .boolean
        case "file": return .file(pattern: try next("a file pattern"), folder: try next("a folder"))
        case "node": return .node(type: try next("a node type"), pattern: try next("a file pattern"), depth: 1)
        case "slider":
            let range = try next("a range")
            let words = range.split(separator: " ")
            guard words.count == 5, words[1] == "to", words[3] == "step", let low = Double(words[0]), let high = Double(words[2]),
                  let step = Double(words[4])
            else { throw InputError(place: entry.place, found: range, expected: "LOW to HIGH step STEP") }
            return .slider(range: min(low, high)...max(low, high), step: step)
        case "radio":
            let name = try next("the name of a list of choices")
            guard let choices = choices[name] else {
                throw InputError(place: entry.place, found: name, expected: "the name of a list of choices")
            }
            return .radio(choices: choices)
        default:
            throw InputError(place: entry.place, found: "\"\(entry.keyword)\"", expected: "a declaration of a job type")
        }
    }

    private struct Attributes {
        var edit = JobOption.EditRule.always
        var enabled: Expression?
        var row: String?
        var depth: Int?
        var environment: String?
        var most: String?

        init(_ fields: [String], place: String) throws {
            for field in fields {
                let words = field.split(separator: " ", maxSplits: 1).map(String.init)
                let rest = words.count > 1 ? words[1] : ""
                switch words.first ?? "" {
                case "fixed": edit = .fixed
                case "continue-only": edit = .continueOnly
                case "if": enabled = try ExpressionParser.parse(rest, place: place)
                case "row": row = rest
                case "depth": depth = Int(rest)
                case "environment": environment = rest
                case "most": most = rest
                default: throw InputError(place: place, found: "\"\(field)\"", expected: "an attribute of an option")
                }
            }
        }

        func applied(to kind: JobOption.Kind) -> JobOption.Kind {
            guard case .node(let type, let pattern, _) = kind, let depth else { return kind }
            return .node(type: type, pattern: pattern, depth: depth)
        }
    }
}
