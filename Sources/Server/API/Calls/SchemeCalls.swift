import Foundation
import Pipeline
import Plotting
import Reporting
import Schemes

/// Calls that look at schemes and steer them.
enum SchemeCalls {
    struct Listing: Codable {
        struct Entry: Codable {
            var name: String
            var standing: String
            var isRunning: Bool
            var jobs: Int
        }

        struct Template: Codable {
            var name: String
            var summary: String
        }

        var schemes: [Entry]
        /// Schemes of the suite that the project does not have yet.
        var templates: [Template]
    }

    struct Request: Codable {
        var name: String
        /// For `run`: the node to start from; empty: where it stands.
        var from: String?
        /// For `answer`.
        var isYes: Bool?
        /// For `set`: variables and their values.
        var values: [String: String]?
        /// For `set`: also what they are after a reset.
        var keeps: Bool?
    }

    private static let name = APICall.Parameter(name: "name", summary: "the scheme", isRequired: true)

    static let all: [APICall] = [
        .get("schemes", "The project's schemes and those that come with the suite") { context, _ in try HTTPResponse(json: listing(context.project)) },
        .get("scheme", "Where a scheme is, its variables, jobs and operators, and its flow chart", [name]) { context, request in
            try HTTPResponse(json: SchemeAnswer(SchemeFolder(project: context.project, name: request.query["name"] ?? "")))
        },
        call("install", "Put a scheme of the suite into the project") { project, request in
            guard let template = SchemeTemplate.named(request.name) else { throw HTTPFailure(404, "No scheme \(request.name) comes with the suite.") }
            try template.install(in: project)
        },
        call("run", "Run it from where it stands, or from a node, in a process of its own that outlives this server", [.init(name: "from", summary: "node")]) {
            project, request in try SchemeProcess(folder: folder(project, request)).start(from: request.from ?? "")
        },
        call("abort", "Stop it and its job") { try folder($0, $1).abort() },
        call("reset", "Set it back to its beginning") { try folder($0, $1).reset() },
        call("unlock", "Remove the lock that a dead process left") { try folder($0, $1).unlock() },
        call("answer", "Answer its question", [.init(name: "isYes", summary: "the answer", isRequired: true)]) {
            try folder($0, $1).answer($1.isYes == true)
        },
        call("set", "Set variables", [.init(name: "values", summary: "by name", isRequired: true), .init(name: "keeps", summary: "also after a reset")]) {
            project, request in
            try folder(project, request).edit("setting variables") { scheme in
                for (name, value) in (request.values ?? [:]).sorted(by: { $0.key < $1.key }) {
                    guard scheme.variable(name) != nil else { throw HTTPFailure(422, "The scheme has no variable \(name).") }
                    try scheme.setVariable(name, text: value, resetText: request.keeps == true ? value : nil)
                }
            }
        },
    ]

    private static func call(
        _ action: String, _ summary: String, _ more: [APICall.Parameter] = [], work: @escaping @Sendable (Project, Request) throws -> Void
    ) -> APICall {
        .post("scheme/" + action, summary, [name] + more) { (context, request: Request) in
            try work(context.project, request)
            context.watch.announce()
            return try HTTPResponse(json: listing(context.project))
        }
    }

    /// - Throws: `HTTPFailure` 404; names that lead elsewhere are among them.
    private static func folder(_ project: Project, _ request: Request) throws -> SchemeFolder {
        guard SchemeFolder.names(in: project).contains(request.name) else { throw HTTPFailure(404, "There is no scheme \(request.name).") }
        return SchemeFolder(project: project, name: request.name)
    }

    private static func listing(_ project: Project) throws -> Listing {
        let names = SchemeFolder.names(in: project)
        return Listing(
            schemes: names.compactMap { name in
                let folder = SchemeFolder(project: project, name: name)
                guard let scheme = try? folder.load() else { return nil }
                let standing = SchemeStanding(folder, scheme)
                return Listing.Entry(name: name, standing: standing.text, isRunning: standing.isRunning, jobs: scheme.jobs.count)
            },
            templates: SchemeTemplate.all.filter { !names.contains($0.name) }.map { Listing.Template(name: $0.name, summary: $0.summary) })
    }
}

/// A scheme as the page shows it.
struct SchemeAnswer: Codable {
    struct Variable: Codable {
        var name: String
        var value: String
        var resetValue: String
        /// float, bool or string.
        var kind: String
    }

    struct Node: Codable {
        var name: String
        /// `job` or the operator's type.
        var kind: String
        /// What it does, in a line.
        var text: String
        /// The pipeline's job, once it ran.
        var job: String?
        var x: Double
        var y: Double
        var width: Double
        var height: Double
    }

