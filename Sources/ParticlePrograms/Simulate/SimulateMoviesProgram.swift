import ArgumentParser
import Foundation
import ImageFormats
import Parallel
import ProgramKit
import Reporting
import Simulation

/// Movies with known truth: for tests, demonstrations and teaching. New in this suite.
struct SimulateMoviesProgram: RelionProgram {
    static let programName = "relion_simulate_movies"
    static let summary = "Simulate movies of single particles with known motion, defocus and orientations."

    struct MovieOptions: ParsableArguments {
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output folder.")
        var output = "Simulate"
        @Option(name: .customLong("nr_movies"), parsing: .unconditional, help: "Number of movies.")
        var count = 4
        @Option(name: .customLong("size"), parsing: .unconditional, help: "Width and height of a frame (in pixels), even.")
        var size = 1536
        @Option(name: .customLong("frames"), parsing: .unconditional, help: "Number of frames of a movie.")
        var frames = 16
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Angstroms).")
        var pixelSize = 1.2
        @Option(name: .customLong("dose_per_frame"), parsing: .unconditional, help: "Exposure of a frame (in electrons per square Angstrom).")
        var dosePerFrame = 2.0
        @Option(name: .customLong("nr_particles"), parsing: .unconditional, help: "Particles in a movie; fewer where there is no room.")
        var particles = 60
        @Option(name: .customLong("min_distance"), parsing: .unconditional, help: "Least distance between the centres of particles (in Angstroms).")
        var minimumDistance = 190.0
        @Option(name: .customLong("ice"), parsing: .unconditional, help: "Thickness of the ice (in Angstroms); 0: none.")
        var ice = 250.0
        @Option(name: .customLong("ice_slope"), parsing: .unconditional, help: "Standard deviation of the slope of the ice (in Angstroms of defocus a pixel).")
        var iceSlope = 0.1
        @Option(name: .customLong("seed"), parsing: .unconditional, help: "Seed of all random numbers: the same seed gives the same counts.")
        var seed = 1
    }

    struct FaultOptions: ParsableArguments {
        @Option(name: .customLong("drift"), parsing: .unconditional, help: "Standard deviation of the drift over the movie, along x and y (in pixels).")
        var drift = 12.0
        @Option(name: .customLong("local_motion"), parsing: .unconditional,
                help: "Standard deviation of the coefficients of the motion that differs from place to place (in pixels).")
        var localMotion = 3.0
        @Flag(name: .customLong("no_gain"), help: "All pixels of the camera are alike; no gain reference is needed.")
        var hasNoGain = false
        @Option(name: .customLong("dead_rows"), parsing: .unconditional, help: "Rows of the camera that see nothing.")
        var deadRows = 1
        @Option(name: .customLong("hot_pixels"), parsing: .unconditional, help: "Pixels of the camera that count too much.")
        var hotPixels = 20
    }

    @OptionGroup(title: "Model") var model: SimulatedModelOptions
    @OptionGroup(title: "Movies") var movies: MovieOptions
    @OptionGroup(title: "Motion and camera") var faults: FaultOptions
    @OptionGroup(title: "Microscope") var optics: SimulatedOpticsOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        try check()
        let settings = settings
        let models = try model.read(widthInAngstrom: Double(settings.size) * settings.pixelSizeInAngstrom)
        let folder = SimulatedMovieFolder(path: movies.output, settings: settings)
        let exposure = String(format: "%.1f", settings.exposure)
        context.reporter.info("\(settings.movieCount) movies of \(settings.frameCount) frames, \(settings.size) pixels wide; \(exposure) e/Å²")
        if context.isDryRun { return }
        try folder.create()
        let imager = MovieImager(settings: settings, models: models)
        if settings.hasGain || settings.deadRows > 0 { try folder.write(gain: imager.detector.gain) }
        let progress = context.reporter.progress("Simulating movies", total: settings.movieCount * settings.frameCount)
        var truths: [MovieTruth] = []
        for index in 0..<settings.movieCount {
            let truth = MovieTruth(index, settings: settings, speciesCount: models.count)
            let writer = try folder.openMovie(index)
            try imager.frames(of: truth, index: index, pool: context.pool) { _, counts in
                try context.jobControl.checkForAbort()
                try counts.withUnsafeBufferPointer { try writer.append($0) }
                progress.advance(by: 1)
            }
            try writer.finish()
            try folder.writeTracks(truth, movie: index)
            truths.append(truth)
        }
        progress.finish()
        try folder.writeTables(truths)
        let count = truths.reduce(0) { $0 + $1.particles.count }
        context.reporter.info("\(count) particles; movies: \(folder.moviesName); what is true: \(folder.truthName)")
    }

    private func check() throws {
        var check = InputCheck()
        check.require(!movies.output.isEmpty, "--o", found: "is empty", expected: "a folder")
        check.require(movies.size >= 64 && movies.size % 2 == 0 && movies.size <= 16384, "--size", found: "\(movies.size)",
                      expected: "an even number of pixels from 64 to 16384")
        for (value, option) in [(movies.count, "--nr_movies"), (movies.frames, "--frames")] {
            check.require(value > 0, option, found: "\(value)", expected: "a number above 0")
        }
        for (value, option) in [(movies.particles, "--nr_particles"), (faults.deadRows, "--dead_rows"), (faults.hotPixels, "--hot_pixels")] {
            check.require(value >= 0, option, found: "\(value)", expected: "0 or more")
        }
        for (value, option) in [(movies.pixelSize, "--angpix"), (movies.dosePerFrame, "--dose_per_frame")] {
            check.require(value > 0 && value.isFinite, option, found: "\(value)", expected: "a number above 0")
        }
        for (value, option) in [(movies.minimumDistance, "--min_distance"), (movies.ice, "--ice"), (movies.iceSlope, "--ice_slope"),
                                (faults.drift, "--drift"), (faults.localMotion, "--local_motion")] {
            check.require(value >= 0 && value.isFinite, option, found: "\(value)", expected: "0 or more")
        }
        check.require(faults.deadRows * 4 < movies.size, "--dead_rows", found: "\(faults.deadRows)", expected: "less than a quarter of the rows")
        optics.check(&check)
        model.check(&check)
        try check.finish()
    }

    private var settings: MovieSettings {
        var s = MovieSettings()
        s.movieCount = movies.count
        s.size = movies.size
        s.frameCount = movies.frames
        s.pixelSizeInAngstrom = movies.pixelSize
        s.dosePerFrame = movies.dosePerFrame
        s.microscope = optics.microscope
        s.particlesPerMovie = movies.particles
        s.minimumDistance = movies.minimumDistance
        s.secondFraction = model.secondFraction
        s.defocusRange = optics.defocusMin...max(optics.defocusMin, optics.defocusMax)
        s.defocusSpread = optics.defocusSpread
        s.astigmatism = optics.astigmatism
        s.iceSlope = movies.iceSlope
        s.iceThickness = movies.ice
        s.drift = faults.drift
        s.localMotion = faults.localMotion
        s.hasGain = !faults.hasNoGain
        s.deadRows = faults.deadRows
        s.hotPixels = faults.hotPixels
        s.seed = movies.seed
        return s
    }
}
