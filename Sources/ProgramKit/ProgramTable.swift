import ArgumentParser
import Foundation
import Parallel
import Reporting

/// One program as the table knows it: its name, its one-line summary and how to run it.
package struct ProgramEntry: Sendable {
    package let name: String
    package let summary: String
    /// Parses the arguments, runs, and gives the exit status.
    package let run: @Sendable (_ arguments: [String], _ reporter: Reporter) -> Int32
    /// The declared options, for documentation and tests.
    package let options: @Sendable () -> [OptionDescription]
    /// Parses the arguments without running; the error as the user would see it, or nil.
    package let parsingError: @Sendable (_ arguments: [String]) -> String?
    /// The text of `--help`.
    package let help: @Sendable () -> String

    package init<P: RelionProgram>(_ type: P.Type) {
        name = P.programName
        summary = P.summary
        run = { arguments, reporter in ProgramLauncher.launch(P.self, arguments: arguments, reporter: reporter) }
        options = { OptionDescription.all(of: P.self) }
        help = { P.helpMessage() }
        parsingError = { arguments in
            do {
                _ = try P.parseAsRoot(EmptyValues.filled(arguments, for: P.self))
                return nil
            } catch {
                return P.fullMessage(for: error)
            }
        }
    }
}

/// All programs of the executable by name, and the way in.
package struct ProgramTable: Sendable {
    package let programs: [ProgramEntry]

    package init(_ programs: [ProgramEntry]) { self.programs = programs.sorted { $0.name < $1.name } }

    /// Finds a program by the name it was called by (`bin/relion_refine`), with or without the `relion_` prefix; an
    /// `_mpi` twin is the same program.
    package func program(named name: String) -> ProgramEntry? {
        var base = PathName(name).name
        if base.hasSuffix("_mpi") { base.removeLast(4) }
        return programs.first { $0.name == base || $0.name == "relion_" + base }
    }

    /// The program whose name is nearest to a mistyped one; nil when none is near.
    package func suggestion(for name: String) -> ProgramEntry? {
        let ranked = programs.map { entry in
            (entry, min(name.editDistance(to: entry.name), name.editDistance(to: String(entry.name.dropFirst(7)))))
        }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, name.count / 3) else { return nil }
        return best.0
    }
}

extension String {
    /// Levenshtein's number of single-character edits.
    func editDistance(to other: String) -> Int {
        let a = Array(self), b = Array(other)
        var row = Array(0...b.count)
        for i in 0..<a.count {
            var diagonal = row[0]
            row[0] = i + 1
            for j in 0..<b.count {
                let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
