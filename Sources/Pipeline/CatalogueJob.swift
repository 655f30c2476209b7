import Foundation
import Jobs
import Reporting

/// A job of the catalogue as the pipeline runs it.
package struct CatalogueJob: JobSource {
    package var settings: JobSettings
    let project: Project

    package init(settings: JobSettings, project: Project) {
        self.settings = settings
        self.project = project
    }

    package var folder: String { settings.type.folder }

    private func commands(job: String) throws -> JobCommands {
        try JobCommands(settings, folder: job, facts: ProjectOnDisk(project.root.isEmpty ? "." : project.root))
    }

    package func plan(job: String) throws -> JobPlan {
        let commands = try commands(job: job)
        func nodes(_ list: [JobNode]) -> [PipelineNode] {
            list.map { PipelineNode(name: $0.path, typeLabel: $0.type, depth: $0.depth ?? 1) }
        }
        var plan = JobPlan(
            typeLabel: commands.label, job: job, commands: commands.commands.map(\.line), inputs: nodes(commands.inputs),
            outputs: nodes(commands.outputs))
        plan.processCount = settings.type.hasMPI ? count("nr_mpi") : 1
        plan.threadCount = settings.type.hasThreads ? count("nr_threads") : 1
        plan.queue = queue
        return plan
    }

    private func count(_ key: String) -> Int { max(1, settings[key].flatMap { Int($0) } ?? 1) }

    private var queue: QueueSettings? {
        guard settings.type.allowsQueue, settings.isYes("do_queue") else { return nil }
        let extras = settings.values.merging(settings.unknown) { known, _ in known }.compactMap { key, value in
            key.hasPrefix("qsub_extra") ? Int(key.dropFirst("qsub_extra".count)).map { ($0, value) } : nil
        }
        return QueueSettings(
            submitCommand: settings["qsub"] ?? "", template: settings["qsubscript"] ?? "", queueName: settings["queuename"] ?? "",
            dedicatedCores: count("min_dedicated"), extras: Dictionary(extras, uniquingKeysWith: { first, _ in first }))
    }

    package func writeSettings(to folder: String) throws { try labelled.write(to: folder + JobFile.settings) }

    package func writeForm(to folder: String) throws {
        try labelled.write(to: PathName.joined(folder, settings.type.formFile))
    }

    /// With the label that fits the values; it depends on nothing else.
    private var labelled: JobSettings {
        var settings = settings
        if let commands = try? commands(job: folder + "/job000/") { settings.label = commands.label }
        return settings
    }
}
