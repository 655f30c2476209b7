import Picking
import Plotting
import ProgramKit
import Reporting
import StarFormat

/// The lists of all picks: which file belongs to which micrograph, how many picks it has and how good they are.
struct AutopickFiles {
    private let plan: AutopickPlan
    private let done: [Int]

    init(_ plan: AutopickPlan, _ done: [Int]) { (self.plan, self.done) = (plan, done) }

    /// The coordinate file of a micrograph; one without picks has the columns all the same.
    static func write(_ picks: [Pick], to path: String) throws {
        var table = StarTable(name: "")
        table.set("rlnCoordinateX", doubles: picks.map(\.x))
        table.set("rlnCoordinateY", doubles: picks.map(\.y))
        table.set("rlnAutopickFigureOfMerit", doubles: picks.map(\.figureOfMerit))
        table.set("rlnClassNumber", ints: picks.map(\.reference))
        table.set("rlnAnglePsi", doubles: picks.map(\.psiInDegrees))
        guard picks.isEmpty else { return try StarDocument(tables: [table]).write(to: path) }
        let columns = table.labels.enumerated().map { "_\($1) #\($0 + 1)\n" }.joined()
        let file = try AtomicFile(path: path)
        try file.write("\n# version \(StarTable.currentVersion)\n\ndata_\n\nloop_\n" + columns + "\n")
        try file.commit()
    }

    private struct Summary {
        var micrographs: [Int] = []
        var counts: [Int] = []
        var meanFigures: [Double] = []
    }

    /// - Parameter leftOut: gets those whose files cannot be read back (written by an earlier run).
    func write(_ leftOut: inout LeftOut, _ context: ProgramContext) throws {
        var summary = Summary()
        for micrograph in done {
            do {
                let figures = try Self.figures(plan.picksPath(micrograph))
                summary.micrographs.append(micrograph)
                summary.counts.append(figures.count)
                summary.meanFigures.append(figures.isEmpty ? 0 : figures.reduce(0, +) / Double(figures.count))
            } catch {
                leftOut.add(plan.names[micrograph], error, context.reporter)
            }
        }
        let names = summary.micrographs.map { plan.names[$0] }
        var list = StarTable(name: "coordinate_files")
        list.set("rlnMicrographName", strings: names)
        list.set("rlnMicrographCoordinates", strings: summary.micrographs.map(plan.picksPath))
        let listPath = path(plan.options.general.pickName + ".star")
        try StarDocument(tables: [list]).write(to: listPath)
        var table = StarTable(name: "")
        table.set("rlnMicrographName", strings: names)
        table.set("rlnAutopickFigureOfMerit", doubles: summary.meanFigures)
        table.set("rlnGroupNrParticles", ints: summary.counts)
        try StarDocument(tables: [table]).write(to: path("summary.star"))
        try figure(summary).write(pdf: path("logfile.pdf"))
        let total = summary.counts.reduce(0, +)
        context.reporter.info("\(total) particles in \(summary.counts.count) micrographs; written: \(listPath)")
        let empty = summary.counts.filter { $0 == 0 }.count
        if empty > 0 { context.reporter.warning("nothing was picked in \(empty) micrograph\(empty == 1 ? "" : "s")") }
    }

    private func path(_ name: String) -> String { PathName.joined(plan.options.general.folder, name) }

    private static func figures(_ path: String) throws -> [Double] {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnAutopickFigureOfMerit") }) else {
            throw InputError(
                place: path, found: "no table has a column _rlnAutopickFigureOfMerit", expected: "picks of this program",
                remedy: "Remove the file, so that the micrograph is done again")
        }
        return try table.doubles("rlnAutopickFigureOfMerit")
    }

    // MARK: Plots

    private func figure(_ summary: Summary) -> Figure {
        let numbers = summary.micrographs.map { Double($0 + 1) }
        let counts = summary.counts.map(Double.init), figures = summary.meanFigures
        func perMicrograph(_ title: String, _ label: String, _ values: [Double]) -> Page {
            Page(Plot(title: title, x: Axis("Micrograph"), y: Axis(label), series: [.scatter(x: numbers, y: values)]))
        }
        var pages = [perMicrograph("Picked particles", "Particles", counts)]
        if counts.count > 3 { pages.append(Page(.histogram(title: "Particles in a micrograph", label: "Particles", values: counts))) }
        pages.append(perMicrograph("Mean figure of merit of the picks", "Figure of merit", figures))
        if counts.count > 3 {
            pages.append(Page(.histogram(title: "Mean figure of merit in a micrograph", label: "Figure of merit", values: figures)))
        }
        return Figure(pages: pages)
    }
}
