import Foundation
import Reporting

/// Who runs a job: a process of a machine, or an entry of a queue.
package enum RunOwner: Sendable, Equatable, CustomStringConvertible {
    case process(ProcessOwner)
    case queue(QueueEntry)

    package var state: ProcessOwner.State {
        switch self {
        case .process(let owner): owner.state
        case .queue(let entry): entry.state
        }
    }

    package var description: String {
        switch self {
        case .process(let owner): "process \(owner.processNumber) on \(owner.host)"
        case .queue(let entry): "entry \(entry.identity) of the queue"
        }
    }

    var line: String {
        switch self {
        case .process(let owner): owner.line
        case .queue(let entry): "queue: id=\(entry.identity) submit=\(entry.submitCommand)"
        }
    }

    init?(in text: String) {
        if let owner = ProcessOwner(in: text) {
            self = .process(owner)
        } else if let entry = QueueEntry(in: text) {
            self = .queue(entry)
        } else {
            return nil
        }
    }
}

extension Project {
    /// Nil for jobs that RELION started, and for finished ones that were started long ago.
    package func runOwner(of job: String) -> RunOwner? {
        (try? String(contentsOfFile: path(job + JobFile.owner), encoding: .utf8)).flatMap { RunOwner(in: $0) }
    }

    func setRunOwner(_ owner: RunOwner, of job: String) throws {
        do {
            try Data((owner.line + "\n").utf8).write(to: URL(fileURLWithPath: path(job + JobFile.owner)), options: .atomic)
        } catch {
            throw InputError(place: path(job + JobFile.owner), found: "the file cannot be written (\(error.localizedDescription))")
        }
    }
}
