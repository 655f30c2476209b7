import Foundation
import Reporting

extension ProjectLock {
    /// A lock as it looks from outside.
    package enum State: Sendable, Equatable {
        case free
        /// By whom: a process, or another program that does not say more.
        case held(by: String)
        /// Its process has died; whoever wants the lock takes it over.
        case stale(left: String)
    }

    /// Looks at a lock without waiting for it.
    package static func state(folder: String, fileName: String) -> State {
        var status = stat()
        guard lstat(folder, &status) == 0 else { return .free }
        guard let text = try? String(contentsOfFile: PathName.joined(folder, fileName), encoding: .utf8), let owner = ProcessOwner(in: text) else {
            return .held(by: "another program")
        }
        let name = "process \(owner.processNumber)" + (owner.host == ProcessOwner.current().host ? "" : " on \(owner.host)")
        return owner.state == .dead ? .stale(left: name) : .held(by: name)
    }
}
