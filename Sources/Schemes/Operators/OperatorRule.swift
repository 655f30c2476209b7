import Reporting

/// What an operator type takes and gives.
package struct OperatorRule: Sendable {
    package enum Input: Sendable {
        case none
        case variable(SchemeValue.Kind)
        /// A float variable, or a plain number.
        case variableOrNumber
        case any
        /// May be left out.
        indirect case optional(Input)
    }

    package let type: String
    package let output: Input
    package let input1: Input
    package let input2: Input
    /// One line for lists.
    package let summary: String

    private init(_ type: String, _ output: Input, _ input1: Input, _ input2: Input, _ summary: String) {
        (self.type, self.output, self.input1, self.input2, self.summary) = (type, output, input1, input2, summary)
    }

    package static func rule(_ type: String) -> OperatorRule? { byType[type] }
    private static let byType = Dictionary(uniqueKeysWithValues: all.map { ($0.type, $0) })

    private static let number = Input.variable(.number), flag = Input.variable(.flag), text = Input.variable(.text)

    package static let all: [OperatorRule] = [
        .init("bool=set", flag, flag, .none, "takes over a value"),
        .init("bool=and", flag, flag, flag, "both are true"),
        .init("bool=or", flag, flag, flag, "one or both are true"),
        .init("bool=not", flag, flag, .none, "the opposite"),
        .init("bool=gt", flag, number, .variableOrNumber, "input1 > input2"),
        .init("bool=lt", flag, number, .variableOrNumber, "input1 < input2"),
        .init("bool=ge", flag, number, .variableOrNumber, "input1 ≥ input2"),
        .init("bool=le", flag, number, .variableOrNumber, "input1 ≤ input2"),
        .init("bool=eq", flag, number, .variableOrNumber, "input1 equals input2 (to 10⁻⁸)"),
        .init("bool=file_exists", flag, text, .none, "the file is there"),
        .init("bool=read_star", flag, text, .optional(.variableOrNumber), "a cell of FILE,TABLE,LABEL; input2: its row from 0"),
        .init("float=set", number, number, .none, "takes over a value"),
        .init("float=plus", number, number, .variableOrNumber, "input1 + input2"),
        .init("float=minus", number, number, .variableOrNumber, "input1 − input2"),
        .init("float=mult", number, number, .variableOrNumber, "input1 × input2"),
        .init("float=divide", number, number, .variableOrNumber, "input1 / input2"),
        .init("float=round", number, number, .none, "the nearest whole number, halves away from zero"),
        .init("float=count_images", number, text, .optional(text), "rows of a table (input2; particles) of a STAR file; 0 without the file"),
        .init("float=count_words", number, text, .none, "words between commas"),
        .init("float=read_star", number, text, .optional(.variableOrNumber), "a cell of FILE,TABLE,LABEL; input2: its row from 0"),
        .init("float=star_table_max", number, text, .none, "largest value of the column FILE,TABLE,LABEL"),
        .init("float=star_table_min", number, text, .none, "smallest value of the column"),
        .init("float=star_table_avg", number, text, .none, "mean of the column"),
        .init("float=star_table_sort_idx", number, text, .variableOrNumber,
              "row (from 0) at place input2 of the sorted column: 1 has the smallest value, −1 the largest"),
        .init("string=set", text, text, .none, "takes over a value"),
        .init("string=join", text, text, text, "input1 and input2 one after the other"),
        .init("string=before_first", text, text, text, "what stands before the first input2 in input1; all without any"),
        .init("string=after_first", text, text, text, "what stands behind the first input2"),
        .init("string=before_last", text, text, text, "what stands before the last input2"),
        .init("string=after_last", text, text, text, "what stands behind the last input2"),
        .init("string=read_star", text, text, .optional(.variableOrNumber), "a cell of FILE,TABLE,LABEL; input2: its row from 0"),
        .init("string=glob", text, text, .none, "files that match a pattern, with commas between them"),
        .init("string=nth_word", text, text, .variableOrNumber, "a word between commas, counted from 1, or from the end with −1"),
        .init("touch_file", .none, text, .none, "makes an empty file"),
        .init("copy_file", .none, text, text, "copies a file"),
        .init("move_file", .none, text, text, "moves a file"),
        .init("delete_file", .none, text, .none, "removes a file"),
        .init("wait", .optional(number), number, .none, "waits until so many seconds have gone by since the last wait"),
        .init("email", .none, .any, .optional(.any), "mails values to the address in the string variable email"),
        .init("exit_maxtime", .none, number, .none, "ends the run so many hours after it first passed this"),
        .init("exit", .none, .none, .none, "ends the scheme"),
        .init("pause", .optional(flag), text, .none, "shows input1 to a person and waits for relion scheme answer (an addition to RELION's)"),
    ]

    /// Everything that does not fit the type, with the scheme's variables.
    static func problems(of item: Scheme.Operator, in scheme: Scheme) -> [InputProblem] {
        let place = "\(scheme.folder)scheme.star, operator \(item.name)"
        guard let rule = rule(item.type) else {
            return [InputProblem(
                place: place, found: "type \(item.type)", expected: "a type of operator", remedy: "relion scheme operators lists them")]
        }
        let parts = [("output", item.output, rule.output), ("input1", item.input1, rule.input1), ("input2", item.input2, rule.input2)]
        return parts.compactMap { part, name, expected in
            unmet(name, expected, scheme).map {
                InputProblem(place: place, found: name.isEmpty ? "no \(part)" : "\(part) \(name)", expected: $0)
            }
        }
    }

    /// What was expected; nil where the name fits.
    private static func unmet(_ name: String, _ expected: Input, _ scheme: Scheme) -> String? {
        let kind = scheme.variable(name)?.value.kind
        switch expected {
        case .none: return name.isEmpty ? nil : "nothing for this type"
        case .variable(let wanted): return kind == wanted ? nil : "a \(wanted.rawValue) variable of the scheme"
        case .variableOrNumber: return kind == .number || Double(name) != nil ? nil : "a float variable of the scheme or a number"
        case .any: return kind == nil ? "a variable of the scheme" : nil
        case .optional(let inner): return name.isEmpty ? nil : unmet(name, inner, scheme)
        }
    }
}
