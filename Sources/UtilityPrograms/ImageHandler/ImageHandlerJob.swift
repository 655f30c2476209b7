import Arrays
import Foundation
import Fourier
import Geometry
import ImageFormats
import Imaging
import Parallel
import ProgramKit
import Reporting

/// The work of one run, after all input has been checked.
struct ImageHandlerJob: Sendable {
    struct Reports: Sendable {
        var correlationWith: RealArray?
        var power = false
        /// Resolutions in Å of the Guinier fit.
        var guinier: ClosedRange<Double>?
    }

    struct Picture: Sendable {
        var contrast: ContrastStretch
        var scheme: ColourScheme
    }

    let input: ImageHandlerInput
    let operations: [ImageOperation]
    let files: StackReaderCache
    /// As given by the user; not above 0: from headers.
    let pixelSizeInAngstrom: Double
    let headerPixelSizeInAngstrom: Double
    let mode: PixelMode
    let context: ProgramContext

    /// What became of one image.
    private struct Outcome: Sendable {
        var shape: Shape
        var newPixelSizeInAngstrom: Double?
        var lines: [String] = []
    }

    private func pixelSize(of item: ImageHandlerInput.Item, _ header: ImageHeader) -> Double {
        if pixelSizeInAngstrom > 0 { return pixelSizeInAngstrom }
        return header.pixelSizeInAngstrom ?? item.opticsPixelSizeInAngstrom ?? 1
    }

    // MARK: Printing

    func printStatistics() throws {
        for item in input.items {
            let reader = try files.reader(for: item.name)
            let isWhole = item.name.index == nil
            let image = isWhole ? try reader.all() : try reader.image(item.name.index ?? 0)
            context.reporter.answer(ImageHandlerReport.statistics(
                name: item.name.description, image: image, imageCount: isWhole ? reader.count : 1,
                pixelSizeInAngstrom: reader.header.pixelSizeInAngstrom ?? 1))
        }
    }

    func printCentresOfMass() throws {
        for item in input.items {
            context.reporter.answer(ImageHandlerReport.centreOfMass(name: item.name.description, image: try files.image(item.name)))
        }
    }

    // MARK: Averages

    func average(_ quantity: ImageAverage.Quantity, to path: String) throws {
        var average = ImageAverage(of: quantity)
        let names = quantity == .frames ? try input.items.flatMap(frames) : input.items
        let progress = context.reporter.progress("Averaging", total: names.count)
        let first = try names.first.map { try files.reader(for: $0.name).header }
        // As many images in memory as there are threads, added in order.
        let batch = max(1, context.pool.threadCount)
        for start in stride(from: 0, to: names.count, by: batch) {
            try context.jobControl.checkForAbort()
            let part = Array(names[start..<min(names.count, start + batch)])
            let terms = try context.pool.tryMap(count: part.count) { i, _ in
                let image = try self.aligned(part[i], quantity)
                guard image.shape == first?.shape else {
                    throw InputError(place: part[i].name.description, found: "\(image.shape) pixels",
                                     expected: "\(first?.shape ?? image.shape) pixels, the size of the first image")
                }
                return ImageAverage.term(image, quantity)
            }
            for term in terms { average.add(term) }
            progress.advance(by: part.count)
        }
        progress.finish()
        guard let mean = average.mean else { return }
        try ImageFile.write(mean, to: path, pixelSizeInAngstrom: outputPixelSize(first?.pixelSizeInAngstrom), mode: mode)
        context.reporter.info("Written: \(path), the mean of \(average.count) images")
    }

    private func frames(of movie: ImageHandlerInput.Item) throws -> [ImageHandlerInput.Item] {
        let count = try files.reader(for: ImageName(path: movie.name.path, index: 0)).count
        return (0..<count).map { ImageHandlerInput.Item(name: ImageName(path: movie.name.path, index: $0)) }
    }

    private func aligned(_ item: ImageHandlerInput.Item, _ quantity: ImageAverage.Quantity) throws -> RealArray {
        let image = try files.image(item.name)
        guard quantity == .alignedPower, image.shape.z == 1 else { return image }
        let scale = item.originIsInAngstrom ? 1 / pixelSize(of: item, try files.reader(for: item.name).header) : 1
        return image.aligned(psiInDegrees: item.psiInDegrees, xOff: item.origin.x * scale, yOff: item.origin.y * scale)
    }

