import Arrays
import Foundation
import ImageFormats
import Imaging
import Optics
import Parallel
import Postprocessing
import ProgramKit
import Reporting
import StarFormat

/// The checked input of `relion_postprocess`: maps in memory, options resolved.
struct PostprocessInput {
    let names: HalfMapNames
    let halves: HalfMaps
    let mask: RealArray?
    /// Of the mask's file, given or to be written.
    let maskName: String
    /// What the maps' headers say.
    let headerPixelSize: Double?
    let settings: PostprocessingSettings
    var optimisationSet: StarDocument?

    init(_ program: PostprocessProgram, pool: ThreadPool, reporter: Reporter) throws {
        var check = InputCheck()
        Self.checkOptions(program, &check)
        optimisationSet = program.general.optimisationSet.ifGiven.flatMap { path in
            check.attempt { try StarDocument(contentsOf: path) }
        }
        let set = optimisationSet
        let names = check.attempt { try HalfMapNames(program.general, optimisationSet: set) }
        let first = names.flatMap { names in check.attempt { try Self.readMap(names.first) } }
        let second = names.flatMap { names in check.attempt { try Self.readMap(names.second) } }
        if let names, let first, let second, first.0.shape != second.0.shape {
            check.add(
                names.second, found: "a map of \(second.0.shape) voxels",
                expected: "the size of \(names.first), \(first.0.shape)")
        }
        var mask: RealArray?
        if let path = program.masking.mask.ifGiven { mask = check.attempt { try Self.readMask(path, shape: first?.0.shape) } }
        let pixelSize = Self.pixelSize(program, header: first?.1, names: names, &check, reporter)
        let settings = Self.settings(program, pixelSize: pixelSize, &check)
        try check.finish()
        guard let names, let first, let second else { throw InputError([]) }
        self.names = names
        self.settings = settings
        headerPixelSize = first.1
        halves = HalfMaps(first: first.0, second: second.0)
        maskName = program.masking.mask.ifGiven ?? program.general.output + "_automask.mrc"
        self.mask =
            program.masking.makesMask
            ? try Self.makeMask(program.masking, halves: halves, pixelSize: pixelSize, pool: pool, reporter: reporter) : mask
    }

    // MARK: Files

    private static func readMap(_ name: String) throws -> (RealArray, Double?) {
        let (map, header) = try ImageFile.readVolume(name)
        guard map.shape.isCube else {
            throw InputError(place: name, found: "a map of \(map.shape) voxels", expected: "a cube")
        }
        guard map.values.allSatisfy(\.isFinite) else {
            throw InputError(place: name, found: "voxels that are not finite numbers", expected: "a finite map")
        }
        return (map, header.pixelSizeInAngstrom)
    }

    private static func readMask(_ path: String, shape: Shape?) throws -> RealArray {
        let mask = try ImageFile.readVolume(path).volume
        let tolerance: Float = 1e-6
        let (low, high) = (mask.values.min() ?? 0, mask.values.max() ?? 0)
        guard mask.values.allSatisfy(\.isFinite), low >= -tolerance, high <= 1 + tolerance else {
            throw InputError(
                place: path, found: "values from \(low) to \(high)", expected: "a mask with values between 0 and 1",
                remedy: "Make one with relion_mask_create")
        }
        if let shape, mask.shape != shape {
            throw InputError(
                place: path, found: "a mask of \(mask.shape) voxels", expected: "the size of the half maps, \(shape)")
        }
        guard high > 0.5 else {
            throw InputError(place: path, found: "no voxel above 0.5", expected: "a mask with the particle inside")
        }
        return mask
    }

