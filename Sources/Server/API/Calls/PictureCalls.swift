/// Calls for images.
enum PictureCalls {
    private static let path = APICall.Parameter(name: "path", summary: "file of the project", isRequired: true)

    static let all: [APICall] = [
        .get(
            "picture", "An image of a stack, or a micrograph, as PNG",
            [
                path, .init(name: "index", summary: "image in the stack, from 0"), .init(name: "sigma", summary: "contrast in standard deviations; 0: from smallest to largest"),
                .init(name: "size", summary: "longer side in pixels at most"),
            ]
        ) { context, request in
            try Pictures(maps: context.maps).answer(path: context.paths.resolve(request.query["path"] ?? ""), query: request.query)
        },
    ]
}
