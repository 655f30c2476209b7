/// Calls for images.
enum PictureCalls {
    private static let path = APICall.Parameter(name: "path", summary: "file of the project", isRequired: true)

    static let all: [APICall] = [
        .get(
            "picture", "An image of a stack, or a micrograph, as PNG",
            [
                path, .init(name: "index", summary: "image in the stack, from 0", kind: .integer), .init(name: "sigma", summary: "contrast in standard deviations; 0: from smallest to largest", kind: .number),
                .init(name: "low", summary: "value shown black", kind: .number), .init(name: "high", summary: "value shown white", kind: .number),
                .init(name: "size", summary: "longer side in pixels at most", kind: .integer),
                .init(name: "left", summary: "first column of the part shown, with top, width and height", kind: .integer),
                .init(name: "lowpass", summary: "finest resolution shown in Å", kind: .number), .init(name: "highpass", summary: "coarsest resolution shown in Å", kind: .number),
            ]
        ) { context, request in
            try Pictures(pool: context.pool).answer(path: context.paths.resolve(request.query["path"] ?? ""), query: request.query)
        },
    ]
}