    private static func makeMask(
        _ options: PostprocessProgram.MaskingOptions, halves: HalfMaps, pixelSize: Double, pool: ThreadPool, reporter: Reporter
    ) throws -> RealArray {
        let resolution = 15.0
        var average = halves.first
        for i in average.values.indices { average.values[i] = (average.values[i] + halves.second.values[i]) / 2 }
        let filter = FrequencyFilter.lowPass(
            resolutionInAngstrom: max(resolution, 2 * pixelSize), pixelSizeInAngstrom: pixelSize, box: average.shape.x)
        let smooth = average.filtered(by: filter, pool: pool)
        let maker = MapMask(
            threshold: options.threshold, extensionInPixels: options.extend, edgeWidthInPixels: options.edgeWidth)
        let mask = maker.make(from: smooth, pool: pool)
        guard mask.values.contains(where: { $0 > 0.5 }) else {
            throw InputError(
                place: "--inimask_threshold", found: "no voxel of the map, filtered to \(resolution) Å, is above \(options.threshold)",
                expected: "a threshold below \(smooth.values.max() ?? 0)")
        }
        reporter.warning("the mask was made automatically. Look at it: a mask that is too tight or too wide misleads the resolution.")
        return mask
    }

    // MARK: Options

    private static func checkOptions(_ program: PostprocessProgram, _ check: inout InputCheck) {
        let (sharpening, local, expert) = (program.sharpening, program.local, program.expert)
        let masking = program.masking
        if masking.makesMask, masking.mask.ifGiven != nil { check.add("--auto_mask", found: "--mask is given too", expected: "one of them") }
        if masking.makesMask {
            check.require(masking.extend.isFinite, "--extend_inimask", found: "\(masking.extend)", expected: "a number of pixels")
            check.require(masking.edgeWidth >= 0, "--width_mask_edge", found: "\(masking.edgeWidth)", expected: "pixels, 0 or more")
        }
        if sharpening.fitsBFactor, sharpening.bFactor != 0 {
            check.add("--auto_bfac", found: "--adhoc_bfac is given too", expected: "one of them")
        }
        if local.isWanted, sharpening.fitsBFactor {
            check.add("--auto_bfac", found: "--locres is given too", expected: "--adhoc_bfac with local resolution")
        }
        check.require(sharpening.lowestResolution > 0, "--autob_lowres", found: "\(sharpening.lowestResolution)", expected: "Å above 0")
        check.require(
            sharpening.highestResolution >= 0 && sharpening.highestResolution < sharpening.lowestResolution, "--autob_highres",
            found: "\(sharpening.highestResolution)", expected: "Å between 0 and --autob_lowres")
        check.require(expert.filterEdgeWidth >= 0, "--filter_edge_width", found: "\(expert.filterEdgeWidth)", expected: "shells, 0 or more")
        if local.isWanted {
            let settings = local.settings
            check.require(settings.sampling > 0, "--locres_sampling", found: "\(settings.sampling)", expected: "Å above 0")
            check.require(settings.maskRadius > 0, "--locres_maskrad", found: "\(settings.maskRadius)", expected: "Å above 0")
            check.require(settings.randomisedFrom > 0, "--locres_randomize_at", found: "\(settings.randomisedFrom)", expected: "Å above 0")
            check.require(settings.lowestResolution > 0, "--locres_minres", found: "\(settings.lowestResolution)", expected: "Å above 0")
        }
        check.output(program.general.output + ".mrc", option: "--o")
    }

    private static func pixelSize(
        _ program: PostprocessProgram, header: Double?, names: HalfMapNames?, _ check: inout InputCheck, _ reporter: Reporter
    ) -> Double {
        if program.general.pixelSize > 0 { return program.general.pixelSize }
        if let header, header > 0 {
            reporter.info(String(format: "  + pixel size from the map's header:  %.4f Å", header))
            return header
        }
        if let names {
            check.add(
                names.first, found: "the header has no pixel size", expected: "one there, or an option",
                remedy: "Give --angpix with the pixel size in Å")
        }
        return 1
    }

