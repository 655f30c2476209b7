import Foundation

/// An answer: a whole body, or events that are written as they happen.
package struct HTTPResponse: Sendable {
    package var status = 200
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []
    /// Writes events until it returns; gets a function that gives false once the browser is gone.
    package var stream: (@Sendable (_ write: (String) -> Bool) -> Void)?
    /// Whether the server's own pages may show it in a frame, as they do PDF files.
    package var isFramed = false

    package init(status: Int = 200, type: String, body: [UInt8]) {
        (self.status, self.body) = (status, body)
        headers = [("Content-Type", type)]
    }

    package init(text: String, status: Int = 200, type: String = "text/plain; charset=utf-8") {
        self.init(status: status, type: type, body: Array(text.utf8))
    }

    package init(json value: some Encodable, status: Int = 200) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(status: status, type: "application/json", body: Array(try encoder.encode(value)))
    }

    package init(events: @escaping @Sendable (_ write: (String) -> Bool) -> Void) {
        self.init(type: "text/event-stream", body: [])
        stream = events
    }

    /// Nothing is loaded from elsewhere, nothing is shown inside other pages, nothing is kept by caches.
    private static let protection: [(name: String, value: String)] = [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Connection", "close"),
    ]

    private var policy: (name: String, value: String) {
        ("Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors \(isFramed ? "'self'" : "'none'"); form-action 'none'; base-uri 'none'")
    }

    private static let phrases = [
        200: "OK", 303: "See Other", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
        409: "Conflict", 411: "Length Required", 413: "Content Too Large", 422: "Unprocessable Content", 431: "Request Header Fields Too Large",
        500: "Internal Server Error", 503: "Service Unavailable",
    ]

    func head() -> [UInt8] {
        var text = "HTTP/1.1 \(status) \(Self.phrases[status] ?? "Status")\r\n"
        for (name, value) in headers + [policy] + Self.protection { text += "\(name): \(value.filter { !$0.isNewline })\r\n" }
        if stream == nil { text += "Content-Length: \(body.count)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
