import ArgumentParser
import Foundation
import ProgramKit
import Reporting
import StarFormat

/// Particles of good classes, chosen by numbers instead of by eye: for scripts. New in this suite.
struct SelectClassesProgram: RelionProgram {
    static let programName = "relion_select_classes"
    static let summary = "Keep the particles of classes that are well resolved and well populated."

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Model of a classification (run_it025_model.star).")
        var model = ""
        @Option(name: .customLong("data"), parsing: .unconditional, help: "Its particles; the default is the _data.star beside the model.")
        var data = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output file with the particles kept.")
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
        @Option(name: .customLong("random_subset"), parsing: .unconditional, help: "Keep only so many particles, evenly taken; 0: all.")
        var subset = 0
    }

    @OptionGroup(title: "Input and output") var io: InputOptions
    @OptionGroup(title: "Criteria") var criteria: CriterionOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    private var dataName: String {
        if let name = io.data.ifGiven { return name }
        let ending = "_model.star"
        return (io.model.hasSuffix(ending) ? String(io.model.dropLast(ending.count)) : io.model) + "_data.star"
    }

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.require(criteria.resolution >= 0, "--max_resolution", found: "\(criteria.resolution)", expected: "0 or more")
        check.require(criteria.ratio == 0 || criteria.ratio >= 1, "--resolution_ratio", found: "\(criteria.ratio)", expected: "0, or 1 or more")
        check.require(criteria.fraction >= 0, "--min_fraction", found: "\(criteria.fraction)", expected: "0 or more")
        check.require(criteria.subset >= 0, "--random_subset", found: "\(criteria.subset)", expected: "0 or more")
        check.output(io.output, option: "--o")
        check.require(!io.model.isEmpty, "--i", found: "is not given", expected: "a model of a classification")
        try check.finish()
        let kept = check.attempt { try keptClasses(context.reporter) }
        let document = check.attempt { try StarDocument(contentsOf: dataName) }
        try check.finish()
        guard var document, let kept, !context.isDryRun else { return }

        let particles = try document.table("particles")
        let classes = try particles.ints("rlnClassNumber")
        var rows = classes.indices.filter { kept.contains(classes[$0]) }
        if criteria.subset > 0, criteria.subset < rows.count {
            rows = (0..<criteria.subset).map { rows[$0 * rows.count / criteria.subset] }
        }
        guard !rows.isEmpty else {
            throw InputError(place: io.model, found: "no class meets the criteria", remedy: "Give --classes, or raise --resolution_ratio")
        }
        document.set(particles.selecting(rows: rows))
        try document.write(to: io.output)
        context.reporter.info("Kept \(rows.count) of \(classes.count) particles, of classes \(kept.sorted().map(String.init).joined(separator: ", "))")
    }

    private func keptClasses(_ reporter: Reporter) throws -> Set<Int> {
        if let list = criteria.classes.ifGiven {
            let numbers = list.split(separator: ",").map { Int($0) }
            guard !numbers.contains(nil) else {
                throw InputError(place: "--classes", found: "\"\(list)\"", expected: "numbers with commas between, such as 1,4,7")
            }
            return Set(numbers.compactMap { $0 })
        }
        let table = try StarDocument(contentsOf: io.model).table("model_classes")
        let fractions = try table.doubles("rlnClassDistribution")
        let resolutions = try table.doubles("rlnEstimatedResolution")
        let average = 1 / Double(max(1, fractions.count))
        let populated = fractions.indices.filter { fractions[$0] >= criteria.fraction * average && resolutions[$0] > 0 }
        guard let best = populated.map({ resolutions[$0] }).min() else { return [] }
        let limit = min(criteria.resolution > 0 ? criteria.resolution : .infinity, criteria.ratio > 0 ? criteria.ratio * best : .infinity)
        let kept = populated.filter { resolutions[$0] <= limit }
        reporter.info(String(format: "Best class: %.1f A; kept to %.1f A", best, limit))
        return Set(kept.map { $0 + 1 })
    }
}
