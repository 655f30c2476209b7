/// Calls for images and maps.
enum PictureCalls {
    private static let path = APICall.Parameter(name: "path", summary: "file of the project", isRequired: true)

    static let all: [APICall] = [
        .get(
            "picture", "An image of a stack, or a micrograph, as PNG",
            [
                path, .init(name: "index", summary: "image in the stack, from 0", kind: .integer), .init(name: "sigma", summary: "contrast in standard deviations; 0: from smallest to largest", kind: .number),
                .init(name: "size", summary: "longer side in pixels at most", kind: .integer),
            ]
        ) { context, request in
            try Pictures(maps: context.maps).answer(path: context.paths.resolve(request.query["path"] ?? ""), query: request.query)
        },
        .get("map", "Shape, statistics and suggested contour level of a map", [path]) { context, request in
            try HTTPResponse(json: context.maps.summary(of: context.paths.resolve(request.query["path"] ?? "")))
        },
    ]
}
