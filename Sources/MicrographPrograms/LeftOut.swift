import ProgramKit
import Reporting

/// The movies (or other files) that a program could not use: one bad file does not stop the others.
struct LeftOut {
    private(set) var problems: [InputProblem] = []

    var count: Int { problems.count }
    var isEmpty: Bool { problems.isEmpty }

    /// Says it in the log at once and keeps it for the end.
    mutating func add(_ file: String, _ error: any Error, _ reporter: Reporter) {
        let new = (error as? InputError)?.problems ?? [InputProblem(place: file, found: "\(error)")]
        for problem in new { reporter.warning("left out: \(problem)") }
        // One entry a file: its first problem names the cause.
        if let first = new.first { problems.append(first) }
    }

    /// All of them with a heading, as the last words of a program.
    func summary(of total: Int, what: String, remedy: String) -> InputProblem {
        InputProblem(place: what, found: "\(count) of \(total) left out, see below", remedy: remedy)
    }
}
