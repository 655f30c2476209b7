import ArgumentParser
import Foundation
import Parallel
import Reporting

/// From words of a command line to an exit status: parsing, threads, job control, error text.
///
/// Status 0: done; 1: the input was wrong, the work failed or was stopped; 64: the command line could not be understood.
enum ProgramLauncher {
    static func launch<P: RelionProgram>(_ type: P.Type, arguments: [String], reporter: Reporter) -> Int32 {
        let parsed: any ParsableCommand
        do {
            parsed = try P.parseAsRoot(EmptyValues.filled(arguments, for: P.self))
        } catch {
            return explain(error, of: P.self, arguments: arguments, reporter: reporter)
        }
        guard var command = parsed as? P else {
            // Requests for help come back as other commands.
            var other = parsed
            do { try other.run() } catch {
                return explain(error, of: P.self, arguments: arguments, reporter: reporter)
            }
            return 0
        }
        return run(&command, arguments: arguments, reporter: reporter)
    }

    /// Prints help, a version or what is wrong with the command line.
    private static func explain<P: RelionProgram>(
        _ error: any Error, of type: P.Type, arguments: [String], reporter: Reporter
    ) -> Int32 {
        let code = P.exitCode(for: error)
        let text = P.fullMessage(for: error)
        if code.isSuccess {
            reporter.answer(text)
        } else {
            reporter.error(text)
            // The pipeline must see that the job failed even when its options could not be read.
            if let index = arguments.lastIndex(of: "--pipeline_control"), index + 1 < arguments.count {
                JobControl(folder: arguments[index + 1]).recordExit(.failure)
            }
        }
        return code.rawValue
    }

    private static func run<P: RelionProgram>(_ command: inout P, arguments: [String], reporter: Reporter) -> Int32 {
        let ranks = ParallelEnvironment.current
        if ranks.rank > 0 { return 0 }
        let common = command.common
        let threads = ranks.threads(given: common.threads, cores: ProcessInfo.processInfo.activeProcessorCount)
        if ranks.count > 1 {
            reporter.warning(
                "one process with \(threads) threads does the work of \(ranks.count) MPI processes, on one machine."
                    + " Give --j the number of cores and start it without mpirun: mpirun may bind a process to few cores.")
        }
        let control = JobControl(folder: common.pipelineControl)
        let context = ProgramContext(
            pool: ThreadPool(threads: threads), reporter: reporter, jobControl: control, isDryRun: common.dryRun,
            commandLine: ([P.programName] + arguments).joined(separator: " "), arguments: arguments)
        JobControl.catchTermination()
        do {
            control.removeExitFiles()
            try command.run(in: context)
            control.recordExit(.success)
            return 0
        } catch is JobAborted {
            reporter.error("\(P.programName): \(JobAborted())")
            control.recordExit(.aborted)
            return 1
        } catch let code as ExitCode {
            control.recordExit(code.isSuccess ? .success : .failure)
            return code.rawValue
        } catch {
            reporter.error("ERROR in \(P.programName):\n\(explanation(of: error))")
            control.recordExit(.failure)
            return 1
        }
    }

    /// Errors of the system's libraries describe themselves in codes; their sentence for people is elsewhere.
    private static func explanation(of error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        let place = (error.userInfo[NSFilePathErrorKey] as? String).map { $0 + "  " } ?? ""
        return place + error.localizedDescription
    }
}

/// The process's place among those that an MPI launcher started, as the launcher's environment tells it.
struct ParallelEnvironment: Equatable {
    var rank = 0
    var count = 1
    /// Processes on the same machine.
    var localCount = 1

    /// Threads of the one process that works: those of all processes of this machine together, as far as it has cores.
    func threads(given: Int, cores: Int) -> Int {
        given > 0 ? min(given * localCount, max(given, cores)) : cores
    }

    static var current: ParallelEnvironment { ParallelEnvironment(ProcessInfo.processInfo.environment) }

    init(_ environment: [String: String]) {
        // Open MPI; MPICH and Intel MPI; MVAPICH.
        let names = [
            ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"), ("PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS"),
            ("MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_LOCAL_SIZE"),
        ]
        for (rankName, countName, localName) in names {
            if let rank = environment[rankName].flatMap({ Int($0) }),
                let count = environment[countName].flatMap({ Int($0) }), count > 1
            {
                self.rank = rank
                self.count = count
                localCount = max(1, environment[localName].flatMap { Int($0) } ?? 1)
                return
            }
        }
    }
}
