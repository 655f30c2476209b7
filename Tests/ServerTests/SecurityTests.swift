import Foundation
import Glibc
import Pipeline
import Testing
import TestSupport

@testable import Server

/// The server as strangers and careless clients meet it, over a real socket. What is said of "every call" holds for calls to come.
@Suite struct SecurityTests {
    private let folder: TemporaryFolder
    private let outside: TemporaryFolder
    private let server: ProjectServer
    private let listener: HTTPListener
    private let client: RawClient
    private static let secret = "SECRET-0815"
    /// Names that a page must not take for anything but text.
    static let oddNames = ["<script>window.wrong = 1</script>", "\"quoted' & <b>", "two\nlines", "tab\there", "ünïcode 蛋白 🧬", "a%2e%2eb", "${HOME}`id`", "-rf"]

    init() throws {
        (folder, outside) = (try TemporaryFolder(), try TemporaryFolder())
        let project = Project(root: folder.path)
        try project.initialise()
        try project.change("job") { graph in graph.add(PipelineProcess(name: "Import/job001/", typeLabel: "relion.import", status: .succeeded)) }
        try folder.write("out", to: "Import/job001/run.out")
        try outside.write(Self.secret, to: "secret.star")
        try FileManager.default.createSymbolicLink(atPath: folder.file("link.star"), withDestinationPath: outside.file("secret.star"))
        try FileManager.default.createSymbolicLink(atPath: folder.file("way"), withDestinationPath: outside.path)
        let server = ProjectServer(project)
        let listener = try HTTPListener(port: 0, deadlineInSeconds: 2, connectionLimit: 12) { [box = PortBox()] request in
            server.answer(request, port: box.port(of: request))
        }
        (self.server, self.listener, client) = (server, listener, RawClient(port: listener.port))
        Thread { listener.run() }.start()
    }

    /// The port that the request itself was sent to; good enough where cookies are not tested.
    private final class PortBox: Sendable {
        func port(of request: HTTPRequest) -> UInt16 { UInt16(request.headers["host"]?.split(separator: ":").last ?? "") ?? 0 }
    }

    private func end() {
        listener.stop()
        server.stop()
    }

    private var asUser: [String: String] { ["Authorization": "Bearer " + server.access.userToken] }
    private var asOnlooker: [String: String] { ["Authorization": "Bearer " + server.access.onlookerToken] }

    private func body(of call: APICall, _ value: String) throws -> String {
        let content = Dictionary(call.parameters.map { ($0.name, value) }, uniquingKeysWith: { $1 })
        return String(decoding: try JSONEncoder().encode(content), as: UTF8.self)
    }

    private func ask(_ call: APICall, _ headers: [String: String], value: String = "1") throws -> (status: Int, head: String, body: String) {
        if call.method == .post { return client.ask("POST", "/api/" + call.path, headers, body: try body(of: call, value)) }
        let pairs = call.parameters.map { $0.name + "=" + (value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "") }
        return client.ask("GET", "/api/\(call.path)?\(pairs.joined(separator: "&"))", headers)
    }

    @Test func everyCallNeedsTheToken() throws {
        defer { end() }
        let token = server.access.userToken
        for call in APICall.all {
            #expect(try ask(call, [:]).status == 403, "\(call.path)")
            #expect(try ask(call, ["Authorization": "Bearer " + String(token.dropLast())]).status == 403, "\(call.path)")
        }
        for wrong in ["Bearer", "Bearer ", "Basic \(token)", "Bearer \(token)0", "Bearer \(token.uppercased())x", "bearer " + String(token.reversed())] {
            #expect(client.ask("GET", "/api/project", ["Authorization": wrong]).status == 403, "\(wrong)")
        }
        #expect(client.ask("GET", "/api/project?token=\(token)").status == 403)
        #expect(client.ask("GET", "/").status == 403 && client.ask("GET", "/app.js").status == 403)
        #expect(client.ask("GET", "/api/project", ["Cookie": "relion_\(client.port)=\(token)"]).status == 200)
        #expect(client.ask("GET", "/api/project", ["Cookie": "relion_1=\(token)"]).status == 403)
    }

