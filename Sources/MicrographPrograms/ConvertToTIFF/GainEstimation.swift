import Arrays
import Foundation
import ImageFormats
import Imaging
import ProgramKit
import Randomness
import Reporting

/// Finds the gain of float movies, movie by movie in random order. The files are written after each movie, so that one
/// can stop when few pixels change.
struct GainEstimation {
    private let plan: ConversionPlan

    init(_ plan: ConversionPlan) { self.plan = plan }

    func run(in context: ProgramContext) throws {
        var generator = CounterGenerator(seed: 0, stream: 0)
        let movies = plan.movies.shuffled(using: &generator)
        var estimate = SingleElectronGain(shape: plan.shape)
        var leftOut = plan.leftOut
        let files = plan.estimateFiles
        for movie in movies {
            try context.jobControl.checkForAbort()
            context.reporter.info("\(movie.name)")
            do {
                try learn(from: movie.name, &estimate, context)
            } catch let error as InputError {
                leftOut.add(movie.name, error, context.reporter)
                continue
            }
            try files.write(estimate)
        }
        guard leftOut.count < movies.count + plan.leftOut.count else { throw InputError(leftOut.problems) }
        context.reporter.info(
            "Written: \(files.gainPath) and \(files.reliabilityPath). Give the first as --gain to convert the movies.")
        if !leftOut.isEmpty {
            context.reporter.warning(
                "\(leftOut.count) of \(movies.count + plan.leftOut.count) movies were left out: \(leftOut.problems.map(\.place).joined(separator: ", "))"
            )
        }
    }

    private func learn(from name: String, _ estimate: inout SingleElectronGain, _ context: ProgramContext) throws {
        let movie = try MovieFile.open(name)
        guard movie.shape == plan.shape else {
            throw InputError(
                place: name, found: "has changed since it was checked", expected: "movies that stay as they are")
        }
        let batch = min(context.pool.threadCount, 8)
        for start in stride(from: 0, to: movie.frameCount, by: batch) {
            try context.jobControl.checkForAbort()
            let frames = try context.pool.tryMap(count: min(batch, movie.frameCount - start)) { index, _ in
                try movie.frame(start + index)
            }
            for (index, frame) in frames.enumerated() {
                let summary = estimate.add(frame, threshold: plan.threshold, pool: context.pool)
                context.reporter.info(
                    String(
                        format: "  frame %4d  changed %9d  no multiple %9d  negative %9d  unreliable %9d of %d",
                        start + index + 1, summary.changed,
                        summary.mismatched, summary.negative, summary.unreliable, plan.shape.count))
            }
        }
    }
}
