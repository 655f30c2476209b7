import Foundation
import Reporting
import StarFormat

/// Scheduled jobs as a recipe for other projects.
extension Project {
    private static let exportedFiles = [JobFile.settings, "run.job", JobFile.note, JobFile.pipeline]

    /// Copies all scheduled jobs to `ExportJobs/NAME` as `Class2D/exp001/` …; gives their names there.
    ///
    /// - Throws: `InputError` when there are none, or some have aliases.
    @discardableResult
    package func exportScheduled(as name: String) throws -> [String] {
        let scheduled = try graph().processes.filter { $0.status == .scheduled }
        if scheduled.isEmpty { throw InputError(place: pipelinePath, found: "no job is scheduled", expected: "jobs to export") }
        let aliased = scheduled.filter { $0.alias != nil }
        if !aliased.isEmpty {
            throw InputError(aliased.map {
                InputProblem(place: $0.name, found: "the job has an alias", expected: "jobs without", remedy: "Remove it: relion job alias \($0.name) ''")
            })
        }
        let folder = "ExportJobs/\(name)"
        let renamings = scheduled.enumerated().map { index, process in
            (old: process.name, new: "\(process.jobName?.folder ?? "Job")/exp\(String(format: "%03d", index + 1))/")
        }
        for renaming in renamings { try copy(from: renaming.old, to: "\(folder)/\(renaming.new)", renaming: renamings) }
        var table = StarTable(name: "")
        table.set("rlnPipeLineProcessName", strings: renamings.map(\.new))
        try StarDocument(tables: [table]).write(to: path("\(folder)/exported.star"))
        return renamings.map(\.new)
    }

    /// Adds the jobs of an export as scheduled ones with new numbers; gives their names.
    @discardableResult
    package func importScheduled(from exportedStar: String) throws -> [String] {
        let document = try StarDocument(contentsOf: path(exportedStar))
        guard let names = try document.tables.first?.strings("rlnPipeLineProcessName") else { return [] }
        let source = PathName(exportedStar).folder
        return try change("importing \(exportedStar)") { graph in
            var renamings: [(old: String, new: String)] = []
            for name in names {
                let folder = PathName(PathName(name).folder).name.isEmpty ? "External" : PathName(name).folder
                renamings.append((name, JobName(folder: folder, number: graph.jobCounter).path))
                graph.jobCounter += 1
            }
            let counter = graph.jobCounter
            for renaming in renamings {
                try copy(from: "\(source)/\(renaming.old)", to: renaming.new, renaming: renamings)
                guard exists(renaming.new + JobFile.pipeline) else {
                    throw InputError(place: "\(source)/\(renaming.old)", found: "the export has no \(JobFile.pipeline)")
                }
                var part = try PipelineGraph(contentsOf: path(renaming.new + JobFile.pipeline))
                for process in part.processes { try part.setStatus(.scheduled, of: process.name) }
                try graph.merge(part)
            }
            graph.jobCounter = counter
            return renamings.map(\.new)
        }
    }

    private func copy(from: String, to: String, renaming: [(old: String, new: String)]) throws {
        try makeFolder(to)
        for name in Self.exportedFiles where exists(from + name) {
            guard var text = try? String(contentsOfFile: path(from + name), encoding: .utf8) else { continue }
            for change in renaming { text = text.replacingOccurrences(of: change.old, with: change.new) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: path(to + name)), options: .atomic)
        }
    }
}
