import Foundation
import Reporting

/// A submission script with `XXX…XXX` variables, as sites write them for RELION.
package struct QueueTemplate: Sendable {
    package let text: String

    package init(text: String) { self.text = text }

    package init(contentsOf path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw InputError(
                place: path.isEmpty ? "Standard submission script" : path, found: "the queue's template cannot be read",
                expected: "a script with XXXcommandXXX in it",
                remedy: "relion project template slurm (or pbs, sge) prints one to start from")
        }
        self.text = text
    }

    package func variables(for plan: JobPlan, _ queue: QueueSettings) -> [String: String] {
        let cores = plan.processCount * plan.threadCount
        let dedicated = max(1, queue.dedicatedCores)
        var variables = [
            "mpinodes": String(plan.processCount), "threads": String(plan.threadCount), "cores": String(cores),
            "dedicated": String(dedicated), "nodes": String((cores + dedicated - 1) / dedicated), "name": plan.job,
            "errfile": plan.job + JobFile.errors, "outfile": plan.job + JobFile.output, "queue": queue.queueName,
        ]
        for (number, value) in queue.extras { variables["extra\(number)"] = value }
        return variables
    }

    /// The script of a job. A line with `XXXcommandXXX` is repeated for each command; commands that the launcher on that line
    /// is not for (other programs, and serial ones of a parallel job) stand on lines of their own. Unknown variables stay.
    package func script(for plan: JobPlan, _ queue: QueueSettings) -> String {
        // In a fixed order: a value may itself hold a variable.
        let variables = variables(for: plan, queue).sorted { $0.key < $1.key }
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let filled = variables.reduce(String(line)) { $0.replacingOccurrences(of: "XXX\($1.key)XXX", with: $1.value) }
            guard let place = filled.range(of: "XXXcommandXXX") else {
                lines.append(filled)
                continue
            }
            for command in plan.commands {
                let isParallel = command.contains("relion_") && (command.contains("_mpi`") || plan.processCount == 1)
                lines.append(isParallel ? filled.replacingCharacters(in: place, with: command) : command)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Variables that nothing fills: likely misspelled.
    package func unknownVariables(for plan: JobPlan, _ queue: QueueSettings) -> [String] {
        let known = Set(variables(for: plan, queue).keys).union(["command"])
        return text.matches(of: /XXX([A-Za-z0-9]+?)XXX/).map { String($0.output.1) }.filter { !known.contains($0) }
    }
}
