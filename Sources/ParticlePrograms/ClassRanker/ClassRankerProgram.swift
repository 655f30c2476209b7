import ArgumentParser
import Arrays
import Foundation
import ImageFormats
import Imaging
import Metadata
import ProgramKit
import Reporting
import Selection
import StarFormat

/// Scores the classes of a 2D classification and selects the good ones. The score is a regression on measured features, not
/// RELION's network.
struct ClassRankerProgram: RelionProgram {
    static let programName = "relion_class_ranker"
    static let summary = "Score 2D classes from 0 to 1 and select the good ones."

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Network training options (only used in development!)") var training: TrainingOptions
    @OptionGroup(title: "Extract subimage for deep convolutional neural network analysis") var subimages: SubimageOptions
    @OptionGroup(title: "Expert options") var expert: ExpertOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    /// Averages of so few particles are not scored, as in RELION.
    static let smallestClass = 10

    func run(in context: ProgramContext) throws {
        if expert.verbosity == 0 { context.reporter.setVerbosity(.silent) }
        try checkOptions()
        let input = try RankerInput(
            optimiserFile: general.optimiser, onlyClass: training.onlyClass > 0 ? training.onlyClass : nil, smallestClass: Self.smallestClass,
            accuraciesFile: training.skipsAccuracies ? training.features : nil)
        context.reporter.info("\(input.averages.count) of \(input.model.classes.count) classes have more than \(Self.smallestClass) particles.")
        context.reporter.info("The score is a regression on features of the averages, fitted to simulated classes; it is not that of RELION's network.")
        if context.isDryRun { return }
        let measurement = FeatureMeasurement(settings: settings, facts: input.facts)
        let features = context.pool.map(count: input.averages.count) { index, _ in measurement.features(of: input.averages[index]) }
        if training.savesMasks || training.savesOutlines { try writeRegions(input, measurement) }
        let scores = features.map { ClassScoreModel.fitted.score($0.terms) }
        if training.onlyFeatures {
            try writeFeatures(input, features, scores, context)
        } else {
            try rank(input, features, scores, context)
        }
    }

    private func checkOptions() throws {
        var check = InputCheck()
        check.require(!general.optimiser.isEmpty, "--opt", found: "is not given", expected: "the optimiser of a 2D classification")
        check.refuse("--extract_subimages", given: subimages.extracts, remedy: "It prepares input of RELION's network, which is not part of this suite")
        check.refuse("--only_do_subimages", given: subimages.only, remedy: "It prepares input of RELION's network, which is not part of this suite")
        check.refuse("--fn_score", given: training.jobScore != "job_score.txt", remedy: "Scores of whole jobs serve to train RELION's network only")
        check.require(!training.skipsAccuracies || !training.features.isEmpty, "--skip_angular_errors", found: "there is no --cf_file",
                      expected: "the features of an earlier run, whose accuracies are taken")
        check.require(expert.smoothing > 0, "--lowpass", found: "\(expert.smoothing)", expected: "a resolution in Å above 0")
        check.require(expert.ringStart > 0 && expert.ringStart < 1, "--radius_ratio", found: "\(expert.ringStart)", expected: "between 0 and 1")
        check.require(expert.ringStartInPixels <= 0 || expert.ringStartInPixels >= 1, "--radius", found: "\(expert.ringStartInPixels)",
                      expected: "1 pixel or more", remedy: "Fractions of the radius are for --radius_ratio")
        check.require(general.minimum <= general.maximum, "--min_score", found: "\(general.minimum)", expected: "not above --max_score")
        check.output(file(general.root + "_optimiser.star"), option: "--o")
        try check.finish()
    }

    private var settings: FeatureSettings {
        var settings = FeatureSettings()
        settings.smoothingInAngstrom = expert.smoothing
        settings.threshold = expert.threshold != 0 ? expert.threshold : nil
        settings.ringStart = expert.ringStart
        settings.ringStartInPixels = expert.ringStartInPixels > 0 ? expert.ringStartInPixels : nil
        settings.measuresGranularity = training.measuresGranularity
        return settings
    }

    func file(_ name: String) -> String { PathName.joined(general.output, name) }

    // MARK: Ranking