    private static func settings(
        _ program: PostprocessProgram, pixelSize: Double, _ check: inout InputCheck
    ) -> PostprocessingSettings {
        let (general, sharpening, expert) = (program.general, program.sharpening, program.expert)
        var settings = PostprocessingSettings(pixelSizeInAngstrom: pixelSize)
        if general.detectorPixelSize > 0 { settings.detectorPixelSizeInAngstrom = general.detectorPixelSize }
        if general.molecularWeight > 0 { settings.molecularWeightInKilodalton = general.molecularWeight }
        if let path = sharpening.transferFile.ifGiven {
            settings.detectorTransfer = check.attempt {
                let document = try StarDocument(contentsOf: path)
                guard let table = document.tables.first(where: { $0.contains("rlnMtfValue") }) else {
                    throw InputError(place: path, found: "there is no column _rlnMtfValue", expected: "an MTF curve")
                }
                return try DetectorTransfer(
                    frequenciesPerPixel: table.doubles("rlnResolutionInversePixel"), values: table.doubles("rlnMtfValue"),
                    name: path)
            }
        }
        if sharpening.fitsBFactor {
            settings.sharpening = .fitted(lowest: sharpening.lowestResolution, highest: sharpening.highestResolution)
        } else if sharpening.bFactor != 0 {
            settings.sharpening = .bFactor(sharpening.bFactor)
        }
        settings.lowestFittedResolution = sharpening.lowestResolution
        settings.weighting = program.filtering.skipsWeighting ? .none : .byCorrelation
        let lowPass = program.filtering.lowPass
        settings.lowPass = lowPass == 0 ? .none : lowPass < 0 ? .atFinalResolution : .at(resolutionInAngstrom: lowPass)
        settings.filterEdgeWidthInShells = expert.filterEdgeWidth
        settings.maskPolicy = program.masking.isForced ? .always : .skipWhenWorse
        settings.amplitudes = expert.correlatesAmplitudes ? .correlationAndPhaseResidual : .none
        settings.randomisation =
            expert.randomisedFrom > 0
            ? .fromResolution(inAngstrom: expert.randomisedFrom) : .belowCorrelation(expert.randomisedBelow)
        settings.seed = expert.seed >= 0 ? expert.seed : Int(UInt32.random(in: 1...UInt32(Int32.max)))
        return settings
    }
}

/// Names of the two half maps.
struct HalfMapNames {
    let first: String
    let second: String

    static let labels = (first: "rlnTomoReferenceMap1File", second: "rlnTomoReferenceMap2File")

    init(_ options: PostprocessProgram.GeneralOptions, optimisationSet: StarDocument?) throws {
        if let name = options.firstHalf.ifGiven {
            first = name
            second = try options.secondHalf.ifGiven ?? Self.otherHalf(of: name)
        } else if let optimisationSet {
            guard let table = optimisationSet.tables.first(where: { $0.contains(Self.labels.first) }),
                let first = table.string(Self.labels.first, row: 0), let second = table.string(Self.labels.second, row: 0)
            else {
                throw InputError(
                    place: optimisationSet.name, found: "it names no half maps (_\(Self.labels.first), _\(Self.labels.second))",
                    expected: "both", remedy: "Give them with --i and --i2")
            }
            (self.first, self.second) = (first, second)
        } else if options.optimisationSet.ifGiven == nil {
            throw InputError(place: "--i", found: "nothing", expected: "the map of one half, or an optimisation set with --ios")
        } else {
            throw InputError([])
        }
    }

    /// `half1` for `half2` and the other way round in the file's name, not in its folder's.
    static func otherHalf(of path: String) throws -> String {
        let name = PathName(path).name
        let other: String
        if name.contains("half1") {
            other = name.replacingOccurrences(of: "half1", with: "half2")
        } else if name.contains("half2") {
            other = name.replacingOccurrences(of: "half2", with: "half1")
        } else {
            throw InputError(
                place: "--i", found: "\"\(path)\" has neither half1 nor half2 in its name", expected: "one of them",
                remedy: "Give the other half with --i2")
        }
        return PathName(path).sibling(other)
    }
}
