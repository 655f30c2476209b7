import Foundation
import Pipeline
import Reporting
import Testing
import TestSupport

@testable import Server

/// The server with a project of a few jobs, as browsers and as attackers meet it.
@Suite struct ProjectServerTests {
    private static let port: UInt16 = 4321
    private let folder: TemporaryFolder
    private let server: ProjectServer

    init() throws {
        folder = try TemporaryFolder()
        let project = Project(root: folder.path)
        try project.initialise()
        try project.change("jobs") { graph in
            graph.add(PipelineProcess(name: "Import/job001/", typeLabel: "relion.import", status: .succeeded))
            graph.add(PipelineProcess(name: "Extract/job002/", alias: "Extract/small/", typeLabel: "relion.extract", status: .failed))
            try graph.addOutput(PipelineNode(name: "Import/job001/a.star", typeLabel: "MicrographGroupMetadata.star.relion"), of: "Import/job001/")
            try graph.addInput(PipelineNode(name: "Import/job001/a.star", typeLabel: "MicrographGroupMetadata.star.relion"), to: "Extract/job002/")
        }
        try folder.write("one\nERROR: the box is too small\n", to: "Extract/job002/run.err")
        try folder.write("first\nsecond\n", to: "Extract/job002/run.out")
        server = ProjectServer(project)
    }

    private func request(_ target: String, _ headers: [String: String] = [:], body: String? = nil, token: String? = nil) throws -> HTTPRequest {
        var lines = ["\(body == nil ? "GET" : "POST") \(target) HTTP/1.1"]
        var all = ["Host": "127.0.0.1:\(Self.port)", "Cookie": "relion_\(Self.port)=\(token ?? server.access.userToken)"]
        if body != nil { all["Content-Type"] = "application/json" }
        all.merge(headers) { $1 }
        lines += all.map { "\($0.key): \($0.value)" }
        var request = try HTTPRequest(head: Array(lines.joined(separator: "\r\n").utf8))
        request.body = Array((body ?? "").utf8)
        return request
    }

