import Foundation
import Parallel
import Pipeline
import Reporting
import ServerPage

/// The server of one project: who may ask, what is where.
package final class ProjectServer: Sendable {
    package let access: Access
    package let isReadOnly: Bool
    private let api: ProjectAPI
    private let maps: OpenMaps
    private let watch: ProjectWatch

    package init(_ project: Project, access: Access = Access(), isReadOnly: Bool = false) {
        (self.access, self.isReadOnly) = (access, isReadOnly)
        watch = ProjectWatch(project, checksCompletion: !isReadOnly)
        api = ProjectAPI(project: project, watch: watch)
        maps = OpenMaps(pool: ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount))
        watch.start()
    }

    package func stop() { watch.stop() }

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
        guard let file = PageFile(name) else { throw HTTPFailure(404, "There is no page \(name).") }
        return HTTPResponse(type: file.type, body: file.bytes)
    }

    private func api(_ path: [String], _ request: HTTPRequest, mayChange: Bool) throws -> HTTPResponse {
        let query = request.query
        let job = query["job"] ?? ""
        if request.method == .post {
            guard request.headers["content-type"]?.hasPrefix("application/json") == true else { throw HTTPFailure(400, "Send JSON.") }
            if path == ["form"] { return try HTTPResponse(json: api.form(decoded(request))) }
            guard mayChange else { throw HTTPFailure(403, "This address is for looking only.") }
            if path == ["run"] { return try HTTPResponse(json: api.run(decoded(request))) }
            if path.count == 2, path[0] == "job" { return try HTTPResponse(json: ["lines": api.act(path[1], decoded(request))]) }
            throw HTTPFailure(404, "The API has no such call.")
        }
        switch path {
        case ["project"]: return try HTTPResponse(json: api.overview(isReadOnly: !mayChange))
        case ["catalogue"]: return try HTTPResponse(json: CatalogueAnswer(.standard))
        case ["job"]: return try HTTPResponse(json: api.job(job))
        case ["log"]: return try api.log(job, query: query)
        case ["events"]: return HTTPResponse(events: { [watch] write in watch.follow(write) })
        case ["map"]: return try HTTPResponse(json: maps.summary(of: api.paths.resolve(query["path"] ?? "")))
        case ["picture"]: return try Pictures(maps: maps).answer(path: api.paths.resolve(query["path"] ?? ""), query: query)
        default: throw HTTPFailure(404, "The API has no such call.")
        }
    }

    private func decoded<Content: Decodable>(_ request: HTTPRequest) throws -> Content {
        do { return try JSONDecoder().decode(Content.self, from: Data(request.body)) } catch {
            throw HTTPFailure(400, "The JSON does not have the form expected: \(error)")
        }
    }
}
