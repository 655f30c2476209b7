import Arrays
import Foundation
import ImageFormats
import Pipeline
import Testing
import TestSupport

@testable import Server

/// Files, galleries and statistics of selections through the server, in a project with a stack and a table.
@Suite struct GalleryTests {
    private static let port: UInt16 = 4321
    private let folder: TemporaryFolder
    private let server: ProjectServer

    init() throws {
        folder = try TemporaryFolder()
        let project = Project(root: folder.path)
        try project.initialise()
        try project.change("jobs") { graph in
            graph.add(PipelineProcess(name: "Extract/job001/", typeLabel: "relion.extract", status: .succeeded))
            try graph.addOutput(PipelineNode(name: "Extract/job001/stack.mrcs", typeLabel: "ImagesData.mrcs"), of: "Extract/job001/")
        }
        // Image k is k everywhere but for one bright pixel that moves.
        let writer = try StackWriter(path: folder.file("Extract/job001/stack.mrcs"), shape: .square(16), pixelSizeInAngstrom: 3)
        for k in 0..<12 {
            var image = RealArray(shape: .square(16), repeating: Float(k))
            image[k, 5] += 10
            try writer.write(image, at: k)
        }
        try writer.finish()
        let rows = (1...12).reversed().map { "\($0)@Extract/job001/stack.mrcs \(13 - $0)" } + ["1@Extract/job001/gone.mrcs 99"]
        try folder.write("data_particles\nloop_\n_rlnImageName #1\n_rlnDefocusU #2\n" + rows.joined(separator: "\n") + "\n", to: "Extract/job001/particles.star")
        server = ProjectServer(project)
    }

    private func response(_ target: String, body: String? = nil) throws -> HTTPResponse {
        let method = body == nil ? "GET" : "POST"
        let head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(Self.port)\r\nCookie: relion_\(Self.port)=\(server.access.userToken)\r\nContent-Type: application/json"
        var request = try HTTPRequest(head: Array(head.utf8))
        request.body = Array((body ?? "").utf8)
        return server.answer(request, port: Self.port)
    }

    private func decoded<Value: Decodable>(_ response: HTTPResponse) throws -> Value { try JSONDecoder().decode(Value.self, from: Data(response.body)) }

    private func header(_ name: String, of response: HTTPResponse) -> String? { response.headers.first { $0.name == name }?.value }

    private func picture(_ response: HTTPResponse) throws -> (pixels: [UInt8], width: Int, height: Int) {
        #expect(response.status == 200, "\(String(decoding: response.body.prefix(300), as: UTF8.self))")
        let path = folder.file("picture.png")
        try Data(response.body).write(to: URL(fileURLWithPath: path))
        return try PNGFile.read(path, channels: .grey)
    }

    @Test func filesByKind() throws {
        let stack: FileDescription = try decoded(response("/api/file?path=Extract/job001/stack.mrcs"))
        #expect(stack.kind == .stack && stack.image?.shape == [16, 16, 1] && stack.image?.count == 12 && stack.producer == "Extract/job001/")
        #expect(stack.image?.pixelSizeInAngstrom == 3)
        try folder.write("", to: "empty.txt")
        try folder.write("Å is two bytes", to: "notes")
        try folder.write("no image", to: "Extract/job001/bad.mrc")
        try Data([1, 0, 2]).write(to: URL(fileURLWithPath: folder.file("bytes.bin")))
        for (name, kind) in [("Extract/job001/particles.star", "star"), ("empty.txt", "text"), ("notes", "text"), ("bytes.bin", "other"), ("Extract", "folder")] {
            let file: FileDescription = try decoded(response("/api/file?path=" + name))
            #expect(file.kind.rawValue == kind, "\(name)")
        }
        let bad: FileDescription = try decoded(response("/api/file?path=Extract/job001/bad.mrc"))
        #expect(bad.kind == .other && bad.problem?.contains("1024 bytes") == true && bad.producer == "Extract/job001/")
        #expect(try response("/api/file?path=../x").status == 403)
        #expect(try response("/api/file?path=none").status == 404)
    }

