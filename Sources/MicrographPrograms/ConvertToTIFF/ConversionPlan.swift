import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel
import ProgramKit
import Reporting

/// What relion_convert_to_tiff will do: options resolved, movies looked at, gain read.
struct ConversionPlan: Sendable {
    struct Movie: Sendable {
        var name: String
        var output: String
    }

    /// Those that are to be read, in order.
    private(set) var movies: [Movie] = []
    /// Outputs that exist and are not made again.
    private(set) var finished: [String] = []
    private(set) var leftOut = LeftOut()
    private(set) var shape = Shape(x: 0, y: 0)
    private(set) var pixel = MoviePixel.float32
    /// For float movies, from `--gain`.
    private(set) var gain: SingleElectronGain?
    /// What the converted movies will need as their gain reference.
    private(set) var reference: RealArray?
    let folder: String
    let rendering: EERRendering
    let threshold: Int
    let roundsMismatches: Bool
    let strips: TIFFMovieWriter.Strips
    private let compression: String
    private let deflateLevel: Int
    private let usesShort: Bool

    init(_ options: ConvertToTIFFProgram, _ context: ProgramContext) throws {
        let (general, writing) = (options.general, options.writing)
        folder = general.output.isEmpty ? "." : general.output
        threshold = general.threshold
        rendering = EERRendering(
            grid: EERRendering.Grid(rawValue: options.rendering.upsampling) ?? .physical,
            rawFramesPerFrame: options.rendering.grouping)
        (compression, deflateLevel) = (writing.compression, writing.deflateLevel)
        strips = writing.lineByLine ? .onePerRow : .onePerFrame
        (roundsMismatches, usesShort) = (writing.roundsMismatches, options.rendering.short)
        var check = InputCheck()
        Self.check(options, &check)
        let list = check.attempt { try MovieList(general.input) }
        if let gain = general.gain.ifGiven {
            check.require(FileManager.default.fileExists(atPath: gain), "--gain \(gain)", found: "does not exist")
        }
        try check.finish()
        guard let list else { return }
        try look(at: list.names, general, context)
        try readGain(general, context.reporter)
    }

    private static func check(_ options: ConvertToTIFFProgram, _ check: inout InputCheck) {
        let (general, writing, rendering) = (options.general, options.writing, options.rendering)
        check.require(
            ["none", "lzw", "deflate", "zip", "auto"].contains(writing.compression), "--compression",
            found: "\"\(writing.compression)\"",
            expected: "none, lzw, deflate, zip or auto")
        check.require(
            (1...9).contains(writing.deflateLevel), "--deflate_level", found: "\(writing.deflateLevel)",
            expected: "1 to 9")
        check.require(general.threshold > 0, "--thresh", found: "\(general.threshold)", expected: "1 or more")
        check.require(
            general.threshold <= Int(Int16.max), "--thresh", found: "\(general.threshold)",
            expected: "at most \(Int16.max)")
        check.require(rendering.grouping > 0, "--eer_grouping", found: "\(rendering.grouping)", expected: "1 or more")
        check.require(
            EERRendering.Grid(rawValue: rendering.upsampling) != nil, "--eer_upsampling",
            found: "\(rendering.upsampling)", expected: "-1, 1, 2 or 3")
        check.require(
            !(general.estimatesGain && general.gain.ifGiven != nil), "--estimate_gain --gain",
            found: "are given together", expected: "one of them",
            remedy: "The estimate always starts from nothing")
        check.output(
            PathName.joined(general.output.isEmpty ? "." : general.output, "gain-reference.mrc"), option: "--o")
    }

    // MARK: Movies

    /// What the first page of a movie says.
    private struct Look: Sendable {
        var shape: Shape
        var pixel: MoviePixel
    }

