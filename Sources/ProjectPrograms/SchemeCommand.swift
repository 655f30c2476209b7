import ArgumentParser
import Foundation
import Pipeline
import Reporting
import Schemes

/// `relion scheme …`: schemes for people.
package struct SchemeCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "relion scheme", abstract: "Look at, run and steer schemes.",
        subcommands: [Install.self, List.self, Show.self, Check.self, Run.self, Answer.self, Abort.self, Reset.self, SetValue.self, Unlock.self, Operators.self])

    package init() {}

    struct SchemeOptions: ParsableArguments {
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The scheme.") var name: String

        func open() throws -> SchemeFolder { SchemeFolder(project: try options.open(), name: name) }
    }

    struct List: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "List the project's schemes.")
        @OptionGroup var options: ProjectOptions

        func perform() throws {
            let project = try options.open()
            for name in SchemeFolder.names(in: project) {
                let folder = SchemeFolder(project: project, name: name), scheme = try folder.load()
                print("\(name)  \(scheme.jobs.count) jobs, \(scheme.operators.count) operators; \(SchemeStanding(folder, scheme).text)")
            }
        }
    }

    struct Install: PeopleCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a scheme that comes with the suite into the project.",
            discussion: SchemeTemplate.all.map { "\($0.name): \($0.summary)" }.joined(separator: "\n"))
        @OptionGroup var options: ProjectOptions
        @Argument(help: "The scheme: prep or proc.") var name: String

        func perform() throws {
            guard let template = SchemeTemplate.named(name) else {
                throw InputError(place: name, found: "no such scheme comes with the suite",
                                 expected: SchemeTemplate.all.map(\.name).joined(separator: " or "))
            }
            try template.install(in: try options.open())
            print("Schemes/\(name)/ is there; relion scheme show \(name) prints its variables")
        }
    }

    struct Show: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Print a scheme: where it is, its variables, jobs, operators and edges.")
        @OptionGroup var target: SchemeOptions

        func perform() throws {
            let folder = try target.open(), scheme = try folder.load()
            let standing = SchemeStanding(folder, scheme)
            print("scheme \(scheme.name) \(standing.text)")
            for line in standing.advice { print(line) }
            print("variables")
            for variable in scheme.variables.sorted(by: { $0.name < $1.name }) {
                let reset = variable.resetValue == variable.value ? "" : "  (after a reset \(variable.resetValue))"
                print("  \(variable.name) = \(variable.value)\(reset)")
            }
            print("jobs")
            for job in scheme.jobs { print("  \(job.name)  \(job.mode.rawValue)  \(job.hasStarted ? job.current : "not run yet")") }
            print("operators")
            for item in scheme.operators {
                let inputs = [item.input1, item.input2].filter { !$0.isEmpty }.joined(separator: ", ")
                print("  \(item.name)  \(item.type)(\(inputs))\(item.output.isEmpty ? "" : " → \(item.output)")")
            }
            print("edges")
            for edge in scheme.edges {
                print("  \(edge.from) → " + (edge.fork.map { "\($0.toIfTrue) if \($0.variable), else " } ?? "") + edge.to)
            }
        }
    }

    struct Check: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Tell everything that would stop a scheme.")
        @OptionGroup var target: SchemeOptions

        func perform() throws {
            let folder = try target.open(), problems = folder.findings(try folder.load())
            if !problems.isEmpty { throw InputError(problems) }
            print("scheme \(folder.name) is complete")
        }
    }

    struct Run: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Run a scheme from where it stands, to its end.")
        @OptionGroup var target: SchemeOptions
        @Option(help: "Start from this node.") var from = ""

        func perform() throws {
            let folder = try target.open()
            if !from.isEmpty {
                try folder.edit("setting the current node") { scheme in
                    guard scheme.isNode(from) else {
                        throw InputError(place: "--from", found: from, expected: "a job or an operator of the scheme")
                    }
                    scheme.current = from
                }
            }
            let outcome = try SchemeRun(folder) {
                print(" + \($0)")
                fflush(nil)
            }.run()
            try SchemeOutcome(outcome, of: folder.name).tell(Reporter())
        }
    }

    struct Answer: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Answer a scheme that pauses for a person; it goes on then.")
        @OptionGroup var target: SchemeOptions
        @Argument(help: "yes or no.") var answer: String

        func perform() throws {
            guard ["yes", "no"].contains(answer) else { throw InputError(place: "answer", found: answer, expected: "yes or no") }
            try target.open().answer(answer == "yes")
        }
    }

    struct Abort: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Stop a running scheme and its job.")
        @OptionGroup var target: SchemeOptions

        func perform() throws { try target.open().abort() }
    }

    struct Reset: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "Set a scheme back to its beginning.")
        @OptionGroup var target: SchemeOptions

        func perform() throws { try target.open().reset() }
    }

    struct SetValue: PeopleCommand {
        static let configuration = CommandConfiguration(commandName: "set", abstract: "Set variables of a scheme.")
        @OptionGroup var target: SchemeOptions
        @Argument(help: "NAME=VALUE.") var values: [String]
        @Flag(help: "Also what they are after a reset.") var keep = false

        func perform() throws {
            let folder = try target.open(), changes = try SettingText.pairs(values, place: "relion scheme set", example: "wait_sec=60")
            try folder.edit("setting variables") { scheme in
                for change in changes {
                    guard scheme.variable(change.key) != nil else {
                        throw InputError(
                            place: folder.file, found: "variable \(change.key)",
                            expected: "one of " + scheme.variables.map(\.name).sorted().joined(separator: ", "))
                    }
                    try scheme.setVariable(change.key, text: change.value, resetText: keep ? change.value : nil)
                }
            }
        }
    }

    struct Unlock: PeopleCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the lock of a scheme that nobody runs any more.",
            discussion: "Locks of processes that died on this machine are taken over without this.")
        @OptionGroup var target: SchemeOptions

        func perform() throws { try target.open().unlock() }
    }

    struct Operators: PeopleCommand {
        static let configuration = CommandConfiguration(abstract: "List the types of operators.")

        func perform() throws {
            for rule in OperatorRule.all { print("  " + rule.type.padding(toLength: 28, withPad: " ", startingAt: 0) + rule.summary) }
        }
    }
}
