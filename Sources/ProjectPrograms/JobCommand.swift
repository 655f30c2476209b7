import ArgumentParser
import Foundation
import Pipeline
import Reporting

/// `relion job …`: one job.
package struct JobCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "relion job", abstract: "Run jobs of a project and look after them.",
        discussion: "A job is named by its folder (Class2D/job010), its number (10) or its alias.",
        subcommands: [
            Run.self, Continue.self, Overwrite.self, Abort.self, Delete.self, Undelete.self, Alias.self, Note.self, Show.self, Export.self,
            Clean.self, Unclean.self, Mark.self, Wait.self,
        ])
    package init() {}

    struct Abort: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Ask a running job to stop.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String
        @Flag(help: "Stop its processes at once, or cancel its entry of the queue.") var now = false

        func perform() throws {
            let (project, process) = try options.open(job: job)
            try now ? project.stop(process.name) : project.abort(process.name)
            print("\(process.name) was asked to stop")
        }
    }

    struct Delete: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Move jobs, and all that use their files, to the trash.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The jobs.") var jobs: [String]
        @Flag(help: "Leave the jobs that use their files.") var alone = false
        @Flag(help: "Do not ask.") var yes = false
        @Flag(name: .customLong("dry_run"), help: "Only show what would go.") var dryRun = false

        func perform() throws {
            let project = try options.open()
            let graph = try project.graph()
            let names = try jobs.map { text in
                guard let name = graph.find(text)?.name else { throw InputError(place: text, found: "there is no such job") }
                return name
            }
            let scope: Project.DeletionScope = alone ? .jobAlone : .withDependants
            let doomed = try project.deletionPlan(names, scope: scope)
            for name in doomed { print("\(name)  \(ByteText.text(project.byteCount(String(name.dropLast()))))") }
            if dryRun { return }
            guard try Question.isConfirmed("Move \(doomed.count) job(s) to the trash?", given: yes) else { return }
            try project.delete(names, scope: scope)
            print("relion job undelete \(doomed[0]) --together brings them back")
        }
    }

    struct Undelete: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Bring a job back from the trash; without a name, list what can come back.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job's folder, such as Class2D/job010, or its number.") var job = ""
        @Flag(help: "With the jobs that were deleted together with it.") var together = false

        func perform() throws {
            let project = try options.open()
            let trashed = try project.trashedJobs() + project.orphans()
            guard !job.isEmpty else { return print(trashed.isEmpty ? "nothing can come back" : trashed.joined(separator: "\n")) }
            let number = Int(job) ?? JobName.number(of: job)
            let name = trashed.first { JobName($0)?.number == number } ?? job
            print(try project.undelete(name, scope: together ? .deletedTogether : .jobAlone).joined(separator: "\n"))
        }
    }

    struct Alias: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Give a job another name; an empty one takes it away.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String
        @Argument(help: "The alias, without the folder.") var alias: String

        func perform() throws {
            let (project, process) = try options.open(job: job)
            try project.setAlias(of: process.name, to: alias)
        }
    }

    struct Note: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Print a job's note, or add to it.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String
        @Argument(help: "A line to add.") var text: [String] = []

        func perform() throws {
            let (project, process) = try options.open(job: job)
            if text.isEmpty { return print(project.note(of: process.name), terminator: "") }
            try project.addNote(text.joined(separator: " "), to: process.name)
        }
    }

    struct Clean: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Move a job's files that are not needed any more to the trash.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String
        @Flag(help: "Take large files, too.") var harsh = false
        @Flag(help: "Do not ask.") var yes = false
        @Flag(name: .customLong("dry_run"), help: "Only show what would go.") var dryRun = false

        func perform() throws {
            let (project, process) = try options.open(job: job)
            let plan = try project.cleaningPlan(process.name, harsh ? .harsh : .gentle)
            try CleaningDialogue(project: project, yes: yes, dryRun: dryRun).run([plan])
        }
    }

    struct Unclean: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Bring back from the trash what cleaning took from a job.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String

        func perform() throws {
            let (project, process) = try options.open(job: job)
            print("\(ByteText.text(try project.undoCleaning(of: process.name))) came back")
        }
    }

    struct Mark: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Mark a job as finished or failed by hand.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String
        @Argument(help: "finished or failed.") var status: String

        func perform() throws {
            let (project, process) = try options.open(job: job)
            let statuses: [String: JobStatus] = ["finished": .succeeded, "succeeded": .succeeded, "failed": .failed]
            guard let status = statuses[status.lowercased()] else {
                throw InputError(place: status, found: "no status of this name", expected: "finished or failed")
            }
            try project.mark(process.name, as: status)
        }
    }

    struct Wait: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Wait until a job has ended; the status tells how.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String

        func perform() throws {
            let (project, process) = try options.open(job: job)
            try JobWatch(project: project, job: process.name).untilEnd()
        }
    }
}