    private func answer(_ target: String, _ headers: [String: String] = [:], body: String? = nil, token: String? = nil) throws -> (status: Int, text: String) {
        let response = server.answer(try request(target, headers, body: body, token: token), port: Self.port)
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    @Test func pageAndProject() throws {
        #expect(try answer("/").text.contains("<!doctype html>"))
        for name in ["app.js", "server.js", "form.js", "job.js", "style.css", "map/volume-view.js", "results/results.js", "results/results.css", "tables/table.js", "graph/graph.js", "viewers/map.js", "picking/picking.js", "select/select.js", "viewers/open.js", "viewers/gallery.js", "viewers/gallery.css"] { #expect(try answer("/" + name).status == 200, "\(name)") }
        let project = try JSONDecoder().decode(ProjectAnswer.self, from: Data(answer("/api/project").text.utf8))
        #expect(project.jobs.map(\.name) == ["Import/job001/", "Extract/job002/"] && project.edges == [[0, 1]])
        let job = try JSONDecoder().decode(JobPageAnswer.self, from: Data(answer("/api/job?job=2").text.utf8))
        #expect(job.reason == "ERROR: the box is too small" && job.inputs.first?.producer == "Import/job001/")
        #expect(try answer("/api/job?job=77").status == 404)
    }

    @Test func logsInPieces() throws {
        #expect(try answer("/api/log?job=2").text == "first\nsecond\n")
        #expect(try answer("/api/log?job=2&offset=6").text == "second\n")
        #expect(try answer("/api/log?job=2&stream=err&offset=999999").text.hasPrefix("one"))
        #expect(try answer("/api/log?job=1").text.isEmpty)
    }

    @Test func tables() throws {
        try folder.write("data_optics\nloop_\n_rlnOpticsGroup #1\n1\n\ndata_micrographs\nloop_\n_rlnMicrographName #1\n_rlnDefocusU #2\na.mrc 3\nb.mrc 1\nc.mrc 2\n", to: "Import/job001/a.star")
        let path = "path=Import/job001/a.star"
        let page = try JSONDecoder().decode(TableAnswer.self, from: Data(answer("/api/table?\(path)&sort=rlnDefocusU&descending=1&filter=DefocusU+%3E+1&count=1&from=1").text.utf8))
        #expect(page.blocks.map(\.name) == ["optics", "micrographs"] && page.block == "micrographs" && page.total == 2)
        #expect(page.rows.map(\.row) == [2] && page.rows.first?.values == ["c.mrc", "2"] && page.labels[1].unit == "Å" && page.labels.map(\.isNumber) == [false, true])
        #expect(try answer("/api/table?\(path)&columns=rlnDefocusU").text.contains(#""values":["3"]"#))
        let histogram = try JSONDecoder().decode(HistogramAnswer.self, from: Data(answer("/api/table/histogram?\(path)&column=DefocusU").text.utf8))
        #expect(histogram.histogram.counts == [1, 1, 1] && histogram.column == "rlnDefocusU")
        let scatter = try JSONDecoder().decode(ScatterAnswer.self, from: Data(answer("/api/table/scatter?\(path)&x=DefocusU&y=DefocusU&filter=b.mrc").text.utf8))
        #expect(scatter.points.rows == [1] && scatter.points.x == [1])
        #expect(try answer("/api/table/values?\(path)&column=rlnMicrographName&sort=rlnDefocusU").text.contains(#""texts":["b.mrc","c.mrc","a.mrc"]"#))
        #expect(try answer("/api/table?\(path)&filter=DefocusU+%3E").status == 422)
        #expect(try answer("/api/table?\(path)&count=x").status == 400)
        #expect(try answer("/api/table?path=../x.star").status == 403)
        #expect(try answer("/api/table/histogram?\(path)").status == 400)
    }

    @Test func graphAndResults() throws {
        let graph = try JSONDecoder().decode(GraphAnswer.self, from: Data(answer("/api/graph").text.utf8))
        #expect(graph.nodes.map(\.job.name) == ["Import/job001/", "Extract/job002/"] && graph.edges.count == 1)
        #expect(graph.edges.first?.files == ["Import/job001/a.star"] && graph.nodes[0].y < graph.nodes[1].y)
        #expect(graph.edges.first?.points.first == [graph.nodes[0].x, graph.nodes[0].y + graph.nodes[0].height / 2])
        #expect(try answer("/api/results?job=2").text == #"{"isRunning":false,"job":"Extract/job002/","sections":[]}"#)
        #expect(try answer("/api/results?job=77").status == 404 && answer("/api/results/tracks?job=1&movie=0").status == 404)
        // Files outside are not read, whatever a job's files say.
        try folder.write("data_coordinate_files\nloop_\n_rlnMicrographName #1\n_rlnMicrographCoordinates #2\na.mrc /etc/passwd\nb.mrc ../../x.star\n", to: "AutoPick/job003/autopick.star")
        try Project(root: folder.path).change("job") { $0.add(PipelineProcess(name: "AutoPick/job003/", typeLabel: "relion.autopick.log", status: .succeeded)) }
        #expect(try answer("/api/results?job=3").text.contains(#""label":"Picks""#))
    }

    @Test func formsAreChecked() throws {
        let text = try answer("/api/form", body: #"{"type":"relion.extract","values":{"extract_size":"abc","star_mics":"Import/job001/a.star"}}"#).text
        let form = try JSONDecoder().decode(FormAnswer.self, from: Data(text.utf8))
        #expect(form.problems.contains { $0.place == "extract_size" })
        let field = try #require(form.tabs.flatMap(\.fields).first { $0.key == "star_mics" })
        #expect(field.offers?.contains("Import/job001/a.star") == true)
        #expect(try answer("/api/form", body: #"{"type":"relion.nothing"}"#).status == 422)
        #expect(try answer("/api/form", body: "{").status == 400)
    }

    @Test func jobsAreScheduledAndChanged() throws {
        let body = #"{"type":"relion.external","values":{"fn_exe":"true"},"schedule":true,"alias":"mine"}"#
        #expect(try answer("/api/run", body: body).status == 200)
        let project = Project(root: folder.path)
        #expect(try project.graph().find("mine")?.status == .scheduled)
        #expect(try answer("/api/job/note", body: #"{"job":"3","text":"hello"}"#).status == 200)
        #expect(project.note(of: "External/job003/").contains("hello"))
        #expect(try answer("/api/job/delete", body: #"{"job":"1","isDryRun":true}"#).text.contains("Extract/job002/"))
        #expect(try project.graph().processes.count == 3)
        #expect(try answer("/api/job/delete", body: #"{"job":"3"}"#).status == 200)
        #expect(try project.graph().processes.count == 2)
        #expect(try answer("/api/job/alias", body: #"{"job":"1","text":"../../x"}"#).status == 422)
    }

    @Test func strangersAreRefused() throws {
        for token in ["", "0", String(repeating: "0", count: 32), server.access.userToken + "0"] { #expect(try answer("/api/project", token: token).status == 403) }
        #expect(try answer("/api/project", ["Host": "evil.example"]).status == 403)
        #expect(try answer("/api/project", ["Host": "127.0.0.1.evil.example:\(Self.port)"]).status == 403)
        #expect(try answer("/api/project", ["Origin": "http://evil.example"]).status == 403)
        #expect(try answer("/api/project", ["Origin": "null"]).status == 403)
        #expect(try answer("/api/project", ["Origin": "http://127.0.0.1:\(Self.port)"]).status == 200)
        #expect(try answer("/api/job/note", ["Content-Type": "text/plain"], body: #"{"job":"1","text":"x"}"#).status == 400)
        let welcome = server.answer(try request("/?token=\(server.access.userToken)", token: ""), port: Self.port)
        #expect(welcome.status == 303 && welcome.headers.contains { $0.name == "Set-Cookie" && $0.value.contains("HttpOnly; SameSite=Strict") })
        #expect(try answer("/api/project?token=\(server.access.userToken)", token: "").status == 403)
    }

    @Test func onlookersChangeNothing() throws {
        let token = server.access.onlookerToken
        #expect(try answer("/api/project", token: token).text.contains(#""isReadOnly":true"#))
        #expect(try answer("/api/job/delete", body: #"{"job":"1"}"#, token: token).status == 403)
        #expect(try answer("/api/run", body: #"{"type":"relion.external"}"#, token: token).status == 403)
    }

    @Test func filesOutsideStayOutside() throws {
        let outside = try TemporaryFolder()
        try outside.write("secret", to: "secret.mrc")
        try FileManager.default.createSymbolicLink(atPath: folder.file("link.mrc"), withDestinationPath: outside.file("secret.mrc"))
        try FileManager.default.createSymbolicLink(atPath: folder.file("way"), withDestinationPath: outside.path)
        for path in ["/etc/passwd", "../secret.mrc", "%2e%2e/%2e%2e/etc/passwd", "Import/../../x", "link.mrc", "way/secret.mrc", "..%2f..%2fetc"] {
            let status = try answer("/api/picture?path=" + path).status
            #expect(status == 403 || status == 404, "\(path)")
        }
        #expect(try answer("/api/picture?path=link.mrc").status == 403)
        try FileManager.default.createSymbolicLink(atPath: folder.file("Import/job001/run.out"), withDestinationPath: outside.file("secret.mrc"))
        #expect(try answer("/api/log?job=1").text.isEmpty)
        for target in ["/../x", "/%2e%2e/x", "/map/%2e%2e/app.js", "/a%2fb", "/a%00", "/a%5cb", "x", "/%zz"] {
            #expect(throws: HTTPFailure.self, "\(target)") { try request(target) }
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1", "GET / HTTP/2\r\nHost: a", "BREW / HTTP/1.1\r\nHost: a", "GET  / HTTP/1.1\r\nHost: a", "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
        "GET / HTTP/1.1\r\nHost: a\r\n folded", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2",
    ])
    func badHeads(head: String) { #expect(throws: HTTPFailure.self) { try HTTPRequest(head: Array(head.utf8)) } }
}
