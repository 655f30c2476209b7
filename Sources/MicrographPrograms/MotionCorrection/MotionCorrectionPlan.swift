import Arrays
import Foundation
import ImageFormats
import Metadata
import MotionCorrection
import ProgramKit
import Reporting

/// What relion_run_motioncorr will do: options resolved, movies looked at.
struct MotionCorrectionPlan: Sendable {
    let table: MovieTable
    /// Those that are to be corrected, and all that the output lists.
    let movies: [MovieTable.Movie]
    let listed: [MovieTable.Movie]
    let leftOut: LeftOut
    let settings: MotionSettings
    let options: MotionCorrectionProgram
    /// With a slash at its end.
    let folder: String
    /// The gain reference as it lies over the movies; written by this program where it is turned.
    let gain: String?
    let gainTurn: GainTurn
    let rendering: EERRendering
    /// nil: the alignment of this suite.
    let motionCor2: MotionCor2Settings?

    private static let fewestGroups = 3

    init(_ program: MotionCorrectionProgram, _ context: ProgramContext) throws {
        options = program
        let (general, alignment) = (program.general, program.alignment)
        folder = general.output.hasSuffix("/") ? general.output : general.output + "/"
        rendering = EERRendering(grid: EERRendering.Grid(rawValue: general.eerUpsampling) ?? .physical, rawFramesPerFrame: general.eerGrouping)
        var settings = MotionSettings()
        settings.bFactor = alignment.bFactor
        settings.patches = (alignment.patchesX, alignment.patchesY)
        settings.groupSize = alignment.groupSize
        settings.maximumIterations = program.own.maximumIterations
        settings.correlationScale = program.own.correlationScale
        settings.findsHotPixels = !program.own.skipsDefects
        settings.binning = abs(alignment.binning - 1) < 0.01 ? 1 : alignment.binning
        settings.binningStage = program.own.noEarlyBinning ? .sum : .frames
        settings.interpolatesShifts = program.own.interpolatesShifts
        self.settings = settings
        var check = InputCheck()
        Self.check(program, &check)
        for text in program.optionsWithoutEffect { context.reporter.warning(text) }
        let table = general.input.isEmpty ? nil
            : check.attempt { try MovieTable(general.input, pixelSize: program.dose.pixelSize, voltage: program.dose.voltage) }
        if let table, program.dose.weightsDose, !alignment.usesMotionCor2 { Self.checkVoltages(table, &check) }
        gain = alignment.gain.ifGiven == nil ? nil
            : alignment.gainRotation == 0 && alignment.gainFlip == 0 ? alignment.gain : folder + "gain.mrc"
        gainTurn = GainTurn(quarters: alignment.gainRotation, reflection: .init(rawValue: alignment.gainFlip) ?? .none)
        motionCor2 = alignment.usesMotionCor2 ? check.attempt { try MotionCor2Settings(program) } : nil
        try check.finish()
        guard let table else { throw InputError(place: "--i", found: "is not given") }
        self.table = table
        try Self.checkNames(table)
        var listed: [MovieTable.Movie] = [], movies: [MovieTable.Movie] = [], leftOut = LeftOut()
        var gainCheck = alignment.usesMotionCor2 || gain == nil ? nil : GainCheck(alignment.gain, gainTurn)
        var frameCounts = FrameCounts()
        for movie in table.movies {
            let isFinished = general.onlyUnfinished && Self.isFinished(movie.name, folder: folder, program)
            if !isFinished {
                if general.atMost >= 0 && movies.count >= general.atMost { continue }
                do {
                    let file = try MovieFile.open(movie.name, rendering: rendering)
                    try Self.look(at: movie.name, file, settings: settings, program)
                    frameCounts.add(movie.name, file.frameCount)
                    guard gainCheck?.fits(file) ?? true else { continue }
                } catch {
                    leftOut.add(movie.name, error, context.reporter)
                    continue
                }
                movies.append(movie)
            }
            listed.append(movie)
        }
        gainCheck?.finish(&check, &leftOut, context.reporter)
        if let text = frameCounts.warning { context.reporter.warning(text) }
        check.attempt { try frameCounts.checkExposure(program, context.reporter) }
        try check.finish()
        (self.movies, self.listed, self.leftOut) = (movies, listed, leftOut)
        if listed.isEmpty, !leftOut.isEmpty {
            throw InputError([leftOut.summary(of: leftOut.count, what: "Movies", remedy: "Repair them, or mend the options")] + leftOut.problems)
        }
    }

    /// Name of a movie's micrograph: its own below the output folder, with underscores for further points.
    static func micrograph(of movie: String, folder: String) -> String { folder + root(of: movie) + ".mrc" }

