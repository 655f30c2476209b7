import Pipeline

/// Calls that look at the project and its jobs.
enum ProjectCalls {
    private static let job = APICall.Parameter(name: "job", summary: "folder, number or alias", isRequired: true)

    static let all: [APICall] = [
        .get("project", "Jobs, and which uses which") { context, _ in
            try HTTPResponse(json: context.api.overview(isReadOnly: !context.mayChange))
        },
        .get("catalogue", "Job types") { _, _ in try HTTPResponse(json: CatalogueAnswer(.standard)) },
        .get("job", "A job's status, files, settings, note, and why it failed", [job]) { context, request in
            try HTTPResponse(json: context.api.job(request.query["job"] ?? ""))
        },
        .get(
            "log", "A piece of a job's output; the header X-Next-Offset says where the next begins",
            [job, .init(name: "stream", summary: "out or err"), .init(name: "offset", summary: "first byte; without, the end of the log", kind: .integer)]
        ) { context, request in try context.api.log(request.query["job"] ?? "", query: request.query) },
        .get("disk", "Bytes of each job's folder, largest first, of the trash (`Trash/`), and what is free on the disk") { context, _ in
            let use = try context.project.diskUse().sorted { $0.bytes > $1.bytes }
            return try HTTPResponse(json: DiskAnswer(folders: use.map { .init(name: $0.name, bytes: $0.bytes) }, free: context.project.freeBytes))
        },
        .get("events", "Server-sent event pipeline at each change") { context, _ in
            HTTPResponse(events: { [watch = context.watch] write in watch.follow(write) })
        },
    ]
}
