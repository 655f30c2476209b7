import ArgumentParser
import Arrays
import Foundation
import Fourier
import Geometry
import ImageFormats
import Imaging
import Parallel
import ProgramKit
import Reporting

/// Operations on images, stacks and maps, and on all images of a STAR file.
struct ImageHandlerProgram: RelionProgram {
    static let programName = "relion_image_handler"
    static let summary = "Filter, resample, shift, combine, average or describe images, stacks and maps."

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "image-by-constant operations") var constants: ConstantOptions
    @OptionGroup(title: "image-by-image operations") var images: ImageOptions
    @OptionGroup(title: "additional subtract options") var subtraction: SubtractionOptions
    @OptionGroup(title: "per-image operations") var perImage: PerImageOptions
    @OptionGroup(title: "3D operations") var maps: MapOptions
    @OptionGroup(title: "2D-micrograph (or movie) operations") var micrographs: MicrographOptions
    @OptionGroup(title: "Movie-frame averaging options") var movies: MovieOptions
    @OptionGroup(title: "PNG options") var pictures: PictureOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    /// What a run does with its images.
    enum Task: Equatable {
        case statistics, centreOfMass, average(ImageAverage.Quantity), averageMovies, averageFrames, operations
    }

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        let task = self.task(&check)
        let operands = Operands(reading: images, mask: subtraction.mask, check: &check)
        let spectrum = perImage.correction(check: &check)
        let input = check.attempt {
            try ImageHandlerInput(path: general.input, keepsStacksWhole: task == .averageFrames, usesMovieNames: task == .averageMovies)
        }
        let operations = operations(operands, spectrum, &check)
        let output = input.flatMap { input in
            task == .operations && !general.output.isEmpty
                ? check.attempt { try ImageHandlerOutput(for: input, output: general.output) } : nil
        }
        let files = StackReaderCache()
        if let input { verify(input, task, operations, operands, files, &check) }
        try check.finish()
        guard let input else { return }
        if context.isDryRun {
            context.reporter.info("\(input.items.count) image(s), \(operations.count) operation(s) on each, \(output?.files.count ?? 0) output file(s).")
            return
        }
        let job = ImageHandlerJob(
            input: input, operations: operations, files: files, pixelSizeInAngstrom: perImage.pixelSize,
            headerPixelSizeInAngstrom: perImage.headerPixelSize, mode: general.float16 ? .float16 : .float32, context: context)
        switch task {
        case .statistics: try job.printStatistics()
        case .centreOfMass: try job.printCentresOfMass()
        case .average(let quantity): try job.average(quantity, to: general.output)
        case .averageMovies: try job.average(.frames, to: general.output)
        case .averageFrames: try job.sumFrames(bin: movies.bin, first: movies.first, last: movies.last, to: general.output)
        case .operations: try job.process(into: output, general.output, reports: reports(operands), picture: picture)
        }
    }

    // MARK: Options

    private func task(_ check: inout InputCheck) -> Task {
        let chosen: [(String, Bool, Task)] = [
            ("--stats", perImage.statistics, .statistics), ("--com", perImage.centreOfMass, .centreOfMass),
            ("--avg_ampl", perImage.averageAmplitude, .average(.amplitude)), ("--avg_ampl2", perImage.averagePower, .average(.power)),
            ("--avg_ampl2_ali", perImage.averageAlignedPower, .average(.alignedPower)), ("--average", perImage.average, .average(.pixels)),
            ("--average_all_movie_frames", movies.averageAll, .averageMovies),
            ("--avg_bin", movies.bin > 0, .averageFrames), ("--avg_first", movies.first >= 0 && movies.last >= 0, .averageFrames),
        ].filter { $0.1 }
        if chosen.count > 1 {
            check.add(chosen.map(\.0).joined(separator: " "), found: "are given together", expected: "one of them a run")
        }
        let onlyPrints = perImage.statistics || perImage.centreOfMass || !images.fsc.isEmpty || images.power || images.guinier
        check.require(onlyPrints || !general.output.isEmpty, "--o", found: "is missing", expected: "a name for the result")
        check.require((movies.first >= 0) == (movies.last >= 0), "--avg_first --avg_last", found: "one of them is missing", expected: "both")
        if movies.first >= 0 {
            check.require(movies.first <= movies.last, "--avg_first", found: "\(movies.first)", expected: "at most --avg_last (\(movies.last))")
        }
        check.require(!movies.averageAll || general.input.hasSuffix(".star"), "--average_all_movie_frames", found: general.input, expected: "a STAR file as input")
        return chosen.first?.2 ?? .operations
    }

    private func operations(_ operands: Operands, _ spectrum: RealArray?, _ check: inout InputCheck) -> [ImageOperation] {
        var list: [ImageOperation] = []
        if micrographs.addEdge {
            let (x, y) = ((micrographs.edgeX0, micrographs.edgeXF), (micrographs.edgeY0, micrographs.edgeYF))
            let isSound = x.0 >= 0 && x.0 <= x.1 && y.0 >= 0 && y.0 <= y.1
            check.require(isSound, "--edge_x0 … --edge_yF", found: "\(x.0) \(x.1) \(y.0) \(y.1)", expected: "first columns and rows of 0 or more, before the last ones")
            if isSound { list.append(.replicateEdges(columns: x.0...x.1, rows: y.0...y.1)) }
        }
        if micrographs.flipXY { list.append(.mirror(.transpose)) }
        if micrographs.flipMXY { list.append(.mirror(.antiTranspose)) }
        if perImage.removesNonFinite { list.append(.replaceNonFinite(Float(perImage.replacement))) }
        if perImage.randomiseBeyond > 0 { list.append(.randomisePhases(resolutionInAngstrom: perImage.randomiseBeyond)) }
        list += arithmetic(operands, &check)
        if let spectrum { list.append(.divideSpectrum(spectrum)) }
        return list + filters(&check) + geometry(&check)
    }

    private func arithmetic(_ operands: Operands, _ check: inout InputCheck) -> [ImageOperation] {
        var list: [ImageOperation] = []
        if constants.multiply != 1 { list.append(.multiply(Float(constants.multiply))) }
        check.require(constants.divide != 0, "--divide_constant", found: "0", expected: "another number")
        if constants.divide != 1 { list.append(.divide(Float(constants.divide))) }
        if constants.add != 0 { list.append(.add(Float(constants.add))) }
        if constants.subtract != 0 { list.append(.add(Float(-constants.subtract))) }
        if let image = operands.multiply { list.append(.multiplyBy(image)) }
        if let image = operands.divide { list.append(.divideBy(image)) }
        if let image = operands.add { list.append(.addImage(image)) }
        check.require(!subtraction.optimisesScale || !images.subtract.isEmpty, "--optimise_scale_subtract", found: "there is nothing to subtract", expected: "--subtract too")
        check.require(subtraction.optimisesScale || subtraction.bFactorRange == 0, "--optimise_bfactor_subtract",
                      found: "is given without --optimise_scale_subtract", expected: "both")
        if let image = operands.subtract {
            list.append(.subtract(image, .init(optimisesScale: subtraction.optimisesScale, bFactorRange: subtraction.bFactorRange, mask: operands.mask)))
        }
        if let image = operands.adjustPower { list.append(.matchAmplitudes(image)) }
        if let image = operands.fourierFilter { list.append(.filterByImage(image)) }
        return list
    }

    private func filters(_ check: inout InputCheck) -> [ImageOperation] {
        var list: [ImageOperation] = []
        check.require(perImage.edgeWidth >= 0, "--filter_edge_width", found: "\(perImage.edgeWidth)", expected: "0 or more shells")
        if perImage.bFactor != 0 { list.append(.bFactor(perImage.bFactor)) }
        if perImage.laplacian > 0 { list.append(.laplacianOfGaussian(diameterInAngstrom: perImage.laplacian)) }
        let axes: [String: FrequencyFilter.Axis] = ["X": .x, "Y": .y, "Z": .z]
        let axis = axes[perImage.directional.uppercased()]
        check.require(perImage.directional.isEmpty || axis != nil, "--directional", found: perImage.directional, expected: "X, Y or Z")
        check.require(perImage.directional.isEmpty || perImage.lowPass > 0, "--directional", found: "there is no low-pass filter", expected: "--lowpass too")
        if perImage.lowPass > 0 { list.append(.lowPass(resolutionInAngstrom: perImage.lowPass, edgeWidth: perImage.edgeWidth, axis: axis)) }
        if perImage.highPass > 0 { list.append(.highPass(resolutionInAngstrom: perImage.highPass, edgeWidth: perImage.edgeWidth)) }
        return list
    }

    private func geometry(_ check: inout InputCheck) -> [ImageOperation] {
        var list: [ImageOperation] = []
        if perImage.flipX { list.append(.mirror(.x)) }
        if perImage.flipY { list.append(.mirror(.y)) }
        if perImage.flipZ { list.append(.mirror(.z)) }
        if perImage.invertHand { list.append(.mirror(.hand)) }
        if perImage.shiftToCentreOfMass { list.append(.centreMass) }
        if perImage.shiftX != 0 || perImage.shiftY != 0 || perImage.shiftZ != 0 {
            list.append(.shift([perImage.shiftX, perImage.shiftY, perImage.shiftZ]))
        }
        if perImage.newPixelSize > 0 { list.append(.rescale(pixelSizeInAngstrom: perImage.newPixelSize)) }
        if perImage.newBox > 0 { list.append(.box(perImage.newBox)) }
        if let name = maps.symmetry.ifGiven, let group = check.attempt({ try SymmetryGroup(name: name) }) { list.append(.symmetrise(group)) }
        if constants.above != 999 { list.append(.clampAbove(Float(constants.above))) }
        if constants.below != -999 { list.append(.clampBelow(Float(constants.below))) }
        return list
    }

    private func reports(_ operands: Operands) -> ImageHandlerJob.Reports {
        .init(correlationWith: operands.correlation, power: images.power,
              guinier: images.guinier ? min(images.guinierFinest, images.guinierCoarsest)...max(images.guinierFinest, images.guinierCoarsest) : nil)
    }

    private var picture: ImageHandlerJob.Picture {
        let contrast: ContrastStretch = pictures.sigma > 0 ? .sigma(pictures.sigma)
            : pictures.black != pictures.white ? .range(black: pictures.black, white: pictures.white) : .full
        let scheme: ColourScheme = pictures.fire ? .fire : pictures.ice ? .ice : pictures.fireAndIce ? .fireAndIce
            : pictures.rainbow ? .rainbow : pictures.difference ? .difference : .grey
        return .init(contrast: contrast, scheme: scheme)
    }

    /// Opens every file once and checks sizes, so that nothing fails halfway.
    private func verify(
        _ input: ImageHandlerInput, _ task: Task, _ operations: [ImageOperation], _ operands: Operands, _ files: StackReaderCache,
        _ check: inout InputCheck
    ) {
        var lastIndex: [String: Int] = [:]
        for item in input.items { lastIndex[item.name.path] = max(lastIndex[item.name.path] ?? -1, item.name.index ?? -1) }
        let isPicture = PathName(general.output).pathExtension.lowercased() == "png"
        for (path, last) in lastIndex.sorted(by: { $0.key < $1.key }) {
            let name = ImageName(path: path, index: last < 0 ? nil : last)
            guard let header = check.attempt({ try files.reader(for: name).header }) else { continue }
            check.require(last < header.imageCount, path, found: "image \(last + 1) is asked for", expected: "an image from 1 to \(header.imageCount)")
            let isSingle = last >= 0 || header.imageCount == 1 || [.averageFrames, .averageMovies, .statistics].contains(task)
            check.require(isSingle, path, found: "a stack of \(header.imageCount) images is named as one image", expected: "N@\(path)")
            for operation in operations {
                if let objection = operation.objection(to: header.shape) {
                    check.add("\(objection.option) on \(path)", found: "an array of \(header.shape) pixels", expected: objection.expected)
                }
            }
            operands.verify(against: header.shape, of: path, &check)
            check.require(!isPicture || header.shape.z == 1, "--o \(general.output)", found: "\(path) has three dimensions", expected: "an image for a PNG picture")
        }
    }
}
