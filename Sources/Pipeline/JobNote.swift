import Foundation
import Reporting

/// `note.txt` of a job: what was run when, and what people write about it.
extension Project {
    /// Adds what RELION adds at each start: date and commands (without launcher and redirections).
    func noteStart(of job: String, commands: [String], at date: Date = Date()) throws {
        let lines = ["", " ++++ Executing new job on \(Self.time(date))", " ++++ with the following command(s): "] + commands
        try append((lines + [" ++++ "]).joined(separator: "\n") + "\n", to: job + JobFile.note)
    }

    /// Date and time as C's `ctime` has them: `Fri Aug 30 18:47:02 2024`.
    static func time(_ date: Date) -> String {
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = tm()
        localtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 64)
        // In English whatever the user's language is: `asctime` knows no other.
        guard asctime_r(&parts, &text) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package func note(of job: String) -> String {
        (try? String(contentsOfFile: path(job + JobFile.note), encoding: .utf8)) ?? ""
    }

    /// Adds a line of the user's.
    package func addNote(_ text: String, to job: String) throws {
        guard isFolder(job) else { throw InputError(place: path(job), found: "there is no such folder", expected: "a job") }
        try append(text + "\n", to: job + JobFile.note)
    }

    /// Writes all notes into `default_all_notes.txt` and gives its name.
    package func collectNotes() throws -> String {
        let graph = try graph()
        let name = pipelineName + "_all_notes.txt"
        var text = ""
        for process in graph.processes {
            text += " ################################################################ \n"
            text += " # Job= \(process.name)" + (process.alias.map { " alias= \($0)" } ?? "") + "\n" + note(of: process.name)
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)), options: .atomic)
        } catch {
            throw InputError(place: path(name), found: "the file cannot be written (\(error.localizedDescription))")
        }
        return name
    }
}
