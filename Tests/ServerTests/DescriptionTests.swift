import Foundation
import Testing

@testable import Server

/// The API's description and its manual.
@Suite struct DescriptionTests {
    @Test func callsAreUnique() {
        let names = APICall.all.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(names).count == names.count, "\(names.filter { name in names.count { $0 == name } > 1 })")
        // What changes something must not be had by a link.
        #expect(APICall.all.allSatisfy { !$0.changes || $0.method == .post })
    }

    @Test func openAPINamesEveryCall() throws {
        let response = try HTTPResponse(json: OpenAPI(APICall.all))
        let json = try #require(JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
        #expect(json["openapi"] as? String == "3.1.0")
        let paths = try #require(json["paths"] as? [String: [String: [String: Any]]])
        var identifiers = Set<String>()
        for call in APICall.all {
            let operation = try #require(paths["/api/" + call.path]?[call.method.rawValue.lowercased()], "\(call.path)")
            #expect((operation["summary"] as? String)?.isEmpty == false && operation["responses"] != nil)
            identifiers.insert(try #require(operation["operationId"] as? String))
            let inAddress = (operation["parameters"] as? [[String: Any]])?.count ?? 0
            let content = (operation["requestBody"] as? [String: Any])?["content"] as? [String: [String: [String: Any]]]
            let inBody = (content?["application/json"]?["schema"]?["properties"] as? [String: Any])?.count ?? 0
            #expect(inAddress + inBody == call.parameters.count, "\(call.path)")
        }
        #expect(identifiers.count == APICall.all.count)
    }

    @Test func manualNamesEveryCall() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let manual = try String(contentsOf: root.appendingPathComponent("docs/http-api.md"), encoding: .utf8)
        let missing = APICall.all.map { "\($0.method.rawValue) /api/\($0.path)" }.filter { !manual.contains("`\($0)`") }
        #expect(missing == [], "run `make docs`")
    }
}