    /// Nothing of the project is drawn or run as a page, and only PDF files may stand in a frame.
    @Test func bytesOfFiles() throws {
        try folder.write("<script>alert(1)</script>", to: "page.html")
        try folder.write("%PDF-1.4", to: "log.pdf")
        let page = try response("/api/raw?path=page.html"), pdf = try response("/api/raw?path=log.pdf&download=1")
        #expect(header("Content-Type", of: page) == "text/plain; charset=utf-8")
        #expect(String(decoding: page.head(), as: UTF8.self).contains("frame-ancestors 'none'"))
        #expect(header("Content-Type", of: pdf) == "application/pdf" && header("Content-Disposition", of: pdf)?.contains("log.pdf") == true)
        #expect(String(decoding: pdf.head(), as: UTF8.self).contains("frame-ancestors 'self'"))
        let piece = try response("/api/raw?path=page.html&offset=8")
        #expect(String(decoding: piece.body, as: UTF8.self) == "alert(1)</script>" && header("X-Next-Offset", of: piece) == "25")
        #expect(try response("/api/raw?path=page.html&offset=x").status == 422)
        #expect(try response("/api/raw?path=Extract").status == 422)
    }

    @Test func tiles() throws {
        let answer = try response("/api/pictures?path=Extract/job001/stack.mrcs&from=2&count=5&columns=3&sigma=0&size=64")
        let (pixels, width, height) = try picture(answer)
        // Images of 16 pixels are not enlarged.
        #expect(width == 48 && height == 32 && header("X-Tile", of: answer) == "16")
        for tile in 0..<5 { #expect(pixels[(tile / 3 * 16 + 5) * 48 + tile % 3 * 16 + 2 + tile] == 255, "tile \(tile)") }
        #expect(pixels.filter { $0 > 0 }.count == 5)
        let small = try picture(response("/api/pictures?path=Extract/job001/stack.mrcs&count=1&size=8"))
        #expect(small.width == 8 && small.height == 8)
        let filtered = try picture(response("/api/pictures?path=Extract/job001/stack.mrcs&count=1&size=16&sigma=0&lowpass=20"))
        #expect(filtered.pixels.filter { $0 > 0 }.count > 5)
        for query in ["from=12", "from=-1", "count=0", "size=2", "size=x", "sigma=-1", "lowpass=-4", "columns=0"] {
            let status = try response("/api/pictures?path=Extract/job001/stack.mrcs&\(query)").status
            #expect(status == 404 || status == 422, "\(query)")
        }
    }

    @Test func tilesByName() throws {
        let answer = try response("/api/pictures", body: #"{"images":["3@Extract/job001/stack.mrcs","1@gone.mrcs","13@Extract/job001/stack.mrcs","../secret.mrcs"],"sigma":0}"#)
        #expect(try picture(answer).width == 64 && header("X-Missing", of: answer) == "1,2,3")
        #expect(try response("/api/pictures", body: #"{"images":["x@a.mrcs"]}"#).status == 422)
        #expect(try response("/api/pictures", body: #"{"images":[]}"#).status == 422)
    }

    @Test func statisticsOfASelection() throws {
        let all: SelectionAnswer = try decoded(response("/api/pictures/statistics", body: #"{"path":"Extract/job001/stack.mrcs"}"#))
        #expect(all.count == 12 && all.selected == 12 && all.shape == [16, 16] && all.radialSpectrum.count == 9 && all.pixelSizeInAngstrom == 3)
        // A single bright pixel has the same power at all frequencies.
        let power = all.radialSpectrum[1...]
        #expect(power.allSatisfy { abs($0 / power[1] - 1) < 1e-3 })
        let table = #"{"path":"Extract/job001/particles.star","column":"rlnImageName""#
        let filtered: SelectionAnswer = try decoded(response("/api/pictures/statistics", body: table + #","filter":"DefocusU > 8"}"#))
        #expect(filtered.count == 4 && filtered.selected == 5 && filtered.skipped == 1)
        let chosen: SelectionAnswer = try decoded(response("/api/pictures/statistics", body: table + #","rows":[0,11]}"#))
        #expect(chosen.count == 2 && chosen.average != all.average)
        #expect(try response("/api/pictures/statistics", body: table + #","rows":[13]}"#).status == 422)
        #expect(try response("/api/pictures/statistics", body: table + #","rows":[]}"#).status == 422)
        #expect(try response("/api/pictures/statistics", body: table + #","rows":[12]}"#).status == 422)
    }
}
