import Foundation
import Reporting

/// How a job's processes and threads become those of this machine.
///
/// Programs of this suite are one process that uses threads: where a job asks for MPI processes, their threads together are given
/// to it. Other programs (RELION's own, where they are on the PATH) start under `mpirun`, or what `RELION_MPIRUN` names.
struct LocalParallelism {
    let processes: Int
    /// Of each process.
    let threads: Int
    let cores: Int
    /// The MPI launcher; nil where the machine has none.
    let launcher: String?
    let isOwn: @Sendable (_ program: String) -> Bool

    init(
        _ plan: JobPlan, environment: [String: String], cores: Int = ProcessInfo.processInfo.activeProcessorCount,
        isOwn: @escaping @Sendable (String) -> Bool = LocalParallelism.isInOwnFolder
    ) {
        // Settings are users' numbers; their product must stay one.
        processes = min(plan.processCount, 1 << 20)
        threads = min(plan.threadCount, 1 << 20)
        self.cores = cores
        self.isOwn = isOwn
        let name = environment["RELION_MPIRUN"] ?? "mpirun"
        let program = name.split(separator: " ").first.map(String.init) ?? name
        launcher = Shell.find(program, path: environment["PATH"] ?? "") == nil ? nil : name
    }

    static func isInOwnFolder(_ program: String) -> Bool {
        Shell.ownFolder.map { access(PathName.joined($0, program), X_OK) == 0 } ?? false
    }

    /// Threads of one process that stands for all; more than there are cores would only hinder each other.
    var joinedThreads: Int { min(processes * threads, max(cores, threads)) }

    private enum Way { case plain, underLauncher, joined }

    private func way(of command: String) -> Way {
        guard processes > 1, command.contains("relion_"), command.contains("_mpi`") else { return .plain }
        if Shell.programs(of: command).allSatisfy(isOwn) { return .joined }
        return launcher == nil ? .plain : .underLauncher
    }

    /// The command as it is run.
    func line(_ command: String) -> String {
        switch way(of: command) {
        case .plain: command
        case .underLauncher: "\(launcher ?? "") -n \(processes) \(command)"
        case .joined: Self.withThreads(joinedThreads, command)
        }
    }

    /// With `--j` at the given number: in its place, or at the end where the job has none.
    private static func withThreads(_ count: Int, _ command: String) -> String {
        let given = command.matches(of: /\ --j +[0-9]+/)
        guard let last = given.last else { return "\(command) --j \(count)" }
        return command.replacingCharacters(in: last.range, with: " --j \(count)")
    }

    /// One line on how the job differs from what its settings say; nil where it does not.
    func remark(on commands: [String]) -> String? {
        if commands.contains(where: { way(of: $0) == .joined }) {
            let limit = joinedThreads < processes * threads ? ", as many as this machine has cores" : ""
            let thread = threads == 1 ? "" : " of \(threads) threads"
            return "\(processes) MPI processes\(thread) were asked for: one process with \(joinedThreads) threads\(limit) does their work."
        }
        let wanted = processes > 1 && launcher == nil && commands.contains { $0.contains("relion_") && $0.contains("_mpi`") }
        return wanted ? "There is no MPI launcher on this machine: one process is started instead of \(processes)." : nil
    }
}