    func sumFrames(bin: Int, first: Int, last: Int, to path: String) throws {
        for (number, movie) in input.items.enumerated() {
            let reader = try StackReader(path: movie.name.path, layout: .sections)
            guard reader.count > 1 else {
                throw InputError(place: movie.name.path, found: "one frame", expected: "a movie of several frames")
            }
            let groups: [Range<Int>] = bin > 0
                ? (0..<reader.count / bin).map { $0 * bin..<($0 + 1) * bin } : [max(0, first - 1)..<min(reader.count, last)]
            guard let range = groups.first, !range.isEmpty else {
                throw InputError(place: movie.name.path, found: "\(reader.count) frames", expected: "enough for --avg_bin or --avg_first")
            }
            let target = input.isStar && !path.lowercased().hasSuffix(".mrcs")
                ? ImageHandlerOutput.inserting("_" + path, into: movie.name.path) : path
            guard number == 0 || target != path else {
                throw InputError(place: "--o \(path)", found: "several movies and one output", expected: "text to insert into the movies' names")
            }
            if groups.count > 1, target.lowercased().hasSuffix(".mrc") {
                throw InputError(place: "--o \(target)", found: "\(groups.count) sums", expected: "a name ending in .mrcs")
            }
            let writer = try StackWriter(path: target, shape: reader.header.shape, mode: mode,
                                         pixelSizeInAngstrom: outputPixelSize(reader.header.pixelSizeInAngstrom))
            for (index, group) in groups.enumerated() {
                try context.jobControl.checkForAbort()
                var sum = RealArray(shape: reader.header.shape)
                for frame in group {
                    let image = try reader.image(frame)
                    for i in sum.values.indices { sum.values[i] += image.values[i] }
                }
                try writer.write(sum, at: index)
            }
            try writer.finish()
            context.reporter.info("Written: \(target)")
        }
    }

    private func outputPixelSize(_ own: Double?) -> Double? { headerPixelSizeInAngstrom > 0 ? headerPixelSizeInAngstrom : own }

    // MARK: Operations

    /// - Parameter output: nil: reports only.
    func process(into output: ImageHandlerOutput?, _ outputName: String, reports: Reports, picture: Picture) throws {
        guard let output else {
            for index in input.items.indices { printLines(try outcome(of: index, reports, context.pool).outcome) }
            return
        }
        if let first = input.items.first, operations.contains(where: \.needsPixelSize), pixelSizeInAngstrom <= 0 {
            let size = pixelSize(of: first, try files.reader(for: first.name).header)
            context.reporter.warning("--angpix is not given; the pixel size of the input, \(ImageHandlerReport.six(size)) Å, is used")
        }
        let progress = context.reporter.progress("Processing images", total: input.items.count)
        var changes: [Int: (box: Int, pixelSizeInAngstrom: Double?)] = [:]
        for file in output.files {
            try context.jobControl.checkForAbort()
            let outcomes = try write(file, reports, picture, progress)
            for (index, outcome) in zip(file.items, outcomes) {
                printLines(outcome)
                guard let group = input.items[index].opticsGroup else { continue }
                if changes[group] == nil { changes[group] = (outcome.shape.x, outcome.newPixelSizeInAngstrom) }
            }
        }
        progress.finish()
        if let document = try output.document(for: input, changes: changes) {
            let path = ImageHandlerOutput.starPath(input: input.path, output: outputName)
            try document.write(to: path)
            context.reporter.info("Written: \(path)")
        }
    }

    private func printLines(_ outcome: Outcome) { for line in outcome.lines { context.reporter.answer(line) } }

    private func outcome(of index: Int, _ reports: Reports, _ pool: ThreadPool) throws
        -> (image: RealArray, outcome: Outcome, pixelSizeInAngstrom: Double?)
    {
        let item = input.items[index]
        let reader = try files.reader(for: item.name)
        let image = item.name.index == nil ? try reader.all() : try reader.image(item.name.index ?? 0)
        let size = pixelSize(of: item, reader.header)
        var subject = ImageOperation.Subject(image: image, pixelSizeInAngstrom: size, psiInDegrees: item.psiInDegrees)
        var lines: [String] = []
        let arithmeticCount = operations.firstIndex { $0.followsReports } ?? operations.count
        for operation in operations[..<arithmeticCount] { operation.apply(to: &subject, pool: pool) }
        lines += try report(subject.image, size, reports, pool)
        for operation in operations[arithmeticCount...] { operation.apply(to: &subject, pool: pool) }
        lines += subject.remarks.map { "\(item.name) : \($0)" }
        let outcome = Outcome(shape: subject.image.shape, newPixelSizeInAngstrom: subject.newPixelSizeInAngstrom, lines: lines)
        return (subject.image, outcome, outputPixelSize(subject.newPixelSizeInAngstrom ?? reader.header.pixelSizeInAngstrom))
    }

