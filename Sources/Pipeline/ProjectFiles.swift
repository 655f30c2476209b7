import Foundation
import Reporting

/// Small works on a project's files that several operations need.
extension Project {
    /// - Throws: `InputError` naming the folder.
    func makeFolder(_ name: String) throws {
        guard !path(name).isEmpty else { return }  // The current folder.
        do {
            try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        } catch {
            throw InputError(
                place: path(name), found: "the folder cannot be made (\(error.localizedDescription))",
                remedy: "Check permissions and space")
        }
    }

    /// Makes an empty file with the folders above it; an existing one stays.
    func touch(_ name: String) throws {
        try makeFolder(PathName(name).folder)
        if !exists(name), !FileManager.default.createFile(atPath: path(name), contents: nil) {
            throw InputError(place: path(name), found: "the file cannot be made", remedy: "Check permissions and space")
        }
    }

    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path(name)) }

    /// Moves a file or folder within the project; folders on the way to `target` are made, an older `target` goes.
    func move(_ name: String, to target: String) throws {
        try makeFolder(PathName(target).folder)
        if rename(path(name), path(target)) == 0 { return }
        remove(target)
        do {
            try FileManager.default.moveItem(atPath: path(name), toPath: path(target))
        } catch {
            throw InputError(
                place: path(name), found: "it cannot be moved to \(target) (\(error.localizedDescription))",
                remedy: "Check permissions and space")
        }
    }

    /// Names in a folder in order; none for a missing folder.
    func contents(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty && root.isEmpty ? "." : path(folder))) ?? []).sorted()
    }

    /// Folders and links are told apart without following links.
    func kind(_ name: String) -> FileAttributeType? {
        (try? FileManager.default.attributesOfItem(atPath: path(name)))?[.type] as? FileAttributeType
    }

    func isFolder(_ name: String) -> Bool { kind(name) == .typeDirectory }

    /// Files of a folder that match a pattern of the shell, in order, as names relative to the project.
    func matches(_ pattern: String, in folder: String) -> [String] {
        contents(folder).filter { fnmatch(pattern, $0, FNM_PERIOD) == 0 }.map { PathName.joined(folder, $0) }
    }

    /// Bytes of a file, or of all files below a folder; links count for themselves.
    package func byteCount(_ name: String) -> Int {
        var status = stat()
        guard lstat(path(name), &status) == 0 else { return 0 }
        if status.st_mode & S_IFMT != S_IFDIR { return Int(status.st_size) }
        return contents(name).reduce(0) { $0 + byteCount(PathName.joined(name, $1)) }
    }

    /// Adds text to the end of a file in one write, so that two writers do not mix their lines.
    func append(_ text: String, to name: String) throws {
        let descriptor = open(path(name), O_WRONLY | O_CREAT | O_APPEND, 0o666)
        let bytes = Array(text.utf8)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
            throw InputError(place: path(name), found: "the file cannot be written (\(String(cString: strerror(errno))))")
        }
    }
}

/// The files through which a job and the pipeline talk to each other.
package enum JobFile {
    package static let success = "RELION_JOB_EXIT_SUCCESS"
    package static let failure = "RELION_JOB_EXIT_FAILURE"
    package static let aborted = "RELION_JOB_EXIT_ABORTED"
    package static let abortNow = "RELION_JOB_ABORT_NOW"
    package static let outputNodes = "RELION_OUTPUT_NODES.star"
    package static let noHarshClean = "NO_HARSH_CLEAN"
    package static let note = "note.txt"
    package static let settings = "job.star"
    package static let pipeline = "job_pipeline.star"
    package static let deletedPipeline = "deleted_pipeline.star"
    package static let output = "run.out"
    package static let errors = "run.err"
    package static let submission = "run_submit.script"
    /// Ours: which process or queue entry runs the job.
    package static let owner = ".run_owner"

    static let exits: [(name: String, status: JobStatus)] = [(success, .succeeded), (failure, .failed), (aborted, .aborted)]
}
