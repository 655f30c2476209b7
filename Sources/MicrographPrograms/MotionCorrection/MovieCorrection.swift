import Arrays
import Foundation
import ImageFormats
import Metadata
import MotionCorrection
import Parallel
import Plotting
import ProgramKit
import Reporting
import Synchronization

/// Corrects the movies of a plan: one after the other, each on all threads, or with MotionCor2. A movie's STAR file is written last, so that a movie
/// with one is finished.
struct MovieCorrection {
    private let plan: MotionCorrectionPlan
    private let context: ProgramContext

    init(_ plan: MotionCorrectionPlan, _ context: ProgramContext) { (self.plan, self.context) = (plan, context) }

    func run() throws {
        try turnGain()
        let progress = context.reporter.progress("Correcting", total: plan.movies.count)
        let outcome = Mutex((leftOut: plan.leftOut, failed: Set<String>()))
        // MotionCor2 leaves most of the work to its devices; else a movie has all threads.
        let workers = ThreadPool(threads: plan.motionCor2?.devices.count ?? 1)
        _ = try workers.tryMap(count: plan.movies.count) { item, worker in
            try context.jobControl.checkForAbort()
            let movie = plan.movies[item]
            do {
                if let motionCor2 = plan.motionCor2 { try correct(movie, with: motionCor2, device: worker) } else { try correct(movie) }
            } catch let error as JobAborted {
                throw error
            } catch {
                outcome.withLock {
                    $0.leftOut.add(movie.name, error, context.reporter)
                    $0.failed.insert(movie.name)
                }
            }
            progress.advance()
        }
        progress.finish()
        let (leftOut, failed) = outcome.withLock { $0 }
        try CorrectedMicrographs(plan, without: failed).write(context.reporter)
        context.reporter.info(context.reporter.timingTable())
        guard !leftOut.isEmpty else { return }
        let total = plan.listed.count + plan.leftOut.count
        if failed.count == plan.listed.count {
            let summary = leftOut.summary(of: total, what: "Movies", remedy: "Run again with --only_do_unfinished when they are repaired")
            throw InputError([summary] + leftOut.problems)
        }
        // As with micrographs later on: one that cannot be used must not end a job, and with it the processing of those that arrive.
        context.reporter.warning(
            "\(leftOut.count) of \(total) movies were left out: \(leftOut.problems.map(\.place).joined(separator: ", "))."
                + " Run again with --only_do_unfinished when they are whole.")
    }

    /// Writes the gain reference as it lies over the movies, where it has to be turned.
    private func turnGain() throws {
        guard let path = plan.gain, path != plan.options.alignment.gain, let movie = plan.movies.first else { return }
        let gain = try GainReference.image(plan.options.alignment.gain, for: MovieFile.open(movie.name, rendering: plan.rendering, extent: .firstFrame))
        try ImageFile.write(plan.gainTurn.applied(to: gain), to: path, pixelSizeInAngstrom: nil)
        context.reporter.info("Written: \(path), the gain reference turned as asked")
    }

    private func correct(_ movie: MovieTable.Movie) throws {
        let options = plan.options, root = plan.root(of: movie.name)
        let source = try MovieFile.open(movie.name, rendering: plan.rendering)
        let first = options.general.firstFrame - 1
        let end = options.general.lastFrame > 0 ? min(options.general.lastFrame, source.frameCount) : source.frameCount
        let gain = try plan.gain.map { try GainReference.read($0, for: source) }
        let readers = options.general.readerThreads > 0
            ? ThreadPool(threads: min(options.general.readerThreads, context.pool.threadCount)) : context.pool
        let store = try context.reporter.timed("reading") {
            try FrameStore(shape: source.shape, count: end - first, gain: gain, inOrder: source.framesFollowInOrder, pool: readers) {
                try source.readFrame(first + $0, into: $1)
            }
        }
        let defects = try options.alignment.defects.ifGiven.map { try DefectFile.read($0, shape: source.shape) } ?? []
        let pixelSize = try plan.table.value(MovieTable.pixelSizeLabel, of: movie.opticsGroup)
        let voltage = try plan.table.value(MovieTable.voltageLabel, of: movie.opticsGroup)
        let preExposure = options.dose.preExposure + movie.preExposure
        var outputs = MicrographOutputs()
        outputs.pixelSizeInAngstrom = pixelSize
        if options.dose.weightsDose, let damage = ExposureWeights.damage(atVoltage: voltage) {
            outputs.exposures = (first..<end).map { damage * (preExposure + options.dose.dosePerFrame * Double($0 + 1)) }
        }
        outputs.plainSum = options.own.savesUnweighted
        outputs.evenAndOddSums = options.alignment.splitsEvenOdd
        outputs.spectrumGrouping = max(0, options.general.spectrumGrouping)
        outputs.spectrumSize = options.general.spectrumSize
        var settings = plan.settings
        if source.pixel == .events { settings.repairReach = 4 }
        let result = MotionCorrection(settings: settings, outputs: outputs)
            .run(store, knownBad: defects, pool: context.pool, reporter: context.reporter)
        if settings.isLocal, result.motion.localModel == nil {
            context.reporter.warning("\(movie.name): patches do not agree on a local motion; only whole frames were moved")
        }
        var file = motionFile(movie, source, result.motion, first: first)
        (file.pixelSizeInAngstrom, file.voltage, file.preExposure) = (pixelSize, voltage, preExposure)
        try context.reporter.timed("writing") { try write(result, file, root: root) }
    }

