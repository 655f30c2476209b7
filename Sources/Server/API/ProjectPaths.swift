import Foundation
import Pipeline

/// Files that the browser names: none outside the project's folder, links resolved first.
struct ProjectPaths {
    let project: Project
    /// Folders outside that links in the project may lead to, such as those with movies.
    var alsoAllowed: [String] = []

    /// The file's real path.
    /// - Throws: `HTTPFailure` 403 outside the project, 404 where there is nothing.
    func resolve(_ name: String) throws -> String {
        guard !name.hasPrefix("/"), !name.contains("\0"), !name.split(separator: "/").contains("..") else {
            throw HTTPFailure(403, "Only files of the project are shown.")
        }
        guard let root = Self.real(project.root.isEmpty ? "." : project.root), let file = Self.real(project.path(name.isEmpty ? "." : name)) else {
            throw HTTPFailure(404, "There is no file \(name).")
        }
        guard ([root] + alsoAllowed.compactMap(Self.real)).contains(where: { file == $0 || file.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }) else {
            throw HTTPFailure(403, "\(name) leads out of the project.")
        }
        return file
    }

    private static func real(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }
}
