/// The API in the form of the OpenAPI specification 3.1, made from the list of calls.
struct OpenAPI: Codable, Sendable {
    struct Info: Codable, Sendable {
        var title = "relion gui"
        var version = "1"
        var summary = "One project: jobs, forms, logs and results, as the page in the browser uses them"
    }

    struct Schema: Codable, Sendable {
        var type: String?
        var description: String?
        var properties: [String: Schema]?
        var required: [String]?

        init(type: String? = nil, description: String? = nil) { (self.type, self.description) = (type, description) }
    }

    struct Content: Codable, Sendable { var schema: Schema }

    struct Parameter: Codable, Sendable {
        var name: String
        var `in` = "query"
        var description: String
        var required: Bool
        var schema: Schema
    }

    struct Body: Codable, Sendable {
        var required = true
        var content: [String: Content]
    }

    struct Response: Codable, Sendable {
        var description: String
        var content: [String: Content]?
    }

    struct Operation: Codable, Sendable {
        var operationId: String
        var summary: String
        var tags: [String]
        var parameters: [Parameter]?
        var requestBody: Body?
        var responses: [String: Response]
    }

    struct SecurityScheme: Codable, Sendable {
        var type = "http"
        var scheme = "bearer"
        var description = "The token in the address that relion gui prints"
    }

    struct Components: Codable, Sendable { var securitySchemes = ["token": SecurityScheme()] }

    var openapi = "3.1.0"
    var info = Info()
    var security = [["token": [String]()]]
    var components = Components()
    var paths: [String: [String: Operation]] = [:]

    init(_ calls: [APICall]) {
        for call in calls { paths["/api/" + call.path, default: [:]][call.method.rawValue.lowercased()] = Operation(call) }
    }
}

extension OpenAPI.Operation {
    init(_ call: APICall) {
        operationId = call.method.rawValue.lowercased() + "_" + call.path.replacing("/", with: "_")
        summary = call.summary
        tags = [call.changes ? "changing" : "looking"]
        if call.method == .post {
            requestBody = OpenAPI.Body(content: ["application/json": OpenAPI.Content(schema: .init(bodyOf: call))])
        } else {
            parameters = call.parameters.map {
                OpenAPI.Parameter(name: $0.name, description: $0.summary, required: $0.isRequired, schema: .init(type: $0.kind?.rawValue ?? "string"))
            }
        }
        responses = [
            "200": OpenAPI.Response(description: call.summary), "4XX": OpenAPI.Response(description: "What is wrong", content: ["application/json": .init(schema: .refusal)]),
        ]
    }
}

extension OpenAPI.Schema {
    init(bodyOf call: APICall) {
        self.init(type: "object")
        properties = Dictionary(call.parameters.map { ($0.name, OpenAPI.Schema(type: $0.kind?.rawValue, description: $0.summary)) }, uniquingKeysWith: { $1 })
        let names = call.parameters.filter(\.isRequired).map(\.name)
        required = names.isEmpty ? nil : names
    }

    static var refusal: OpenAPI.Schema {
        var schema = OpenAPI.Schema(type: "object")
        schema.properties = [
            "error": .init(type: "string", description: "a sentence"),
            "problems": .init(type: "array", description: "objects with place, found, expected, remedy and text"),
        ]
        return schema
    }
}