    private func report(_ image: RealArray, _ pixelSize: Double, _ reports: Reports, _ pool: ThreadPool) throws -> [String] {
        var lines: [String] = []
        if let other = reports.correlationWith {
            lines.append(try ImageHandlerReport.shellCorrelation(image, other, pixelSizeInAngstrom: pixelSize, pool: pool))
        }
        if reports.power { lines.append(try ImageHandlerReport.powerSpectrum(image, pixelSizeInAngstrom: pixelSize, pool: pool)) }
        if let range = reports.guinier {
            guard let fit = GuinierFit(map: image, pixelSizeInAngstrom: pixelSize, range: range, pool: pool) else {
                throw InputError(place: "--guinier_minres --guinier_maxres", found: "fewer than two resolution shells between \(range.upperBound) and \(range.lowerBound) Å",
                                 expected: "a wider range")
            }
            lines.append(ImageHandlerReport.guinier(fit))
        }
        return lines
    }

    private func write(_ file: ImageHandlerOutput.File, _ reports: Reports, _ picture: Picture, _ progress: ProgressBar) throws -> [Outcome] {
        guard let firstIndex = file.items.first else { return [] }
        let first = try outcome(of: firstIndex, reports, context.pool)
        if PathName(file.path).pathExtension.lowercased() == "png" {
            try write(first.image, as: picture, to: file.path)
            progress.advance()
            return [first.outcome]
        }
        if let index = file.replacedIndex {
            try replace(index, of: file.path, by: first.image, first.pixelSizeInAngstrom)
            progress.advance()
            return [first.outcome]
        }
        if !file.isStack {
            try ImageFile.write(first.image, to: file.path, pixelSizeInAngstrom: first.pixelSizeInAngstrom, mode: mode)
            progress.advance()
            return [first.outcome]
        }
        let shape = first.image.shape
        let writer = try StackWriter(path: file.path, shape: shape, mode: mode, pixelSizeInAngstrom: first.pixelSizeInAngstrom)
        try writer.write(first.image, at: 0)
        progress.advance()
        let others = try context.pool.tryMap(count: file.items.count - 1) { position, _ in
            let result = try outcome(of: file.items[position + 1], reports, .one)
            guard result.image.shape == shape else {
                throw InputError(place: "\(input.items[file.items[position + 1]].name)", found: "\(result.image.shape) pixels after processing",
                                 expected: "\(shape) pixels, as the first image of the stack \(file.path)")
            }
            try writer.write(result.image, at: position + 1)
            progress.advance()
            return result.outcome
        }
        try writer.finish()
        return [first.outcome] + others
    }

    private func write(_ image: RealArray, as picture: Picture, to path: String) throws {
        let levels = picture.contrast.levels(of: image)
        try PNGFile.write(picture.scheme.colours(levels), width: image.shape.x, height: image.shape.y, channels: .rgb, to: path)
    }

    /// Puts one image into a stack that is there already, or adds it at the end; a missing stack is begun by image 1.
    private func replace(_ index: Int, of path: String, by image: RealArray, _ pixelSize: Double?) throws {
        var images: [RealArray] = []
        var (mode, size) = (mode, pixelSize)
        if FileManager.default.fileExists(atPath: path) {
            let reader = try StackReader(path: path, layout: .sections)
            images = try (0..<reader.count).map { try reader.image($0) }
            (mode, size) = (reader.header.mode, reader.header.pixelSizeInAngstrom)
        }
        guard index <= images.count, images.first.map({ $0.shape == image.shape }) ?? true else {
            throw InputError(place: "--o \(index + 1)@\(path)", found: "a stack of \(images.count) images of \(images.first?.shape ?? image.shape) pixels",
                             expected: "a position from 1 to \(images.count + 1) and images of \(image.shape) pixels")
        }
        if index == images.count { images.append(image) } else { images[index] = image }
        try ImageFile.writeStack(images, to: path, pixelSizeInAngstrom: size, mode: mode)
    }
}

extension ImageOperation {
    /// Filters and geometry come after the reports (correlation, power spectrum, Guinier plot), as in RELION.
    fileprivate var followsReports: Bool {
        switch self {
        case .replicateEdges, .mirror(.transpose), .mirror(.antiTranspose), .replaceNonFinite, .randomisePhases, .multiply, .divide,
            .add, .multiplyBy, .divideBy, .addImage, .subtract, .matchAmplitudes, .divideSpectrum, .filterByImage: false
        default: true
        }
    }
}
