import Jobs
import Pipeline
import Reporting

/// Calls of picking by hand.
enum PickingCalls {
    struct Listing: Codable {
        struct Micrograph: Codable {
            var name: String
            var picks: Int
            var isSelected: Bool
        }

        var job: String
        var micrographs: [Micrograph]
        /// Å.
        var pixelSize: Double?
        /// Å, of the circles.
        var diameter: Double?
        /// Other jobs' picks that can be taken over.
        var offers: [String]
    }

    struct Picks: Codable {
        var x: [Double]
        var y: [Double]
        /// Columns that tell picks apart.
        var values: [String: [Double]]
    }

    struct Change: Codable {
        var job: String
        var micrograph: String
        var x: [Double]
        var y: [Double]
        /// Rows of the picks as they were loaded; −1 for new ones.
        var rows: [Int]
        /// Figures of merit of new ones.
        var figures: [Double]?
        /// Picks that the file had when it was loaded or saved last; what others changed since is not overwritten.
        var count: Int?
    }

    struct Selection: Codable {
        var job: String
        /// Micrographs that are left out.
        var left: [String]
    }

    struct Taking: Codable {
        var job: String
        /// The job whose picks come into micrographs that have none.
        var from: String
    }

    private static let job = APICall.Parameter(name: "job", summary: "a Manual picking job, or another one with coordinates", isRequired: true)
    private static let micrograph = APICall.Parameter(name: "micrograph", summary: "its name in the job's list", isRequired: true)

    static let all: [APICall] = [
        .get("picking", "Micrographs of a job with coordinates, and how many picks each has", [job]) { context, request in
            try HTTPResponse(json: listing(request.query["job"] ?? "", context))
        },
        .get("picks", "The picks of a micrograph, in its pixels", [job, micrograph]) { context, request in
            let picks = try manualPicks(request.query["job"] ?? "", context).picks(of: request.query["micrograph"] ?? "")
            return try HTTPResponse(json: Picks(x: picks.x, y: picks.y, values: picks.values))
        },
        .post(
            "picks", "Replace the picks of a micrograph of a Manual picking job",
            [
                job, micrograph, .init(name: "x", summary: "in pixels", isRequired: true), .init(name: "y", summary: "in pixels", isRequired: true),
                .init(name: "rows", summary: "rows as they were loaded, -1 for new picks", isRequired: true),
                .init(name: "figures", summary: "figures of merit of new picks"), .init(name: "count", summary: "picks that the file should have now"),
            ]
        ) { (context, change: Change) in
            let picks = try manualPicks(change.job, context, mustBeEditable: true)
            let before = try picks.picks(of: change.micrograph)
            if let count = change.count, count != before.count {
                throw HTTPFailure(409, "\(change.micrograph) has \(before.count) picks by now, not \(count): somebody else changed them. Load the page again.")
            }
            let now = try before.replaced(x: change.x, y: change.y, rows: change.rows, figures: change.figures ?? [])
            try picks.save(now, of: change.micrograph)
            return try HTTPResponse(json: Picks(x: now.x, y: now.y, values: now.values))
        },
        .post(
            "picking/select", "Choose which micrographs a Manual picking job hands on",
            [job, .init(name: "left", summary: "names of those left out", isRequired: true)]
        ) { (context, selection: Selection) in
            let left = Set(selection.left)
            try manualPicks(selection.job, context, mustBeEditable: true).select { !left.contains($0) }
            return try HTTPResponse(json: listing(selection.job, context))
        },
        .post(
            "picking/take", "Take the picks of another job into micrographs that have none",
            [job, .init(name: "from", summary: "job with coordinates", isRequired: true)]
        ) { (context, taking: Taking) in
            try manualPicks(taking.job, context, mustBeEditable: true).takeMissing(from: manualPicks(taking.from, context))
            return try HTTPResponse(json: listing(taking.job, context))
        },
    ]

    private static func listing(_ name: String, _ context: APIContext) throws -> Listing {
        let picks = try manualPicks(name, context), graph = try context.project.graph()
        let settings = try? JobSettings(contentsOf: context.project.path(picks.job))
        let offers = graph.nodes.filter { $0.typeLabel.hasPrefix("MicrographCoordsGroup") }
            .compactMap { graph.producer(of: $0.name)?.name }.filter { $0 != picks.job }
        return Listing(
            job: picks.job,
            micrographs: picks.micrographs.map { Listing.Micrograph(name: $0.name, picks: $0.pickCount, isSelected: $0.isSelected) },
            pixelSize: picks.pixelSizeInAngstrom, diameter: ["diameter", "log_diam_max"].compactMap { settings?[$0] }.first.flatMap { Double($0) }, offers: offers)
    }

    private static func manualPicks(_ name: String, _ context: APIContext, mustBeEditable: Bool = false) throws -> ManualPicks {
        let (process, graph) = try context.api.process(name)
        let settings = try JobSettings(contentsOf: context.project.path(process.name))
        let pixelSize = settings["angpix"].flatMap { Double($0) }
        if settings.type.label == "relion.manualpick" {
            guard !mustBeEditable || settings["do_startend"] != "Yes" else {
                throw HTTPFailure(422, "Starts and ends of helices are not picked here yet.")
            }
            return try ManualPicks(context.project, job: process.name, input: settings["fn_in"] ?? "", pixelSizeInAngstrom: pixelSize)
        }
        guard !mustBeEditable else {
            throw HTTPFailure(422, "\(process.name) is no Manual picking job. Make one from it: its picks can be taken over there.")
        }
        guard let list = graph.outputs(of: process.name).first(where: { $0.typeLabel.hasPrefix("MicrographCoordsGroup") }) else {
            throw HTTPFailure(422, "\(process.name) has no coordinates.")
        }
        return try ManualPicks(context.project, job: process.name, input: list.name)
    }
}
