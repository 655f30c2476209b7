import ArgumentParser
import Parallel
import Reporting

/// One program of the suite, known by its historical name (`relion_mask_create`).
///
/// The declaration holds option groups titled as users know the sections; `run(in:)` reads, checks, calls an engine and
/// writes. It throws `InputError` for the user's faults; nothing else of it exits the process.
package protocol RelionProgram: ParsableCommand {
    /// `relion_…`
    static var programName: String { get }
    static var summary: String { get }
    var common: CommonOptions { get }
    mutating func run(in context: ProgramContext) throws
}

extension RelionProgram {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: programName, abstract: summary, version: SuiteVersion.banner)
    }
}

/// Options that every program takes.
package struct CommonOptions: ParsableArguments {
    @Option(name: .customLong("j"), parsing: .unconditional, help: "Number of threads; 0: all cores.")
    package var threads: Int = 0

    @Option(
        name: .customLong("pipeline_control"), parsing: .unconditional,
        help: "Job folder in which the exit and abort files are kept.")
    package var pipelineControl: String = ""

    @Flag(name: .customLong("dry_run"), help: "Check all input, print the plan and stop.")
    package var dryRun = false

    package init() {}

    package mutating func validate() throws {
        if threads < 0 { throw ValidationError("--j \(threads): expected a number of threads, or 0 for all cores.") }
    }
}

/// What a running program is given: threads, reporter, job control.
package struct ProgramContext: Sendable {
    package let pool: ThreadPool
    package let reporter: Reporter
    package let jobControl: JobControl
    package let isDryRun: Bool
    /// The command line as typed, for the headers of output files.
    package let commandLine: String
    /// The words after the program's name.
    package let arguments: [String]

    package init(
        pool: ThreadPool, reporter: Reporter, jobControl: JobControl, isDryRun: Bool, commandLine: String,
        arguments: [String] = []
    ) {
        self.pool = pool
        self.reporter = reporter
        self.jobControl = jobControl
        self.isDryRun = isDryRun
        self.commandLine = commandLine
        self.arguments = arguments
    }

    /// Whether the user typed this option, as distinct from its having its default.
    package func isGiven(_ option: String) -> Bool {
        arguments.contains { $0 == option || $0.hasPrefix(option + "=") }
    }
}
