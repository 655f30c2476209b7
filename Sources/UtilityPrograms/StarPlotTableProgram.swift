import ArgumentParser
import Plotting
import ProgramKit
import Reporting
import StarFormat

/// Plots one column of a STAR file against another one.
struct StarPlotTableProgram: RelionProgram {
    static let programName = "relion_star_plottable"
    static let summary = "Plot a column of a STAR file, against another one or the row number."

    @Argument(help: "STAR file.") var file: String
    @Argument(help: "Name of the table, with or without data_ before it.") var table: String
    @Argument(help: "Column on the vertical axis.") var yLabel: String
    @Argument(help: "Column on the horizontal axis; none: the row number.") var xLabel: String?
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let columns = try PrintedColumns(file: file, table: table, labels: [xLabel, yLabel].compactMap { $0 })
        let y = try columns.table.doubles(columns.labels[columns.labels.count - 1])
        let x = xLabel == nil ? y.indices.map(Double.init) : try columns.table.doubles(columns.labels[0])
        guard !y.isEmpty else {
            throw InputError(place: columns.table.place, found: "the table has no rows", expected: "some, for a plot")
        }
        let root = "\(file)-\(table)-\(yLabel)"
        if context.isDryRun {
            context.reporter.info("Would write \(root).dat and \(root).pdf")
            return
        }
        let data = try AtomicFile(path: root + ".dat")
        var failure: (any Error)?
        columns.forEachBlock { block in
            do { try data.write(block + "\n") } catch { failure = error }
        }
        if let failure { throw failure }
        try data.commit()
        let plot = Plot(title: table, x: Axis(xLabel ?? "index"), y: Axis(yLabel), series: [.line(yLabel, x: x, y: y)])
        try Figure(plot).write(pdf: root + ".pdf")
        context.reporter.info("Written: \(root).dat, \(root).pdf")
    }
}