    static func root(of movie: String) -> String {
        var stem = PathName(movie).stem
        while stem.hasPrefix("/") || stem.hasPrefix("./") || stem.hasPrefix("../") {
            stem = String(stem.drop { $0 != "/" }.dropFirst())
        }
        return stem.replacingOccurrences(of: ".", with: "_")
    }

    func root(of movie: String) -> String { folder + Self.root(of: movie) }

    /// Movies whose names differ only in what the micrograph's name leaves out would overwrite one another's.
    private static func checkNames(_ table: MovieTable) throws {
        var first: [String: String] = [:], problems: [InputProblem] = []
        for movie in table.movies {
            let root = root(of: movie.name)
            if let other = first[root] {
                problems.append(InputProblem(place: movie.name, found: "and \(other) would both become \(root).mrc", expected: "one movie for each micrograph",
                                             remedy: "Rename one of them, or take it out of the list"))
            } else {
                first[root] = movie.name
            }
        }
        guard problems.isEmpty else { throw InputError(problems) }
    }

    /// Whether all that is asked for exists and can be read: what was damaged later is made again.
    private static func isFinished(_ movie: String, folder: String, _ options: MotionCorrectionProgram) -> Bool {
        let root = folder + Self.root(of: movie)
        guard (try? MotionFile(contentsOf: root + ".star")) != nil, (try? ImageFile.readHeader(root + ".mrc")) != nil else { return false }
        var files: [String] = []
        if options.general.spectrumGrouping > 0 { files.append(root + "_PS.mrc") }
        if options.alignment.splitsEvenOdd { files.append(root + "_EVN.mrc") }
        if options.own.savesUnweighted && options.dose.weightsDose { files.append(root + "_noDW.mrc") }
        return files.allSatisfy(FileManager.default.fileExists)
    }

    private static func look(at name: String, _ movie: any MovieReader, settings: MotionSettings, _ options: MotionCorrectionProgram) throws {
        if options.alignment.usesMotionCor2 { return try lookForMotionCor2(name, movie, options) }
        guard let micrograph = BinnedShape.micrograph(of: movie.shape, binning: settings.binning) else {
            throw InputError(place: name, found: "\(movie.shape) pixels do not become an even number with --bin_factor \(settings.binning)",
                             expected: "a micrograph with even sides", remedy: "Choose another --bin_factor")
        }
        guard micrograph.x >= 64, micrograph.y >= 64 else {
            throw InputError(place: name, found: "becomes a micrograph of \(micrograph) pixels", expected: "at least 64 × 64")
        }
        let last = options.general.lastFrame > 0 ? min(options.general.lastFrame, movie.frameCount) : movie.frameCount
        let groups = (last - options.general.firstFrame + 1) / max(1, settings.groupSize)
        guard groups >= fewestGroups else {
            throw InputError(place: name, found: "\(movie.frameCount) frames, of which \(max(0, last - options.general.firstFrame + 1)) are used in groups of \(settings.groupSize)",
                             expected: "at least \(fewestGroups) groups", remedy: "The movie may be cut off; or check --first_frame_sum, --last_frame_sum and --group_frames")
        }
    }

    private static func lookForMotionCor2(_ name: String, _ movie: any MovieReader, _ options: MotionCorrectionProgram) throws {
        let known = ["mrc", "mrcs", "tif", "tiff"]
        guard known.contains(PathName(name).pathExtension.lowercased()) else {
            throw InputError(place: name, found: "is neither MRC nor TIFF", expected: "what MotionCor2 is given by this program",
                             remedy: "Convert it with relion_convert_to_tiff, or use --use_own")
        }
        let last = options.general.lastFrame > 0 ? options.general.lastFrame : movie.frameCount
        guard last <= movie.frameCount, options.general.firstFrame <= last else {
            throw InputError(place: name, found: "\(movie.frameCount) frames", expected: "frames \(options.general.firstFrame) to \(last)",
                             remedy: "Check --first_frame_sum and --last_frame_sum")
        }
    }

    private static func checkVoltages(_ table: MovieTable, _ check: inout InputCheck) {
        check.attempt {
            for (row, voltage) in try table.optics.doubles(MovieTable.voltageLabel).enumerated() where ExposureWeights.damage(atVoltage: voltage) == nil {
                throw table.optics.mismatch(MovieTable.voltageLabel, row, found: "\(voltage)", expected: "100, 200 or 300 kV for --dose_weighting")
            }
        }
    }

