import Foundation
import JobResults
import Parallel
import Pipeline
import Reporting
import ServerPage
import Tables

/// The server of one project: who may ask, what is where.
package final class ProjectServer: Sendable {
    package let access: Access
    package let isReadOnly: Bool
    /// Serves the page's files from this folder instead of those in the executable; for work on the page.
    private let pageFolder: String?
    private let context: APIContext

    package init(_ project: Project, access: Access = Access(), isReadOnly: Bool = false, pageFolder: String? = nil) {
        (self.access, self.isReadOnly, self.pageFolder) = (access, isReadOnly, pageFolder)
        let pool = ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount)
        let tables = OpenTables(pool: pool)
        context = APIContext(
            project: project, watch: ProjectWatch(project, checksCompletion: !isReadOnly), maps: OpenMaps(pool: pool),
            tables: tables, results: JobResults(tables: tables, pool: pool), pool: pool)
        context.watch.start()
    }

    package func stop() { context.watch.stop() }

    /// Never throws: what goes wrong is told in the answer.
    package func answer(_ request: HTTPRequest, port: UInt16) -> HTTPResponse {
        do {
            let role = try access.role(of: request, port: port)
            if request.path.isEmpty, let token = request.query["token"] { return Self.welcome(token: token, port: port) }
            if request.path.first != "api" { return try page(request.path) }
            return try api(Array(request.path.dropFirst()), request, mayChange: role == .user && !isReadOnly)
        } catch let failure as HTTPFailure {
            return refusal([InputProblem(place: "request", found: failure.message)], failure.message, failure.status)
        } catch let error as InputError {
            return refusal(error.problems, error.description, 422)
        } catch {
            return refusal([], "\(error)", 500)
        }
    }

    private struct Refusal: Codable { var error: String; var problems: [ProblemAnswer] }

    private func refusal(_ problems: [InputProblem], _ text: String, _ status: Int) -> HTTPResponse {
        (try? HTTPResponse(json: Refusal(error: text, problems: problems.map(ProblemAnswer.init)), status: status))
            ?? HTTPResponse(text: text, status: status)
    }

    /// Puts the token into a cookie and takes it out of the address.
    private static func welcome(token: String, port: UInt16) -> HTTPResponse {
        var response = HTTPResponse(text: "", status: 303)
        response.headers += [
            ("Location", "/"), ("Set-Cookie", "\(Access.cookieName(port: port))=\(token); Path=/; HttpOnly; SameSite=Strict"),
        ]
        return response
    }

    private func page(_ path: [String]) throws -> HTTPResponse {
        let name = path.isEmpty ? "index.html" : path.joined(separator: "/")
        guard let file = PageFile(name, in: pageFolder) else { throw HTTPFailure(404, "There is no page \(name).") }
        return HTTPResponse(type: file.type, body: file.bytes)
    }

    private func api(_ path: [String], _ request: HTTPRequest, mayChange: Bool) throws -> HTTPResponse {
        let name = path.joined(separator: "/")
        let method = request.method == .head ? HTTPRequest.Method.get : request.method
        guard let call = Self.calls["\(method.rawValue) \(name)"] else {
            throw HTTPFailure(APICall.all.contains { $0.path == name } ? 405 : 404, "The API has no such call.")
        }
        guard mayChange || !call.changes else { throw HTTPFailure(403, "This address is for looking only.") }
        var context = context
        context.mayChange = mayChange
        return try call.answer(context, request)
    }

    private static let calls = Dictionary(APICall.all.map { ("\($0.method.rawValue) \($0.path)", $0) }, uniquingKeysWith: { first, _ in first })
}
