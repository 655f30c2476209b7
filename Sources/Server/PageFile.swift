import Foundation
import ServerPage

/// A file of the page, embedded in the executable or, for work on the page, in a folder.
struct PageFile {
    let type: String
    let bytes: [UInt8]

    /// - Parameter name: with slashes; never with `..` (see `HTTPRequest`).
    init?(_ name: String, in folder: String? = nil) {
        if let folder {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { return nil }
            bytes = Array(data)
        } else {
            guard let file = server_page_find(name)?.pointee else { return nil }
            bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
        }
        type = switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