    private func rank(_ input: RankerInput, _ features: [ClassFeatures], _ scores: [Double], _ context: ProgramContext) throws {
        let classCount = input.model.classes.count
        var scoreOfClass = [Double?](repeating: nil, count: classCount)
        for (average, score) in zip(input.averages, scores) { scoreOfClass[average.number - 1] = score }
        var selection = ScoreSelection()
        (selection.minimum, selection.maximum, selection.isRelative) = (general.minimum, general.maximum, general.isRelative)
        (selection.smallestParticleCount, selection.smallestClassCount) = (general.smallestParticleCount, general.smallestClassCount)
        let chosen = general.selects ? selection.classes(scores: scoreOfClass, particleCounts: input.particleCounts) : []
        printRanking(input, features, scoreOfClass, Set(chosen), context)

        let selected = SelectedClasses(model: input.model, indices: chosen, scores: scoreOfClass)
        let all = try ParticleTable(contentsOf: input.optimiser.dataFile)
        var particles: ParticleTable?
        if general.selects {
            let kept = try selected.particles(of: all)
            guard kept.count > 0 else {
                throw InputError(place: general.optimiser, found: "no class has a score in the range", expected: "at least one",
                                 remedy: "Lower --min_score, or give --select_min_nr_classes")
            }
            particles = kept
        }
        try writeModel(input, scoreOfClass)
        try all.write(to: file(general.root + "_data.star"))
        var optimiser = input.optimiser
        (optimiser.modelFile, optimiser.dataFile) = (file(general.root + "_model.star"), file(general.root + "_data.star"))
        try optimiser.write(to: file(general.root + "_optimiser.star"))
        try selected.writeMarks(to: file("backup_selection.star"))
        context.reporter.info("Scores of all classes: \(file(general.root + "_optimiser.star")) and \(file(general.root + "_model.star"))")
        guard let particles else { return }
        try particles.write(to: file(general.particles))
        try selected.writeAverages(to: file(general.averages))
        context.reporter.info("\(particles.count) of \(all.count) particles: \(file(general.particles))")
        context.reporter.info("\(chosen.count) classes: \(file(general.averages))")
    }

    private func printRanking(
        _ input: RankerInput, _ features: [ClassFeatures], _ scores: [Double?], _ chosen: Set<Int>, _ context: ProgramContext
    ) {
        context.reporter.info("  class  score  particles  resolution  selected")
        let order = input.averages.indices.sorted { (scores[input.averages[$0].number - 1] ?? 0) > (scores[input.averages[$1].number - 1] ?? 0) }
        for index in order {
            let average = input.averages[index]
            context.reporter.info(String(format: "  %5d  %5.3f  %9d  %7.1f Å  ", average.number, scores[average.number - 1] ?? 0,
                                         average.particleCount, features[index].resolution) + (chosen.contains(average.number - 1) ? "  yes" : "   no"))
            if expert.debug > 0 {
                let terms = zip(ScoreTerm.allCases, features[index].terms).map { String(format: "%@ %.3f", $0.rawValue, $1) }
                context.reporter.info("         " + terms.joined(separator: ", "))
            }
        }
    }

    /// The model file has the table of the classes only, as RELION's.
    private func writeModel(_ input: RankerInput, _ scores: [Double?]) throws {
        let classes = input.model.classes, unscored = -999.0
        var table = StarTable(name: "model_classes")
        table.set("rlnReferenceImage", strings: classes.map(\.referenceImage))
        table.set("rlnClassScore", doubles: scores.map { $0 ?? unscored })
        table.set("rlnClassDistribution", doubles: classes.map(\.distribution))
        table.set("rlnAccuracyRotations", doubles: classes.map(\.rotationAccuracy))
        table.set("rlnAccuracyTranslationsAngst", doubles: classes.map(\.translationAccuracy))
        table.set("rlnEstimatedResolution", doubles: classes.map(\.estimatedResolution))
        table.set("rlnOverallFourierCompleteness", doubles: classes.map(\.overallFourierCompleteness))
        table.set("rlnClassPriorOffsetX", doubles: classes.map(\.offsetPrior.x))
        table.set("rlnClassPriorOffsetY", doubles: classes.map(\.offsetPrior.y))
        try StarDocument(tables: [table]).write(to: file(general.root + "_model.star"))
    }

    private func writeRegions(_ input: RankerInput, _ measurement: FeatureMeasurement) throws {
        for average in input.averages {
            let regions = measurement.regions(of: average)
            func write(_ image: RealArray, _ ending: String) throws {
                try ImageFile.write(image, to: file("\(training.maskFolder)/class\(average.number)_\(ending).mrc"), pixelSizeInAngstrom: regions.pixelSizeInAngstrom)
            }
            if training.savesMasks {
                try write(regions.image, "original")
                try write(regions.smoothed, "lowpassfiltered")
                try write(regions.density, "p_mask")
                try write(regions.solvent, "s_mask")
            }
            if training.savesOutlines { try write(regions.outline, "p_mask_c") }
        }
    }
}
