import ArgumentParser
import ProgramKit
import Reporting
import StarFormat

/// Prints a table of a STAR file, for scripts and plots.
struct StarPrintTableProgram: RelionProgram {
    static let programName = "relion_star_printtable"
    static let summary = "Print a table of a STAR file, or some of its columns."

    @Argument(help: "STAR file.") var file: String
    @Argument(help: "Name of the table, with or without data_ before it.") var table: String
    @Argument(help: "Columns to print, in this order (rlnDefocusU …); none: all.") var labels: [String] = []
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let columns = try PrintedColumns(file: file, table: table, labels: labels)
        if context.isDryRun { return }
        columns.forEachBlock { context.reporter.answer($0) }
    }
}

/// Columns of a table as text.
struct PrintedColumns {
    let table: StarTable
    let labels: [String]

    /// - Throws: `InputError` for a missing file, table or column.
    init(file: String, table name: String, labels wanted: [String]) throws {
        let document = try StarDocument(contentsOf: file)
        table = try document.table(name.hasPrefix("data_") && !document.contains(name) ? String(name.dropFirst(5)) : name)
        labels = wanted.isEmpty ? table.labels : wanted.map { $0.hasPrefix("_") ? String($0.dropFirst()) : $0 }
        try table.require(labels, remedy: "Its columns are \(table.labels.joined(separator: ", "))")
    }

    /// Lines of a thousand rows at a time, without the last line end.
    func forEachBlock(_ body: (String) -> Void) {
        let blockSize = 1000
        for start in stride(from: 0, to: table.rowCount, by: blockSize) {
            let lines = (start..<min(table.rowCount, start + blockSize)).map { row in
                labels.map { table.quotedString($0, row: row) }.joined(separator: " ")
            }
            body(lines.joined(separator: "\n"))
        }
    }
}
