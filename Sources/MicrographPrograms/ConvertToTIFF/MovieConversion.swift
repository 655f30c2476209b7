import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel
import ProgramKit
import Reporting

/// Converts the movies of a plan, several at a time. A file has its name only when it is complete, so that stopping is
/// safe at any time.
struct MovieConversion {
    private let plan: ConversionPlan

    init(_ plan: ConversionPlan) { self.plan = plan }

    func run(in context: ProgramContext) throws {
        if let reference = plan.reference {
            try ImageFile.write(reference, to: plan.referencePath, pixelSizeInAngstrom: nil)
            context.reporter.info("Written: \(plan.referencePath), the gain reference for the converted movies")
        }
        let pool = ThreadPool(threads: min(context.pool.threadCount, moviesInMemory))
        let results = try context.attempts("Converting", count: plan.movies.count, on: pool) { index, _ in
            try convert(plan.movies[index], context)
        }
        var leftOut = plan.leftOut
        for (movie, result) in zip(plan.movies, results) {
            guard case .failure(let error) = result else { continue }
            leftOut.add(movie.name, error, context.reporter)
        }
        let total = plan.movies.count + plan.leftOut.count
        context.reporter.info("\(total - leftOut.count) movies converted; \(plan.finished.count) had been before.")
        guard leftOut.isEmpty else {
            let summary = leftOut.summary(
                of: total, what: "Movies", remedy: "Run again with --only_do_unfinished when they are repaired")
            throw InputError([summary] + leftOut.problems)
        }
    }

    /// A frame as floats, as stored and as read take about nine bytes a pixel; half of the memory is ours.
    private var moviesInMemory: Int {
        let bytes = plan.shape.count * 9 + (1 << 26)
        return max(1, Int(ProcessInfo.processInfo.physicalMemory / 2) / max(1, bytes))
    }

    private func convert(_ movie: ConversionPlan.Movie, _ context: ProgramContext) throws {
        try context.jobControl.checkForAbort()
        let source = try MovieFile.open(movie.name, rendering: plan.rendering)
        guard source.shape == plan.shape, source.pixel == plan.pixel else {
            throw InputError(
                place: movie.name, found: "has changed since it was checked", expected: "movies that stay as they are")
        }
        if let events = source as? EERMovie {
            context.reporter.info("\(movie.name): \(events.rawFrameCount) detector frames, \(events.frameCount) frames")
        }
        let writer = try TIFFMovieWriter(
            path: movie.output, shape: source.shape, pixel: plan.outputPixel, frameCount: source.frameCount,
            packing: plan.packing, strips: plan.strips,
            pixelSizeInAngstrom: source.pixelSizeInAngstrom)
        var frame = RealArray(shape: source.shape)
        var rounded = 0
        for index in 0..<source.frameCount {
            try context.jobControl.checkForAbort()
            try frame.values.withUnsafeMutableBufferPointer { try source.readFrame(index, into: $0) }
            if let gain = plan.gain { rounded += try divide(&frame, by: gain, movie.name, index) }
            try requireRange(frame, movie.name)
            try writer.append(frame)
        }
        try writer.finish()
        if rounded > 0 {
            context.reporter.warning("\(movie.name): \(rounded) values were no multiples of the gain and were rounded")
        }
        if let damaged = (source as? EERMovie)?.damagedRawFrames, !damaged.isEmpty {
            context.reporter.warning(
                "\(movie.name): \(damaged.count) detector frames are damaged and were left out, the first is \(damaged[0] + 1)"
            )
        }
        context.reporter.detail("Written: \(movie.output)")
    }

    private func divide(
        _ frame: inout RealArray, by gain: SingleElectronGain, _ name: String, _ index: Int
    ) throws -> Int {
        do {
            return try gain.divide(&frame, threshold: plan.threshold, roundsMismatches: plan.roundsMismatches)
        } catch let mismatch as SingleElectronGain.Mismatch {
            throw InputError(
                place: name,
                found:
                    "frame \(index + 1) has \(mismatch.value) in column \(mismatch.pixel % frame.shape.x + 1), row \(mismatch.pixel / frame.shape.x + 1)",
                expected: "a multiple of the pixel's gain \(mismatch.gain), which was found reliable",
                remedy:
                    "Estimate the gain from more movies and convert all again, or round such values with --ignore_error"
            )
        }
    }

    /// Eight bits hold 255 electrons: too few for coarse groupings of a bright beam.
    private func requireRange(_ frame: RealArray, _ name: String) throws {
        guard plan.pixel == .events, plan.outputPixel == .uint8, let most = frame.values.max(), most > 255 else {
            return
        }
        throw InputError(
            place: name, found: "a pixel counts \(Int(most)) electrons in one frame", expected: "at most 255 in 8 bits",
            remedy: "Give --short, or a smaller --eer_grouping")
    }
}