    private func correct(_ movie: MovieTable.Movie, with settings: MotionCor2Settings, device: Int) throws {
        let root = plan.root(of: movie.name), options = plan.options
        let source = try MovieFile.open(movie.name, rendering: plan.rendering)
        let given = MotionCor2Movie(
            name: movie.name, frameCount: source.frameCount, pixelSizeInAngstrom: try plan.table.value(MovieTable.pixelSizeLabel, of: movie.opticsGroup),
            voltage: try plan.table.value(MovieTable.voltageLabel, of: movie.opticsGroup), preExposure: options.dose.preExposure + movie.preExposure)
        let log = try MotionCor2Run(settings: settings, options: options, gain: plan.gain).correct(given, root: root, device: device)
        let first = options.general.firstFrame - 1
        let used = (options.general.lastFrame > 0 ? options.general.lastFrame : source.frameCount) - first
        if log.shifts.count != used {
            context.reporter.warning("\(movie.name): \(root).out tells of \(log.shifts.count) shifts for \(used) frames")
        }
        var motion = MovieMotion(frameShape: source.shape, shifts: Array(log.shifts.prefix(used)), changes: [])
        motion.patchShifts = log.patches.map { PatchShift(frame: Double($0.frame - 1), place: $0.place, observed: $0.shift, fitted: $0.fitted) }
        var file = motionFile(movie, source, motion, first: first)
        (file.pixelSizeInAngstrom, file.voltage, file.preExposure) = (given.pixelSizeInAngstrom, given.voltage, given.preExposure)
        try plot(motion, file, root: root)
        try file.write(to: root + ".star")
    }

    private func plot(_ motion: MovieMotion, _ file: MotionFile, root: String) throws {
        let figure = MotionPlot.figure(motion, title: file.movie)
        try figure.write(eps: root + "_shifts.eps")
        try figure.write(png: root + "_shifts.png", page: 0)
    }

    private func write(_ result: MotionCorrection.Result, _ file: MotionFile, root: String) throws {
        let mode: PixelMode = plan.options.own.float16 ? .float16 : .float32
        let pixelSize = file.pixelSizeInAngstrom * plan.settings.binning
        func image(_ image: RealArray?, _ suffix: String) throws {
            if let image { try ImageFile.write(image, to: root + suffix + ".mrc", pixelSizeInAngstrom: pixelSize, mode: mode) }
        }
        try image(result.plain, "_noDW")
        try image(result.even, "_EVN")
        try image(result.odd, "_ODD")
        if let spectrum = result.powerSpectrum {
            try ImageFile.write(spectrum.image, to: root + "_PS.mrc", pixelSizeInAngstrom: spectrum.pixelSizeInAngstrom)
        }
        try image(result.micrograph, "")
        try plot(result.motion, file, root: root)
        try file.write(to: root + ".star")
    }

    private func motionFile(_ movie: MovieTable.Movie, _ source: any MovieReader, _ motion: MovieMotion, first: Int) -> MotionFile {
        let options = plan.options
        var file = MotionFile()
        (file.width, file.height, file.frameCount) = (source.shape.x, source.shape.y, source.frameCount)
        file.movie = movie.name
        file.gain = plan.gain
        file.defects = options.alignment.defects.ifGiven
        file.binning = plan.settings.binning
        file.doseRate = options.dose.dosePerFrame
        file.startFrame = first + 1
        if source.pixel == .events {
            file.eerGrouping = options.general.eerGrouping
            file.eerUpsampling = options.general.eerUpsampling
        }
        file.shifts = [SIMD2<Double>?](repeating: nil, count: source.frameCount)
        for (i, shift) in motion.shifts.enumerated() { file.shifts[first + i] = shift }
        file.model = motion.localModel
        file.modelUnit = plan.settings.binningStage == .frames ? .micrographPixels : .moviePixels
        file.hotPixels = motion.hotPixels.map { SIMD2(Double($0 % source.shape.x), Double($0 / source.shape.x)) }
        file.patchShifts = motion.patchShifts.map { .init(frame: Int($0.frame) + first + 1, place: $0.place, shift: $0.observed) }
        return file
    }
}