    struct Edge: Codable {
        var from: Int
        var to: Int
        /// Variable that must be true (`condition`) or false (`!condition`) to go this way.
        var condition: String
        var points: [[Double]]
        var isTurned: Bool
    }

    var name: String
    var standing: String
    var isRunning: Bool
    var isStale: Bool
    var current: String?
    var question: String?
    var variables: [Variable]
    var nodes: [Node]
    var edges: [Edge]
    var width: Double
    var height: Double
    /// The end of what its run printed.
    var log: String

    init(_ folder: SchemeFolder) throws {
        guard SchemeFolder.names(in: folder.project).contains(folder.name) else { throw HTTPFailure(404, "There is no scheme \(folder.name).") }
        let scheme = try folder.load(), standing = SchemeStanding(folder, scheme)
        (name, self.standing, isRunning, isStale) = (scheme.name, standing.text, standing.isRunning, standing.isStale)
        (current, question) = (scheme.current ?? scheme.start, folder.question?.text)
        variables = scheme.variables.sorted { $0.name < $1.name }.map {
            Variable(name: $0.name, value: $0.value.description, resetValue: $0.resetValue.description, kind: $0.value.kind.rawValue)
        }
        log = (try? LogFile(path: folder.project.path(folder.folder + SchemeProcess.log)).tail(byteCount: 16 << 10)) ?? ""
        let steps = scheme.jobs.map { ($0.name, "job", $0.hasStarted ? $0.current : "not run yet", $0.hasStarted ? $0.current : nil) }
            + scheme.operators.map { item in
                (item.name, item.type, [item.input1, item.input2].filter { !$0.isEmpty }.joined(separator: ", ") + (item.output.isEmpty ? "" : " → \(item.output)"), nil)
            }
        let numbers = Dictionary(steps.enumerated().map { ($1.0, $0) }, uniquingKeysWith: { first, _ in first })
        var ways: [(from: Int, to: Int, condition: String)] = []
        for edge in scheme.edges {
            guard let from = numbers[edge.from], let to = numbers[edge.to] else { continue }
            if let fork = edge.fork, let yes = numbers[fork.toIfTrue] { ways.append((from, yes, fork.variable)) }
            ways.append((from, to, edge.fork.map { "!" + $0.variable } ?? ""))
        }
        let sizes = steps.map { FlowChartLayout.Size(width: 20 + 7.5 * Double(max($0.0.count, min(28, $0.1.count))), height: 38) }
        let layout = FlowChartLayout(nodes: sizes, edges: ways.map { ($0.from, $0.to) }, gap: 18)
        (width, height) = (layout.size.width, layout.size.height)
        nodes = steps.indices.map { index in
            Node(name: steps[index].0, kind: steps[index].1, text: steps[index].2, job: steps[index].3, x: layout.centres[index].x, y: layout.centres[index].y,
                 width: sizes[index].width, height: sizes[index].height)
        }
        edges = ways.indices.map { index in
            Edge(from: ways[index].from, to: ways[index].to, condition: ways[index].condition, points: layout.routes[index].map { [$0.x, $0.y] },
                 isTurned: layout.isTurned[index])
        }
    }
}

/// A scheme's run in a process of its own: it goes on when the server ends.
struct SchemeProcess {
    static let log = "run.out"
    let folder: SchemeFolder

    func start(from node: String) throws {
        let project = folder.project, log = project.path(folder.folder + Self.log)
        if case .held(let owner) = folder.lockState { throw HTTPFailure(409, "The scheme runs already (\(owner)).") }
        if !FileManager.default.fileExists(atPath: log) { _ = FileManager.default.createFile(atPath: log, contents: nil) }
        guard let output = FileHandle(forWritingAtPath: log) else {
            throw InputError(place: log, found: "the file cannot be written", remedy: "Check permissions and space")
        }
        try output.seekToEnd()
        let process = Process()
        // By the name that this program was called by, so that the programs of its folder are found; away from the terminal's signals.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let own = CommandLine.arguments.first ?? "relion"
        process.arguments = ["setsid", own.contains("/") ? URL(fileURLWithPath: own).path : own, "scheme", "run", folder.name]
            + (node.isEmpty ? [] : ["--from", node])
        process.currentDirectoryURL = URL(fileURLWithPath: project.root.isEmpty ? "." : project.root)
        (process.standardInput, process.standardOutput, process.standardError) = (FileHandle.nullDevice, output, output)
        try process.run()
    }
}
