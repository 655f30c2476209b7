import Foundation
import Pipeline

/// Tells all open pages when the pipeline has changed. One thread looks for all of them.
///
/// Each look costs two `stat` calls; every few looks the pipeline finds out which jobs have ended.
package final class ProjectWatch: @unchecked Sendable {
    // `version` and `isStopped` are touched under the condition's lock only.
    private let condition = NSCondition()
    private var version = 1
    private var isStopped = false
    private let project: Project
    private let checksCompletion: Bool

    package init(_ project: Project, checksCompletion: Bool = true) {
        (self.project, self.checksCompletion) = (project, checksCompletion)
    }

    package func start(intervalInSeconds: Double = 0.5) {
        let thread = Thread { [weak self] in
            var known = self?.stamp() ?? ""
            var looks = 0
            while let self, !self.isOver {
                looks += 1
                if self.checksCompletion, looks % 4 == 0, self.hasRunningJobs { _ = try? self.project.checkCompletion() }
                let now = self.stamp()
                if now != known {
                    known = now
                    self.announce()
                }
                Thread.sleep(forTimeInterval: intervalInSeconds)
            }
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    private var isOver: Bool { condition.withLock { isStopped } }

    private var runningStamp = ""
    private var hasRunning = false

    /// The pipeline is read again only after it has changed. Used by the watching thread alone.
    private var hasRunningJobs: Bool {
        let now = stamp()
        if now != runningStamp {
            runningStamp = now
            hasRunning = (try? project.graph())?.processes.contains { $0.status == .running } ?? false
        }
        return hasRunning
    }

    private func stamp() -> String {
        var status = stat()
        guard stat(project.pipelinePath, &status) == 0 else { return "" }
        return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    }

    package func announce() {
        condition.withLock {
            version += 1
            condition.broadcast()
        }
    }

    package func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    /// Writes an event for each change, and a comment now and then that tells whether the browser is still there.
    func follow(_ write: (String) -> Bool) {
        var known = condition.withLock { version }
        guard write("retry: 1000\nevent: pipeline\ndata: \(known)\n\n") else { return }
        while true {
            let (now, isOver) = condition.withLock { () -> (Int, Bool) in
                let limit = Date(timeIntervalSinceNow: 15)
                while version == known, !isStopped, condition.wait(until: limit) {}
                return (version, isStopped)
            }
            guard !isOver, write(now == known ? ": here\n\n" : "event: pipeline\ndata: \(now)\n\n") else { return }
            known = now
        }
    }
}
