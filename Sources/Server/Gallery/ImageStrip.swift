import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel
import Reporting

/// How images of a gallery are drawn.
struct PictureStyle: Sendable {
    /// Edge of a tile in pixels at most; images smaller than that keep their size.
    var size = 128
    /// Half the range of grey levels in standard deviations about the mean; 0: from the smallest to the largest value.
    var sigma = 3.0
    /// Values shown black and white, in place of `sigma`.
    var black: Double?
    var white: Double?
    /// In Å; nil: none.
    var lowPass: Double?
    var highPass: Double?

    /// - Throws: `HTTPFailure` 422 for what makes no picture.
    func check() throws {
        guard (8...4096).contains(size) else { throw HTTPFailure(422, "The size of a picture is \(size); 8 to 4096 pixels are expected.") }
        guard sigma.isFinite, sigma >= 0 else { throw HTTPFailure(422, "The contrast is \(sigma); 0 or more standard deviations are expected.") }
        if let black, let white, !(black < white) { throw HTTPFailure(422, "Black is \(black) and white \(white); white is expected to be larger.") }
        for limit in [lowPass, highPass].compactMap({ $0 }) where !(limit.isFinite && limit > 0) {
            throw HTTPFailure(422, "A filter ends at \(limit); more than 0 Å is expected.")
        }
    }

    var stretch: ContrastStretch {
        if let black, let white { return .range(black: black, white: white) }
        return sigma > 0 ? .sigma(sigma) : .full
    }
}

/// Many images as one picture, in rows of square tiles.
struct ImageStrip: Sendable {
    let names: [ImageName]
    var style = PictureStyle()
    var columns = 10

    static let imageLimit = 1000
    /// Pixels of the whole picture.
    private static let pixelLimit = 64 << 20

    /// A PNG; the header `X-Tile` gives the edge of a tile, `X-Missing` the positions of images that could not be read, which stay dark.
    /// - Parameter resolve: from the project's name of a file to its real path.
    func answer(pool: ThreadPool, resolve: @escaping @Sendable (String) throws -> String) throws -> HTTPResponse {
        try style.check()
        guard !names.isEmpty, names.count <= Self.imageLimit, (1...100).contains(columns) else {
            throw HTTPFailure(422, "\(names.count) images in \(columns) columns; 1 to \(Self.imageLimit) in 1 to 100 are expected.")
        }
        let images = OpenImages(resolve: resolve), columns = min(columns, names.count), rows = (names.count + columns - 1) / columns
        let edge = min(style.size, names.lazy.compactMap { try? images.longerSide(of: $0) }.first ?? style.size)
        guard edge * edge * columns * rows <= Self.pixelLimit else { throw HTTPFailure(422, "So many images of \(edge) pixels are too large for one picture.") }
        let tiles = pool.map(count: names.count) { index, _ in try? tile(names[index], edge: edge, images) }
        var pixels = [UInt8](repeating: 0, count: edge * edge * columns * rows)
        for (index, tile) in tiles.enumerated() {
            guard let tile else { continue }
            let corner = (index / columns * edge * columns + index % columns) * edge
            for y in 0..<edge { pixels.replaceSubrange(corner + y * edge * columns..<corner + y * edge * columns + edge, with: tile[y * edge..<(y + 1) * edge]) }
        }
        var response = HTTPResponse(
            type: "image/png", body: try PNGFile.encode(pixels, width: edge * columns, height: edge * rows, channels: .grey, effort: .fast))
        response.headers.append(("X-Tile", String(edge)))
        let missing = tiles.indices.filter { tiles[$0] == nil }
        if !missing.isEmpty { response.headers.append(("X-Missing", missing.map(String.init).joined(separator: ","))) }
        return response
    }

    private func tile(_ name: ImageName, edge: Int, _ images: OpenImages) throws -> [UInt8] {
        var image = try images.image(name)
        let box = max(image.shape.x, image.shape.y), pixelSize = try images.pixelSize(of: name)
        if let limit = style.lowPass, limit > 2 * pixelSize {
            image = image.filtered(by: .lowPass(resolutionInAngstrom: limit, pixelSizeInAngstrom: pixelSize, box: box))
        }
        if let limit = style.highPass, limit > 2 * pixelSize {
            image = image.filtered(by: .highPass(resolutionInAngstrom: limit, pixelSizeInAngstrom: pixelSize, box: box))
        }
        let small = image.fitted(intoSquareOf: edge, margin: Float(PixelStatistics(image).mean))
        return style.stretch.levels(of: small)
    }
}

/// The files behind images of one request; each is opened once.
struct OpenImages: Sendable {
    private let readers = StackReaderCache()
    private let resolve: @Sendable (String) throws -> String

    init(resolve: @escaping @Sendable (String) throws -> String) { self.resolve = resolve }

    private func reader(_ name: ImageName) throws -> (reader: StackReader, index: Int) {
        let file = ImageName(path: ReadableImage.path(of: try resolve(name.path)), index: name.index)
        let reader = try readers.reader(for: file), index = name.index ?? 0
        guard reader.header.shape.z == 1, (0..<reader.count).contains(index) else {
            throw HTTPFailure(404, "\(name) is no image: the file has \(reader.count) of \(reader.header.shape).")
        }
        return (reader, index)
    }

    func image(_ name: ImageName) throws -> RealArray {
        let (reader, index) = try reader(name)
        return try reader.image(index)
    }

    func shape(of name: ImageName) throws -> Shape { try reader(name).reader.header.shape }

    func longerSide(of name: ImageName) throws -> Int {
        let shape = try shape(of: name)
        return max(shape.x, shape.y)
    }

    /// In Å; 1 where the file does not say.
    func pixelSize(of name: ImageName) throws -> Double {
        let size = try reader(name).reader.header.pixelSizeInAngstrom ?? 1
        return size > 0 ? size : 1
    }
}