    private mutating func look(
        at names: [String], _ general: ConvertToTIFFProgram.GeneralOptions, _ context: ProgramContext
    ) throws {
        let movies = names.map { Movie(name: $0, output: PathName.joined(folder, Self.stem($0) + ".tif")) }
        try Self.requireDifferentOutputs(movies)
        var waiting: [Movie] = []
        for movie in movies {
            let isFinished =
                general.onlyUnfinished && !general.estimatesGain && FileManager.default.fileExists(atPath: movie.output)
            if isFinished { finished.append(movie.output) } else { waiting.append(movie) }
        }
        let rendering = rendering, candidates = waiting
        let looks = context.pool.map(count: candidates.count) { index, _ in
            Result { try Self.look(at: candidates[index].name, rendering) }
        }
        var first: (look: Look, name: String)?
        for (movie, look) in zip(candidates, looks) {
            do {
                let look = try look.get()
                if let first, first.look.pixel != look.pixel || first.look.shape != look.shape {
                    throw InputError(
                        place: movie.name, found: "frames of \(look.shape) pixels (\(look.pixel))",
                        expected: "\(first.look.shape) pixels (\(first.look.pixel)) as \(first.name)",
                        remedy: "Convert such movies in another run")
                }
                if first == nil { first = (look, movie.name) }
                self.movies.append(movie)
            } catch {
                leftOut.add(movie.name, error, context.reporter)
            }
        }
        guard let first else {
            if leftOut.isEmpty { return context.reporter.info("All movies have been converted already.") }
            throw InputError(leftOut.problems)
        }
        (shape, pixel) = (first.look.shape, first.look.pixel)
        guard general.estimatesGain, pixel != .float32 else { return }
        throw InputError(
            place: "--estimate_gain",
            found: "\(first.name) holds \(pixel == .events ? "electron events" : "pixels of kind \(pixel)")",
            expected: "32-bit floats (MRC mode 2)", remedy: "Such movies can be converted without it")
    }

    private static func look(at name: String, _ rendering: EERRendering) throws -> Look {
        guard let format = MovieFile.format(of: name), format != .tiff else {
            throw InputError(
                place: name, found: "is no MRC or EER movie by its name",
                expected: ".mrc, .mrcs (also .bz2 .xz .zst .gz) or .eer")
        }
        let movie = try MovieFile.open(name, rendering: rendering, extent: .firstFrame)
        return Look(shape: movie.shape, pixel: movie.pixel)
    }

    /// `Movies/a.mrc` and `Movies/a.mrc.bz2` become `Movies/a`; only the last extension of `a.mrc.eer` goes.
    private static func stem(_ name: String) -> String {
        let stem = PathName(name).stem
        return MovieFile.format(of: name) == .compressedMRC ? PathName(stem).stem : stem
    }

    private static func requireDifferentOutputs(_ movies: [Movie]) throws {
        let clashes = Dictionary(grouping: movies) { $0.output }.filter { $1.count > 1 }.sorted { $0.key < $1.key }
        guard !clashes.isEmpty else { return }
        throw InputError(
            clashes.map { output, movies in
                InputProblem(
                    place: output, found: "is the output for \(movies.map(\.name).joined(separator: " and "))",
                    expected: "movies with different names",
                    remedy: "Convert them into different folders")
            })
    }

    // MARK: Gain

    private mutating func readGain(_ general: ConvertToTIFFProgram.GeneralOptions, _ reporter: Reporter) throws {
        guard let first = movies.first else { return }
        guard let path = general.gain.ifGiven else {
            if pixel == .events {
                reporter.warning(
                    "the gain reference of EER movies is not that of TIFF movies; give it as --gain to have it converted"
                )
            } else if pixel == .float32, !general.estimatesGain {
                reporter.warning(
                    "movies of 32-bit floats become much smaller when their gain is found first, with --estimate_gain")
            }
            return
        }
        switch pixel {
        case .events:
            reference = try GainReference.read(
                path, for: MovieFile.open(first.name, rendering: rendering, extent: .firstFrame))
        case .float32:
            let gain = try GainEstimateFiles(gainPath: path).read(shape: shape)
            self.gain = gain
            reference = gain.reference(threshold: threshold)
        default: reporter.warning("--gain has no use for movies of whole numbers and is not read")
        }
    }

    // MARK: Output

    /// How the frames are written.
    var outputPixel: MoviePixel {
        switch pixel {
        case .events: usesShort ? .uint16 : .uint8
        case .uint4, .int8: .int8
        case .float16, .float32: .float32
        case .uint8, .int16, .uint16: pixel
        }
    }

    /// Falcon cameras have 4096 columns. Their MRC movies have blurred electrons, which deflate packs better; events
    /// are dots, for which LZW is smaller and faster.
    private static let falconWidth = 4096

    var packing: TIFFMovieWriter.Packing {
        switch compression {
        case "none": .none
        case "lzw": .lzw
        case "deflate", "zip": .deflate(level: deflateLevel)
        default: pixel != .events && shape.x == Self.falconWidth ? .deflate(level: deflateLevel) : .lzw
        }
    }

    var referencePath: String { PathName.joined(folder, "gain-reference.mrc") }
    var estimateFiles: GainEstimateFiles { GainEstimateFiles(gainPath: PathName.joined(folder, "gain_estimate.bin")) }
}
