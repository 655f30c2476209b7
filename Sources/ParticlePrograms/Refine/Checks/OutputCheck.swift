import Foundation
import ProgramKit

/// Whether the output can be written: folder, permission, room.
enum OutputCheck {
    /// - Parameters:
    ///   - root: as `--o` gives it: `Class2D/job001/run`.
    ///   - bytes: what the run will write at least.
    static func check(root: String, bytes: Int, into check: inout InputCheck) {
        let folder = root.contains("/") ? String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) : "."
        let path = folder.isEmpty ? "/" : folder
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            check.add("--o", found: "there is no folder \(path)", remedy: "Make it first, or correct --o")
            return
        }
        guard access(path, W_OK) == 0 else {
            check.add("--o", found: "no permission to write in \(path)", remedy: "Change its permissions, or correct --o")
            return
        }
        if let free = freeBytes(at: path), free < bytes {
            check.add(
                path, found: "\(gigabytes(free)) GB are free", expected: "room for \(gigabytes(bytes)) GB of output",
                remedy: "Make room, or write elsewhere")
        }
    }

    /// Bytes that a user may still write on the disc that holds `path`; nil when the system does not say.
    static func freeBytes(at path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    static func gigabytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1e9) }
}
