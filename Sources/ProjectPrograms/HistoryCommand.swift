import ArgumentParser
import Pipeline
import Reporting

extension ProjectCommand {
    struct History: PeopleCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell how a file or the files of a job were made: all jobs, versions and settings that led to them.",
            discussion: """
                As text for people, as JSON (see docs/projects.md), or as a paragraph for the methods section of a paper, with the \
                papers to cite. Numbers come from the jobs' settings and output files; what is not known is left out.
                """)
        @OptionGroup var options: ProjectOptions
        @Argument(help: "A file that a job wrote, or a job.") var what: String
        @Option(help: "text, json or methods.") var format = "text"

        func perform() throws {
            let project = try options.open()
            guard ["text", "json", "methods"].contains(format) else {
                throw InputError(place: "--format", found: "\"\(format)\"", expected: "text, json or methods")
            }
            let history = try ProjectHistory(of: what, in: project)
            if format == "text" { return print(history.text, terminator: "") }
            let methods = MethodsText(history, in: project)
            print(format == "json" ? try HistoryDocument(history, methods: methods).json() : methods.withReferences)
        }
    }
}
