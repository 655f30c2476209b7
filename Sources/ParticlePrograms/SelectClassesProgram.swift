import ArgumentParser
import Foundation
import Metadata
import ProgramKit
import Reporting

/// Particles of classes chosen by number, by marks or by criteria: the Select job's interactive part for scripts, also
/// `relion select classes`. New in this suite.
struct SelectClassesProgram: RelionProgram {
    static let programName = "relion_select_classes"
    static let summary = "Select classes by number, by a list of marks or by criteria, and write their particles and averages."

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Model of a classification (run_it025_model.star).")
        var model = ""
        @Option(name: .customLong("opt"), parsing: .unconditional, help: "Optimiser of a classification, which names model and particles; instead of --i and --data.")
        var optimiser = ""
        @Option(name: .customLong("data"), parsing: .unconditional, help: "Its particles; the default is the _data.star beside the model.")
        var data = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output file with the particles kept; a folder (with / at its end) gets particles.star, class_averages.star and backup_selection.star, as the Select job has them.")
        var output = "particles_selected.star"
    }

    struct CriterionOptions: ParsableArguments {
        @Option(name: .customLong("max_resolution"), parsing: .unconditional, help: "Keep classes whose estimated resolution is at least this good (in Angstroms); 0: any.")
        var resolution = 0.0
        @Option(name: .customLong("resolution_ratio"), parsing: .unconditional, help: "Keep classes whose estimated resolution in Angstroms is at most this many times that of the best; 0: any.")
        var ratio = 1.6
        @Option(name: .customLong("min_fraction"), parsing: .unconditional, help: "Keep classes with at least this fraction of the particles of an average class.")
        var fraction = 0.25
        @Option(name: .customLong("classes"), parsing: .unconditional, help: "Keep these classes, numbers with commas between, whatever they are like.")
        var classes = ""
        @Option(name: .customLong("select"), parsing: .unconditional, help: "Keep the classes that this backup_selection.star marks, whatever they are like.")
        var marks = ""
        @Option(name: .customLong("random_subset"), parsing: .unconditional, help: "Keep only so many particles, evenly taken; 0: all.")
        var subset = 0
    }

    struct OutputOptions: ParsableArguments {
        @Flag(name: .customLong("recenter"), help: "Move the selected averages so that the centre of their density is in the middle (into a folder only).")
        var recentres = false
        @Option(name: .customLong("regroup"), parsing: .unconditional, help: "Put the particles into about so many groups of similar scale; negative: leave their groups.")
        var groupCount = -1
    }

    @OptionGroup(title: "Input and output") var io: InputOptions
    @OptionGroup(title: "Criteria") var criteria: CriterionOptions
    @OptionGroup(title: "Changes") var changes: OutputOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    private var writesFolder: Bool { io.output.hasSuffix("/") }

    private func checkOptions() throws {
        var check = InputCheck()
        check.require(criteria.resolution >= 0, "--max_resolution", found: "\(criteria.resolution)", expected: "0 or more")
        check.require(criteria.ratio == 0 || criteria.ratio >= 1, "--resolution_ratio", found: "\(criteria.ratio)", expected: "0, or 1 or more")
        check.require(criteria.fraction >= 0, "--min_fraction", found: "\(criteria.fraction)", expected: "0 or more")
        check.require(criteria.subset >= 0, "--random_subset", found: "\(criteria.subset)", expected: "0 or more")
        check.require(criteria.classes.isEmpty || criteria.marks.isEmpty, "--select", found: "is given together with --classes", expected: "one of them")
        check.require(io.model.isEmpty != io.optimiser.isEmpty, "--i", found: io.model.isEmpty ? "is not given" : "is given together with --opt",
                      expected: "a model of a classification, or --opt with its optimiser")
        check.require(!changes.recentres || writesFolder, "--recenter", found: "--o \(io.output) is a file", expected: "a folder for the averages, with / at its end")
        check.output(writesFolder ? io.output + "particles.star" : io.output, option: "--o")
        try check.finish()
    }

    func run(in context: ProgramContext) throws {
        try checkOptions()
        let files = try ClassificationFiles(optimiser: io.optimiser, model: io.model, data: io.data)
        let kept = try keptClasses(files, context.reporter)
        let selected = SelectedClasses(model: files.model, indices: kept, scores: nil)
        let all = try ParticleTable(contentsOf: files.dataFile)
        var particles = try selected.particles(of: all)
        if criteria.subset > 0, criteria.subset < particles.count {
            let count = particles.count
            particles = particles.selecting(rows: (0..<criteria.subset).map { $0 * count / criteria.subset })
        }
        guard particles.count > 0 else {
            throw InputError(place: files.modelFile, found: "no particle is in a class that meets the criteria",
                             remedy: "Give --classes, or raise --resolution_ratio")
        }
        let groupCount = changes.groupCount > 0 ? try selected.regroup(&particles, count: changes.groupCount) : nil
        if context.isDryRun { return }
        try particles.write(to: writesFolder ? io.output + "particles.star" : io.output)
        if writesFolder {
            try selected.writeAverages(to: io.output + "class_averages.star", recentres: changes.recentres)
            try selected.writeMarks(to: io.output + "backup_selection.star")
        }
        if let groupCount { context.reporter.info("Particles are in \(groupCount) groups.") }
        context.reporter.info("Kept \(particles.count) of \(all.count) particles, of classes \(kept.map { String($0 + 1) }.joined(separator: ", "))")
    }

    /// Indices of classes, from 0, in order.
    private func keptClasses(_ files: ClassificationFiles, _ reporter: Reporter) throws -> [Int] {
        let classes = files.model.classes
        if let list = criteria.classes.ifGiven {
            let numbers = list.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard !numbers.contains(where: { $0.map { !classes.indices.contains($0 - 1) } ?? true }) else {
                throw InputError(place: "--classes", found: "\"\(list)\"", expected: "numbers from 1 to \(classes.count) with commas between, such as 1,4,7")
            }
            return Set(numbers.compactMap { $0 }).map { $0 - 1 }.sorted()
        }
        if let marks = criteria.marks.ifGiven { return try SelectedClasses.readMarks(marks, classCount: classes.count) }
        let average = 1 / Double(max(1, classes.count))
        let populated = classes.indices.filter { classes[$0].distribution >= criteria.fraction * average && classes[$0].estimatedResolution > 0 }
        guard let best = populated.map({ classes[$0].estimatedResolution }).min() else { return [] }
        let limit = min(criteria.resolution > 0 ? criteria.resolution : .infinity, criteria.ratio > 0 ? criteria.ratio * best : .infinity)
        reporter.info(String(format: "Best class: %.1f A; kept to %.1f A", best, limit))
        return populated.filter { classes[$0].estimatedResolution <= limit }
    }
}
