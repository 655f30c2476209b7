import Foundation
import Reporting

/// A job's entry in a queue (Slurm, PBS, SGE, LSF): following and cancelling it.
package struct QueueEntry: Sendable, Equatable {
    package var identity: String
    /// As the user gave it: `sbatch`, `/opt/pbs/bin/qsub`.
    package var submitCommand: String

    package init(identity: String, submitCommand: String) {
        self.identity = identity
        self.submitCommand = submitCommand
    }

    /// Finds the entry's number in what the submit command printed: `Submitted batch job 123`, `123.server`,
    /// `Your job 123 ("name") has been submitted`, `Job <123> is submitted`.
    ///
    /// Warnings stand beside it and hold numbers too ("can't run 1 processes on 2 nodes"); taking one of those would cancel
    /// somebody else's job. Text in no known form counts only where it holds a single number.
    package init?(submitOutput: String, submitCommand: String) {
        let lines = submitOutput.split(whereSeparator: { $0.isNewline })
        let announced = lines.last(where: { $0.lowercased().contains("submitted") && !Self.numbers(in: $0).isEmpty })
        let bare = lines.last(where: { $0.first?.isNumber == true && !$0.contains(where: { $0.isWhitespace }) })
        var candidates = lines.flatMap { Self.numbers(in: $0) }
        if let line = announced ?? bare {
            candidates = Array(Self.numbers(in: line).prefix(1))
        }
        guard candidates.count == 1, let word = candidates.first else { return nil }
        self.init(identity: String(word), submitCommand: submitCommand.split(separator: " ").first.map(String.init) ?? submitCommand)
    }

    /// Words that begin with a digit.
    private static func numbers(in line: Substring) -> [Substring] {
        line.split(whereSeparator: { $0.isWhitespace || "<>()\"".contains($0) }).filter { $0.first?.isNumber == true }
    }

    init?(in text: String) {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("queue: id=") }),
            let mark = line.range(of: " submit=")
        else { return nil }
        self.init(
            identity: String(line[line.index(line.startIndex, offsetBy: 10)..<mark.lowerBound]),
            submitCommand: String(line[mark.upperBound...]))
    }

    /// The commands of a queue lie beside its submit command.
    private func tool(_ slurm: String, _ pbs: String, _ lsf: String) -> String {
        let name = PathName(submitCommand).name
        let tool = name.hasPrefix("sbatch") ? slurm : name.hasPrefix("bsub") ? lsf : pbs
        return PathName(submitCommand).sibling(tool)
    }

    package var cancelCommand: [String] { [tool("scancel", "qdel", "bkill"), identity] }

    private var lookCommand: [String] {
        let tool = tool("squeue", "qstat", "bjobs")
        return PathName(tool).name == "squeue" ? [tool, "-h", "-o", "%T", "-j", identity]
            : PathName(tool).name == "qstat" && identity.allSatisfy(\.isNumber) ? [tool, "-j", identity] : [tool, identity]
    }

    /// A queue that does not answer leaves the question open; one that no longer knows the entry has ended it.
    package var state: ProcessOwner.State {
        guard let (status, text) = Shell.answer(lookCommand) else { return .unknown }
        let word = text.trimmingCharacters(in: .whitespacesAndNewlines).uppercased()
        if status == 127 { return .unknown }
        if status != 0 {
            let isForgotten = ["INVALID", "UNKNOWN", "NOT EXIST", "NOT FOUND", "HAS FINISHED"].contains { word.contains($0) }
            return isForgotten ? .dead : .unknown
        }
        if word.isEmpty { return .dead }
        return ["COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY"].contains(word) ? .dead : .running
    }

    package func cancel() throws {
        guard let (status, text) = Shell.answer(cancelCommand), status == 0 else {
            throw InputError(
                place: cancelCommand.joined(separator: " "), found: "the queue did not cancel the job",
                remedy: "Cancel entry \(identity) by hand")
        }
        _ = text
    }
}
