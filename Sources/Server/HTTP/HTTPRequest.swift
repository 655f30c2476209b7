import Foundation

/// A request as it came over the wire. Reading is strict: what is unusual is refused rather than guessed at.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable { case get = "GET", head = "HEAD", post = "POST" }

    package var method: Method
    /// Decoded, split at slashes; never with `.`, `..` or empty parts.
    package var path: [String]
    package var query: [String: String]
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8] = []

    /// Bytes of the head with its blank line, at most.
    static let headLimit = 16 << 10
    static let bodyLimit = 1 << 20

    /// Reads a head without its blank line.
    /// - Throws: `HTTPFailure` with the status that fits.
    package init(head: [UInt8]) throws {
        guard let text = String(validating: head, as: UTF8.self), !text.utf8.contains(0) else { throw HTTPFailure(400, "The request is not text.") }
        var lines = text.components(separatedBy: "\r\n")
        let start = lines.removeFirst().components(separatedBy: " ")
        guard start.count == 3, start[2] == "HTTP/1.1" || start[2] == "HTTP/1.0" else { throw HTTPFailure(400, "This is not HTTP/1.1.") }
        guard let method = Method(rawValue: start[0]) else { throw HTTPFailure(405, "Only GET, HEAD and POST are answered.") }
        self.method = method
        (path, query) = try Self.target(start[1])
        headers = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, line.first != " ", line.first != "\t" else {
                throw HTTPFailure(400, "A header cannot be read.")
            }
            let name = line[..<colon].lowercased()
            guard headers[name] == nil || name == "cookie" || name == "accept" else { throw HTTPFailure(400, "The header \(name) comes twice.") }
            headers[name] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        guard headers["transfer-encoding"] == nil else { throw HTTPFailure(411, "Give the length of the body.") }
        guard headers["host"] != nil else { throw HTTPFailure(400, "The header Host is missing.") }
        let length = try bodyLength()
        guard length <= Self.bodyLimit else { throw HTTPFailure(413, "A body has at most \(Self.bodyLimit) bytes.") }
    }

    func bodyLength() throws -> Int {
        guard let text = headers["content-length"] else { return 0 }
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), text.utf8.count < 16, let length = Int(text) else {
            throw HTTPFailure(400, "Content-Length is not a number.")
        }
        return length
    }

    private static func target(_ text: String) throws -> (path: [String], query: [String: String]) {
        guard text.hasPrefix("/") else { throw HTTPFailure(400, "The address does not start with a slash.") }
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path: [String] = []
        for part in halves[0].split(separator: "/") {
            // Decoded once, after splitting: an encoded slash stays within its part and is refused.
            guard let name = String(part).removingPercentEncoding, name != ".", name != "..", !name.contains("/"), !name.contains("\0"),
                !name.contains("\\")
            else { throw HTTPFailure(400, "The address has a part that is not allowed.") }
            path.append(name)
        }
        var query: [String: String] = [:]
        for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ side: Substring) throws -> String {
                guard let text = side.replacingOccurrences(of: "+", with: " ").removingPercentEncoding, !text.contains("\0") else {
                    throw HTTPFailure(400, "The question mark is followed by something unreadable.")
                }
                return text
            }
            query[try decoded(sides[0])] = sides.count > 1 ? try decoded(sides[1]) : ""
        }
        return (path, query)
    }

    func cookie(_ name: String) -> String? {
        for part in (headers["cookie"] ?? "").split(separator: ";") {
            let sides = part.split(separator: "=", maxSplits: 1)
            if sides.count == 2, sides[0].trimmingCharacters(in: .whitespaces) == name { return sides[1].trimmingCharacters(in: .whitespaces) }
        }
        return nil
    }
}

/// A request that is refused: the status and a sentence for people.
package struct HTTPFailure: Error, Sendable {
    package let status: Int
    package let message: String

    package init(_ status: Int, _ message: String) { (self.status, self.message) = (status, message) }
}
