import Foundation
import Parallel
import Randomness
import Selection

/// `class-score-calibration [--jobs N] [--table]`: fits the score of `relion_class_ranker` to simulated classes.
///
/// Classifications of many molecules are simulated class by class; two thirds of them are fitted, the rest tell how well the
/// score works on classes it has not seen. With `--table` the fitted numbers are printed as the Swift source of
/// `ClassScoreModel.fitted`. The same arguments give the same numbers.
@main
struct Main {
    static func main() throws {
        let arguments = CommandLine.arguments
        var jobCount = 90
        if let index = arguments.firstIndex(of: "--jobs"), index + 1 < arguments.count, let number = Int(arguments[index + 1]) {
            jobCount = max(6, number)
        }
        let pool = ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount)
        let molecules = try Molecules.make(count: max(6, jobCount / 2), seed: 7, pool: pool)
        let jobs = pool.map(count: jobCount) { index, _ in simulate(molecules[index % molecules.count], index: index) }
        let isHeldOut = { (index: Int) in (index % molecules.count) % 3 == 2 }
        let training = jobs.indices.filter { !isHeldOut($0) }.flatMap { jobs[$0] }
        let held = jobs.indices.filter(isHeldOut).flatMap { jobs[$0] }
        guard let model = ClassScoreModel(fitting: training.map(\.terms), to: training.map(\.target), ridge: 10) else { return }
        if arguments.contains("--table") { return printTable(model) }
        report("fitted", training, model)
        report("held out", held, model)
        for kind in ClassKind.allCases {
            let scores = held.filter { $0.kind == kind }.map { model.score($0.terms) }
            print(String(format: "  %-12@ %4d classes, mean score %.2f, above 0.5: %.0f %%", "\(kind)" as NSString, scores.count,
                         scores.reduce(0, +) / Double(max(1, scores.count)),
                         100 * Double(scores.count { $0 >= 0.5 }) / Double(max(1, scores.count))))
        }
        for (index, term) in ScoreTerm.allCases.enumerated() {
            let alone = RankingQuality.areaUnderCurve(scores: held.map { $0.terms[index] }, isGood: held.map { $0.target >= 0.5 }) ?? 0
            print(String(format: "  %-22@ mean %7.3f sd %6.3f weight %6.2f, alone %.3f", term.rawValue as NSString,
                         model.means[index], model.deviations[index], model.weights[index], alone))
        }
    }

    struct Example: Sendable {
        var kind: ClassKind
        var terms: [Double]
        var target: Double
    }

    /// Classes of one classification; about 40 of them are measured, as many good as bad.
    private static func simulate(_ molecule: Molecules.Molecule, index: Int) -> [Example] {
        var random = CounterGenerator(seed: 11, stream: index)
        let maker = ClassMaker(job: SimulatedJob(molecule, random: &random))
        let bad = ClassKind.allCases.filter { $0 != .view }
        let classes = (0..<40).map { number in
            maker.make(number % 2 == 0 ? .view : bad[(number / 2) % bad.count], number: number + 1, random: &random)
        }
        let facts = ClassificationFacts(
            distributions: classes.map(\.average.distribution), resolutionsInAngstrom: classes.map(\.average.resolutionInAngstrom),
            classCount: maker.job.classCount)
        let measurement = FeatureMeasurement(facts: facts)
        return classes.map { Example(kind: $0.kind, terms: measurement.features(of: $0.average).terms, target: $0.target) }
    }

    private static func report(_ name: String, _ examples: [Example], _ model: ClassScoreModel) {
        let scores = examples.map { model.score($0.terms) }, isGood = examples.map { $0.target >= 0.5 }
        let area = RankingQuality.areaUnderCurve(scores: scores, isGood: isGood) ?? 0
        let right = scores.indices.count { (scores[$0] >= 0.5) == isGood[$0] }
        print(String(format: "%@: %d classes, %d good; area under the curve %.3f, %.1f %% right at a score of 0.5", name,
                     examples.count, isGood.count { $0 }, area, 100 * Double(right) / Double(max(1, examples.count))))
    }

    private static func printTable(_ model: ClassScoreModel) {
        print("""
            // Made by class-score-calibration --table; do not edit.

            extension ClassScoreModel {
                /// Fitted to simulated classes.
                package static let fitted = ClassScoreModel(rows: [
            """)
        for (index, term) in ScoreTerm.allCases.enumerated() {
            print(String(format: "        (.%@, %.4f, %.4f, %.4f),", term.rawValue, model.means[index], model.deviations[index], model.weights[index]))
        }
        print(String(format: "    ], intercept: %.4f)\n}", model.intercept))
    }
}
