import JobResults
import Pipeline

/// Calls for what a job has found.
enum ResultCalls {
    private static let job = APICall.Parameter(name: "job", summary: "folder, number or alias", isRequired: true)

    static let all: [APICall] = [
        .get("results", "What a job has found so far: curves, histograms, classes, tracks, in sections by the job's type", [job]) { context, request in
            let (process, graph) = try context.api.process(request.query["job"] ?? "")
            let sections = context.results.sections(of: question(process, graph, context))
            return try HTTPResponse(json: ResultsAnswer(job: process.name, isRunning: process.status == .running, sections: sections))
        },
        .get(
            "results/tracks", "How one movie of a motion correction moved", [job, .init(name: "movie", summary: "its number from 0", isRequired: true)]
        ) { context, request in
            let (process, graph) = try context.api.process(request.query["job"] ?? "")
            guard let movie = Int(request.query["movie"] ?? ""), let tracks = context.results.tracks(of: question(process, graph, context), movie: movie) else {
                throw HTTPFailure(404, "There is no such movie.")
            }
            return try HTTPResponse(json: tracks)
        },
    ]

    private static func question(_ process: PipelineProcess, _ graph: PipelineGraph, _ context: APIContext) -> JobResults.Job {
        JobResults.Job(
            name: process.name, type: process.typeLabel, inputs: graph.inputs(of: process.name).map(\.name),
            outputs: graph.outputs(of: process.name).map(\.name), resolve: { try context.paths.resolve($0) })
    }
}

struct ResultsAnswer: Encodable, Sendable {
    var job: String
    var isRunning: Bool
    var sections: [ResultSection]
}
