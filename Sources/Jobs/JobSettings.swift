import Foundation
import Reporting

/// The values of one job's options, with defaults for those nobody has chosen.
package struct JobSettings: Sendable {
    package let type: JobType
    package let isTomo: Bool
    package var isContinue: Bool
    /// Label in the file; `JobPlan` tells the one that fits the values.
    package var label: String
    /// The options, those of the queue that this installation adds included.
    package let options: [JobOption]
    /// By key; one for each option.
    package private(set) var values: [String: String]
    /// Values of keys that this version does not know; kept when the settings are written.
    package internal(set) var unknown: [String: String] = [:]

    /// All options at their defaults.
    /// - Parameter environment: variables that change defaults, such as `RELION_QSUB_NRMPI`.
    package init(
        _ type: JobType, tomo: Bool = false, isContinue: Bool = false,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.type = type
        isTomo = tomo
        self.isContinue = isContinue
        label = type.label
        options = type.options(tomo: tomo) + Self.queueOptions(environment: environment)
        values = Dictionary(
            options.map { ($0.key, $0.defaultValue(environment: environment)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Fields for a cluster's own template, as the installation asks for them: captions in `RELION_QSUB_EXTRA1` …
    static func queueOptions(environment: [String: String]) -> [JobOption] {
        let count = environment["RELION_QSUB_EXTRA_COUNT"].flatMap { Int($0) } ?? 2
        return (1...max(1, count)).prefix(max(0, count)).compactMap { number in
            let name = "RELION_QSUB_EXTRA\(number)"
            guard let label = environment[name] else { return nil }
            return JobOption(
                key: "qsub_extra\(number)", label: label, kind: .text, builtInDefault: "", environmentVariable: name + "_DEFAULT",
                rangeVariable: nil, edit: .always, enabled: .word("do_queue"), row: nil,
                help: environment[name + "_HELP"] ?? "Stands in the submission script for XXXextra\(number)XXX.")
        }
    }

    // MARK: Values

    package func option(_ key: String) -> JobOption? { options.first { $0.key == key } }

    /// The text of an option; nil for a key that the job type does not have.
    package subscript(key: String) -> String? { values[key] }

    /// Whether an option is `Yes`.
    package func isYes(_ key: String) -> Bool { values[key] == "Yes" }

    /// Sets a value as a user gives it.
    /// - Throws: `InputError` naming option, value and what was expected.
    package mutating func set(_ key: String, to value: String) throws {
        guard let option = option(key) else { throw unknownKey(key) }
        guard let expected = Self.expectation(option, unmetBy: value) else {
            values[key] = value
            return
        }
        throw InputError(
            place: "\(type.label), option \(key) (\(option.label))", found: "\"\(value)\"", expected: expected,
            remedy: "Give such a value")
    }

    /// Sets options from `KEY == VALUE`, several of them between semicolons; labels are taken for keys as well.
    package mutating func set(assignments: String) throws {
        for line in assignments.split(separator: ";") where !line.allSatisfy(\.isWhitespace) {
            let sides = line.components(separatedBy: "==")
            guard sides.count == 2 else {
                throw InputError(place: "job options", found: "\"\(line)\"", expected: "KEY == VALUE")
            }
            let name = sides[0].trimmingCharacters(in: .whitespaces)
            let key = option(name)?.key ?? options.first { $0.label == name }?.key ?? name
            try set(key, to: sides[1].trimmingCharacters(in: .whitespaces))
        }
    }

    /// Takes a value from a file as it is; a key that is not known is kept aside.
    mutating func take(_ key: String, _ value: String) {
        if values[key] == nil { unknown[key] = value } else { values[key] = value }
    }

    private func unknownKey(_ key: String) -> InputError {
        let nearest = Spelling.nearest(to: key, among: options.map(\.key))
        return InputError(
            place: type.label, found: "option \"\(key)\"", expected: "an option of this job type",
            remedy: nearest.map { "Did you mean \($0)?" } ?? "")
    }

    /// What is expected of an option where a value does not fit; nil where it does. Schemes' variables (`$$…`) always fit.
    static func expectation(_ option: JobOption, unmetBy value: String) -> String? {
        if value.contains("$$") { return nil }
        switch option.kind {
        case .boolean: return value == "Yes" || value == "No" ? nil : "Yes or No"
        case .slider:
            let number = Double(value)
            if option.isWholeNumber { return number.map { $0 == $0.rounded() } == true ? nil : "a whole number" }
            return number?.isFinite == true ? nil : option.unit.map { "a number in \($0)" } ?? "a number"
        case .radio(let choices):
            return choices.contains(value) ? nil : "one of " + choices.map { "\"\($0)\"" }.joined(separator: ", ")
        case .text, .file, .node:
            return value.contains("\n") ? "one line" : nil
        }
    }

    /// Everything about the values that does not fit, for a form to show beside its fields.
    package var problems: [InputProblem] {
        options.compactMap { option in
            guard let value = values[option.key], let expected = Self.expectation(option, unmetBy: value) else { return nil }
            return InputProblem(place: option.key, found: "\(option.label) is \"\(value)\"", expected: expected)
        }
    }

    /// Whether a form lets the option be changed at the present values.
    /// - Parameter environment: with `RELION_ALLOW_CHANGE_MINIMUM_DEDICATED`, by which an installation fixes the cores of a node.
    package func isEditable(_ option: JobOption, environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        if option.key == "min_dedicated", environment["RELION_ALLOW_CHANGE_MINIMUM_DEDICATED"] == "0" { return false }
        return switch option.edit {
        case .fixed where isContinue: false
        case .continueOnly where !isContinue: false
        default: (try? Evaluation(settings: self).holds(option.enabled)) ?? true
        }
    }
}
