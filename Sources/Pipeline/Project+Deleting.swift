import Foundation
import Reporting
import StarFormat

/// Jobs go to `Trash` and come back from it.
extension Project {
    package static let trash = "Trash"

    package enum DeletionScope: Sendable { case jobAlone, withDependants }

    /// The jobs that would go, in the order of the pipeline.
    package func deletionPlan(_ jobs: [String], scope: DeletionScope) throws -> [String] {
        let graph = try graph()
        for job in jobs where graph.process(job) == nil { throw PipelineGraph.unknown(job) }
        return Self.deletion(jobs, scope: scope, in: graph)
    }

    private static func deletion(_ jobs: [String], scope: DeletionScope, in graph: PipelineGraph) -> [String] {
        let names = jobs.map(PipelineGraph.folderName)
        return scope == .withDependants ? graph.downstream(of: names) : graph.processes.map(\.name).filter(names.contains)
    }

    /// Moves jobs to the trash and takes them out of the pipeline; gives the names of those that went.
    ///
    /// First each folder gets the removed part of the pipeline, then the pipeline changes in one step, then folders move. A
    /// process killed in between leaves folders without an entry, which `undelete` brings back and `orphans` names.
    ///
    /// - Throws: `InputError` for unknown jobs, and for running ones.
    @discardableResult
    package func delete(_ jobs: [String], scope: DeletionScope = .withDependants) throws -> [String] {
        try change("deleting \(jobs.joined(separator: " "))") { graph in
            for job in jobs where graph.process(job) == nil { throw PipelineGraph.unknown(job) }
            let names = Self.deletion(jobs, scope: scope, in: graph)
            let running = names.filter { graph.process($0)?.status == .running }
            if !running.isEmpty {
                throw InputError(running.map {
                    InputProblem(place: $0, found: "the job is running", expected: "jobs that have ended",
                                 remedy: "Abort it, or mark it as failed, first")
                })
            }
            let part = graph.part(processes: Set(names))
            for (index, name) in names.enumerated() where isFolder(name) {
                let own = index == 0 ? part : graph.part(processes: [name])
                try own.write(to: path(name + JobFile.deletedPipeline))
            }
            for process in part.processes { hideNodes(of: process, in: part) }
            graph.remove(processes: Set(names))
            return part
        } afterwards: { _, part in
            for process in part.processes {
                if let alias = process.alias { removeLink(alias) }
                if isFolder(process.name) { try discard(process.name) }
            }
        }.processes.map(\.name)
    }

    /// Moves a folder to the trash; an older one of the same name there goes for good.
    func discard(_ job: String) throws {
        let target = "\(Self.trash)/\(job)"
        remove(String(target.dropLast()))
        try move(String(job.dropLast()), to: String(target.dropLast()))
    }

    package enum RestorationScope: Sendable { case jobAlone, deletedTogether }

    /// Brings a job back from the trash, alone or with those deleted together with it; gives their names.
    ///
    /// Links from its files to jobs that stayed are made again.
    @discardableResult
    package func undelete(_ job: String, scope: RestorationScope = .jobAlone) throws -> [String] {
        let name = PipelineGraph.folderName(job)
        return try change("undeleting \(name)") { graph in
            guard let file = graphOfDeleted(name) else {
                throw InputError(
                    place: name, found: "the trash has no such job", expected: trashedJobs().joined(separator: ", "),
                    remedy: "relion job undelete lists what can come back")
            }
            // Left by a process that died between moving the folder and changing the pipeline.
            if graph.process(name) != nil, !isFolder(name) {
                try move(String("\(Self.trash)/\(name)".dropLast()), to: String(name.dropLast()))
                return [name]
            }
            let whole = try PipelineGraph(contentsOf: path(file))
            var part = scope == .jobAlone ? whole.part(processes: [name]) : whole
            let present = Set(part.processes.map(\.name).filter { isFolder("\(Self.trash)/\($0)") || isFolder($0) })
            part = part.part(processes: present)
            for process in part.processes where process.status == .running {
                try part.setStatus(JobFile.exits.first { exists("\(Self.trash)/\(process.name)\($0.name)") }?.status ?? .failed,
                                   of: process.name)
            }
            try graph.merge(part)
            for name in part.processes.map(\.name) {
                let trashed = String("\(Self.trash)/\(name)".dropLast())
                if isFolder(trashed), !isFolder(name) { try move(trashed, to: String(name.dropLast())) }
            }
            try reconnect(Set(part.nodes.map(\.name)), in: &graph)
            for name in part.processes.map(\.name) {
                try makeLink(of: name, in: graph)
                if let process = graph.process(name) { showNodes(of: process, in: graph) }
            }
            return part.processes.map(\.name)
        } afterwards: { _, names in
            for name in names { remove(name + JobFile.deletedPipeline) }
        }
    }

    private func graphOfDeleted(_ job: String) -> String? {
        let folders = ["\(Self.trash)/\(job)", job]
        let files = [JobFile.deletedPipeline, JobFile.pipeline]
        return folders.flatMap { folder in files.map { folder + $0 } }.first { exists($0) }
    }

    /// Other jobs' own small pipelines tell which of these files they use.
    func reconnect(_ files: Set<String>, in graph: inout PipelineGraph) throws {
        for process in graph.processes where exists(process.name + JobFile.pipeline) {
            guard let own = try? PipelineGraph(contentsOf: path(process.name + JobFile.pipeline)) else { continue }
            for node in own.inputs(of: process.name) where files.contains(node.name) {
                try graph.addInput(node, to: process.name)
            }
        }
    }

    /// Jobs in the trash that can come back.
    package func trashedJobs() -> [String] { jobFolders(below: Self.trash).map { String($0.dropFirst(Self.trash.count + 1)) } }

    /// Job folders that the pipeline does not know, such as those of a deletion that was interrupted.
    package func orphans() throws -> [String] {
        let graph = try graph()
        let hidden = [Self.trash, "ExportJobs", "Schemes"]
        return contents("").filter { !$0.hasPrefix(".") && !hidden.contains($0) && isFolder($0) }.flatMap { folder in
            jobFolders(below: folder)
        }.filter { graph.process($0) == nil }
    }

    /// Folders called `jobNNN` with settings or a pipeline of a job in them.
    private func jobFolders(below folder: String) -> [String] {
        contents(folder).flatMap { name -> [String] in
            let inner = PathName.joined(folder, name)
            guard isFolder(inner) else { return [] }
            guard JobName.number(of: name) != nil else { return folder.hasPrefix(Self.trash) ? jobFolders(below: inner) : [] }
            let marks = [JobFile.deletedPipeline, JobFile.pipeline]
            return marks.contains { exists(inner + "/" + $0) } ? [inner + "/"] : []
        }
    }

    /// Removes all that is in the trash for good; gives the bytes that this freed.
    @discardableResult
    package func emptyTrash() throws -> Int {
        let bytes = byteCount(Self.trash)
        guard isFolder(Self.trash) else { return 0 }
        // Under another name at once, so that nobody finds half a job.
        let doomed = ".trash_going_\(getpid())"
        try move(Self.trash, to: doomed)
        remove(doomed)
        return bytes
    }
}
