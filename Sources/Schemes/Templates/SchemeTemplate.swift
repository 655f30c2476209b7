import Jobs
import Pipeline
import Reporting

/// A scheme that comes with the suite, from which a project's own is made.
package struct SchemeTemplate: Sendable {
    package let name: String
    /// One line for lists.
    package let summary: String
    package let scheme: Scheme
    /// What differs from the defaults in the settings of each job, with the label of its type.
    let jobs: [String: (type: String, values: [String: String])]

    package static let all = [prep, proc]

    package static func named(_ name: String) -> SchemeTemplate? { all.first { $0.name == name } }

    /// Settings of a job as the template has them.
    package func settings(of job: String) throws -> JobSettings {
        guard let (type, values) = jobs[job] else {
            throw InputError(place: scheme.folder + job, found: "there is no such job in the template \(name)",
                             expected: scheme.jobs.map(\.name).joined(separator: ", "))
        }
        var settings = JobSettings(try JobCatalogue.standard.requireType(label: type, place: scheme.folder + job))
        for (key, value) in values { try settings.set(key, to: value) }
        return settings
    }

    /// Makes `Schemes/NAME/` in a project.
    /// - Throws: `InputError` when it is there already.
    package func install(in project: Project) throws {
        let folder = SchemeFolder(project: project, name: name)
        guard !folder.isPresent else {
            throw InputError(place: project.path(folder.file), found: "the scheme is there already",
                             remedy: "Use it, or copy it under another name and remove it first")
        }
        for job in scheme.jobs { try folder.save(try settings(of: job.name), of: job.name) }
        try folder.create { $0 = scheme }
    }
}

/// Short forms in which the templates are written.
extension Scheme {
    mutating func declare(_ variables: KeyValuePairs<String, SchemeValue>) {
        for (name, value) in variables { self.variables.append(SchemeVariable(name: name, value: value)) }
    }

    mutating func define(_ name: String, _ type: String, _ input1: String = "", _ input2: String = "", to output: String = "") {
        operators.append(Operator(name: name, type: type, output: output, input1: input1, input2: input2))
    }

    mutating func chain(_ nodes: String...) {
        for (from, to) in zip(nodes, nodes.dropFirst()) { edges.append(Edge(from: from, to: to)) }
    }

    mutating func fork(_ node: String, if variable: String, to yes: String, else no: String) {
        edges.append(Edge(from: node, to: no, fork: .init(variable: variable, toIfTrue: yes)))
    }
}
