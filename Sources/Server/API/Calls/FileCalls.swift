import Foundation

/// Calls for any file: what it is, and its bytes.
enum FileCalls {
    private static let path = APICall.Parameter(name: "path", summary: "file of the project", isRequired: true)

    static let all: [APICall] = [
        .get("file", "What a file is, what its header says, which job made it and which use it", [path]) { context, request in
            let name = request.query["path"] ?? ""
            return try HTTPResponse(json: FileDescription(of: context.paths.resolve(name), name: name, in: context.project.graph()))
        },
        .get(
            "raw", "A file's bytes: PDF, pictures and text to look at, others to keep",
            [
                path, .init(name: "download", summary: "1: to be kept, not shown"),
                .init(name: "offset", summary: "for text: a piece from this byte on, its end in the header X-Next-Offset; -1: the last piece"),
            ]
        ) { context, request in
            let name = request.query["path"] ?? "", file = try context.paths.resolve(name)
            if let offset = request.query["offset"] {
                guard let first = Int(offset) else { throw HTTPFailure(422, "offset is \(offset); a number of bytes is expected.") }
                return try RawFile(name: name, path: file).text(from: first)
            }
            return try RawFile(name: name, path: file).whole(isKept: request.query["download"] == "1")
        },
    ]
}

/// A file as it is. Nothing of the project is ever sent as a page: HTML and scripts go as text, which the browser neither draws nor runs.
struct RawFile {
    let name: String
    let path: String

    /// Larger ones would fill the server's memory.
    static let limit = 256 << 20
    static let pieceLimit = 256 << 10

    /// - Throws: `HTTPFailure` 422 for folders and for pipes, at which a reader would wait.
    private func byteCount() throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        guard attributes[.type] as? FileAttributeType == .typeRegular else { throw HTTPFailure(422, "\(name) is no file.") }
        return (attributes[.size] as? Int) ?? 0
    }

    func whole(isKept: Bool) throws -> HTTPResponse {
        guard try byteCount() <= Self.limit else {
            throw HTTPFailure(413, "\(name) has more than \(Self.limit >> 20) MB: copy it with scp or rsync.")
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw HTTPFailure(403, "\(name) cannot be read.") }
        var response = HTTPResponse(type: try type(), body: Array(data))
        if isKept { response.headers.append(("Content-Disposition", "attachment; filename*=UTF-8''\(lastPart)")) }
        response.isFramed = type(ofSuffix: suffix) == "application/pdf"
        return response
    }

    /// - Parameter offset: negative: the last piece.
    func text(from offset: Int) throws -> HTTPResponse {
        _ = try byteCount()
        let (bytes, next) = try LogFile(path: path).piece(from: offset < 0 ? nil : offset, limit: Self.pieceLimit)
        var response = HTTPResponse(type: "text/plain; charset=utf-8", body: bytes)
        response.headers.append(("X-Next-Offset", String(next)))
        return response
    }

    private var suffix: String { (name.split(separator: "/").last?.split(separator: ".").last ?? "").lowercased() }

    private var lastPart: String {
        String(name.split(separator: "/").last ?? "file").addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._"))) ?? "file"
    }

    private func type(ofSuffix suffix: String) -> String? {
        switch suffix {
        case "pdf": "application/pdf"
        case "png", "gif", "webp": "image/\(suffix)"
        case "jpg", "jpeg": "image/jpeg"
        case "svg": "image/svg+xml"
        case "eps", "ps": "application/postscript"
        default: nil
        }
    }

    private func type() throws -> String {
        if let type = type(ofSuffix: suffix) { return type }
        return try FileDescription.looksLikeText(path) ? "text/plain; charset=utf-8" : "application/octet-stream"
    }
}
