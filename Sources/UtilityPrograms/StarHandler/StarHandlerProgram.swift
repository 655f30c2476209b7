import ArgumentParser
import Foundation
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Work on the rows and columns of STAR files; without an operation the file is read and written as it is.
struct StarHandlerProgram: RelionProgram {
    static let programName = "relion_star_handler"
    static let summary = "Select, join, split, compare and change the rows and columns of STAR files."

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Compare options") var comparison: CompareOptions
    @OptionGroup(title: "Select options") var selection: SelectOptions
    @OptionGroup(title: "Discard based on image statistics options") var discarding: DiscardOptions
    @OptionGroup(title: "Combine options") var combining: CombineOptions
    @OptionGroup(title: "Split options") var splitting: SplitOptions
    @OptionGroup(title: "Operate options") var operating: OperateOptions
    @OptionGroup(title: "Center options") var centering: CenterOptions
    @OptionGroup(title: "Column options") var columns: ColumnOptions
    @OptionGroup(title: "Duplicate removal") var duplicates: DuplicateOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    private typealias Operation = (option: String, isWanted: Bool, run: (ProgramContext) throws -> Void)

    private var operations: [Operation] {
        [
            ("--compare", !comparison.file.isEmpty, compare),
            ("--select", !selection.label.isEmpty, select),
            ("--select_by_str", !selection.textLabel.isEmpty, selectByText),
            ("--discard_on_stats", discarding.isWanted, discard),
            ("--combine", combining.isWanted, combine),
            ("--combine_picks", combining.picks, combinePicks),
            ("--split", splitting.isWanted, split),
            ("--operate", !operating.label.isEmpty, operate),
            ("--center", centering.isWanted, center),
            ("--remove_column", !columns.removed.isEmpty, removeColumn),
            ("--add_column", !columns.added.isEmpty, addColumn),
            ("--hist_column", !columns.histogram.isEmpty, showHistogram),
            ("--remove_duplicates", duplicates.distance > 0, removeDuplicates),
        ]
    }

    func run(in context: ProgramContext) throws {
        let wanted = operations.filter(\.isWanted)
        var check = InputCheck()
        check.require(!general.output.isEmpty, "--o", found: "an empty name", expected: "the file to write")
        check.require(
            wanted.count <= 1, wanted.map(\.option).joined(separator: " "), found: "are given together", expected: "one of them",
            remedy: "Run the program once for each")
        try check.finish()
        if let operation = wanted.first {
            try operation.run(context)
        } else {
            try write(readInput(context), to: general.output, context)
        }
        context.reporter.info(" Done!")
    }

    // MARK: Files

    func readInput(_ context: ProgramContext) throws -> HandledTable { try read(general.input, context) }

    func read(_ path: String, _ context: ProgramContext) throws -> HandledTable {
        try HandledTable(
            contentsOf: path, ignoringOptics: general.ignoreOptics, tableName: general.tableName, reporter: context.reporter)
    }

    func write(_ table: HandledTable, to path: String, _ context: ProgramContext) throws {
        try write(table.document, rows: table.rows.rowCount, to: path, context)
    }

    func write(_ document: StarDocument, rows: Int, to path: String, _ context: ProgramContext) throws {
        if context.isDryRun {
            context.reporter.info(" Would write: \(path) with \(rows) item(s)")
        } else {
            try document.write(to: path)
            context.reporter.info(" Written: \(path) with \(rows) item(s)")
        }
    }

    /// `out.star` and `_split1` → `out_split1.star`.
    static func name(_ path: String, inserting text: String) -> String {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let file = path[folder.endIndex...]
        guard let dot = file.lastIndex(of: ".") else { return path + text }
        return folder + file[..<dot] + text + file[dot...]
    }

    /// The path without its extension.
    static func root(of path: String) -> String {
        let file = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        return path[file...].lastIndex(of: ".").map { String(path[..<$0]) } ?? path
    }

    /// - Throws: when the table lacks the column.
    func require(_ label: String, of option: String, in table: HandledTable) throws {
        guard !table.rows.contains(label) else { return }
        throw InputError(
            place: table.rows.place, found: "there is no column _\(label)", expected: "the column that \(option) names",
            remedy: "Its columns are \(table.rows.labels.joined(separator: ", "))")
    }
}
