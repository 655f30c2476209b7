import Foundation
import Synchronization

/// Where programs and engines say what they do: log lines, warnings, progress, stage times.
///
/// Engines receive a reporter and never print. Lines go to standard output, warnings and errors to standard error, as
/// the pipeline's `run.out` and `run.err` expect.
package final class Reporter: Sendable {
    package enum Verbosity: Int, Sendable { case silent, normal, detailed }

    private let state: Mutex<State>
    private let isTerminal: Bool
    private let isRecording: Bool

    private struct State {
        var warnings: [String] = []
        var stageSeconds: [(name: String, seconds: Double)] = []
        /// By name of the stage.
        var parts: [String: [StagePart]] = [:]
        var recorded = ""
        var verbosity: Verbosity
    }

    private struct StagePart {
        var name: String
        var seconds: Double
        var operations: Double
    }

    package var verbosity: Verbosity { state.withLock { $0.verbosity } }

    /// As options such as `--verb` say.
    package func setVerbosity(_ verbosity: Verbosity) { state.withLock { $0.verbosity = verbosity } }

    package init(verbosity: Verbosity = .normal) {
        state = Mutex(State(verbosity: verbosity))
        isTerminal = isatty(STDOUT_FILENO) == 1
        isRecording = false
    }

    private init(recording: Verbosity) {
        state = Mutex(State(verbosity: recording))
        isTerminal = false
        isRecording = true
    }

    /// A reporter that keeps everything in `recordedText` and prints nothing: for tests and for programs run in-process.
    package static func recording(verbosity: Verbosity = .silent) -> Reporter { Reporter(recording: verbosity) }

    /// What a recording reporter was told: lines, warnings and errors in order.
    package var recordedText: String { state.withLock { $0.recorded } }

    package func info(_ text: String) {
        if verbosity != .silent { write(text + "\n", to: .standardOutput) }
    }

    /// What the user asked to be told (help, a printed table); said whatever the verbosity.
    package func answer(_ text: String) { write(text + "\n", to: .standardOutput) }

    package func detail(_ text: String) {
        if verbosity == .detailed { write(text + "\n", to: .standardOutput) }
    }

    /// Doubtful but usable input. The same sentence is said once.
    package func warning(_ text: String) {
        let isNew = state.withLock { state in
            if state.warnings.contains(text) { return false }
            state.warnings.append(text)
            return true
        }
        if isNew { write("WARNING: " + text + "\n", to: .standardError) }
    }

    /// The reason why a program ends without its result; said whatever the verbosity.
    package func error(_ text: String) { write(text + "\n", to: .standardError) }

    package var warnings: [String] { state.withLock { $0.warnings } }

    /// Starts a progress bar over `total` items.
    package func progress(_ title: String, total: Int) -> ProgressBar {
        ProgressBar(title: title, total: total, mode: verbosity == .silent ? .none : isTerminal ? .terminal : .lines) {
            self.write($0, to: .standardOutput)
        }
    }

    /// Runs `body` and adds its wall-clock time to the stage `name`.
    package func timed<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { addTime((ContinuousClock.now - start).inSeconds, to: name) }
        return try body()
    }

    package func addTime(_ seconds: Double, to name: String) {
        state.withLock { state in
            if let index = state.stageSeconds.firstIndex(where: { $0.name == name }) {
                state.stageSeconds[index].seconds += seconds
            } else {
                state.stageSeconds.append((name, seconds))
            }
        }
    }

    /// Adds what threads did, and how long they took together, to a part of the stage `name`, which comes under it in the table.
    ///
    /// - Parameter operations: floating-point operations; 0 where they are not counted.
    package func addThreadTime(_ seconds: Double, operations: Double, to part: String, within name: String) {
        state.withLock { state in
            let place = state.parts[name]?.firstIndex { $0.name == part }
            if let place {
                state.parts[name]?[place].seconds += seconds
                state.parts[name]?[place].operations += operations
            } else {
                state.parts[name, default: []].append(StagePart(name: part, seconds: seconds, operations: operations))
            }
        }
    }

    /// Stage names with seconds, in the order in which they first ran, as lines of a table; parts of a stage with the seconds of
    /// their threads and their rate on one thread.
    package func timingTable() -> String {
        let (stages, parts) = state.withLock { ($0.stageSeconds, $0.parts) }
        let width = max(stages.map(\.name.count).max() ?? 0, 2 + (parts.values.joined().map(\.name.count).max() ?? 0))
        func line(_ name: String, _ seconds: Double, _ rest: String) -> String {
            "  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + String(format: " %10.2f s", seconds) + rest
        }
        return stages.flatMap { stage in
            [line(stage.name, stage.seconds, "")] + (parts[stage.name] ?? []).map { part in
                let rate = part.operations > 0 && part.seconds > 0
                    ? String(format: ", %.0f GFLOP/s a thread", part.operations / part.seconds / 1e9) : ""
                return line("  " + part.name, part.seconds, " of threads" + rate)
            }
        }.joined(separator: "\n")
    }

    private func write(_ text: String, to handle: FileHandle) {
        if isRecording {
            state.withLock { $0.recorded += text }
        } else {
            try? handle.write(contentsOf: Data(text.utf8))
        }
    }
}

extension Duration {
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
