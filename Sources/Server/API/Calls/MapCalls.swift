import Arrays
import ImageFormats
import Imaging

/// Calls for maps: numbers, surfaces and sections.
enum MapCalls {
    private static let path = APICall.Parameter(name: "path", summary: "map of the project", isRequired: true)
    private static let limits: [APICall.Parameter] = [
        .init(name: "low", summary: "density shown black"), .init(name: "high", summary: "density shown white"),
    ]

    static let all: [APICall] = [
        .get("map", "Shape, statistics and suggested contour level of a map", [path]) { context, request in
            try HTTPResponse(json: context.maps.summary(of: file(context, request)))
        },
        .get(
            "map/surface", "An isosurface as a binary mesh (format: Sources/Server/Maps/SurfaceMessage.swift)",
            [
                path, .init(name: "level", summary: "contour level; without, the suggested one"),
                .init(name: "binning", summary: "edge of the blocks of voxels that are averaged first, from 1 to 16"),
                .init(name: "parts", summary: "leave out parts with fewer triangles than this share of the largest one"),
                .init(name: "colour", summary: "map whose values the vertices carry"),
            ]
        ) { context, request in
            let query = request.query
            let colour = try query["colour"].flatMap { $0.isEmpty ? nil : try context.paths.resolve($0) }
            let level: Double? = try number("level", query)
            let bytes = try context.maps.surface(
                of: file(context, request), level: level.map { Float($0) }, binning: number("binning", query).map { Int($0) } ?? 1,
                smallestPart: number("parts", query) ?? 0, colouredBy: colour)
            return HTTPResponse(type: "application/octet-stream", body: bytes)
        },
        .get(
            "map/section", "A section through a map as PNG",
            [path, .init(name: "axis", summary: "0, 1 or 2: across x, y or z"), .init(name: "index", summary: "voxel on that axis, from 0")] + limits
        ) { context, request in
            let section = try context.maps.section(
                of: file(context, request), axis: Int(number("axis", request.query) ?? 2), index: Int(number("index", request.query) ?? 0))
            return try picture(section, request)
        },
        .get(
            "map/montage", "Evenly spaced sections of a map side by side, as PNG",
            [
                path, .init(name: "axis", summary: "0, 1 or 2: across x, y or z"), .init(name: "count", summary: "sections, up to 100"),
                .init(name: "columns", summary: "sections in a row"),
            ] + limits
        ) { context, request in
            let query = request.query
            let montage = try context.maps.montage(
                of: file(context, request), axis: Int(number("axis", query) ?? 2), count: Int(number("count", query) ?? 25),
                columns: Int(number("columns", query) ?? 5))
            return try picture(montage, request)
        },
    ]

    private static func file(_ context: APIContext, _ request: HTTPRequest) throws -> String {
        try context.paths.resolve(request.query["path"] ?? "")
    }

    /// - Throws: `HTTPFailure` 422 for what is not a number of a size that counts and coordinates have.
    private static func number(_ name: String, _ query: [String: String]) throws -> Double? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let value = Double(text), value.isFinite, abs(value) < 1e9 else { throw HTTPFailure(422, "\(name) is \(text); a number is expected.") }
        return value
    }

    private static func picture(_ image: RealArray, _ request: HTTPRequest) throws -> HTTPResponse {
        var stretch = ContrastStretch.full
        if let low = try number("low", request.query), let high = try number("high", request.query) { stretch = .range(black: low, white: high) }
        return HTTPResponse(
            type: "image/png",
            body: try PNGFile.encode(stretch.levels(of: image), width: image.shape.x, height: image.shape.y, channels: .grey))
    }
}
