import ArgumentParser
import Foundation
import Jobs
import Pipeline
import ProgramKit
import Reporting
import Schemes

/// Schemes from scripts: adding to them, setting values, running them.
struct SchemerProgram: RelionProgram {
    static let programName = "relion_schemer"
    static let summary = "Make, edit and run schemes: graphs of jobs and operators that run by themselves."

    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("scheme"), parsing: .unconditional, help: "Name of the scheme, the folder under Schemes/.")
        var scheme = ""
        @Option(name: .customLong("copy"), parsing: .unconditional, help: "Copy the scheme under this name.")
        var copy = ""
    }

    struct AddOptions: ParsableArguments {
        @Option(name: .customLong("add"), parsing: .unconditional, help: "What to add: variable, operator, job, edge or fork.")
        var what = ""
        @Option(name: .customLong("type"), parsing: .unconditional, help: "Type of the operator to add.")
        var type = ""
        @Option(name: .customLong("i"), parsing: .unconditional,
                help: "First input of the operator; folder or job.star of the job; node that the edge or fork starts from.")
        var input = ""
        @Option(name: .customLong("i2"), parsing: .unconditional, help: "Second input of the operator.")
        var secondInput = ""
        @Option(name: .customLong("bool"), parsing: .unconditional, help: "Bool variable of the fork.")
        var flag = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output of the operator; node that the edge leads to, or the fork when true.")
        var output = ""
        @Option(name: .customLong("o2"), parsing: .unconditional, help: "Node that the fork leads to when false.")
        var secondOutput = ""
        @Option(name: .customLong("name"), parsing: .unconditional, help: "Name of the variable, operator or job.")
        var name = ""
        @Option(name: .customLong("value"), parsing: .unconditional, help: "Value of the variable, or of what is set.")
        var value = ""
        @Option(name: .customLong("original_value"), parsing: .unconditional, help: "Value of the variable after a reset; without, its value.")
        var resetValue = ""
        @Option(name: .customLong("mode"), parsing: .unconditional, help: "Mode of the job: new or continue.")
        var mode = ""
    }

    struct SetOptions: ParsableArguments {
        @Flag(name: .customLong("reset"), help: "Set the scheme back to its beginning.")
        var reset = false
        @Flag(name: .customLong("abort"), help: "Stop the running scheme and its job.")
        var abort = false
        @Option(name: .customLong("set_var"), parsing: .unconditional, help: "Variable to set to --value, and --original_value where given.")
        var variable = ""
        @Option(name: .customLong("set_job_mode"), parsing: .unconditional, help: "Job whose mode becomes --value: new or continue.")
        var jobMode = ""
        @Option(name: .customLong("set_has_started"), parsing: .unconditional, help: "Job that counts as started, or not, as --value says.")
        var hasStarted = ""
        @Option(name: .customLong("set_current_node"), parsing: .unconditional, help: "Node from which the next run goes on.")
        var node = ""
    }

    struct RunOptions: ParsableArguments {
        @Flag(name: .customLong("run"), help: "Run the scheme from its current node.")
        var run = false
        @Option(name: .customLong("verb"), parsing: .unconditional, help: "0 for silence, above for one line a step.")
        var verbosity = 1
        @Option(name: .customLong("run_pipeline"), parsing: .unconditional, help: "Name of the pipeline that the jobs go into.")
        var pipeline = "default"
    }

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Add elements to the scheme") var add: AddOptions
    @OptionGroup(title: "Set values of variables in the scheme") var set: SetOptions
    @OptionGroup(title: "Run the schemer within a pipeline") var running: RunOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        guard !general.scheme.isEmpty else {
            throw InputError(place: "--scheme", found: "is not given", expected: "the name of a scheme")
        }
        let folder = SchemeFolder(project: Project(pipelineName: running.pipeline), name: general.scheme)
        if context.isDryRun { return try check(folder, context.reporter) }
        if !general.copy.isEmpty { return try folder.copy(to: general.copy) }
        if set.reset { return try folder.reset() }
        if set.abort { return try folder.abort() }
        if !add.what.isEmpty { return try addElement(folder) }
        if try setValues(folder) { return }
        guard running.run else {
            throw InputError(place: "relion_schemer", found: "nothing to do", expected: "--run, --add, --copy, --reset, --abort or one of --set_…")
        }
        let reporter = context.reporter, isSilent = running.verbosity <= 0
        let outcome = try SchemeRun(folder) { if !isSilent { reporter.info(" + " + $0) } }.run()
        try SchemeOutcome(outcome, of: folder.name).tell(reporter)
    }

    private func check(_ folder: SchemeFolder, _ reporter: Reporter) throws {
        let problems = folder.findings(try folder.load())
        if !problems.isEmpty { throw InputError(problems) }
        reporter.info("scheme \(folder.name) is complete")
    }

    private func addElement(_ folder: SchemeFolder) throws {
        if !folder.isPresent { try folder.create() }
        try folder.edit("adding to scheme \(folder.name)") { scheme in
            switch add.what {
            case "variable":
                try scheme.addVariable(
                    add.name, value: SchemeValue(guessing: add.value),
                    resetValue: add.resetValue.isEmpty ? nil : SchemeValue(guessing: add.resetValue))
            case "operator":
                try scheme.addOperator(.init(name: add.name, type: add.type, output: add.output, input1: add.input, input2: add.secondInput))
            case "job": try addJob(folder, to: &scheme)
            case "edge": try scheme.addEdge(.init(from: add.input, to: add.output))
            case "fork":
                try scheme.addEdge(.init(from: add.input, to: add.secondOutput, fork: .init(variable: add.flag, toIfTrue: add.output)))
            default:
                throw InputError(place: "--add", found: add.what, expected: "variable, operator, job, edge or fork")
            }
        }
    }

    private func addJob(_ folder: SchemeFolder, to scheme: inout Scheme) throws {
        var settings = try JobSettings(contentsOf: add.input)
        settings.isContinue = false
        let given = add.name.isEmpty ? PathName(add.input.hasSuffix("/") ? String(add.input.dropLast()) : add.input).name : add.name
        let name = given.replacingOccurrences(of: " ", with: "_")
        try scheme.addJob(name, mode: try mode(add.mode, option: "--mode"))
        try folder.save(settings, of: name)
    }

    private func mode(_ text: String, option: String) throws -> Scheme.JobMode {
        guard let mode = Scheme.JobMode(rawValue: text) else { throw InputError(place: option, found: "\"\(text)\"", expected: "new or continue") }
        return mode
    }

    /// Whether any of the options that set something was given.
    private func setValues(_ folder: SchemeFolder) throws -> Bool {
        guard [set.variable, set.jobMode, set.hasStarted, set.node].contains(where: { !$0.isEmpty }) else { return false }
        try folder.edit("setting values of scheme \(folder.name)") { scheme in
            if !set.variable.isEmpty {
                try scheme.setVariable(set.variable, text: add.value, resetText: add.resetValue.isEmpty ? nil : add.resetValue)
            }
            for job in [set.jobMode, set.hasStarted] where !job.isEmpty && scheme.job(job) == nil {
                throw InputError(place: folder.file, found: "job \(job)", expected: "one of " + scheme.jobs.map(\.name).joined(separator: ", "))
            }
            if !set.jobMode.isEmpty {
                let mode = try mode(add.value, option: "--value")
                scheme.update(set.jobMode) { $0.mode = mode }
            }
            if !set.hasStarted.isEmpty {
                guard case .flag(let started)? = SchemeValue(add.value, kind: .flag) else {
                    throw InputError(place: "--value", found: "\"\(add.value)\"", expected: "true or false")
                }
                scheme.update(set.hasStarted) { $0.hasStarted = started }
            }
            if !set.node.isEmpty {
                guard scheme.isNode(set.node) else {
                    throw InputError(place: "--set_current_node", found: set.node, expected: "a job or an operator of the scheme")
                }
                scheme.current = set.node
            }
        }
        return true
    }
}

/// How a run ended, in words; a failed job is an error.
struct SchemeOutcome {
    let outcome: SchemeRun.Outcome
    let name: String

    init(_ outcome: SchemeRun.Outcome, of name: String) { (self.outcome, self.name) = (outcome, name) }

    func tell(_ reporter: Reporter) throws {
        switch outcome {
        case .done: reporter.info("scheme \(name) has come to its end")
        case .timeIsUp: reporter.info("scheme \(name): the time is up; run again, it goes on with as much time")
        case .aborted:
            throw InputError(place: "scheme \(name)", found: "stopped on request", remedy: "relion scheme run \(name) goes on")
        case .jobEnded(let job, let status):
            throw InputError(
                place: job, found: "the job \(status == .aborted ? "was aborted" : "failed"); the scheme ends here",
                remedy: "\(job)run.err says why; relion scheme run \(name) does this step again")
        }
    }
}
