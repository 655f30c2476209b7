import ArgumentParser
import Foundation
import Pipeline
import Reporting

/// `relion project …`: the project as a whole.
package struct ProjectCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "relion project", abstract: "Look at a project and look after it.",
        discussion: "The program that projects maps is relion_project, or relion project with its options.",
        subcommands: [
            Init.self, Status.self, History.self, Graph.self, Deposit.self,
            ImportCryosparc.self, ExportCryosparc.self, Check.self, Disk.self, Clean.self, Notes.self, EmptyTrash.self, RebuildNodes.self,
            Template.self, Export.self, Import.self,
        ])
    package init() {}

    /// Whether words after `relion project` are for this command, or options of the program that projects maps.
    package static func claims(_ arguments: [String]) -> Bool {
        guard let first = arguments.first else { return true }
        return !first.hasPrefix("-") || ["--help", "-h"].contains(first)
    }

    struct Init: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Make a project of a folder.")
        @Argument(help: "The folder; without, the current one.") var folder = ""

        func perform() throws {
            let project = Project(root: folder)
            let isNew = !project.isPresent
            try project.initialise()
            print(isNew ? "made a project in \(folder.isEmpty ? "this folder" : folder)" : "there is a project already; it stays as it is")
        }
    }

    struct Status: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "List all jobs and what has become of them.")
        @OptionGroup var options: ProjectOptions
        @Option(help: "Only jobs of this status: running, scheduled, succeeded, failed or aborted.") var only = ""

        func perform() throws {
            let project = try options.open()
            let (graph, completions) = try project.upToDateGraph()
            for completion in completions where !completion.reason.isEmpty { print("\(completion.job): \(completion.reason)") }
            let jobs = graph.processes.filter { only.isEmpty || $0.status.label.lowercased() == only.lowercased() }
            let width = jobs.map { $0.name.count }.max() ?? 0
            let typeWidth = jobs.map { $0.typeLabel.count }.max() ?? 0
            for job in jobs {
                let padded = job.name.padding(toLength: width, withPad: " ", startingAt: 0)
                let type = job.typeLabel.padding(toLength: typeWidth, withPad: " ", startingAt: 0)
                print("\(padded)  \(job.status.label.padding(toLength: 9, withPad: " ", startingAt: 0))  \(type)  \(job.alias ?? "")")
            }
            for text in graph.warnings { print("WARNING: \(text)") }
        }
    }

    struct Graph: PeopleCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which job uses which: as text, as a picture, or for Graphviz.",
            discussion: "relion project graph --output jobs.svg draws all jobs, relion project graph --output jobs.pdf 12 what led to job 12.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "Only this job and those that led to it.") var job: String?
        @Option(name: [.customLong("output"), .customShort("o")], help: "Draw a flow chart into this file: .svg, .pdf or .png.") var output = ""
        @Flag(help: "In the language of Graphviz: relion project graph --dot | dot -Tsvg > jobs.svg") var dot = false

        func perform() throws {
            var graph = try options.open().graph()
            var title = "Jobs of the project"
            if let job {
                let process = try options.open(job: job).process
                graph = graph.part(processes: Set(graph.upstream(of: [process.name])))
                title = "What led to \(process.alias ?? process.name)"
            }
            if !output.isEmpty {
                if graph.processes.isEmpty {
                    throw InputError(place: output, found: "there are no jobs to draw", remedy: "relion job run starts one")
                }
                try GraphChart.chart(graph, title: title).write(to: output)
                return print("wrote \(output): \(graph.processes.count) jobs")
            }
            print(dot ? GraphText.dot(graph) : GraphText.tree(graph))
        }
    }

    struct Check: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Compare the pipeline with the files, and tell what does not agree.")
        @OptionGroup var options: ProjectOptions

        func perform() throws {
            let project = try options.open()
            let graph = try project.graph()
            if project.isWritable { try project.restoreLinks() }
            var findings = graph.warnings
            for process in graph.processes {
                if !project.exists(process.name) {
                    findings.append("\(process.name)  has no folder. It may lie in the trash: relion job undelete \(process.name)")
                } else if process.status == .succeeded {
                    findings += graph.outputs(of: process.name).filter { !project.exists($0.name) }.map {
                        "\($0.name)  is not there. Undo a cleaning, or mark the job as finished to drop it"
                    }
                }
            }
            findings += try project.orphans().map { "\($0)  is not in the pipeline. relion job undelete \($0) enters it" }
            print(findings.isEmpty ? "all is well" : findings.joined(separator: "\n"))
            if !findings.isEmpty { throw ExitCode(1) }
        }
    }

    struct Disk: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Print how much space each job takes, largest first.")
        @OptionGroup var options: ProjectOptions

        func perform() throws {
            let use = try options.open().diskUse()
            for entry in use.sorted(by: { $0.bytes > $1.bytes }) {
                let text = ByteText.text(entry.bytes)
                print(String(repeating: " ", count: max(0, 12 - text.count)) + text + "  " + entry.name)
            }
            print("total \(ByteText.text(use.reduce(0) { $0 + $1.bytes }))")
        }
    }

    struct Clean: PeopleCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move files that are not needed any more to the trash; first shows which.",
            discussion: "relion job unclean brings them back; relion project empty-trash removes them for good.")
        @OptionGroup var options: ProjectOptions
        @Flag(help: "Take large files, too, after which some jobs cannot be the input of others.") var harsh = false
        @Flag(help: "Do not ask.") var yes = false
        @Flag(name: .customLong("dry_run"), help: "Only show what would go.") var dryRun = false

        func perform() throws {
            let project = try options.open()
            try CleaningDialogue(project: project, yes: yes, dryRun: dryRun).run(project.cleaningPlans(harsh ? .harsh : .gentle))
        }
    }

    struct Notes: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Write the notes of all jobs into one file.")
        @OptionGroup var options: ProjectOptions

        func perform() throws { print(try options.open().collectNotes()) }
    }

    struct EmptyTrash: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Remove all that is in the trash for good.")
        @OptionGroup var options: ProjectOptions
        @Flag(help: "Do not ask.") var yes = false

        func perform() throws {
            let project = try options.open()
            let bytes = project.byteCount(Project.trash)
            guard bytes > 0 else { return print("the trash is empty") }
            guard try Question.isConfirmed("Remove \(ByteText.text(bytes)) for good?", given: yes) else { return }
            print("freed \(ByteText.text(try project.emptyTrash()))")
        }
    }

    struct RebuildNodes: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Make .Nodes anew, the tree that file browsers use.")
        @OptionGroup var options: ProjectOptions

        func perform() throws { try options.open().rebuildNodes() }
    }

    struct Template: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Print a submission script for a queue, to be changed as the site needs.")
        @Argument(help: "slurm, pbs or sge.") var queue: String

        func perform() throws {
            guard let template = QueueTemplate.shipped(queue) else {
                throw InputError(place: queue, found: "there is no template of this name", expected: QueueTemplate.shippedNames.joined(separator: ", "))
            }
            print(template.text)
        }
    }

    struct Export: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Copy all scheduled jobs to ExportJobs/NAME, for other projects.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "Name of the export.") var name: String

        func perform() throws { print(try options.open().exportScheduled(as: name).joined(separator: "\n")) }
    }

    struct Import: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Add the jobs of an export as scheduled ones.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The file exported.star.") var file: String

        func perform() throws { print(try options.open().importScheduled(from: file).joined(separator: "\n")) }
    }
}
