import Reporting

/// Collects all that is wrong with a program's options and files, so that it is reported at once.
///
/// ```swift
/// var check = InputCheck()
/// check.refuse("--helix", given: helix)
/// check.require(classes > 0, "--K", found: "\(classes)", expected: "a number of classes above 0")
/// let table = check.attempt { try ParticleTable(contentsOf: input) }
/// try check.finish()
/// ```
package struct InputCheck: Sendable {
    package private(set) var problems: [InputProblem] = []

    package init() {}

    package var hasProblems: Bool { !problems.isEmpty }

    package mutating func add(_ problem: InputProblem) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    package mutating func add(_ place: String, found: String, expected: String = "", remedy: String = "") {
        add(InputProblem(place: place, found: found, expected: expected, remedy: remedy))
    }

    /// Adds a problem unless `condition` holds.
    package mutating func require(
        _ condition: Bool, _ place: String, found: @autoclosure () -> String, expected: @autoclosure () -> String = "",
        remedy: @autoclosure () -> String = ""
    ) {
        if !condition { add(place, found: found(), expected: expected(), remedy: remedy()) }
    }

    /// Adds a problem when no file can be made at `path`: asked before work, not after it.
    package mutating func output(_ path: String, option: String) {
        if path.isEmpty { return add(option, found: "is empty", expected: "a file name") }
        if let obstacle = OutputFolder.obstacle(to: path) {
            add("\(option) \(path)", found: obstacle, remedy: "Give another name, or change the permissions")
        }
    }

    /// Refuses an option whose effect does not exist yet; it must never be ignored.
    package mutating func refuse(_ option: String, given: Bool, remedy: String = "") {
        if given { add(option, found: "is not available yet", remedy: remedy) }
    }

    /// Runs `body` and keeps what it throws as a problem; nil when it threw.
    @discardableResult
    package mutating func attempt<Value>(_ body: () throws -> Value) -> Value? {
        do {
            return try body()
        } catch {
            add(error)
            return nil
        }
    }

    package mutating func add(_ error: any Error) {
        if let error = error as? InputError {
            for problem in error.problems { add(problem) }
        } else {
            add("", found: "\(error)")
        }
    }

    /// Throws all problems as one `InputError` when there are any.
    package func finish() throws {
        if !problems.isEmpty { throw InputError(problems) }
    }
}

extension String {
    /// The value of an option whose default `None` (or an empty string) means that it was not given.
    package var ifGiven: String? { isEmpty || self == "None" ? nil : self }
}
