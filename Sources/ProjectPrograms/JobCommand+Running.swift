import ArgumentParser
import Foundation
import Pipeline
import Reporting

extension JobCommand {
    struct Run: PeopleCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a new job, or one that is scheduled.",
            discussion: "relion job run class2d --set nr_classes=50 fn_img=Extract/job009/particles.star")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "A job type (class2d, relion.class2d), a scheduled job, or a job.star with settings.") var what: String
        @Option(name: .customLong("set"), parsing: .upToNextOption, help: "Settings as KEY=VALUE.") var set: [String] = []
        @Option(help: "Alias of the new job.") var alias = ""
        @Option(help: "The job whose place it takes: same number, same folder; the older run goes to the trash.") var overwrite = ""
        @Flag(help: "Do not ask.") var yes = false
        @Flag(help: "Only enter the job as scheduled.") var schedule = false
        @Flag(help: "Wait for its end and show its output.") var wait = false
        @Flag(name: .customLong("dry_run"), help: "Print findings and command lines, and stop.") var dryRun = false

        func perform() throws {
            let project = try options.open()
            let changes = try SettingText.changes(set)
            if overwrite.isEmpty, let process = try project.graph().find(what) {
                guard process.status == .scheduled else {
                    throw InputError(
                        place: process.name, found: "the job is \(process.status.label)", expected: "a scheduled job",
                        remedy: "relion job continue goes on with it")
                }
                let source = try JobAccess.job(process.name, in: project, changes: changes)
                return try JobStarter(project: project, wait: wait, dryRun: dryRun).start(source, .again(job: process.name))
            }
            let source = what.hasSuffix(".star")
                ? try JobAccess.new(type: "", from: what, changes: changes, continuing: false, in: project)
                : try JobAccess.new(type: what, changes: changes, continuing: false, in: project)
            let starter = JobStarter(project: project, wait: wait, dryRun: dryRun, alias: alias)
            if overwrite.isEmpty { return try starter.start(source, schedule ? .newScheduled : .new) }
            try starter.overwrite(options.open(job: overwrite).process, with: source, scheduled: schedule, yes: yes)
        }
    }

    struct Continue: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Go on with a job in its own folder.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String
        @Option(name: .customLong("set"), parsing: .upToNextOption, help: "Settings as KEY=VALUE.") var set: [String] = []
        @Flag(help: "Wait for its end and show its output.") var wait = false
        @Flag(name: .customLong("dry_run"), help: "Print findings and command lines, and stop.") var dryRun = false

        func perform() throws {
            let (project, process) = try options.open(job: job)
            let source = try JobAccess.job(process.name, in: project, continuing: true, changes: SettingText.changes(set))
            try JobStarter(project: project, wait: wait, dryRun: dryRun).start(source, .again(job: process.name))
        }
    }

    struct Overwrite: PeopleCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a job anew in its own place; the older run goes to the trash.",
            discussion: "Jobs that use its files stay as they are. relion job continue goes on with a job instead.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String
        @Option(name: .customLong("set"), parsing: .upToNextOption, help: "Settings to change, as KEY=VALUE.") var set: [String] = []
        @Flag(help: "Only enter the job as scheduled.") var schedule = false
        @Flag(help: "Do not ask.") var yes = false
        @Flag(help: "Wait for its end and show its output.") var wait = false
        @Flag(name: .customLong("dry_run"), help: "Print findings and command lines, and stop.") var dryRun = false

        func perform() throws {
            let (project, process) = try options.open(job: job)
            let source = try JobAccess.job(process.name, in: project, continuing: false, changes: SettingText.changes(set))
            try JobStarter(project: project, wait: wait, dryRun: dryRun)
                .overwrite(process, with: source, scheduled: schedule, yes: yes)
        }
    }

    struct Show: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Print a job's status, files, settings and note.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String

        func perform() throws {
            let (project, process) = try options.open(job: job)
            let graph = try project.upToDateGraph().graph
            let now = graph.process(process.name) ?? process
            print("\(now.name)  \(now.typeLabel)  \(now.status.label)" + (now.alias.map { "  alias \($0)" } ?? ""))
            if now.status == .running, let owner = project.runOwner(of: now.name) { print("run by \(owner)") }
            print("takes \(ByteText.text(project.byteCount(String(now.name.dropLast()))))")
            for node in graph.inputs(of: now.name) { print("  in   \(node.name)  \(node.typeLabel)") }
            for node in graph.outputs(of: now.name) {
                print("  out  \(node.name)  \(node.typeLabel)\(project.exists(node.name) ? "" : "  (not there)")")
            }
            if let file = try? JobSettingsFile(contentsOf: project.path(now.name)) {
                for option in try file.options() { print("  \(option.key) = \(option.value)") }
            }
            print(project.note(of: now.name), terminator: "")
        }
    }

    struct Export: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Copy a job's settings to a file that relion job run takes.")
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The job.") var job: String
        @Argument(help: "The file to write, ending in .star.") var file: String

        func perform() throws {
            let (project, process) = try options.open(job: job)
            var settings = try JobSettingsFile(contentsOf: project.path(process.name))
            settings.isContinue = false
            try settings.write(to: file)
        }
    }
}

