import Foundation
import Reporting

/// What a cleaning would move to the trash.
package struct CleaningPlan: Sendable {
    package struct Item: Sendable, Equatable {
        /// File or folder, relative to the project.
        package var name: String
        package var bytes: Int
    }

    package var job: String
    package var items: [Item]
    package var bytes: Int { items.reduce(0) { $0 + $1.bytes } }
}

extension Project {
    package enum Thoroughness: Sendable { case gentle, harsh }

    /// What cleaning a job would take away; nothing is touched.
    ///
    /// - Throws: `InputError` for unknown jobs and for those that did not succeed.
    package func cleaningPlan(_ job: String, _ thoroughness: Thoroughness) throws -> CleaningPlan {
        let graph = try graph()
        guard let process = graph.process(job) else { throw PipelineGraph.unknown(job) }
        guard process.status == .succeeded else {
            throw InputError(
                place: process.name, found: "the job is \(process.status.label)", expected: "a job that succeeded",
                remedy: "Only such jobs are cleaned; delete it if it is not needed")
        }
        return plan(process, thoroughness, in: graph)
    }

    /// Plans for all jobs that succeeded and have something to clean; harsh ones leave protected jobs out.
    package func cleaningPlans(_ thoroughness: Thoroughness) throws -> [CleaningPlan] {
        let graph = try graph()
        return graph.processes.filter { process in
            process.status == .succeeded && !(thoroughness == .harsh && exists(process.name + JobFile.noHarshClean))
        }.map { plan($0, thoroughness, in: graph) }.filter { !$0.items.isEmpty }
    }

    private func plan(_ process: PipelineProcess, _ thoroughness: Thoroughness, in graph: PipelineGraph) -> CleaningPlan {
        let folder = String(process.name.dropLast())
        let rules = CleaningRules.rules(for: process)
        var names: [String] = []
        for rule in (thoroughness == .harsh ? rules?.harsh : rules?.gentle) ?? [] {
            switch rule {
            case .files(let pattern): names += matches(pattern, in: folder)
            case .below(let pattern): names += folders(below: folder).flatMap { matches(pattern, in: $0) }
            case .folders: names += innerFolders(of: folder)
            case .iterations: names += spentIterations(of: process.name, in: graph)
            }
        }
        if thoroughness == .harsh, process.isOf(type: "relion.multibody"),
            RefinementFiles(project: self, job: process.name).iterations(with: "_data.star").count <= 1
        {
            names.removeAll { PathName($0).name.hasPrefix("analyse_component") }
        }
        var seen: Set<String> = []
        let items = names.filter { seen.insert($0).inserted }.map { CleaningPlan.Item(name: $0, bytes: byteCount($0)) }
        return CleaningPlan(job: process.name, items: items)
    }

    private func innerFolders(of folder: String) -> [String] {
        contents(folder).filter { !$0.hasPrefix(".") }.map { PathName.joined(folder, $0) }.filter { isFolder($0) }
    }

    private func folders(below folder: String) -> [String] {
        innerFolders(of: folder).flatMap { [$0] + folders(below: $0) }
    }

    /// Files of all iterations but the last and those that the pipeline names.
    private func spentIterations(of job: String, in graph: PipelineGraph) -> [String] {
        let iterations = RefinementFiles(project: self, job: job).iterations(with: "_data.star")
        let nodes = graph.nodes.map(\.name).filter { $0.hasPrefix(job) }
        return iterations.dropLast().filter { iteration in !nodes.contains { $0.contains(iteration.stem) } }.flatMap(\.files)
    }

    /// Moves what a plan names to the trash, under the same names; gives the bytes moved.
    @discardableResult
    package func clean(_ plan: CleaningPlan) throws -> Int {
        try change("cleaning \(plan.job)") { graph in
            guard graph.process(plan.job)?.status == .succeeded else {
                throw InputError(place: plan.job, found: "the job has changed meanwhile", expected: "a job that succeeded")
            }
            for item in plan.items where kind(item.name) != nil {
                let target = "\(Self.trash)/\(item.name)"
                if isFolder(target) { remove(target) }
                try move(item.name, to: target)
            }
        }
        return plan.bytes
    }

    /// Moves what cleanings took from a job back from the trash; gives the bytes moved. Files that were made anew stay.
    @discardableResult
    package func undoCleaning(of job: String) throws -> Int {
        let name = PipelineGraph.folderName(job)
        let folder = "\(Self.trash)/\(name)".dropLast()
        return try change("undoing the cleaning of \(name)") { graph in
            guard graph.process(name) != nil else { throw PipelineGraph.unknown(name) }
            guard isFolder(String(folder)), !exists("\(folder)/\(JobFile.pipeline)") else {
                throw InputError(
                    place: String(folder), found: "the trash has nothing that was cleaned from this job",
                    remedy: "The trash may have been emptied")
            }
            return try restore(String(folder), to: String(name.dropLast()))
        }
    }

    private func restore(_ source: String, to target: String) throws -> Int {
        var bytes = 0
        for name in contents(source) {
            let from = "\(source)/\(name)", to = "\(target)/\(name)"
            if kind(to) == nil {
                bytes += byteCount(from)
                try move(from, to: to)
            } else if isFolder(from), isFolder(to) {
                bytes += try restore(from, to: to)
            }
        }
        rmdir(path(source))
        return bytes
    }

    /// Bytes of each job's folder, and of the trash under the name `Trash/`.
    package func diskUse() throws -> [(name: String, bytes: Int)] {
        let jobs = try graph().processes.map { ($0.name, byteCount(String($0.name.dropLast()))) }
        return jobs + [(Self.trash + "/", byteCount(Self.trash))]
    }
}
