import Jobs
import Pipeline
import Reporting

/// Calls of choosing classes or micrographs by hand.
enum SelectionCalls {
    struct Listing: Codable {
        struct Column: Codable {
            var label: String
            /// Null for what is infinite, such as the resolution of an empty class.
            var values: [Double?]
        }

        var input: String
        var kind: String
        /// Path and number within its stack, from 0, of each image.
        var images: [Image]
        var columns: [Column]
        /// Those of the Select job that is redone.
        var marks: [Bool]?
        /// Options of that job.
        var values: [String: String]?
    }

    struct Image: Codable {
        var path: String
        var index: Int
    }

    struct Choice: Codable {
        /// A Select job to be done again; without, a new one is made.
        var job: String?
        var input: String
        var marks: [Bool]
        /// Options of the Select job: do_recenter, do_regroup, nr_groups.
        var values: [String: String]?
        var alias: String?
    }

    static let all: [APICall] = [
        .get(
            "selection", "What there is to select, and what a Select job selected",
            [
                .init(name: "input", summary: "optimiser, model or STAR file of micrographs"),
                .init(name: "job", summary: "a classification, whose last iteration is taken, or a Select job"),
            ]
        ) { context, request in try HTTPResponse(json: listing(request.query, context)) },
        .post(
            "selection", "Make a Select job with these marks, or do one again",
            [
                .init(name: "input", summary: "as in the answer of GET", isRequired: true), .init(name: "marks", summary: "one for each image", isRequired: true),
                .init(name: "job", summary: "Select job to be done again"), .init(name: "values", summary: "do_recenter, do_regroup, nr_groups"),
                .init(name: "alias", summary: "another name for the job"),
            ]
        ) { (context, choice: Choice) in try HTTPResponse(json: select(choice, context)) },
    ]

    private static func listing(_ query: [String: String], _ context: APIContext) throws -> Listing {
        var input = query["input"] ?? "", job: String?, values: [String: String]?
        if let name = query["job"], !name.isEmpty {
            let (process, _) = try context.api.process(name)
            if let optimiser = context.project.lastOptimiser(of: process) {
                input = optimiser
            } else {
                let settings = try JobSettings(contentsOf: context.project.path(process.name))
                input = ["fn_model", "fn_mic"].compactMap { settings[$0] }.first { !$0.isEmpty } ?? ""
                (job, values) = (process.name, settings.values)
            }
        }
        guard !input.isEmpty else { throw HTTPFailure(422, "This job has no classes or micrographs to select from.") }
        _ = try context.paths.resolve(input)
        let images = try SelectableImages(context.project, input: input)
        return Listing(
            input: input, kind: images.kind.rawValue, images: images.images.map(image), columns: images.values.map { Listing.Column(label: $0.label, values: $0.values.map { $0.isFinite ? $0 : nil }) },
            marks: job.flatMap { images.marks(of: $0, in: context.project) }, values: values)
    }

    private static func image(_ name: String) -> Image {
        guard let at = name.firstIndex(of: "@"), let number = Int(name[..<at]) else { return Image(path: name, index: 0) }
        return Image(path: String(name[name.index(after: at)...]), index: number - 1)
    }

    private static func select(_ choice: Choice, _ context: APIContext) throws -> JobAnswer {
        _ = try context.paths.resolve(choice.input)
        let images = try SelectableImages(context.project, input: choice.input)
        guard choice.marks.count == images.images.count, choice.marks.contains(true) else {
            throw HTTPFailure(422, "\(choice.marks.filter { $0 }.count) of \(choice.marks.count) marked, of \(images.images.count) images: mark at least one.")
        }
        var request = FormRequest(type: "relion.select", schedule: true)
        request.values = (choice.values ?? [:]).merging([images.kind == .classes ? "fn_model" : "fn_mic": choice.input]) { $1 }
        if let job = choice.job, !job.isEmpty {
            request = FormRequest(job: job, isContinue: true, values: choice.values)
        } else {
            // Scheduled first, so that the marks lie in its folder when it starts.
            request = FormRequest(job: try context.api.run(request).name)
        }
        guard let job = request.job else { throw HTTPFailure(500, "The Select job was not made.") }
        let name = try context.api.process(job).0.name
        try SelectableImages.write(choice.marks, of: name, in: context.project)
        request.alias = choice.alias
        return try context.api.run(request)
    }
}