/// Tells findings, or starts a job and says so.
struct JobStarter {
    let project: Project
    let wait: Bool
    let dryRun: Bool
    var alias = ""

    func start(_ source: any JobSource, _ start: Project.Start) throws {
        if dryRun { return try preview(source, start) }
        let job = try project.start(source, start)
        if !start.isScheduled { for doubt in source.review().doubts { print("note: \(doubt)") } }
        if !alias.isEmpty { try project.setAlias(of: job, to: alias) }
        print("\(job) \(try project.graph().process(job)?.status == .scheduled ? "is scheduled" : "has started")")
        if wait { try JobWatch(project: project, job: job).untilEnd() }
    }

    /// Asks first when other jobs use files of the older run.
    func overwrite(_ process: PipelineProcess, with source: any JobSource, scheduled: Bool, yes: Bool) throws {
        let users = try project.graph().children(of: process.name).map(\.name)
        if !dryRun, !users.isEmpty {
            let question = "\(users.joined(separator: ", ")) used files of \(process.name). Overwrite it?"
            guard try Question.isConfirmed(question, given: yes) else { return }
        }
        try start(source, .overwriting(job: process.name, scheduled: scheduled))
    }

    private func preview(_ source: any JobSource, _ start: Project.Start) throws {
        let job = try start.job ?? project.nextJob(folder: source.folder)
        let plan = try source.plan(job: job)
        print(plan.commands.joined(separator: "\n"))
        if let queue = plan.queue, let template = try? QueueTemplate(contentsOf: project.path(queue.template)) {
            print("\n\(queue.submitCommand) \(job)run_submit.script\n\n" + template.script(for: plan, queue))
        }
        let review = source.review()
        var problems = try project.findings(plan, review)
        if let remark = project.launchRemark(plan) { print("\n\(remark)") }
        if problems.isEmpty {
            let rehearsal = project.rehearse(plan, start)
            problems = rehearsal.problems
            if !rehearsal.plan.isEmpty { print("\n\(rehearsal.plan)") }
        }
        if let lines = review.estimate?.lines, !lines.isEmpty { print("\nestimates:\n" + lines.joined(separator: "\n")) }
        if !review.doubts.isEmpty { print("\n" + review.doubts.map { "note: \($0)" }.joined(separator: "\n")) }
        if !problems.isEmpty { throw InputError(problems) }
    }
}

/// Follows a running job: its output as it grows, and its end.
struct JobWatch {
    let project: Project
    let job: String

    func untilEnd() throws {
        var offset = 0
        while true {
            let status = try project.upToDateGraph().graph.process(job)?.status
            offset = tell(from: offset)
            if let status, status.isFinished {
                print("\(job) \(status.label)")
                if status != .succeeded { throw ExitCode(1) }
                return
            }
            Thread.sleep(forTimeInterval: 0.3)
        }
    }

    private func tell(from offset: Int) -> Int {
        guard let file = FileHandle(forReadingAtPath: project.path(job + "run.out")) else { return offset }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: UInt64(offset))) != nil, let data = try? file.readToEnd(), !data.isEmpty else { return offset }
        try? FileHandle.standardOutput.write(contentsOf: data)
        return offset + data.count
    }
}
