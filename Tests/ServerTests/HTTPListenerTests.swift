import Foundation
import Testing

@testable import Server

/// What goes over the wire: sizes and times.
@Suite struct HTTPListenerTests {
    private let listener: HTTPListener

    init() throws {
        let listener = try HTTPListener(port: 0, deadlineInSeconds: 0.4) { request in HTTPResponse(text: "\(request.body.count) bytes") }
        self.listener = listener
        Thread { listener.run() }.start()
    }

    private func talk(_ pieces: [String], pauseInSeconds: Double = 0) -> String {
        RawClient(port: listener.port).talk(pieces, pauseInSeconds: pauseInSeconds)
    }

    @Test func answersInPieces() {
        defer { listener.stop() }
        let reply = talk(["POST / HT", "TP/1.1\r\nHost: a\r\nContent-Length: 4\r\n", "\r\nab", "cd"], pauseInSeconds: 0.02)
        #expect(reply.hasPrefix("HTTP/1.1 200 OK") && reply.hasSuffix("4 bytes"))
    }

    @Test func slowAndLargeRequestsEnd() {
        defer { listener.stop() }
        #expect(talk(["GET / HTTP/1.1\r\n"]).hasPrefix("HTTP/1.1 408"))
        // A byte now and then does not keep the connection.
        let start = Date()
        _ = talk(Array(repeating: "G", count: 8), pauseInSeconds: 0.1)
        #expect(Date().timeIntervalSince(start) < 5)
        #expect(talk(["GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: HTTPRequest.headLimit)]).hasPrefix("HTTP/1.1 431"))
        #expect(talk(["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n"]).hasPrefix("HTTP/1.1 413"))
        #expect(talk(["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"]).hasPrefix("HTTP/1.1 408"))
    }
}