    @Test func onlookersChangeNothing() throws {
        defer { end() }
        let before = try folderState()
        for call in APICall.all where call.changes { #expect(try ask(call, asOnlooker).status == 403, "\(call.path)") }
        #expect(try folderState() == before)
    }

    private func folderState() throws -> [String] {
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }.filter { !$0.hasPrefix(".relion_lock") } ?? []
        return files.sorted()
    }

    @Test func otherSitesAreRefused() throws {
        defer { end() }
        for headers in [
            ["Host": "evil.example"], ["Host": "127.0.0.1.evil.example:\(client.port)"], ["Host": "evil.example:80@127.0.0.1"], ["Host": " "],
            ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": "https://127.0.0.1:\(client.port)"], ["Origin": "http://127.0.0.1:1"],
            ["Origin": "http://localhost.evil.example"],
        ] {
            #expect([400, 403].contains(client.ask("GET", "/api/project", asUser.merging(headers) { $1 }).status), "\(headers)")
        }
        let note = #"{"job":"1","text":"x"}"#
        #expect(client.ask("POST", "/api/job/note", asUser.merging(["Sec-Fetch-Site": "cross-site"]) { $1 }, body: note).status == 403)
        for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
            #expect(client.ask("POST", "/api/job/note", asUser.merging(["Content-Type": type]) { $1 }, body: note).status == 400, "\(type)")
        }
        let answer = client.ask("GET", "/api/project", asUser.merging(["Origin": "http://127.0.0.1:\(client.port)"]) { $1 })
        #expect(answer.status == 200 && !answer.head.lowercased().contains("access-control"))
        for header in ["Content-Security-Policy: default-src 'self'", "X-Content-Type-Options: nosniff", "frame-ancestors 'none'", "Cache-Control: no-store"] {
            #expect(answer.head.contains(header))
        }
        for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH"] { #expect(client.ask(method, "/api/project", asUser).status == 405, "\(method)") }
    }

    @Test(arguments: [
        "/etc/passwd", "../secret.star", "Import/../../secret.star", "link.star", "way/secret.star", "way", "./way/./secret.star", "way//secret.star", "..", "..\\secret.star",
        "%2e%2e/secret.star", "Import/job001/../../../../etc/passwd", "file:///etc/passwd", "\u{0}link.star", "~root", "1@link.star", "1@../secret.star",
    ])
    func filesOutsideStayOutside(name: String) throws {
        defer { end() }
        // As it is named here and from the project's folder.
        for value in [name, name.replacing("../secret.star", with: "../\(outside.url.lastPathComponent)/secret.star")] {
            for call in APICall.all where call.path != "events" && call.parameters.contains(where: { ["path", "job", "file", "micrograph", "type", "values"].contains($0.name) }) {
                let answer = try ask(call, asUser, value: value)
                // Refusals say what was asked for.
                let text = answer.body.replacing(value, with: "").replacing(value.replacing("\\", with: "\\\\"), with: "")
                #expect(!text.contains(Self.secret) && !text.contains("root:x:") && !text.contains("secret.star"), "\(call.path): \(value)")
                #expect(answer.status != 500 && answer.status != 0, "\(call.path): \(value): \(answer.body)")
            }
        }
        #expect(try String(contentsOfFile: outside.file("secret.star"), encoding: .utf8) == Self.secret)
    }

    @Test func badAddresses() {
        defer { end() }
        for target in ["/../etc/passwd", "/%2e%2e/x", "/map/%2e%2e/app.js", "/a%2fb", "/a%00", "/a%5cb", "x", "/%zz", "http://evil.example/", "//evil.example/api", "*", "/" + String(repeating: "a/", count: 4000)] {
            let status = client.ask("GET", target, asUser).status
            #expect(status == 400 || status == 404, "\(target.prefix(40)): \(status)")
        }
    }

    @Test func hugeRequestsAreRefused() {
        defer { end() }
        let start = "POST /api/form HTTP/1.1\r\nHost: 127.0.0.1:\(client.port)\r\nAuthorization: Bearer \(server.access.userToken)\r\nContent-Type: application/json\r\n"
        #expect(client.talk([start + "Content-Length: 5000000000\r\n\r\n"]).hasPrefix("HTTP/1.1 413"))
        #expect(client.talk([start + "Content-Length: 99999999999999999999\r\n\r\n"]).hasPrefix("HTTP/1.1 400"))
        #expect(client.talk([start + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"]).hasPrefix("HTTP/1.1 400"))
        #expect(client.talk([start + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n"]).hasPrefix("HTTP/1.1 411"))
        #expect(client.talk([start + String(repeating: "X: y\r\n", count: 5000)]).hasPrefix("HTTP/1.1 431"))
        // What the limits allow must not break the reader of JSON.
        for body in [String(repeating: "[", count: 500_000), String(repeating: "{\"a\":", count: 100_000), "\"" + String(repeating: "x", count: 900_000) + "\"", "", "\u{0}", "1e999"] {
            #expect(client.ask("POST", "/api/form", asUser, body: body).status == 400, "\(body.prefix(10))")
        }
    }

    @Test func slowClientsLoseTheirConnection() throws {
        defer { end() }
        let start = Date()
        #expect(client.talk(["GET /api/project HTTP/1.1\r\n"]).hasPrefix("HTTP/1.1 408"))
        _ = client.talk(Array(repeating: "G", count: 30), pauseInSeconds: 0.1)
        #expect(Date().timeIntervalSince(start) < 10)
        // As many idle clients as there is room for: one more is told so, and they are gone after their time.
        let idle = (0..<14).compactMap { _ in client.connected() }
        defer { idle.forEach { close($0) } }
        Thread.sleep(forTimeInterval: 0.2)
        #expect(client.ask("GET", "/api/project", asUser).status == 503)
        var isBack = false
        for _ in 0..<50 where !isBack {
            Thread.sleep(forTimeInterval: 0.2)
            isBack = client.ask("GET", "/api/project", asUser).status == 200
        }
        #expect(isBack)
    }

    /// A browser that takes nothing of a long answer does not hold a thread for ever.
    @Test func clientsThatTakeNothingAreLeft() throws {
        let big = [UInt8](repeating: 65, count: 64 << 20)
        let listener = try HTTPListener(port: 0, deadlineInSeconds: 0.5, connectionLimit: 1) { _ in HTTPResponse(type: "text/plain", body: big) }
        defer {
            listener.stop()
            end()
        }
        Thread { listener.run() }.start()
        let other = RawClient(port: listener.port)
        let lazy = try #require(other.connected())
        defer { close(lazy) }
        #expect(RawClient.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n", to: lazy))
        var isBack = false
        for _ in 0..<40 where !isBack {
            Thread.sleep(forTimeInterval: 0.2)
            isBack = other.ask("HEAD", "/").status == 200
        }
        #expect(isBack)
    }

    @Test func oddNamesAreTextInAnswers() throws {
        defer { end() }
        for name in Self.oddNames {
            let file = name.replacing("/", with: "_") + ".star"
            try folder.write("data_\n", to: "odd/" + file)
            let listing = client.ask("GET", "/api/folder?path=odd&pattern=*.star", asUser)
            #expect(listing.head.contains("Content-Type: application/json"))
            #expect(try JSONDecoder().decode(FolderListing.self, from: Data(listing.body.utf8)).entries.contains { $0.name == file }, "\(name)")
            let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            for target in ["/api/job?job=\(encoded)", "/api/picture?path=\(encoded)", "/\(encoded)"] {
                let answer = client.ask("GET", target, asUser)
                #expect((400..<500).contains(answer.status) && !answer.head.contains("text/html") && answer.head.contains("nosniff"), "\(target)")
                #expect(!answer.head.contains("wrong"), "nothing of a request comes back in a head")
            }
            // An alias or a template is refused, or is that name and no other file.
            let text = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
            let status = client.ask("POST", "/api/job/alias", asUser, body: "{\"job\":\"Import/job001/\",\"text\":\(text)}").status
            #expect(status == (name == "-rf" || name.hasPrefix("ün") ? 200 : 422), "\(name)")
            #expect(client.ask("POST", "/api/job/note", asUser, body: "{\"job\":\"Import/job001/\",\"text\":\(text)}").status == 200)
            let saved = client.ask("POST", "/api/templates/save", asUser, body: "{\"type\":\"relion.external\",\"name\":\(text)}").status
            #expect(saved == (name.contains("\n") || name.contains("\t") || name.contains("/") ? 422 : 200), "\(name)")
        }
        #expect(client.ask("GET", "/api/project", asUser).status == 200)
        #expect(try Project(root: folder.path).graph().processes.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["secret.star"])
    }
}
