/// One setting of a job type: what a form shows, what `job.star` keeps and what is allowed.
package struct JobOption: Sendable {
    package enum Kind: Sendable, Hashable {
        /// Free text.
        case text
        /// A path; files are offered by pattern, starting in a folder (`CURRENT_ODIR`: the job's own).
        case file(pattern: String, folder: String)
        /// The output of another job, offered by node type; a path as well.
        /// `depth`: how many parts behind the type's general name must agree.
        case node(type: String, pattern: String, depth: Int)
        case boolean
        /// A number. The range is what a slider offers; values outside are allowed.
        case slider(range: ClosedRange<Double>, step: Double)
        /// One of a list.
        case radio(choices: [String])
    }

    /// When a form lets the value be changed.
    package enum EditRule: String, Sendable {
        case always
        /// Not when the job is continued.
        case fixed
        /// Only when the job is continued.
        case continueOnly = "continue-only"
    }

    /// Name in `job.star`, such as `nr_classes`.
    package let key: String
    /// Caption; also the name in old `run.job` files.
    package let label: String
    package let kind: Kind
    /// The text stored when nobody has chosen a value; the environment may name another, see `defaultValue(environment:)`.
    package let builtInDefault: String
    /// Environment variable that gives this installation's default.
    package let environmentVariable: String?
    /// Environment variable that gives the slider's upper end.
    package let rangeVariable: String?
    package let edit: EditRule
    /// When a form lets the value be changed, by other options' values. Has no effect on stored values.
    package let enabled: Expression?
    /// Caption of the row that this option shares with its neighbours.
    package let row: String?
    /// What it means, for users.
    package let help: String

    /// The unit named in the label's parentheses, as it is usually written (`Å`, `pixels` …).
    package var unit: String? {
        guard let open = label.lastIndex(of: "("), let close = label[open...].firstIndex(of: ")") else { return nil }
        var words = String(label[label.index(after: open)..<close])
        if words.hasPrefix("in ") { words.removeFirst(3) }
        return Self.units[words]
    }

    private static let units: [String: String] = [
        "A": "Å", "Angstrom": "Å", "Angst": "Å", "Ang": "Å", "pix": "pixels", "pixels": "pixels", "deg": "degrees", "degrees": "degrees",
        "%": "%", "kV": "kV", "mm": "mm", "mrad": "mrad", "nm": "nm", "e/A2": "e/Å²", "e/A^2": "e/Å²", "A^2": "Å²",
        "A/dose": "Å per e/Å²", "binned pix": "binned pixels", "A/pix": "Å/pixel",
    ]

    /// Whether a slider's values are whole numbers.
    package var isWholeNumber: Bool {
        guard case .slider(let range, let step) = kind else { return false }
        return [range.lowerBound, range.upperBound, step, Double(builtInDefault) ?? 0].allSatisfy { $0 == $0.rounded() }
    }

    package var choices: [String]? {
        if case .radio(let choices) = kind { choices } else { nil }
    }

    /// What a slider offers on this machine; nil for other kinds.
    package func range(environment: [String: String]) -> ClosedRange<Double>? {
        guard case .slider(let range, _) = kind else { return nil }
        guard let most = rangeVariable.flatMap({ environment[$0] }).flatMap({ Double($0) }), most >= range.lowerBound else { return range }
        return range.lowerBound...most
    }

    /// The default on this machine.
    /// - Parameter environment: the variables of the process, in tests others.
    package func defaultValue(environment: [String: String]) -> String {
        guard let environmentVariable, let value = environment[environmentVariable] else { return builtInDefault }
        guard kind == .boolean else { return value }
        return ["yes", "true", "1"].contains(value.lowercased()) ? "Yes" : "No"
    }
}
