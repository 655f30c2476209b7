import Foundation
import Jobs
import Pipeline
import Reporting
import StarFormat

/// `Schemes/NAME/` of a project: the scheme, the settings of its jobs, and the files by which runs are steered.
package struct SchemeFolder: Sendable {
    package let project: Project
    package let name: String

    /// - Parameter name: `prep` or `Schemes/prep/`.
    package init(project: Project, name: String) {
        self.project = project
        var short = name[...]
        if short.hasPrefix("Schemes/") { short = short.dropFirst("Schemes/".count) }
        while short.hasSuffix("/") { short = short.dropLast() }
        self.name = String(short)
    }

    /// Relative to the project, with a slash at the end.
    package var folder: String { Scheme.folder(of: name) }
    package var file: String { folder + "scheme.star" }
    var lockFolder: String { ".relion_lock_scheme_\(name)" }
    package var isPresent: Bool { project.exists(file) }

    /// Names of all schemes of a project.
    package static func names(in project: Project) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: project.path("Schemes"))) ?? [])
            .filter { project.exists("Schemes/\($0)/scheme.star") }.sorted()
    }

    // MARK: Files

    package func load() throws -> Scheme {
        guard isPresent else {
            let known = Self.names(in: project)
            throw InputError(
                place: project.path(file), found: "there is no scheme \(name)",
                expected: known.isEmpty ? "a scheme under Schemes/" : "one of " + known.joined(separator: ", "),
                remedy: "relion scheme install prep and proc make those for single particles")
        }
        return try Scheme(contentsOf: project.path(file), name: name)
    }

    package func save(_ scheme: Scheme) throws {
        try makeFolder(folder)
        try scheme.document.write(to: project.path(file))
    }

    package func settings(of job: String) throws -> JobSettings { try JobSettings(contentsOf: project.path(folder + job + "/job.star")) }

    package func save(_ settings: JobSettings, of job: String) throws {
        try makeFolder(folder + job)
        try settings.write(to: project.path(folder + job + "/job.star"))
    }

    func makeFolder(_ name: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: project.path(name), withIntermediateDirectories: true)
        } catch {
            throw InputError(place: project.path(name), found: "the folder cannot be made (\(error.localizedDescription))",
                             remedy: "Check permissions and space")
        }
    }

    func touch(_ name: String) throws {
        guard FileManager.default.createFile(atPath: project.path(name), contents: nil) else {
            throw InputError(place: project.path(name), found: "the file cannot be made", remedy: "Check permissions and space")
        }
    }

    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: project.path(name)) }

    // MARK: Alone with the scheme

    /// - Throws: `InputError` when another process runs or changes the scheme.
    func lock(_ message: String) throws -> ProjectLock {
        var patience = ProjectLock.Patience()
        patience.total = 3
        // Less than the total: a run that was killed between making the folder and its file must not lock the scheme for good.
        patience.empty = 1
        patience.foreign = .infinity
        do {
            return try ProjectLock(folder: project.path(lockFolder), fileName: Self.lockFile, message: message, patience: patience)
        } catch let error as InputError {
            throw InputError(error.problems + [InputProblem(
                place: file, found: "the scheme is in use", expected: "a scheme that does not run",
                remedy: "Stop it first: relion scheme abort \(name); if nothing runs any more: relion scheme unlock \(name)")])
        }
    }

    /// Reads, changes and writes the scheme, alone with it; what was there before stays as `scheme.star.bck`.
    @discardableResult
    package func edit<Result>(_ message: String, _ change: (inout Scheme) throws -> Result) throws -> Result {
        let lock = try lock(message)
        defer { lock.release() }
        var scheme = try load()
        let before = scheme, result = try change(&scheme)
        if scheme != before {
            try before.document.write(to: project.path(file + ".bck"))
            try save(scheme)
        }
        return result
    }

    /// A new scheme without anything in it, or with what `make` puts there.
    package func create(_ make: (inout Scheme) throws -> Void = { _ in }) throws {
        guard !isPresent else { throw InputError(place: project.path(file), found: "the scheme is there already", remedy: "Choose another name") }
        var scheme = Scheme(name: name)
        try make(&scheme)
        try save(scheme)
    }

    private static let lockFile = "lock_scheme"

    package func unlock() { remove(lockFolder) }
    package var lockState: ProjectLock.State { ProjectLock.state(folder: project.path(lockFolder), fileName: Self.lockFile) }

    /// Asks a run, and the job that it waits for, to stop.
    package func abort() throws {
        let scheme = try load()
        if let current = scheme.current, let job = scheme.job(current), job.current != job.name { try? project.abort(job.current) }
        try touch(folder + JobFile.abortNow)
    }

    package func reset() throws {
        try edit("resetting scheme \(name)") { $0.reset() }
        for file in [StepRecord.fileName, RunRecord.fileName, SchemeClock.fileName, Question.fileName, Question.answerName] { remove(folder + file) }
    }

    /// Copies the scheme with its jobs; paths into its folder become paths into the copy's.
    package func copy(to name: String) throws {
        let target = SchemeFolder(project: project, name: name)
        let original = try load()
        var scheme = original
        scheme.rename(to: target.name)
        for job in original.jobs {
            var settings = try settings(of: job.name)
            for (key, value) in settings.values {
                let renamed = Scheme.renaming(value, from: self.name, to: target.name)
                if renamed != value { try settings.set(key, to: renamed) }
            }
            try target.save(settings, of: job.name)
        }
        try target.create { $0 = scheme }
    }

    // MARK: Faults

    /// Everything that would stop a run sooner or later.
    package func findings(_ scheme: Scheme) -> [InputProblem] {
        var problems = scheme.operators.flatMap { OperatorRule.problems(of: $0, in: scheme) } + scheme.edges.flatMap { scheme.problems(of: $0) }
        if scheme.edges.isEmpty, scheme.current == nil {
            problems.append(InputProblem(place: file, found: "no edges", expected: "at least one, from the first node"))
        }
        if let current = scheme.current, !scheme.isNode(current) {
            problems.append(InputProblem(place: file, found: "current node \(current)", expected: "a job or an operator of the scheme",
                                         remedy: "relion scheme reset \(name), or set another node"))
        }
        for (node, edges) in Dictionary(grouping: scheme.edges, by: \.from) where edges.count > 1 {
            problems.append(InputProblem(place: file, found: "\(edges.count) edges from \(node)", expected: "one edge or fork a node",
                                         remedy: "Only the last one is ever taken: remove the others"))
        }
        return problems + scheme.jobs.flatMap { jobFindings($0, in: scheme) }
    }

    private func jobFindings(_ job: Scheme.Job, in scheme: Scheme) -> [InputProblem] {
        do {
            _ = try JobFilling(folder: self, scheme: scheme).settings(of: job.name)
            return []
        } catch {
            return (error as? InputError)?.problems ?? [InputProblem(place: folder + job.name, found: "\(error)")]
        }
    }
}
