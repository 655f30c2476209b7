import Foundation
import Glibc
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

    /// Sends pieces with pauses between and gives all that comes back.
    private func talk(_ pieces: [String], pauseInSeconds: Double = 0) -> String {
        let client = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = listener.port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &name.sin_addr)
        let isThere = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        guard isThere else { return "" }
        for piece in pieces {
            let bytes = Array(piece.utf8)
            if send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) < 0 { break }
            if pauseInSeconds > 0 { Thread.sleep(forTimeInterval: pauseInSeconds) }
        }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self)
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
