import Foundation
import Reporting

/// What the first program of a job says about its input: it is run with `--dry_run`, which checks everything and does nothing.
package struct Rehearsal: Sendable {
    package var problems: [InputProblem] = []
    /// The program's own plan: what it would do, with which memory; empty where it has none.
    package var plan = ""
}

extension Project {
    /// Nothing is written in the project: the folder that the program is given for its output is a temporary one.
    package func rehearse(_ plan: JobPlan, _ start: Start = .new) -> Rehearsal {
        guard let own = Shell.ownFolder, let command = plan.commands.first, let program = Shell.programs(of: command).first,
            access(PathName.joined(own, program), X_OK) == 0
        else { return Rehearsal() }
        // Exit files in the job's folder belong to real runs.
        var line = command.replacingOccurrences(of: "--pipeline_control \(plan.job)", with: "") + " --dry_run"
        let stage = FileManager.default.temporaryDirectory.appendingPathComponent("relion-rehearsal-" + UUID().uuidString).path + "/"
        defer { try? FileManager.default.removeItem(atPath: stage) }
        if case .again = start, isFolder(plan.job) {
            // It goes on with files of its own folder. Programs want to write there, which a guest must not.
            guard access(path(plan.job), W_OK) == 0 else { return Rehearsal() }
        } else {
            try? FileManager.default.createDirectory(atPath: stage, withIntermediateDirectories: true)
            line = line.replacingOccurrences(of: plan.job, with: stage)
        }
        let environment = Shell.withOwnPrograms(ProcessInfo.processInfo.environment)
        guard let (status, answer) = Shell.answer(["sh", "-c", line], in: root, environment: environment) else { return Rehearsal() }
        let text = answer.replacingOccurrences(of: stage, with: plan.job).trimmingCharacters(in: .whitespacesAndNewlines)
        if status == 0 { return Rehearsal(plan: text) }
        return Rehearsal(problems: [InputProblem(place: program, found: text, remedy: "Change the job's settings")])
    }

    /// How a job on this machine differs from what its numbers of processes and threads say; nil where it does not.
    package func launchRemark(_ plan: JobPlan) -> String? {
        guard plan.queue == nil else { return nil }
        return LocalParallelism(plan, environment: Shell.withOwnPrograms(ProcessInfo.processInfo.environment)).remark(on: plan.commands)
    }
}
