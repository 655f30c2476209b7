import Foundation

/// Who may ask: whoever has the token of this start, from a page of this server.
///
/// The token comes once in the address, then as a cookie that other sites' pages cannot make the browser send. Scripts send it as
/// `Authorization: Bearer TOKEN`. Host is checked against names that lead here (a page that points its own name at 127.0.0.1 is
/// refused), Origin against Host.
package struct Access: Sendable {
    package enum Role: Sendable { case user, onlooker }

    package let userToken: String
    package let onlookerToken: String
    /// Names without ports by which this server may be called; nil: any.
    let hostNames: Set<String>?

    package init(hostNames: Set<String>? = ["127.0.0.1", "localhost", "[::1]"]) {
        self.hostNames = hostNames
        (userToken, onlookerToken) = (Self.randomToken(), Self.randomToken())
    }

    private static func randomToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let text = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    static func cookieName(port: UInt16) -> String { "relion_\(port)" }

    /// - Throws: `HTTPFailure` 403.
    func role(of request: HTTPRequest, port: UInt16) throws -> Role {
        let host = request.headers["host"] ?? ""
        if let hostNames {
            var name = host
            if let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber) { name = String(host[..<colon]) }
            guard hostNames.contains(name.lowercased()) else { throw HTTPFailure(403, "This server does not go by the name \(host).") }
        }
        if let origin = request.headers["origin"], origin != "http://" + host { throw HTTPFailure(403, "A page of another site asked.") }
        if let site = request.headers["sec-fetch-site"], site == "cross-site", request.method == .post {
            throw HTTPFailure(403, "A page of another site asked.")
        }
        let bearer = request.headers["authorization"].flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
        let given = bearer ?? (request.path.isEmpty ? request.query["token"] : nil) ?? request.cookie(Self.cookieName(port: port)) ?? ""
        if Self.equal(given, userToken) { return .user }
        if Self.equal(given, onlookerToken) { return .onlooker }
        throw HTTPFailure(403, "Open the address that relion printed when it started; it has the token of this session.")
    }

    /// In a time that does not tell how much of the token is right.
    private static func equal(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        return a.count == b.count && zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
