import Foundation
import Reporting

/// A graph of jobs and operators with variables, through which a run walks along edges: `Schemes/NAME/scheme.star`.
package struct Scheme: Sendable, Equatable {
    /// A step that reads and changes variables or files.
    package struct Operator: Sendable, Equatable {
        package var name: String
        /// `bool=gt`, `float=count_images`, `wait` …; see `OperatorRule.all`.
        package var type: String
        /// Variables (or, for second inputs, numbers); empty: none.
        package var output = ""
        package var input1 = ""
        package var input2 = ""

        package init(name: String, type: String, output: String = "", input1: String = "", input2: String = "") {
            (self.name, self.type, self.output, self.input1, self.input2) = (name, type, output, input1, input2)
        }
    }

    package enum JobMode: String, Sendable, CaseIterable {
        /// A new job each time.
        case new
        /// A new job the first time, which is continued from then on.
        case again = "continue"
    }

    /// A step that runs a job with the settings in `Schemes/NAME/JOB/job.star`.
    package struct Job: Sendable, Equatable {
        /// In the scheme; the folder of its settings.
        package var name: String
        /// The job's folder in the project with a slash at the end; the name in the scheme before it has run.
        package var current: String
        package var mode: JobMode
        package var hasStarted: Bool

        package init(name: String, current: String? = nil, mode: JobMode, hasStarted: Bool = false) {
            (self.name, self.current, self.mode, self.hasStarted) = (name, current ?? name, mode, hasStarted)
        }
    }

    package struct Edge: Sendable, Equatable {
        package var from: String
        /// Where to go; in a fork, when the variable is false.
        package var to: String
        /// Forks: the bool variable, and where to go when it is true.
        package var fork: Fork?

        package struct Fork: Sendable, Equatable {
            package var variable: String
            package var toIfTrue: String

            package init(variable: String, toIfTrue: String) { (self.variable, self.toIfTrue) = (variable, toIfTrue) }
        }

        package init(from: String, to: String, fork: Fork? = nil) { (self.from, self.to, self.fork) = (from, to, fork) }
    }

    /// `prep` for `Schemes/prep/`.
    package var name: String
    /// The node that runs next; nil: the first edge's.
    package var current: String?
    package var variables: [SchemeVariable] = []
    package var operators: [Operator] = []
    package var jobs: [Job] = []
    package var edges: [Edge] = []

    package init(name: String) { self.name = name }

    /// Relative to the project, with a slash at the end.
    package static func folder(of name: String) -> String { "Schemes/\(name)/" }
    package var folder: String { Self.folder(of: name) }

    // MARK: Looking up

    package func variable(_ name: String) -> SchemeVariable? { variables.first { $0.name == name } }
    package func `operator`(_ name: String) -> Operator? { operators.first { $0.name == name } }
    package func job(_ name: String) -> Job? { jobs.first { $0.name == name } }
    package func isNode(_ name: String) -> Bool { self.operator(name) != nil || job(name) != nil }

    package var start: String? { edges.first?.from }

    /// The node after another one; nil at the end. The last edge that starts there counts.
    package func next(after node: String) throws -> String? {
        guard let edge = edges.last(where: { $0.from == node }) else { return nil }
        guard let fork = edge.fork else { return edge.to }
        guard case .flag(let isTrue)? = variable(fork.variable)?.value else {
            throw InputError(
                place: folder + "scheme.star, fork at \(node)", found: "variable \(fork.variable)", expected: "a bool variable of the scheme")
        }
        return isTrue ? fork.toIfTrue : edge.to
    }

    // MARK: Changing

    package mutating func set(_ name: String, to value: SchemeValue) {
        if let index = variables.firstIndex(where: { $0.name == name }) { variables[index].value = value }
    }

    package mutating func update(_ job: String, _ change: (inout Job) -> Void) {
        if let index = jobs.firstIndex(where: { $0.name == job }) { change(&jobs[index]) }
    }

    /// Back to the beginning, with the variables' reset values.
    package mutating func reset() {
        for index in variables.indices { variables[index].value = variables[index].resetValue }
        for index in jobs.indices { (jobs[index].current, jobs[index].hasStarted) = (jobs[index].name, false) }
        current = start
    }
}
