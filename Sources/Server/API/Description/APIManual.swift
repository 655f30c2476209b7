/// The manual of the API, made from the list of calls; `make docs` writes it to docs/http-api.md.
package enum APIManual {
    package static let markdown = (introduction + tables).joined(separator: "\n")

    private static let introduction = [
        "# The HTTP API",
        "",
        "Written by `make docs` from the list of calls in the program (`relion gui --describe_api`); do not edit. The same list as OpenAPI 3.1: `GET /api/openapi`.",
        "",
        "`relion gui --no_browser --port 8080` prints an address with a token. Scripts send it along:",
        "",
        "```sh",
        "token=0123456789abcdef0123456789abcdef          # what stands behind token= in the printed address",
        "api() { curl --silent --show-error --fail-with-body -H \"Authorization: Bearer $token\" \"$@\"; }",
        "api http://127.0.0.1:8080/api/project",
        "api --get http://127.0.0.1:8080/api/job --data-urlencode 'job=Class2D/job007/'",
        "api http://127.0.0.1:8080/api/run --json '{\"type\": \"relion.external\", \"values\": {\"fn_exe\": \"my_script\"}, \"schedule\": true}'",
        "api http://127.0.0.1:8080/api/job/note --json '{\"job\": \"7\", \"text\": \"good classes: 1, 4\"}'",
        "```",
        "",
        "Arguments of GET stand behind the question mark, those of POST are the members of one JSON object (`Content-Type: application/json`). Answers are JSON",
        "unless said. A refusal has a status from 400 on and JSON with `error`, a sentence, and `problems`: objects with `place`, `found`, `expected`,",
        "`remedy` and `text`. With the onlookers' token, calls that change something are refused (403).",
        "",
    ]

    private static var tables: [String] {
        let calls = APICall.all.sorted { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }
        return [("Looking", false), ("Changing", true)].flatMap { title, changes in
            ["## \(title)", "", "| call | arguments | what it does |", "| --- | --- | --- |"] + calls.filter { $0.changes == changes }.map(row) + [""]
        }
    }

    private static func row(_ call: APICall) -> String {
        let parameters = call.parameters.map { "`\($0.name)`\($0.isRequired ? " (required)" : ""): \($0.summary)" }.joined(separator: "<br>")
        return "| `\(call.method.rawValue) /api/\(call.path)` | \(cell(parameters)) | \(cell(call.summary)) |"
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
}
