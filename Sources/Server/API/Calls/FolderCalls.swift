/// Calls for choosing files.
enum FolderCalls {
    static let all: [APICall] = [
        .get(
            "folder", "Files and folders in a folder of the project: name, isFolder, bytes, modified (seconds since 1970)",
            [
                .init(name: "path", summary: "folder; without, the project's"),
                .init(name: "pattern", summary: "files that fit, such as *.star or MRC files (*.{mrc,mrcs}); without, all"),
            ]
        ) { context, request in
            try HTTPResponse(json: FolderListing(
                path: request.query["path"] ?? "", pattern: FilePattern(request.query["pattern"] ?? ""), paths: context.paths))
        }
    ]
}
