import Foundation
import Synchronization

/// A progress bar with an estimate of the time left; plain lines every tenth when the output is not a terminal.
///
/// `advance` may be called from any thread. A bar that goes out of use without `finish` (because the work was stopped, or an error
/// ended it) says that it stopped and how far it came: the last line of a log never claims more than was done.
package final class ProgressBar: Sendable {
    enum Mode { case none, terminal, lines }

    private struct State {
        var done = 0
        var lastDrawn = ContinuousClock.now
        var lastTenth = 0
        var isFinished = false
    }

    private let title: String
    private let total: Int
    private let mode: Mode
    private let write: @Sendable (String) -> Void
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(title: String, total: Int, mode: Mode, write: @escaping @Sendable (String) -> Void) {
        self.title = title
        self.write = write
        self.total = max(1, total)
        self.mode = mode
        if mode == .terminal { draw(done: 0) }
    }

    package func advance(by count: Int = 1) {
        if case .none = mode { return }
        let due: Int? = state.withLock { state in
            state.done += count
            let now = ContinuousClock.now
            if mode == .terminal {
                guard now - state.lastDrawn > .milliseconds(200) else { return nil }
                state.lastDrawn = now
                return state.done
            }
            let tenth = state.done * 10 / total
            guard tenth > state.lastTenth, tenth < 10, now - state.lastDrawn > .seconds(10) else { return nil }
            state.lastTenth = tenth
            state.lastDrawn = now
            return state.done
        }
        if let due { draw(done: due) }
    }

    /// Draws the finished bar with the time taken.
    package func finish() { end(.finished) }

    deinit {
        if !state.withLock({ $0.isFinished }) { end(.stopped) }
    }

    private enum End { case finished, stopped }

    private func end(_ end: End) {
        state.withLock { $0.isFinished = true }
        let time = Self.clock((ContinuousClock.now - start).inSeconds)
        let done = min(total, state.withLock { $0.done })
        switch (mode, end) {
        case (.none, _): break
        case (.terminal, .finished): write("\r\(title) \(time) \(bar(1))          \n")
        case (.terminal, .stopped): write("\r\(title) \(time) \(bar(Double(done) / Double(total))) stopped  \n")
        case (.lines, .finished): write("\(title): done in \(time)\n")
        case (.lines, .stopped): write("\(title): stopped after \(time), \(done) of \(total) done\n")
        }
    }

    private func draw(done: Int) {
        let fraction = min(1, Double(done) / Double(total))
        let elapsed = (ContinuousClock.now - start).inSeconds
        let left = fraction > 0 ? elapsed / fraction - elapsed : 0
        let leftText = fraction > 0 ? "\(Self.clock(left)) left" : ""
        if mode == .terminal {
            write("\r\(title) \(Self.clock(elapsed)) \(bar(fraction)) \(leftText)   ")
        } else {
            write("\(title): \(Int(fraction * 100)) % after \(Self.clock(elapsed)), \(leftText)\n")
        }
    }

    private func bar(_ fraction: Double) -> String {
        let width = 40
        let filled = Int(fraction * Double(width))
        return "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled) + "]"
    }

    /// `4.2 s`, `3:07` or `1:02:03`.
    package static func clock(_ seconds: Double) -> String {
        if seconds < 60 { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds)
        if whole < 3600 { return String(format: "%d:%02d", whole / 60, whole % 60) }
        return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
    }
}
