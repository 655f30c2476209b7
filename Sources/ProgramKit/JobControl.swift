import Foundation
import Reporting
import Synchronization

/// The pipeline's way of talking to a running job: files in its folder, and SIGTERM.
package final class JobControl: Sendable {
    package enum Outcome: String { case success = "SUCCESS", failure = "FAILURE", aborted = "ABORTED" }

    /// The job's folder with a trailing slash, or empty when the program does not run in a pipeline.
    package let folder: String

    package init(folder: String) {
        self.folder = folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/"
    }

    private static let terminated = Atomic<Bool>(false)

    /// From now on SIGTERM and SIGINT only set a flag that `checkForAbort` reads, so that work stops between two steps.
    package static func catchTermination() {
        signal(SIGTERM) { _ in JobControl.terminated.store(true, ordering: .relaxed) }
        signal(SIGINT) { _ in JobControl.terminated.store(true, ordering: .relaxed) }
    }

    /// Throws `JobAborted` when the user asked this job to stop.
    package func checkForAbort() throws {
        if Self.terminated.load(ordering: .relaxed) { throw JobAborted() }
        guard !folder.isEmpty else { return }
        if FileManager.default.fileExists(atPath: folder + "RELION_JOB_ABORT_NOW") { throw JobAborted() }
    }

    /// Removes what an earlier run left, so that a watcher does not take it for this run's end.
    package func removeExitFiles() {
        guard !folder.isEmpty else { return }
        for outcome in [Outcome.success, .failure, .aborted] {
            try? FileManager.default.removeItem(atPath: folder + "RELION_JOB_EXIT_" + outcome.rawValue)
        }
    }

    /// Leaves `RELION_JOB_EXIT_…` in the folder, replacing what an earlier run left there.
    package func recordExit(_ outcome: Outcome) {
        guard !folder.isEmpty else { return }
        removeExitFiles()
        try? FileManager.default.removeItem(atPath: folder + "RELION_JOB_ABORT_NOW")
        _ = FileManager.default.createFile(atPath: folder + "RELION_JOB_EXIT_" + outcome.rawValue, contents: nil)
    }
}

/// The user stopped the job; not a failure of the program.
package struct JobAborted: Error, Sendable, CustomStringConvertible {
    package init() {}
    package var description: String { "stopped on request; what was finished is kept" }
}
