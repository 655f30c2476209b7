import ArgumentParser
import Foundation
import Reporting
import TestSupport
import Testing

@testable import ProgramKit

/// A program with one option of each kind, which does what the options say.
private struct SampleProgram: RelionProgram {
    static let programName = "relion_sample"
    static let summary = "Stands for any program."

    struct Input: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Input.") var input: String = ""
        @Option(name: .customLong("size"), parsing: .unconditional, help: "Size in Å.") var size: Double = -1
        @Option(name: .customLong("count"), parsing: .unconditional, help: "Count.") var count: Int = 3
        @Option(name: .customLong("mask"), parsing: .unconditional, help: "Mask.") var mask: String = "None"
        @Flag(name: .customLong("fast"), help: "Fast.") var fast = false
        @Flag(name: .customLong("future"), help: "Not there.") var future = false
    }

    @OptionGroup(title: "Input options") var input: Input
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.refuse("--future", given: input.future)
        check.require(input.count > 0, "--count", found: "\(input.count)", expected: "a number above 0")
        try check.finish()
        if input.input == "abort" { throw JobAborted() }
        context.reporter.info("\(input.size) \(input.count) \(input.mask.ifGiven ?? "-") \(input.fast)")
        context.reporter.info("given: \(context.isGiven("--size"))")
    }
}

private let sample = ProgramEntry(SampleProgram.self)

private func run(_ arguments: [String]) -> (status: Int32, text: String) {
    let reporter = Reporter.recording(verbosity: .normal)
    let status = sample.run(arguments, reporter)
    return (status, reporter.recordedText)
}

@Suite("Command lines")
struct CommandLineTests {
    @Test("numbers as users type them", arguments: ["1e-3", "-1", "0.", ".5", "+2", "7", "-1.5E2"])
    func numbers(text: String) throws {
        let expected = try #require(strtodValue(text))
        let result = run(["--size", text])
        #expect(result.status == 0)
        #expect(result.text.hasPrefix("\(expected) 3 - false"), "\(text): \(result.text)")
    }

    @Test func anOptionWithoutItsValueDoesNotSwallowTheNext() {
        #expect(run(["--i", "--fast", "--mask", "--size", "2", "--count", "4"]).text.hasPrefix("2.0 4 - true"))
        #expect(run(["--count", "--fast"]).status == 64)
        // Words that are no option of the program are values.
        #expect(run(["--i", "--fast_one", "--mask", "--x.mrc"]).text.hasPrefix("-1.0 3 --x.mrc false"))
    }

    private func strtodValue(_ text: String) -> Double? {
        var end: UnsafeMutablePointer<CChar>?
        let value = strtod(text, &end)
        return end?.pointee == 0 ? value : nil
    }

    @Test("flags may be repeated, the last value of an option counts, values may start with a dash")
    func habits() {
        let result = run(["--fast", "--fast", "--count", "4", "--count", "5", "--mask", "-m.mrc", "--size=2"])
        #expect(result.text == "2.0 5 -m.mrc true\ngiven: true\n")
    }

    @Test("None and the empty string mean absent")
    func absent() {
        #expect(run(["--mask", "None"]).text.contains(" - "))
        #expect(run(["--mask", ""]).text.contains(" - "))
        #expect(run([]).text.contains("given: false"))
    }

    @Test("an unknown option names the nearest one and ends with status 64")
    func unknown() {
        let result = run(["--counts", "3"])
        #expect(result.status == 64)
        #expect(result.text.contains("--counts") && result.text.contains("--count'"), "\(result.text)")
    }

    @Test("a value that is no number names option and value")
    func notANumber() {
        let result = run(["--count", "abc"])
        #expect(result.status == 64)
        #expect(result.text.contains("abc") && result.text.contains("--count"))
    }

    @Test("all problems are reported at once, with status 1")
    func problems() {
        let result = run(["--future", "--count", "-3"])
        #expect(result.status == 1)
        #expect(result.text.contains("--future  is not available yet"))
        #expect(result.text.contains("--count  -3: expected a number above 0."))
    }

    @Test("help has the sections, options and defaults; version has the version")
    func help() {
        let help = run(["--help"])
        #expect(help.status == 0)
        for word in ["INPUT OPTIONS", "RUNNING", "--size", "--count", "(default: 3)", "--j", "--pipeline_control"] {
            #expect(help.text.contains(word), "no \(word) in:\n\(help.text)")
        }
        #expect(run(["--version"]).text == SuiteVersion.banner + "\n")
    }
}

@Suite("Job control")
struct JobControlTests {
    @Test("the exit file tells how the program ended", arguments: [
        ([], "SUCCESS"), (["--count", "0"], "FAILURE"), (["--nonsense"], "FAILURE"), (["--i", "abort"], "ABORTED"),
    ])
    func exitFiles(arguments: [String], outcome: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "RELION_JOB_EXIT_FAILURE")
        _ = run(arguments + ["--pipeline_control", folder.path])
        for name in ["SUCCESS", "FAILURE", "ABORTED"] {
            #expect(folder.exists("RELION_JOB_EXIT_" + name) == (name == outcome), "\(name) for \(arguments)")
        }
    }

    @Test("the abort file stops the job")
    func abortFile() throws {
        let folder = try TemporaryFolder()
        let control = JobControl(folder: folder.path)
        try control.checkForAbort()
        try folder.write("", to: "RELION_JOB_ABORT_NOW")
        #expect(throws: JobAborted.self) { try control.checkForAbort() }
    }
}

@Suite("Program table")
struct ProgramTableTests {
    let table = ProgramTable([sample])

    @Test("programs are found by path, short name and the name of the MPI twin", arguments: [
        "relion_sample", "sample", "bin/relion_sample", "/usr/bin/relion_sample_mpi", "sample_mpi",
    ])
    func names(name: String) { #expect(table.program(named: name)?.name == "relion_sample") }

    @Test("a mistyped name is corrected, a far one is not")
    func suggestion() {
        #expect(table.program(named: "sampel") == nil)
        #expect(table.suggestion(for: "sampel")?.name == "relion_sample")
        #expect(table.suggestion(for: "qqqqqqqq") == nil)
    }

    @Test("the launcher's environment gives rank and size")
    func ranks() {
        #expect(ParallelEnvironment([:]).count == 1)
        let rank = ParallelEnvironment(["OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "3"])
        #expect(rank.rank == 2 && rank.count == 3)
        #expect(ParallelEnvironment(["PMI_RANK": "0", "PMI_SIZE": "1"]).count == 1)
        // Threads of all processes of the machine, as far as it has cores; across machines only this one's.
        let local = ParallelEnvironment(["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "6", "OMPI_COMM_WORLD_LOCAL_SIZE": "3"])
        #expect(local.threads(given: 4, cores: 16) == 12 && local.threads(given: 4, cores: 8) == 8)
        #expect(local.threads(given: 4, cores: 2) == 4 && local.threads(given: 0, cores: 16) == 16)
        #expect(rank.threads(given: 4, cores: 16) == 4)
    }
}
