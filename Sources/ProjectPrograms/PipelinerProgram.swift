import ArgumentParser
import Foundation
import Pipeline
import ProgramKit
import Reporting

/// Scheduled jobs and small changes of a pipeline from scripts.
struct PipelinerProgram: RelionProgram {
    static let programName = "relion_pipeliner"
    static let summary = "Add, run and edit scheduled jobs of a project; check which jobs have ended."

    struct CheckOptions: ParsableArguments {
        @Flag(name: .customLong("check_job_completion"), help: "Only look whether running jobs have ended, and enter what became of them.")
        var checkCompletion = false
    }

    struct AddOptions: ParsableArguments {
        @Option(name: .customLong("addJobFromStar"), parsing: .unconditional, help: "Schedule a job with the settings of this job.star.")
        var fromStar = ""
        @Option(name: .customLong("addJob"), parsing: .unconditional, help: "Schedule a job of this type, such as relion.class2d.")
        var type = ""
        @Option(name: .customLong("addJobOptions"), parsing: .unconditional,
                help: "Settings of the job to add: KEY == VALUE, several separated by semicolons.")
        var settings = ""
        @Option(name: .customLong("setJobAlias"), parsing: .unconditional, help: "Alias of the job to add.")
        var alias = ""
    }

    struct RunOptions: ParsableArguments {
        @Option(name: .customLong("RunJobs"), parsing: .unconditional, help: "Run these scheduled jobs; names separated by blanks.")
        var jobs = ""
        @Option(name: .customLong("schedule"), parsing: .unconditional, help: "Name of the schedule, for its log file and the file that stops it.")
        var name = ""
        @Option(name: .customLong("repeat"), parsing: .unconditional, help: "Number of rounds.")
        var repeats = 1
        @Option(name: .customLong("min_wait"), parsing: .unconditional, help: "Time between the starts of two rounds, at least (in minutes).")
        var minutesBetween = 0
        @Option(name: .customLong("min_wait_before"), parsing: .unconditional, help: "Time before the first job starts (in minutes).")
        var minutesBefore = 0
        @Option(name: .customLong("sec_wait_after"), parsing: .unconditional, help: "Time between looks for the end of a job (in seconds).")
        var secondsBetweenLooks = 10
    }

    struct EditOptions: ParsableArguments {
        @Option(name: .customLong("editJob"), parsing: .unconditional, help: "The job.star to change.")
        var file = ""
        @Option(name: .customLong("editJobOut"), parsing: .unconditional, help: "Where to write the changed file; without, the same file.")
        var output = ""
        @Option(name: .customLong("editOption"), parsing: .unconditional, help: "Key of the setting to change.")
        var key = ""
        @Option(name: .customLong("editValue"), parsing: .unconditional, help: "Its new value; true and false become Yes and No.")
        var value = ""
    }

    struct ExpertOptions: ParsableArguments {
        @Option(name: .customLong("pipeline"), parsing: .unconditional, help: "Name of the pipeline.")
        var pipeline = "default"
        @Option(name: .customLong("gentle_clean"), parsing: .unconditional, help: "Number of a job to clean gently.")
        var gentleClean = -1
        @Option(name: .customLong("harsh_clean"), parsing: .unconditional, help: "Number of a job to clean harshly.")
        var harshClean = -1
    }

