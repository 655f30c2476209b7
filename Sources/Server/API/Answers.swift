import Jobs
import Pipeline
import Reporting

// What the API sends, as JSON.

struct ProblemAnswer: Codable, Sendable {
    var place: String
    var found: String
    var expected: String
    var remedy: String
    var text: String

    init(_ problem: InputProblem) {
        (place, found, expected, remedy) = (problem.place, problem.found, problem.expected, problem.remedy)
        text = problem.description
    }
}

struct JobAnswer: Codable, Sendable {
    var name: String
    var alias: String?
    var type: String
    var status: String
    var number: Int?

    init(_ process: PipelineProcess) {
        (name, alias, type, status) = (process.name, process.alias, process.typeLabel, process.status.label)
        number = process.jobName?.number
    }
}

struct NodeAnswer: Codable, Sendable {
    var name: String
    var type: String
    var isThere: Bool
    /// The job that made it.
    var producer: String?
    /// The jobs that use it.
    var users: [String]

    init(_ node: PipelineNode, _ graph: PipelineGraph, _ project: Project) {
        (name, type, isThere) = (node.name, node.typeLabel, project.exists(node.name))
        producer = graph.producer(of: node.name)?.name
        users = graph.users(of: node.name).map(\.name)
    }
}

struct ProjectAnswer: Codable, Sendable {
    var folder: String
    var isReadOnly: Bool
    var jobs: [JobAnswer]
    /// Pairs of numbers in `jobs`: the second uses a file of the first.
    var edges: [[Int]]
    var warnings: [String]
}

struct DiskAnswer: Codable, Sendable {
    struct Folder: Codable, Sendable {
        var name: String
        var bytes: Int
    }

    var folders: [Folder]
    /// Nil where the system does not say.
    var free: Int?
}

struct JobPageAnswer: Codable, Sendable {
    var job: JobAnswer
    var inputs: [NodeAnswer]
    var outputs: [NodeAnswer]
    var settings: [String: String]
    var note: String
    var runBy: String?
    /// Why it failed, in a sentence; nil for other jobs.
    var reason: String?
}

struct CatalogueAnswer: Codable, Sendable {
    struct Entry: Codable, Sendable {
        var label: String
        var name: String
        var folder: String
        var summary: String
    }

    var types: [Entry]
    var tomoTypes: [Entry]

    init(_ catalogue: JobCatalogue) {
        func entry(_ type: JobType, _ name: String?) -> Entry {
            Entry(label: type.label, name: name ?? type.label, folder: type.folder, summary: type.summary)
        }
        types = catalogue.order.map { entry($0, $0.name) }
        tomoTypes = catalogue.tomoOrder.map { entry($0, $0.tomoName) }
    }
}

struct FormAnswer: Codable, Sendable {
    struct Field: Codable, Sendable {
        var key: String
        var label: String
        var kind: String
        var unit: String?
        var help: String
        var `default`: String
        var value: String
        var row: String?
        var isEditable: Bool
        var choices: [String]?
        var range: [Double]?
        var step: Double?
        /// Files of other jobs that fit.
        var offers: [String]?
        var pattern: String?
    }

    struct Tab: Codable, Sendable {
        var name: String
        var fields: [Field]
    }

    var type: String
    var summary: String
    var isContinue: Bool
    var tabs: [Tab]
    var problems: [ProblemAnswer]
    var commands: [String]
}

/// What a form sends.
struct FormRequest: Codable, Sendable {
    /// A job type for a new job; empty with `job`.
    var type: String?
    /// A job whose settings are the start.
    var job: String?
    var isContinue: Bool?
    var isTomo: Bool?
    var values: [String: String]?
    /// For runs: only enter it as scheduled.
    var schedule: Bool?
    var alias: String?
    /// For templates.
    var name: String?
}

struct ActionRequest: Codable, Sendable {
    var job: String
    var text: String?
    var isDryRun: Bool?
    var isAlone: Bool?
    var isNow: Bool?
    var isHarsh: Bool?
}
