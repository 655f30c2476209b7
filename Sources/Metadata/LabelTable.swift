/// What is known about one metadata label.
package struct MetadataLabel: Sendable, Hashable {
    package enum Value: String, Sendable { case number, whole, flag, text, numbers, wholes }

    /// Without the underscore: `rlnDefocusU`.
    package let name: String
    package let value: Value
    /// `Å`, `degrees`, `kV`, `pixels`, …; nil where the value has none or it is not stated.
    package let unit: String?

    package var isNumeric: Bool { value == .number || value == .whole || value == .flag }

    /// What a message asks for: `a number in Å`.
    package var expectation: String {
        let noun =
            switch value {
            case .number: "a number"
            case .whole: "a whole number"
            case .flag: "0 or 1"
            case .text: "text"
            case .numbers: "numbers such as [1,2.5]"
            case .wholes: "whole numbers such as [1,0]"
            }
        return unit.map { "\(noun) in \($0)" } ?? noun
    }
}

/// The labels of RELION's metadata by name. Labels that are not here are kept as text.
package enum LabelTable {
    package static let labels: [String: MetadataLabel] = {
        var labels: [String: MetadataLabel] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 2, let value = MetadataLabel.Value(rawValue: String(words[1])) else { continue }
            let name = String(words[0])
            labels[name] = MetadataLabel(name: name, value: value, unit: words.count > 2 ? String(words[2]) : nil)
        }
        return labels
    }()

    package static func label(_ name: String) -> MetadataLabel? { labels[name] }

    /// What a message asks for in a cell of this label.
    package static func expectation(_ name: String) -> String { labels[name]?.expectation ?? "a number" }

    /// The current name of a label that was once spelled otherwise.
    package static func currentName(_ name: String) -> String {
        name == "rlnKullbackLeibnerDivergence" ? "rlnKullbackLeiblerDivergence" : name
    }
}
