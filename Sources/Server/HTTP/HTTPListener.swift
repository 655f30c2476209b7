import Foundation
import Glibc
import Reporting
import Synchronization

/// Accepts connections and answers one request on each, a thread a connection.
///
/// Bounds: `HTTPRequest` on sizes, `deadlineInSeconds` on the time a request may take to arrive and an answer's piece to leave,
/// `connectionLimit` on browsers at once. A connection over the limit is told so and closed.
package final class HTTPListener: Sendable {
    package typealias Handler = @Sendable (HTTPRequest) -> HTTPResponse

    package let port: UInt16
    private let socket: Int32
    private let handler: Handler
    private let deadlineInSeconds: Double
    private let connectionLimit: Int
    private let open = Atomic<Int>(0)

    /// - Parameter port: 0 takes a free one.
    /// - Throws: `InputError` when the address cannot be had.
    package init(
        address: String = "127.0.0.1", port: UInt16, deadlineInSeconds: Double = 15, connectionLimit: Int = 256, handler: @escaping Handler
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        (self.handler, self.deadlineInSeconds, self.connectionLimit) = (handler, deadlineInSeconds, connectionLimit)
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = inet_pton(AF_INET, address, &name.sin_addr) == 1 && withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                bind(socket, plain, length) == 0 && listen(socket, 128) == 0 && getsockname(socket, plain, &length) == 0
            }
        }
        guard isBound else {
            let reason = String(cString: strerror(errno))
            close(socket)
            throw InputError(place: "\(address):\(port)", found: reason, expected: "a free port of this machine",
                             remedy: "Give another --port, or none for any that is free")
        }
        self.socket = socket
        self.port = UInt16(bigEndian: name.sin_port)
    }

    /// Answers until `stop`; returns then.
    package func run() {
        while true {
            let connection = accept(socket, nil, nil)
            guard connection >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                if errno == EMFILE || errno == ENFILE {
                    usleep(100_000)
                    continue
                }
                return
            }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            let count = open.add(1, ordering: .relaxed).newValue
            let thread = Thread { [self] in
                defer {
                    close(connection)
                    open.subtract(1, ordering: .relaxed)
                }
                serve(HTTPConnection(socket: connection, deadlineInSeconds: deadlineInSeconds), isOverLimit: count > connectionLimit)
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    package func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

    deinit { close(socket) }

    private func serve(_ connection: HTTPConnection, isOverLimit: Bool) {
        var response: HTTPResponse
        var isHead = false
        do {
            if isOverLimit { throw HTTPFailure(503, "Too many connections at once.") }
            let request = try connection.request()
            isHead = request.method == .head
            response = handler(request)
        } catch let failure as HTTPFailure {
            response = HTTPResponse(text: failure.message + "\n", status: failure.status)
        } catch { return }
        guard connection.write(response.head()), !isHead else { return }
        if let stream = response.stream {
            stream { connection.write(Array($0.utf8)) }
        } else if connection.write(response.body) {
            connection.finish()
        }
    }
}

/// One browser's socket with its deadline.
struct HTTPConnection {
    let socket: Int32
    let deadlineInSeconds: Double

    private static func now() -> Double { ProcessInfo.processInfo.systemUptime }

    /// Waits until the socket can be read or written; false when the time is over.
    private func wait(_ events: Int32, until deadline: Double) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(events), revents: 0)
        let left = deadline - Self.now()
        return left > 0 && poll(&entry, 1, Int32(left * 1000) + 1) > 0
    }

    func request() throws -> HTTPRequest {
        let deadline = Self.now() + deadlineInSeconds
        var bytes: [UInt8] = []
        while true {
            if let end = Self.headEnd(in: bytes) {
                var request = try HTTPRequest(head: Array(bytes[..<end]))
                request.body = Array(bytes[(end + 4)...])
                let length = try request.bodyLength()
                while request.body.count < length { request.body += try read(until: deadline) }
                request.body.removeLast(request.body.count - length)
                return request
            }
            guard bytes.count < HTTPRequest.headLimit else { throw HTTPFailure(431, "The head of the request is too long.") }
            bytes += try read(until: deadline)
        }
    }

    private static func headEnd(in bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10 }
    }

    private func read(until deadline: Double) throws -> [UInt8] {
        guard wait(Int32(POLLIN), until: deadline) else { throw HTTPFailure(408, "The request took too long to arrive.") }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count > 0 else { throw POSIXError(.ECONNRESET) }
        return Array(buffer[..<count])
    }

    /// False once the browser is gone, or takes nothing for the time of the deadline.
    func write(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            guard wait(Int32(POLLOUT), until: Self.now() + deadlineInSeconds) else { return false }
            let count = bytes.withUnsafeBytes { whole in
                send(socket, whole.baseAddress! + offset, bytes.count - offset, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    /// Lets an answer arrive whole although bytes of the request may be unread.
    func finish() {
        shutdown(socket, Int32(SHUT_WR))
        var rest = [UInt8](repeating: 0, count: 4096)
        var left = 64
        while left > 0, wait(Int32(POLLIN), until: Self.now() + 0.2), recv(socket, &rest, rest.count, Int32(MSG_DONTWAIT)) > 0 { left -= 1 }
    }
}
