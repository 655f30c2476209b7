/// The API's description of itself.
enum DescriptionCalls {
    static let all: [APICall] = [
        .get("openapi", "All calls in the form of OpenAPI 3.1") { _, _ in try HTTPResponse(json: OpenAPI(APICall.all)) }
    ]
}
