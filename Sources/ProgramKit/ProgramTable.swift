import ArgumentParser
import Foundation
import Parallel
import Reporting

/// One program as the table knows it: its name, its one-line summary and how to run it.
package struct ProgramEntry: Sendable {
    package let name: String
    package let summary: String
    /// Parses the arguments, runs, and gives the exit status.
    package let run: @Sendable (_ arguments: [String], _ reporter: Reporter) -> Int32

    package init<P: RelionProgram>(_ type: P.Type) {
        name = P.programName
        summary = P.summary
        run = { arguments, reporter in ProgramTable.launch(P.self, arguments: arguments, reporter: reporter) }
    }
}

/// All programs of the executable by name, and the way in.
package struct ProgramTable: Sendable {
    package let programs: [ProgramEntry]

    package init(_ programs: [ProgramEntry]) { self.programs = programs.sorted { $0.name < $1.name } }

    /// Finds a program by the name it was called by (`bin/relion_refine`), with or without the `relion_` prefix; an
    /// `_mpi` twin is the same program.
    package func program(named name: String) -> ProgramEntry? {
        var base = (name as NSString).lastPathComponent
        if base.hasSuffix("_mpi") { base.removeLast(4) }
        return programs.first { $0.name == base || $0.name == "relion_" + base }
    }

    fileprivate static func launch<P: RelionProgram>(_ type: P.Type, arguments: [String], reporter: Reporter) -> Int32 {
        var command: P
        do {
            let parsed = try P.parseAsRoot(arguments)
            guard let program = parsed as? P else {
                // Help and version requests come back as other commands.
                var other = parsed
                try other.run()
                return 0
            }
            command = program
        } catch {
            let code = P.exitCode(for: error)
            let text = P.fullMessage(for: error)
            let handle = code == .success ? FileHandle.standardOutput : FileHandle.standardError
            try? handle.write(contentsOf: Data((text + "\n").utf8))
            return code.rawValue
        }
        let common = command.common
        let threads = common.threads > 0 ? common.threads : ProcessInfo.processInfo.activeProcessorCount
        let control = JobControl(folder: common.pipelineControl)
        let context = ProgramContext(
            pool: ThreadPool(threads: threads), reporter: reporter, jobControl: control, isDryRun: common.dryRun,
            commandLine: ([P.programName] + arguments).joined(separator: " "))
        JobControl.catchTermination()
        do {
            try command.run(in: context)
            control.recordExit(.success)
            return 0
        } catch is JobAborted {
            try? FileHandle.standardError.write(contentsOf: Data("\(P.programName): \(JobAborted())\n".utf8))
            control.recordExit(.aborted)
            return 1
        } catch let code as ExitCode {
            control.recordExit(code.isSuccess ? .success : .failure)
            return code.rawValue
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("ERROR in \(P.programName):\n\(error)\n".utf8))
            control.recordExit(.failure)
            return 1
        }
    }
}
