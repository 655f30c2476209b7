import ServerPage

/// A file of the page, embedded in the executable.
struct PageFile {
    let type: String
    let bytes: [UInt8]

    init?(_ name: String) {
        guard let file = server_page_find(name)?.pointee else { return nil }
        bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
        type = switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
