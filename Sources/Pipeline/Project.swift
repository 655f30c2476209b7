import Foundation
import Reporting

/// A project's folder and the name of its pipeline. All names of jobs and files are relative to the folder.
package struct Project: Sendable {
    /// Empty for the current folder.
    package let root: String
    /// `default` for `default_pipeline.star`.
    package let pipelineName: String

    package init(root: String = "", pipelineName: String = "default") {
        self.root = root == "." ? "" : root
        self.pipelineName = pipelineName
    }

    /// Where a file of the project lies.
    package func path(_ name: String) -> String {
        name.hasPrefix("/") ? name : PathName.joined(root, name)
    }

    package var pipelineFile: String { pipelineName + "_pipeline.star" }
    package var pipelinePath: String { path(pipelineFile) }
    package static let marker = ".gui_projectdir"
    package static let changeFlag = ".pipeline_has_changed"

    /// Whether anything stands at this name; dangling links count as nothing.
    package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    package var isPresent: Bool { exists(pipelineFile) }

    /// The pipeline as it is now, without a lock: replacing the file is atomic, so that a reader sees a whole one.
    ///
    /// RELION rewrites the file in place; a half-written one is read again for up to two seconds.
    package func graph() throws -> PipelineGraph {
        guard isPresent else {
            throw InputError(
                place: pipelinePath, found: "there is no project here", expected: "the pipeline file of a project",
                remedy: "relion project init makes one; or go to the project's folder")
        }
        var failure: (any Error)?
        for attempt in 0..<5 {
            if attempt > 0 { Thread.sleep(forTimeInterval: 0.5) }
            do { return try PipelineGraph(contentsOf: pipelinePath) } catch { failure = failure ?? error }
        }
        throw failure ?? InputError(place: pipelinePath, found: "the file cannot be read")
    }

    // MARK: Changing

    /// Reads the pipeline, changes it and writes it, alone with it: two users or processes at once lose nothing.
    ///
    /// The file is replaced in one step after `change` returns; when it throws, or the process dies, nothing is changed. What
    /// `change` does to other files must be safe to do twice.
    ///
    /// - Parameters:
    ///   - message: what is done, for those who look into the lock.
    ///   - afterwards: done under the same lock once the new pipeline is on the disk.
    /// - Throws: what `change` throws; `InputError` when the lock cannot be had or the file not written.
    @discardableResult
    package func change<Result>(
        _ message: String, patience: ProjectLock.Patience = .init(), _ change: (inout PipelineGraph) throws -> Result,
        afterwards: (PipelineGraph, Result) throws -> Void = { _, _ in }
    ) throws -> Result {
        let lock = try ProjectLock(
            folder: path(".relion_lock"), fileName: "lock_" + pipelineFile, message: message, patience: patience)
        defer { lock.release() }
        removeAbandonedFiles()
        var graph = try graph()
        let before = try graph.document.serialized()
        let result = try change(&graph)
        let after = try graph.document.serialized()
        if after != before {
            guard lock.isHeld else {
                throw InputError(
                    place: path(".relion_lock"), found: "somebody removed the lock while \(message)",
                    remedy: "Nothing was changed; do it again")
            }
            try graph.write(to: pipelinePath)
            noteChange()
        }
        try afterwards(graph, result)
        return result
    }

    /// Files that a process which died while writing left behind; nobody else writes while the lock is held.
    private func removeAbandonedFiles() {
        let folder = root.isEmpty ? "." : root
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(pipelineFile + ".tmp") || name.hasPrefix(".relion_lock_released_") || name.hasPrefix(".relion_lock_stale_") {
            try? FileManager.default.removeItem(atPath: path(name))
        }
    }

    /// Tells user interfaces that read the pipeline to read it again.
    package func noteChange() {
        _ = FileManager.default.createFile(atPath: path(Self.changeFlag), contents: nil)
    }
}