    @OptionGroup(title: "Check job completion options") var check: CheckOptions
    @OptionGroup(title: "Add scheduled jobs options") var add: AddOptions
    @OptionGroup(title: "Run scheduled jobs options") var schedule: RunOptions
    @OptionGroup(title: "Edit jobs") var edit: EditOptions
    @OptionGroup(title: "Expert options") var expert: ExpertOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let project = Project(pipelineName: expert.pipeline)
        if !edit.file.isEmpty { return try editSettings(context) }
        if check.checkCompletion { return try report(project.checkCompletion(), context.reporter) }
        if !add.fromStar.isEmpty || !add.type.isEmpty { return try addJob(project, context) }
        if expert.gentleClean > 0 || expert.harshClean > 0 { return try clean(project, context) }
        try runJobs(project, context)
    }

    private func report(_ completions: [Project.Completion], _ reporter: Reporter) {
        for completion in completions {
            reporter.info("\(completion.job) \(completion.status.label)" + (completion.reason.isEmpty ? "" : ": \(completion.reason)"))
            for file in completion.missingOutputs { reporter.warning("\(completion.job) succeeded, but its output \(file) is not there.") }
        }
    }

    private func editSettings(_ context: ProgramContext) throws {
        if edit.key.isEmpty { throw InputError(place: "--editOption", found: "is not given", expected: "the key of a setting") }
        var file = try JobSettingsFile(contentsOf: edit.file)
        let value = ["true": "Yes", "false": "No"][edit.value.lowercased()] ?? edit.value
        try file.set(edit.key, to: value)
        if context.isDryRun { return context.reporter.info("\(edit.file): \(edit.key) would become \(value)") }
        try file.write(to: edit.output.isEmpty ? nil : edit.output)
    }

    /// Jobs that do what is new in later rounds are stored as continued ones when they are added by type.
    private func addJob(_ project: Project, _ context: ProgramContext) throws {
        let source: any JobSource
        let changes = try SettingText.changes(add.settings)
        if add.fromStar.isEmpty {
            source = try JobAccess.new(
                type: add.type, changes: changes, continuing: Schedule.startsAsContinuation(type: add.type), in: project)
        } else {
            source = try JobAccess.new(type: "", from: add.fromStar, changes: changes, continuing: false, in: project)
        }
        if context.isDryRun {
            let plan = try source.plan(job: try project.nextJob(folder: source.folder))
            return context.reporter.info(plan.commands.joined(separator: "\n"))
        }
        let job = try project.start(source, .newScheduled)
        context.reporter.info("\(job) is scheduled")
        if !add.alias.isEmpty {
            do { try project.setAlias(of: job, to: add.alias) } catch { context.reporter.warning("the job keeps its name: \(error)") }
        }
    }

    private func clean(_ project: Project, _ context: ProgramContext) throws {
        let number = expert.gentleClean > 0 ? expert.gentleClean : expert.harshClean
        guard let process = try project.graph().find(String(number)) else {
            throw InputError(place: expert.gentleClean > 0 ? "--gentle_clean" : "--harsh_clean", found: "there is no job \(number)")
        }
        let plan = try project.cleaningPlan(process.name, expert.gentleClean > 0 ? .gentle : .harsh)
        if context.isDryRun {
            for item in plan.items { context.reporter.info(item.name) }
            return context.reporter.info("\(ByteText.text(plan.bytes)) would go to the trash")
        }
        context.reporter.info("\(ByteText.text(try project.clean(plan))) of \(process.name) went to the trash")
    }

    private func runJobs(_ project: Project, _ context: ProgramContext) throws {
        var timing = Schedule.Timing()
        timing.repeats = schedule.repeats
        timing.betweenRounds = Double(schedule.minutesBetween) * 60
        timing.beforeFirst = Double(schedule.minutesBefore) * 60
        timing.betweenLooks = max(0.1, Double(schedule.secondsBetweenLooks))
        var check = InputCheck()
        check.require(timing.repeats > 0, "--repeat", found: "\(timing.repeats)", expected: "a number of rounds above 0")
        check.require(
            timing.repeats == 1 || !schedule.name.isEmpty, "--schedule", found: "is not given",
            expected: "a name, so that the repeated schedule can be stopped")
        for (option, minutes) in [("--min_wait", schedule.minutesBetween), ("--min_wait_before", schedule.minutesBefore),
                                  ("--sec_wait_after", schedule.secondsBetweenLooks)] {
            check.require(minutes >= 0, option, found: "\(minutes)", expected: "a time, or 0")
        }
        try check.finish()
        let plan = try Schedule(
            project: project, name: schedule.name.isEmpty ? "schedule1" : schedule.name,
            jobs: schedule.jobs.split(separator: " ").map(String.init), timing: timing
        ) { try JobAccess.job($0, in: project) }
        if context.isDryRun { return context.reporter.info("would run \(plan.jobs.joined(separator: " "))") }
        switch try plan.run() {
        case .done: context.reporter.info("all jobs have finished")
        case .calledOff: context.reporter.info("stopped: \(plan.runningFile) was removed")
        case .stopped(let job, let status):
            throw InputError(place: job, found: "the job \(status == .aborted ? "was aborted" : "failed"); the schedule ends here",
                             remedy: "\(job)run.err says why")
        }
    }
}
