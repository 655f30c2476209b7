import ArgumentParser
import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel
import ProgramKit
import Randomness
import Reporting

/// The gain reference as the inverse of the average of all frames: for when the true one is lost or bad.
struct EstimateGainProgram: RelionProgram {
    static let programName = "relion_estimate_gain"
    static let summary = "Estimate a gain reference from the average of many frames, when the real one is lost or bad."

    struct InputOptions: ParsableArguments {
        @Option(
            name: .customLong("i"), parsing: .unconditional,
            help: "Movies: a STAR file, a .lst file with one name a line, or one movie.")
        var input: String
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Gain reference to write (.mrc).")
        var output: String
        @Option(
            name: .customLong("max_frames"), parsing: .unconditional,
            help: "Stop after the movie that makes the number of frames larger than this; -1: use all.")
        var maximumFrames = -1
        @Flag(
            name: .customLong("random"), help: "Take the movies in random order, for a fair choice with --max_frames.")
        var isRandom = false
        @Flag(
            name: .customLong("dont_invert"),
            help:
                "Write the sum of all frames. This is the convention of EER gain references and is needed for EER movies."
        )
        var writesSum = false
        @Option(
            name: .customLong("eer_upsampling"), parsing: .unconditional,
            help: "For EER movies: 1: the detector's pixels (4K), 2: twice as fine (8K), 3: four times.")
        var upsampling = 2
    }

    @OptionGroup(title: "Options") var options: InputOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var names = try checkedNames()
        if options.isRandom {
            var generator = CounterGenerator(seed: 0, stream: 0)
            names.shuffle(using: &generator)
        }
        let rendering = EERRendering(
            grid: EERRendering.Grid(rawValue: options.upsampling) ?? .double, rawFramesPerFrame: 1)
        var leftOut = LeftOut()
        var shape: Shape?
        var usable: [String] = []
        for (name, look) in zip(names, looks(at: names, rendering, context.pool)) {
            do {
                let found = try look.get()
                if let shape, shape != found {
                    throw InputError(
                        place: name, found: "frames of \(found) pixels", expected: "\(shape) as the first movie has")
                }
                shape = found
                usable.append(name)
            } catch {
                leftOut.add(name, error, context.reporter)
            }
        }
        guard let shape else { throw InputError(leftOut.problems) }
        if context.isDryRun {
            return context.reporter.info("\(usable.count) movies of \(shape) pixels will be averaged.")
        }
        var sum = FrameSum(shape: shape)
        try add(usable, to: &sum, rendering, &leftOut, context)
        guard sum.frameCount > 0 else { throw InputError(leftOut.problems) }
        try write(sum, context.reporter)
        if !leftOut.isEmpty {
            context.reporter.warning(
                "\(leftOut.count) of \(names.count) movies were left out: \(leftOut.problems.map(\.place).joined(separator: ", "))"
            )
        }
    }

    private func checkedNames() throws -> [String] {
        var check = InputCheck()
        let list = check.attempt { try MovieList(options.input) }
        check.output(options.output, option: "--o")
        check.require(
            ["mrc", "mrcs"].contains(PathName(options.output).pathExtension.lowercased()) || options.output.isEmpty,
            "--o \(options.output)",
            found: "is no .mrc file by its name", expected: "gain.mrc, for example")
        check.require(
            options.maximumFrames > 0 || options.maximumFrames == -1, "--max_frames", found: "\(options.maximumFrames)",
            expected: "1 or more, or -1 for all")
        check.require(
            [1, 2, 3].contains(options.upsampling), "--eer_upsampling", found: "\(options.upsampling)",
            expected: "1, 2 or 3")
        let hasEvents = list?.names.contains { MovieFile.isEER($0) } ?? false
        check.require(
            !hasEvents || options.writesSum, "--i \(options.input)", found: "names EER movies",
            expected: "--dont_invert with them",
            remedy: "The gain reference of EER movies is the average count, not its inverse: add --dont_invert")
        try check.finish()
        return list?.names ?? []
    }

    private func looks(at names: [String], _ rendering: EERRendering, _ pool: ThreadPool) -> [Result<Shape, any Error>]
    {
        pool.map(count: names.count) { index, _ in
            Result { try MovieFile.open(names[index], rendering: rendering, extent: .firstFrame).shape }
        }
    }

    // MARK: Sum

    private func add(
        _ names: [String], to sum: inout FrameSum, _ rendering: EERRendering, _ leftOut: inout LeftOut,
        _ context: ProgramContext
    ) throws {
        let progress = context.reporter.progress("Averaging", total: names.count)
        var used = 0
        for name in names {
            try context.jobControl.checkForAbort()
            do {
                try add(name, to: &sum, rendering, context)
                used += 1
            } catch let error as InputError {
                leftOut.add(name, error, context.reporter)
            }
            progress.advance()
            if options.maximumFrames > 0, sum.frameCount > options.maximumFrames { break }
        }
        progress.finish()
        context.reporter.info(
            "\(sum.frameCount) frames of \(used) movies; average count \(String(format: "%.4g", sum.mean)) a pixel and frame."
        )
    }

    /// Detector frames of an EER movie that are drawn together.
    private static let rawFramesPerImage = 128

    /// A movie counts wholly or not at all: its images are added when the last one has been read.
    private func add(
        _ name: String, to sum: inout FrameSum, _ rendering: EERRendering, _ context: ProgramContext
    ) throws {
        let movie = try MovieFile.open(name, rendering: rendering)
        guard movie.shape == sum.shape else { throw InputError(place: name, found: "has changed since it was checked") }
        let step = movie is EERMovie ? Self.rawFramesPerImage : 1
        let images = (movie.frameCount + step - 1) / step
        var movieSum = FrameSum(shape: sum.shape)
        let batch = min(context.pool.threadCount, 8)
        for start in stride(from: 0, to: images, by: batch) {
            let parts = try context.pool.tryMap(count: min(batch, images - start)) { index, _ in
                let first = (start + index) * step
                return try Self.image(movie, first..<min(movie.frameCount, first + step))
            }
            movieSum.add(parts, frameCount: 0, pool: context.pool)
        }
        sum.add(movieSum, frameCount: movie.frameCount, pool: context.pool)
        if let damaged = (movie as? EERMovie)?.damagedRawFrames, !damaged.isEmpty {
            context.reporter.warning(
                "\(name): \(damaged.count) detector frames are damaged and were left out, the first is \(damaged[0] + 1)"
            )
        }
    }

    private static func image(_ movie: any MovieReader, _ frames: Range<Int>) throws -> RealArray {
        guard let events = movie as? EERMovie else { return try movie.frame(frames.lowerBound) }
        var image = RealArray(shape: events.shape)
        try image.values.withUnsafeMutableBufferPointer { _ = try events.draw(rawFrames: frames, into: $0) }
        return image
    }

    private func write(_ sum: FrameSum, _ reporter: Reporter) throws {
        try ImageFile.write(options.writesSum ? sum.image : sum.gain, to: options.output, pixelSizeInAngstrom: nil)
        reporter.info(
            "Written: \(options.output), \(options.writesSum ? "the sum of all frames" : "the gain reference")")
    }
}
