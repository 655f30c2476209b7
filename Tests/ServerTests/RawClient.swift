import Foundation
import Glibc

/// A client that sends whatever it likes.
struct RawClient {
    let port: UInt16

    /// A connected socket, or nil.
    func connected() -> Int32? {
        let client = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &name.sin_addr)
        let isThere = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        if isThere { return client }
        close(client)
        return nil
    }

    /// Sends pieces with pauses between and gives all that comes back until the server closes.
    func talk(_ pieces: [String], pauseInSeconds: Double = 0, timeLimitInSeconds: Double = 20) -> String {
        guard let client = connected() else { return "" }
        defer { close(client) }
        for piece in pieces {
            guard Self.send(piece, to: client) else { break }
            if pauseInSeconds > 0 { Thread.sleep(forTimeInterval: pauseInSeconds) }
        }
        return Self.everything(from: client, timeLimitInSeconds: timeLimitInSeconds)
    }

    static func send(_ text: String, to client: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(client, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    static func everything(from client: Int32, timeLimitInSeconds: Double) -> String {
        var limit = timeval(tv_sec: Int(timeLimitInSeconds), tv_usec: 0)
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The status and body of an answer.
    func ask(_ method: String = "GET", _ target: String, _ headers: [String: String] = [:], body: String? = nil) -> (status: Int, head: String, body: String) {
        var all = ["Host": "127.0.0.1:\(port)"]
        if let body { all.merge(["Content-Type": "application/json", "Content-Length": String(body.utf8.count)]) { $1 } }
        all.merge(headers) { $1 }
        let lines = all.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }
        let text = talk(["\(method) \(target) HTTP/1.1\r\n\(lines.joined())\r\n\(body ?? "")"])
        let halves = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let words = text.prefix(32).split(separator: " ")
        return (words.count > 1 ? Int(words[1]) ?? 0 : 0, String(halves.first ?? ""), halves.count > 1 ? String(halves[1]) : "")
    }
}
