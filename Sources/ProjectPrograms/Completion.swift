import ArgumentParser
import Foundation
import Pipeline
import ProgramKit
import Schemes

/// What the shell offers when the tabulator key is pressed.
///
/// `relion completion bash` prints a script for the shell, which asks `relion --complete WORDS` for each completion; files are
/// the shell's own business.
package struct Completion {
    let table: ProgramTable
    let shownProject: Project

    package init(table: ProgramTable, project: Project = Project()) { (self.table, shownProject) = (table, project) }

    /// - Parameter words: the command line up to the word to complete, which is the last and may be empty.
    package func candidates(_ words: [String]) -> [String] {
        guard let called = words.first, let last = words.last, words.count > 1 else { return [] }
        return all(called: called.split(separator: "/").last.map(String.init) ?? called, Array(words.dropFirst().dropLast()), last)
            .filter { $0.hasPrefix(last) }.sorted()
    }

    private func all(called: String, _ before: [String], _ last: String) -> [String] {
        if called == "relion_it" { return onTheFly(before, last) }
        if called != "relion" { return options(of: called) }
        guard let first = before.first else {
            return table.programs.map { String($0.name.dropFirst("relion_".count)) } + ["project", "job", "scheme", "it", "gui", "completion"]
        }
        switch first {
        case "completion": return ["bash", "zsh"]
        case "project" where !last.hasPrefix("--") || before.count > 1: return people(ProjectCommand.configuration.subcommands, before)
        case "it": return onTheFly(Array(before.dropFirst()), last)
        case "scheme": return scheme(Array(before.dropFirst()), last)
        case "job": return people(JobCommand.configuration.subcommands, before)
        default: return options(of: first)
        }
    }

    private func options(of program: String) -> [String] {
        table.program(named: program)?.options().map(\.name) ?? []
    }

    private func people(_ commands: [any ParsableCommand.Type], _ before: [String]) -> [String] {
        guard before.count > 1 else { return commands.map { $0._commandName } }
        if before[0] == "project" { return project(before) }
        if before[1] == "run" {
            if before.contains("--set"), before.count > 2 { return JobAccess.keys(of: before[2]).map { $0 + "=" } }
            return JobAccess.typeLabels.map { $0.replacingOccurrences(of: "relion.", with: "") } + jobs.filter { $0.status == .scheduled }.map(\.name)
        }
        return names(jobs)
    }

    private func project(_ before: [String]) -> [String] {
        switch before[1] {
        case "template": QueueTemplate.shippedNames
        case "history": before.last == "--format" ? ["text", "json", "methods"] : names(jobs)
        case "graph": names(jobs)
        case "deposit": before.last == "--job" ? names(jobs.filter { $0.isOf(type: "relion.postprocess") }) : ["--job", "--output", "--empiar"]
        default: []
        }
    }

    // MARK: Schemes

    /// - Parameter before: the words behind `scheme`.
    private func scheme(_ before: [String], _ last: String) -> [String] {
        let commands = SchemeCommand.configuration.subcommands
        guard let verb = before.first else { return commands.map { $0._commandName } }
        guard let command = commands.first(where: { $0._commandName == verb }) else { return [] }
        if last.hasPrefix("-") { return flags(of: command) }
        if before.last == "--from" { return schemeNamed(before).map { $0.operators.map(\.name) + $0.jobs.map(\.name) } ?? [] }
        switch (verb, before.count) {
        case ("install", 1): return SchemeTemplate.all.map(\.name)
        case ("list", _), ("operators", _), ("install", _): return []
        case (_, 1): return SchemeFolder.names(in: shownProject)
        case ("set", _): return schemeNamed(before).map { $0.variables.map { $0.name + "=" } } ?? []
        case ("answer", 2): return ["yes", "no"]
        default: return []
        }
    }

    private func schemeNamed(_ before: [String]) -> Scheme? {
        before.count > 1 ? try? SchemeFolder(project: shownProject, name: before[1]).load() : nil
    }

    /// Options files are the shell's business.
    private func onTheFly(_ before: [String], _ last: String) -> [String] {
        if before.last == "--only" { return SchemeTemplate.all.map(\.name) }
        return last.hasPrefix("-") ? flags(of: OnTheFlyCommand.self) : []
    }

    /// As the command's help lists them.
    private func flags(of command: any ParsableCommand.Type) -> [String] {
        command.helpMessage(columns: 120).split(separator: "\n").compactMap { line in
            line.firstMatch(of: /^ +(?:-\w, )?(--[\w-]+)/).map { String($0.output.1) }
        }
    }

    private func names(_ jobs: [PipelineProcess]) -> [String] { jobs.flatMap { [$0.name] + ($0.alias.map { [$0] } ?? []) } }

    private var jobs: [PipelineProcess] { (try? shownProject.graph().processes) ?? [] }

    package static func script(_ shell: String) -> String? {
        switch shell {
        case "bash": bash
        case "zsh": "autoload -U +X bashcompinit && bashcompinit\n" + bash
        default: nil
        }
    }

    /// Aliased folders and files come from the shell itself where nothing else fits.
    private static let bash = """
        _relion_complete() {
            local IFS=$'\\n'
            COMPREPLY=( $(relion --complete "${COMP_WORDS[@]:0:COMP_CWORD}" "${COMP_WORDS[COMP_CWORD]}" 2>/dev/null) )
            case "${COMPREPLY[0]}" in *=) compopt -o nospace 2>/dev/null ;; esac
        }
        complete -o default -F _relion_complete relion
        for _relion_program in relion_it $(relion --programs); do complete -o default -F _relion_complete "$_relion_program"; done
        unset _relion_program
        """
}