    private static func check(_ program: MotionCorrectionProgram, _ check: inout InputCheck) {
        let (general, alignment, dose, own) = (program.general, program.alignment, program.dose, program.own)
        check.require(!general.input.isEmpty, "--i", found: "is not given", expected: "a STAR file of movies")
        check.require(!(own.usesOwn && alignment.usesMotionCor2), "--use_own", found: "is given with --use_motioncor2", expected: "one of them")
        check.require(!(own.earlyBinning && own.noEarlyBinning), "--early_binning", found: "is given with --no_early_binning", expected: "one of them")
        check.require(!own.float16 || general.spectrumGrouping > 0, "--float16", found: "is given without --grouping_for_ps",
                      expected: "power spectra for CTF estimation, which other programs cannot make from half-precision numbers", remedy: "Give --grouping_for_ps")
        for (value, option) in [(general.spectrumSize, "--ps_size")] {
            check.require(value >= 32 && value % 2 == 0, option, found: "\(value)", expected: "an even number of pixels from 32")
        }
        for (value, option) in [(general.firstFrame, "--first_frame_sum"), (general.eerGrouping, "--eer_grouping"), (alignment.patchesX, "--patch_x"),
                                (alignment.patchesY, "--patch_y"), (alignment.groupSize, "--group_frames"), (own.maximumIterations, "--max_iter")] {
            check.require(value >= 1, option, found: "\(value)", expected: "1 or more")
        }
        check.require(EERRendering.Grid(rawValue: general.eerUpsampling) != nil, "--eer_upsampling", found: "\(general.eerUpsampling)", expected: "1 or 2")
        check.require(alignment.binning >= 1 && alignment.binning.isFinite, "--bin_factor", found: "\(alignment.binning)", expected: "1 or more")
        check.require(alignment.bFactor > 0 && alignment.bFactor.isFinite, "--bfactor", found: "\(alignment.bFactor)", expected: "a number above 0")
        check.require((0...3).contains(alignment.gainRotation), "--gain_rot", found: "\(alignment.gainRotation)", expected: "0, 1, 2 or 3 quarter turns")
        check.require((0...2).contains(alignment.gainFlip), "--gain_flip", found: "\(alignment.gainFlip)", expected: "0, 1 (upside down) or 2 (left to right)")
        check.require((0...1).contains(own.correlationScale), "--ccf_downsample", found: "\(own.correlationScale)", expected: "0 to 1")
        check.require(dose.dosePerFrame > 0 && dose.dosePerFrame.isFinite, "--dose_per_frame", found: "\(dose.dosePerFrame)", expected: "a number above 0")
        check.require(dose.dosePerFrame < 50, "--dose_per_frame", found: "\(dose.dosePerFrame) e/Å² for each frame", expected: "a few",
                      remedy: "Give the exposure of one frame, not of the movie")
        check.require(dose.preExposure >= 0 && dose.preExposure.isFinite, "--preexposure", found: "\(dose.preExposure)", expected: "0 or more")
        for (file, option) in [(alignment.gain, "--gainref"), (alignment.defects, "--defect_file")] {
            if let file = file.ifGiven {
                check.require(FileManager.default.fileExists(atPath: file), "\(option) \(file)", found: "does not exist")
            }
        }
        check.require(!PathName(alignment.gain).pathExtension.lowercased().hasPrefix("dm"), "--gainref \(alignment.gain)", found: "is a Digital Micrograph file",
                      expected: "an MRC or TIFF file", remedy: "Convert it")
        if PathName(alignment.gain).pathExtension.lowercased() == "gain" {
            check.require(alignment.gainRotation == 0 && alignment.gainFlip == 0, "--gainref \(alignment.gain)", found: "is to be turned by --gain_rot or --gain_flip",
                          expected: "neither: .gain files lie over EER movies as they are")
        }
        if alignment.gain.ifGiven == nil {
            check.require(alignment.gainRotation == 0 && alignment.gainFlip == 0, "--gain_rot", found: "or --gain_flip is given without --gainref")
        }
        check.output(program.general.output + "/corrected_micrographs.star", option: "--o")
    }

    var description: String {
        let work = "\(movies.count) movies to correct (\(listed.count - movies.count) are finished, \(leftOut.count) cannot be used)"
        if let motionCor2 { return work + ", with \(motionCor2.executable), \(motionCor2.devices.count) at a time" }
        let local = settings.isLocal ? "\(settings.patches.x) × \(settings.patches.y) patches" : "whole frames only"
        return work + "; alignment: \(local),"
            + " B factor \(settings.bFactor) px²; dose weighting: \(options.dose.weightsDose ? "yes" : "no")"
    }
}
