import Arrays
import Foundation
import MicrographPrograms
import ParticlePrograms
import Pipeline
import ProgramKit
import ProjectPrograms
import Reporting
import ServerPrograms
import UtilityPrograms

/// The one executable. Called by a program's name (a link in `bin/`) it is that program; `relion refine …` is the same
/// as `relion_refine …`.
@main
struct Main {
    static let table = ProgramTable(
        MicrographPrograms.programs + ParticlePrograms.programs + UtilityPrograms.programs + ProjectPrograms.programs)

    static func main() {
        HeapTuning.apply()
        var arguments = CommandLine.arguments
        let called = PathName(arguments.removeFirst()).name
        if called == "relion_it" { return OnTheFlyCommand.main(arguments) }
        if let program = table.program(named: called) { exit(program.run(arguments, Reporter())) }
        guard let first = arguments.first else {
            if Project().isPresent { GuiCommand.main([]) }
            usage(status: 0)
        }
        arguments.removeFirst()
        switch first {
        case "--version": print(SuiteVersion.banner)
        case "--programs": for program in table.programs { print(program.name) }
        case "--summary":
            guard let program = arguments.first.flatMap(table.program(named:)) else {
                complain("--summary: expected the name of a program.")
            }
            print(program.summary)
        case "--help", "-h": usage(status: 0)
        case "it": OnTheFlyCommand.main(arguments)
        case "project" where ProjectCommand.claims(arguments): ProjectCommand.main(arguments)
        case "gui": GuiCommand.main(arguments)
        case "job": JobCommand.main(arguments)
        case "scheme": SchemeCommand.main(arguments)
        case "completion":
            guard let script = arguments.first.flatMap(Completion.script) else { complain("completion: expected bash or zsh.") }
            print(script)
        case "--complete": for candidate in Completion(table: table).candidates(arguments) { print(candidate) }
        default:
            // Two words may be one program's name: relion select classes.
            if table.program(named: first) == nil, let second = arguments.first, let program = table.program(named: first + "_" + second) {
                exit(program.run(Array(arguments.dropFirst()), Reporter()))
            }
            guard let program = table.program(named: first) else {
                let near = table.suggestion(for: first).map { " Did you mean \($0.name)?" } ?? ""
                complain("there is no program '\(first)'.\(near) relion --help lists all.")
            }
            exit(program.run(arguments, Reporter()))
        }
    }

    static func complain(_ text: String) -> Never {
        try? FileHandle.standardError.write(contentsOf: Data("relion: \(text)\n".utf8))
        exit(64)
    }

    static func usage(status: Int32) -> Never {
        print("\(SuiteVersion.banner)\n\nrelion PROGRAM OPTIONS, or bin/relion_PROGRAM OPTIONS; --help with any of them.")
        print("relion project, relion job and relion scheme COMMAND look after projects; relion gui, or relion alone in a project, shows it in the browser.")
        print("relion completion bash|zsh helps to type.\n")
        for program in table.programs {
            print("  " + program.name.padding(toLength: 34, withPad: " ", startingAt: 0) + program.summary)
        }
        exit(status)
    }
}
