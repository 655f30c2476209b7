import Arrays
import Foundation
import Fourier
import ImageFormats
import Imaging
import Parallel
import Tables

/// Images of a stack, or rows of a STAR file, as a request names them.
struct ImageSelection: Codable, Sendable {
    var path: String
    /// Of a STAR file; nil: the largest.
    var block: String?
    /// Label of the column with image names; nil: `path` is a stack.
    var column: String?
    /// From 0; nil: all that fit the filter.
    var rows: [Int]?
    var filter: String?
    /// Standard deviations for the contrast of the pictures.
    var sigma: Double?

    func names(_ context: APIContext) throws -> [ImageName] {
        guard let column else {
            let count = try StackReader(path: ReadableImage.path(of: context.paths.resolve(path)), layout: .sections).count
            return try checked(rows ?? Array(0..<count), count: count).map { ImageName(path: path, index: $0) }
        }
        let table = try context.tables.table(context.paths.resolve(path), name: path), block = try table.block(block)
        let cells = try table.column(column, block: block)
        let chosen = try rows ?? table.rows(RowRequest(block: block, filter: filter ?? "")).map(Int.init)
        return try checked(chosen, count: table.outline.blocks[block].rowCount).map { try ImageName(parsing: table.string(cells, row: $0)) }
    }

    private func checked(_ rows: [Int], count: Int) throws -> [Int] {
        guard let wrong = rows.first(where: { !(0..<count).contains($0) }) else { return rows }
        throw HTTPFailure(422, "\(path) has \(count) images; number \(wrong + 1) is asked for.")
    }
}

/// Average, deviation and power spectrum of a selection as pictures.
struct SelectionAnswer: Codable, Sendable {
    /// Images looked at, of those that were selected: evenly spread over them where they are very many.
    var count: Int
    var selected: Int
    /// Images left out: not to be read, or of another size than the first.
    var skipped: Int
    /// Pixels along x and y.
    var shape: [Int]
    var pixelSizeInAngstrom: Double
    /// PNG in base 64, as are the next two.
    var average: String
    var standardDeviation: String
    /// Logarithm of the mean power, origin in the middle, from its 1st to its 99.9th percentile.
    var spectrum: String
    /// Mean power of each shell; shell r is at r / (box · pixel size) per Å.
    var radialSpectrum: [Double]

    static let imageLimit = 20_000

    init(_ selection: ImageSelection, _ context: APIContext) throws {
        let all = try selection.names(context)
        guard !all.isEmpty else { throw HTTPFailure(422, "No image is selected.") }
        let names = all.count <= Self.imageLimit ? all : (0..<Self.imageLimit).map { all[$0 * all.count / Self.imageLimit] }
        let paths = context.paths, images = OpenImages { try paths.resolve($0) }
        guard let first = names.first(where: { (try? images.shape(of: $0)) != nil }) else {
            throw HTTPFailure(422, "None of the images can be read; the first is \(names[0]).")
        }
        let shape = try images.shape(of: first)
        guard max(shape.x, shape.y) <= 1024 else { throw HTTPFailure(422, "Images of \(shape) pixels are micrographs; averages are made of particles.") }
        let statistics = Self.statistics(of: names, shape: shape, images, context.pool)
        let stretch = (selection.sigma ?? 0) > 0 ? ContrastStretch.sigma(selection.sigma ?? 3) : .full
        (count, selected, skipped) = (statistics.count, all.count, names.count - statistics.count)
        self.shape = [shape.x, shape.y]
        pixelSizeInAngstrom = try images.pixelSize(of: first)
        average = try Self.picture(statistics.average, stretch)
        standardDeviation = try Self.picture(statistics.standardDeviation, .full)
        let spectrum = statistics.logarithmicSpectrum, order = spectrum.values.sorted()
        let black = order[order.count / 100], white = order[order.count * 999 / 1000]
        self.spectrum = try Self.picture(spectrum, .range(black: Double(black), white: Double(max(white, black.nextUp))))
        radialSpectrum = statistics.radialSpectrum
    }

    /// Chunks are added up in order, a few at a time, so that neither memory nor rounding depends on the number of threads.
    private static func statistics(of names: [ImageName], shape: Shape, _ images: OpenImages, _ pool: ThreadPool) -> ImageSetStatistics {
        let transform = FourierTransform(shape: shape), chunk = 32, wave = 8
        var total = ImageSetStatistics(shape: shape)
        for start in stride(from: 0, to: names.count, by: chunk * wave) {
            let chunks = (min(names.count - start, chunk * wave) + chunk - 1) / chunk
            for part in pool.map(count: chunks, { index, _ in
                var part = ImageSetStatistics(shape: shape)
                for name in names[start + index * chunk..<min(names.count, start + (index + 1) * chunk)] {
                    if let image = try? images.image(name), image.shape == shape, image.values.allSatisfy(\.isFinite) { part.add(image, transform) }
                }
                return part
            }) { total.merge(part) }
        }
        return total
    }

    private static func picture(_ image: RealArray, _ stretch: ContrastStretch) throws -> String {
        Data(try PNGFile.encode(stretch.levels(of: image), width: image.shape.x, height: image.shape.y, channels: .grey)).base64EncodedString()
    }
}
