import Foundation
import JobResults
import Parallel
import Pipeline
import Tables

/// One call of the API: where it is found, what it is for, what it takes and how it is answered.
///
/// The list of all calls is `APICall.all`; the description for scripts is made from it, so that neither knows more than the other.
struct APICall: Sendable {
    struct Parameter: Sendable {
        /// The type in JSON Schema's words.
        enum Kind: String, Sendable { case text = "string", number, integer, flag = "boolean", list = "array", object }

        var name: String
        var summary: String
        var isRequired = false
        /// Nil: text in an address, anything in a body.
        var kind: Kind?
    }

    var method: HTTPRequest.Method
    /// Below `/api/`, such as `job/abort`.
    var path: String
    /// A sentence for the description.
    var summary: String
    var parameters: [Parameter] = []
    /// Only for those who may change the project.
    var changes = false
    var answer: @Sendable (APIContext, HTTPRequest) throws -> HTTPResponse

    static func get(
        _ path: String, _ summary: String, _ parameters: [Parameter] = [], answer: @escaping @Sendable (APIContext, HTTPRequest) throws -> HTTPResponse
    ) -> APICall {
        APICall(method: .get, path: path, summary: summary, parameters: parameters, answer: answer)
    }

    /// A call with a JSON body.
    static func post<Content: Decodable>(
        _ path: String, _ summary: String, _ parameters: [Parameter], changes: Bool = true,
        answer: @escaping @Sendable (APIContext, Content) throws -> HTTPResponse
    ) -> APICall {
        APICall(method: .post, path: path, summary: summary, parameters: parameters, changes: changes) { context, request in
            try answer(context, request.decoded())
        }
    }

    static let all: [APICall] = [
        ProjectCalls.all, FormCalls.all, JobActionCalls.all, PictureCalls.all, MapCalls.all, PickingCalls.all,
        TableCalls.all, ResultCalls.all, GraphCalls.all, FileCalls.all, GalleryCalls.all, SelectionCalls.all,
        SchemeCalls.all, FolderCalls.all, TemplateCalls.all, DescriptionCalls.all,
    ].flatMap { $0 }
}

/// What the calls of one server share, and what this one may do.
struct APIContext: Sendable {
    let project: Project
    let watch: ProjectWatch
    let maps: OpenMaps
    let tables: OpenTables
    let results: JobResults
    let pool: ThreadPool
    var mayChange = false

    var api: ProjectAPI { ProjectAPI(project: project, watch: watch) }
    var paths: ProjectPaths { ProjectPaths(project: project) }
}

extension HTTPRequest {
    /// The body as JSON.
    /// - Throws: `HTTPFailure` 400 with what does not fit.
    func decoded<Content: Decodable>() throws -> Content {
        guard headers["content-type"]?.hasPrefix("application/json") == true else { throw HTTPFailure(400, "Send JSON.") }
        do { return try JSONDecoder().decode(Content.self, from: Data(body)) } catch {
            throw HTTPFailure(400, "The JSON does not have the form expected: \(error)")
        }
    }
}
