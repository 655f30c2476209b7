import ArgumentParser
import Foundation
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Shows a file in the browser, or with `--allow_save` does what the Select job does with marks that were set elsewhere: writes the
/// selected images and their particles.
struct DisplayProgram: RelionProgram {
    static let programName = "relion_display"
    static let summary = "Show images, maps and tables in the browser, or write the classes, particles or micrographs that are marked as selected."

    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Optimiser or model of a classification, or a file of particles or micrographs.")
        var input: String
        @Flag(name: .customLong("gui"), help: "Accepted from the Select job: the page in the browser has the settings.")
        var isFromJob = false
        @Flag(name: .customLong("allow_save"), help: "Write selections instead of showing images.")
        var saves = false
        @Option(name: .customLong("fn_parts"), parsing: .unconditional, help: "File for the particles of selected classes.")
        var particles = ""
        @Option(name: .customLong("fn_imgs"), parsing: .unconditional, help: "File for the selected class averages, particles or micrographs.")
        var images = ""
        @Option(name: .customLong("select"), parsing: .unconditional,
                help: "File of marks, 0 or 1 for each class or row; the default is backup_selection.star in the folder of the outputs. New in this suite.")
        var marks = ""
        @Flag(name: .customLong("recenter"), help: "Move the selected averages so that the centre of their density is in the middle.")
        var recentres = false
        @Option(name: .customLong("regroup"), parsing: .unconditional, help: "Put the particles into about so many groups of similar scale; negative: leave their groups.")
        var groupCount = -1
    }

    @OptionGroup(title: "General options") var options: GeneralOptions
    @OptionGroup(title: "Viewer options") var viewer: ViewerOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    private var marksFile: String {
        options.marks.ifGiven ?? PathName(options.images.ifGiven ?? options.particles).sibling("backup_selection.star")
    }

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        guard options.saves else { return try show(context) }
        check.require(!options.images.isEmpty || !options.particles.isEmpty, "--fn_imgs", found: "is not given", expected: "this or --fn_parts")
        for (option, path) in [("--fn_imgs", options.images), ("--fn_parts", options.particles)] where !path.isEmpty {
            check.output(path, option: option)
        }
        if !check.hasProblems, !FileManager.default.fileExists(atPath: marksFile) {
            check.add(marksFile, found: "there is no such file", expected: "a mark (_rlnSelected, 0 or 1) for each class or row",
                      remedy: "Mark images in relion gui, run relion select classes --opt \(options.input) --classes 1,4,7 --o FOLDER/, or let relion_class_ranker select")
        }
        try check.finish()
        let document = try StarDocument(contentsOf: options.input)
        let isOptimiser = document.contains("optimiser_general")
        if isOptimiser || document.contains("model_classes") {
            try writeClasses(ClassificationFiles(optimiser: isOptimiser ? options.input : "", model: isOptimiser ? "" : options.input), context)
        } else {
            try writeRows(context)
        }
    }

    /// Ends in the server, which takes this program's place.
    private func show(_ context: ProgramContext) throws {
        let address = try ViewerAddress(input: options.input, options: viewer)
        context.reporter.info("Page: \(address.fragment)")
        if !context.isDryRun { try address.open() }
    }

    private func writeClasses(_ files: ClassificationFiles, _ context: ProgramContext) throws {
        let marked = try SelectedClasses.readMarks(marksFile, classCount: files.model.classes.count)
        guard !marked.isEmpty else { throw InputError(place: marksFile, found: "no class is marked", expected: "at least one") }
        let selected = SelectedClasses(model: files.model, indices: marked, scores: nil)
        var particles = try selected.particles(of: ParticleTable(contentsOf: files.dataFile))
        if options.groupCount > 0 {
            let count = try selected.regroup(&particles, count: options.groupCount)
            context.reporter.info("Particles are in \(count) groups.")
        }
        if context.isDryRun { return }
        if let path = options.images.ifGiven {
            try selected.writeAverages(to: path, recentres: options.recentres)
            context.reporter.info("Written: \(path), \(marked.count) classes")
        }
        if let path = options.particles.ifGiven {
            try particles.write(to: path)
            context.reporter.info("Written: \(path), \(particles.count) particles")
        }
    }

    private func writeRows(_ context: ProgramContext) throws {
        let table = try ParticleTable(contentsOf: options.input, content: nil)
        let marked = try SelectedClasses.readMarks(marksFile, classCount: table.count)
        guard !marked.isEmpty else { throw InputError(place: marksFile, found: "no row is marked", expected: "at least one") }
        let path = options.images.ifGiven ?? options.particles
        guard !context.isDryRun else { return }
        try table.selecting(rows: marked).write(to: path)
        context.reporter.info("Written: \(path), \(marked.count) of \(table.count) \(table.content.rawValue)")
    }
}
