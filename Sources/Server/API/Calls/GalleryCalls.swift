import ImageFormats

/// Calls for many images at once.
enum GalleryCalls {
    private static let style: [APICall.Parameter] = [
        .init(name: "size", summary: "edge of a tile in pixels at most (128)"),
        .init(name: "sigma", summary: "contrast in standard deviations (3); 0: from smallest to largest"),
        .init(name: "black", summary: "value shown black, in place of sigma"), .init(name: "white", summary: "value shown white"),
        .init(name: "lowpass", summary: "in Å"), .init(name: "highpass", summary: "in Å"), .init(name: "columns", summary: "tiles in a row (10)"),
    ]

    static let all: [APICall] = [
        .get(
            "pictures", "Images of a stack as one PNG of square tiles; header X-Tile: edge of a tile, X-Missing: which could not be read",
            [
                .init(name: "path", summary: "stack of the project", isRequired: true), .init(name: "from", summary: "first image, from 0"),
                .init(name: "count", summary: "images (1, up to \(ImageStrip.imageLimit))"),
            ] + style
        ) { context, request in
            let query = request.query, path = query["path"] ?? ""
            let from = Int(try number("from", query) ?? 0), count = Int(try number("count", query) ?? 1)
            let all = try StackReader(path: ReadableImage.path(of: context.paths.resolve(path)), layout: .sections).count
            guard (0..<all).contains(from), count >= 1 else { throw HTTPFailure(404, "The stack has \(all) images.") }
            let names = (from..<min(all, from + min(count, ImageStrip.imageLimit))).map { ImageName(path: path, index: $0) }
            return try strip(names, PictureListRequest(
                images: [], size: number("size", query).map { Int($0) }, sigma: number("sigma", query), lowpass: number("lowpass", query),
                highpass: number("highpass", query), black: number("black", query), white: number("white", query), columns: number("columns", query).map { Int($0) }), context)
        },
        .post(
            "pictures", "Images by name as one PNG of square tiles",
            [.init(name: "images", summary: "names such as 12@Extract/job005/Movies/a.mrcs, or of micrographs", isRequired: true)] + style, changes: false
        ) { (context, content: PictureListRequest) in
            guard content.images.count <= ImageStrip.imageLimit else { throw HTTPFailure(422, "At most \(ImageStrip.imageLimit) images at once.") }
            return try strip(content.images.map { try ImageName(parsing: $0) }, content, context)
        },
        .post(
            "pictures/statistics", "Average, standard deviation and power spectrum of images of a stack or of rows of a STAR file",
            [
                .init(name: "path", summary: "stack or STAR file", isRequired: true), .init(name: "block", summary: "of the STAR file; without, the largest"),
                .init(name: "column", summary: "label of the image names, for a STAR file"), .init(name: "rows", summary: "from 0; without, all"),
                .init(name: "filter", summary: "as for table, without rows"), .init(name: "sigma", summary: "contrast of the average"),
            ], changes: false
        ) { (context, content: ImageSelection) in try HTTPResponse(json: SelectionAnswer(content, context)) },
    ]

    private static func strip(_ names: [ImageName], _ request: PictureListRequest, _ context: APIContext) throws -> HTTPResponse {
        let style = PictureStyle(
            size: request.size ?? 128, sigma: request.sigma ?? 3, black: request.black, white: request.white, lowPass: request.lowpass, highPass: request.highpass)
        let paths = context.paths
        return try ImageStrip(names: names, style: style, columns: request.columns ?? 10).answer(pool: context.pool) { try paths.resolve($0) }
    }

    /// - Throws: `HTTPFailure` 422 for what is not a number of a size that counts and lengths have.
    private static func number(_ name: String, _ query: [String: String]) throws -> Double? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let value = Double(text), value.isFinite, abs(value) < 1e9 else { throw HTTPFailure(422, "\(name) is \(text); a number is expected.") }
        return value
    }
}

struct PictureListRequest: Codable, Sendable {
    var images: [String]
    var size: Int?
    var sigma: Double?
    var lowpass: Double?
    var highpass: Double?
    var black: Double?
    var white: Double?
    var columns: Int?
}
