import Foundation
import Reporting

/// Adding to a scheme, with the checks that keep it whole.
extension Scheme {
    private func fault(_ place: String, _ found: String, expected: String = "", remedy: String = "") -> InputError {
        InputError(place: place, found: found, expected: expected, remedy: remedy)
    }

    private func requireNewName(_ name: String, _ place: String) throws {
        if name.isEmpty || name == "undefined" { throw fault(place, "\"\(name)\"", expected: "a name") }
        if name.contains(where: { $0.isWhitespace || $0 == "/" || $0 == "$" }) {
            throw fault(place, "the name \"\(name)\"", expected: "a name without blanks, slashes and dollar signs")
        }
        if variable(name) != nil || isNode(name) { throw fault(place, "the name \(name) is taken in scheme \(self.name)", remedy: "Choose another") }
    }

    package mutating func addVariable(_ name: String, value: SchemeValue, resetValue: SchemeValue? = nil) throws {
        try requireNewName(name, "variable")
        if let resetValue, resetValue.kind != value.kind {
            throw fault("variable \(name)", "original value \(resetValue)", expected: "a \(value.kind.rawValue), as the value \(value) is")
        }
        variables.append(SchemeVariable(name: name, value: value, resetValue: resetValue))
    }

    /// Sets a variable that is there, which keeps its kind, or adds it.
    package mutating func setVariable(_ name: String, text: String, resetText: String? = nil) throws {
        guard let index = variables.firstIndex(where: { $0.name == name }) else {
            return try addVariable(name, value: SchemeValue(guessing: text), resetValue: resetText.map { SchemeValue(guessing: $0) })
        }
        let kind = variables[index].value.kind
        func read(_ text: String) throws -> SchemeValue {
            guard let value = SchemeValue(text, kind: kind) else {
                throw fault("variable \(name)", "\"\(text)\"", expected: kind == .flag ? "true or false" : "a number")
            }
            return value
        }
        let value = try read(text), reset = try resetText.map(read)
        variables[index].value = value
        if let reset { variables[index].resetValue = reset }
    }

    package mutating func addOperator(_ new: Operator) throws {
        try requireNewName(new.name, "operator")
        let problems = OperatorRule.problems(of: new, in: self)
        if !problems.isEmpty { throw InputError(problems) }
        operators.append(new)
    }

    package mutating func addJob(_ name: String, mode: JobMode) throws {
        try requireNewName(name, "job")
        jobs.append(Job(name: name, mode: mode))
    }

    package mutating func addEdge(_ edge: Edge) throws {
        if edges.contains(where: { $0.from == edge.from }) {
            throw fault("edge from \(edge.from)", "an edge starts there already", expected: "one edge or fork a node",
                        remedy: "Remove it from scheme.star first")
        }
        let problems = problems(of: edge)
        if !problems.isEmpty { throw InputError(problems) }
        edges.append(edge)
        if current == nil { current = start }
    }

    func problems(of edge: Edge) -> [InputProblem] {
        let place = "\(folder)scheme.star, edge from \(edge.from)"
        var problems = [edge.from, edge.to, edge.fork?.toIfTrue].compactMap { $0 }.filter { !isNode($0) }.map {
            InputProblem(place: place, found: "node \($0)", expected: "a job or an operator of the scheme")
        }
        if let name = edge.fork?.variable, variable(name)?.value.kind != .flag {
            problems.append(InputProblem(place: place, found: "variable \(name)", expected: "a bool variable of the scheme"))
        }
        return problems
    }

    /// Changes what a node is called in paths of this scheme: of a copy under another name.
    package mutating func rename(to new: String) {
        let (old, new) = (name, new)
        for index in variables.indices {
            for path in [\SchemeVariable.value, \SchemeVariable.resetValue] {
                if case .text(let text) = variables[index][keyPath: path] {
                    variables[index][keyPath: path] = .text(Self.renaming(text, from: old, to: new))
                }
            }
        }
        name = new
    }

    /// A text with paths into another scheme's folder.
    package static func renaming(_ text: String, from old: String, to new: String) -> String {
        text.replacingOccurrences(of: folder(of: old), with: folder(of: new))
    }
}
