/// The parts of a file's name: `Extract/job010/stack.mrcs` has the folder `Extract/job010`, the name `stack.mrcs`, the extension
/// `mrcs` and the stem `Extract/job010/stack`.
///
/// Text alone decides; no file is looked at. Slashes at the end and repeated slashes between folder and name do not count.
/// (Foundation's `NSString` has such parts, but on Linux it traps for names of one character.)
package struct PathName: Sendable {
    /// Without slashes at the end; `/` alone stays.
    private let path: Substring
    /// Where the last component begins.
    private let nameStart: Substring.Index

    package init(_ text: some StringProtocol) {
        let path = Self.withoutSlashes(Substring(text))
        self.path = path
        nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    }

    /// What the file lies in: empty for the current folder, `/` for the root.
    package var folder: String { String(Self.withoutSlashes(path[..<nameStart])) }

    /// The last component with its extension; `/` for the root.
    package var name: String { path == "/" ? "/" : String(path[nameStart...]) }

    /// What follows the last point of the name; empty where there is none, and for names like `.star`.
    package var pathExtension: String { point.map { String(path[path.index(after: $0)...]) } ?? "" }

    /// The path without its extension and the point in front of it.
    package var stem: String { point.map { String(path[..<$0]) } ?? String(path) }

    /// The name without folder and extension: what a movie shares with the micrograph and the coordinates that were made of it.
    package static func key(_ path: String) -> String { PathName(PathName(path).name).stem }

    /// The path of another file in the same folder.
    package func sibling(_ name: String) -> String { PathName.joined(folder, name) }

    /// `name` in `folder`, where an empty folder is the current one.
    package static func joined(_ folder: String, _ name: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    private var point: Substring.Index? {
        guard let point = path[nameStart...].lastIndex(of: "."), point > nameStart, path.index(after: point) < path.endIndex else {
            return nil
        }
        return point
    }

    private static func withoutSlashes(_ text: Substring) -> Substring {
        var text = text
        while text.hasSuffix("/"), text.dropLast() != "" { text.removeLast() }
        return text
    }
}
