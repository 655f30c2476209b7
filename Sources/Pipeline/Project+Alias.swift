import Foundation
import Reporting

/// Other names of jobs, which are links beside their folders.
extension Project {
    /// RELION's own list, and what shells take for more than a letter.
    private static let forbidden = "*?()/\"\\|#<>&%{}$`';"

    /// Gives a job another name, or takes it away with an empty one. Blanks become underscores.
    ///
    /// - Throws: `InputError` saying all that is wrong with the name, or that another job has it.
    package func setAlias(of job: String, to text: String) throws {
        let name = text.replacingOccurrences(of: " ", with: "_").trimmingCharacters(in: ["/"])
        if !text.isEmpty { try Self.checkAlias(name) }
        try change("alias of \(job)") { graph in
            guard let process = graph.process(job), let jobName = process.jobName else { throw PipelineGraph.unknown(job) }
            let alias = text.isEmpty ? nil : "\(jobName.folder)/\(name)/"
            if alias == process.alias { return }
            if let alias, let other = graph.processes.first(where: { $0.alias == alias && $0.name != process.name }) {
                throw InputError(place: alias, found: "\(other.name) has this alias", expected: "a name that is free")
            }
            if let alias, let link = kind(String(alias.dropLast())), link != .typeSymbolicLink {
                throw InputError(place: path(alias), found: "there is a file or folder of this name", expected: "a name that is free")
            }
            hideNodes(of: process, in: graph)
            if let old = process.alias { removeLink(old) }
            try graph.update(process.name) { $0.alias = alias }
            if alias != nil { try makeLink(of: process.name, in: graph) }
            if let process = graph.process(job) { showNodes(of: process, in: graph) }
        }
    }

    private static func checkAlias(_ name: String) throws {
        var problems: [InputProblem] = []
        func problem(_ found: String, _ expected: String) {
            problems.append(InputProblem(place: "alias \"\(name)\"", found: found, expected: expected))
        }
        if name.count < 2 { problem("is too short", "at least two characters") }
        if name.hasPrefix("job") { problem("begins with job", "another beginning, so that it is not taken for a number") }
        let bad = name.filter { forbidden.contains($0) }
        if !bad.isEmpty { problem("has the characters \(bad)", "letters, digits, and signs other than \(forbidden)") }
        if name.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.properties.generalCategory == .control }) {
            problem("has line ends, tabs or other invisible characters", "visible characters only")
        }
        if name.hasPrefix(".") { problem("begins with a point", "another beginning, as such names are hidden") }
        if !problems.isEmpty { throw InputError(problems) }
    }

    /// Removes the link of an alias; never a folder.
    func removeLink(_ alias: String) {
        let link = String(alias.dropLast())
        if kind(link) == .typeSymbolicLink { unlink(path(link)) }
    }

    func makeLink(of job: String, in graph: PipelineGraph) throws {
        guard let process = graph.process(job), let alias = process.alias else { return }
        let link = String(alias.dropLast())
        if kind(link) == .typeSymbolicLink { unlink(path(link)) }
        guard kind(link) == nil else { return }
        try makeFolder(PathName(link).folder)
        let levels = alias.split(separator: "/").count - 1
        guard symlink(String(repeating: "../", count: levels) + process.name, path(link)) == 0 else {
            throw InputError(place: path(link), found: "the link cannot be made (\(String(cString: strerror(errno))))")
        }
    }

    /// Makes links anew that are missing on the disk.
    package func restoreLinks() throws {
        let graph = try graph()
        for process in graph.processes {
            guard let alias = process.alias, kind(String(alias.dropLast())) == nil, isFolder(process.name) else { continue }
            try makeLink(of: process.name, in: graph)
        }
    }
}
