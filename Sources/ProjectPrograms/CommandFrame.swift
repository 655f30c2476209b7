import ArgumentParser
import Foundation
import Pipeline
import Reporting

/// What the commands for people share: which project, and how errors are told.
struct ProjectOptions: ParsableArguments {
    @Option(name: .customLong("project"), help: "The project's folder; without, the current one.")
    var folder = ""
    @Option(name: .customLong("pipeline"), help: "Name of the pipeline.")
    var pipeline = "default"

    func open() throws -> Project {
        if !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            throw InputError(place: folder, found: "there is no such folder", expected: "a project")
        }
        return Project(root: folder, pipelineName: pipeline)
    }

    /// The project and one of its jobs, as people name it.
    func open(job: String) throws -> (project: Project, process: PipelineProcess) {
        let project = try open()
        let graph = try project.graph()
        guard let process = graph.find(job) else {
            throw InputError(
                place: job, found: "there is no such job", expected: "a name, number or alias",
                remedy: "relion project status lists all")
        }
        return (project, process)
    }
}

/// A command for people: its errors are sentences.
protocol PeopleCommand: ParsableCommand {
    func perform() throws
}

extension PeopleCommand {
    func run() throws {
        do {
            try perform()
        } catch let error as InputError {
            try? FileHandle.standardError.write(contentsOf: Data("ERROR: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }
}

/// Asks before something that cannot easily be undone; without a terminal the answer is no.
enum Question {
    static func isConfirmed(_ text: String, given: Bool) throws -> Bool {
        if given { return true }
        guard isatty(STDIN_FILENO) == 1 else {
            throw InputError(place: "question", found: text, remedy: "Give --yes, as there is nobody to ask")
        }
        print("\(text) [y/N] ", terminator: "")
        return readLine()?.lowercased().hasPrefix("y") == true
    }
}
