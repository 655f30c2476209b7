import Foundation

/// The folder that an output file goes to.
///
/// Writers make it where it is missing; programs ask for obstacles before they start to work, so that hours of work do not end with
/// a file that cannot be written.
package enum OutputFolder {
    /// Makes the folder of `path` with all above it. What goes wrong shows when the file is opened.
    package static func make(for path: String) {
        let folder = PathName(path).folder
        guard !folder.isEmpty else { return }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Why no file can be made at `path`; nil when nothing is in the way.
    package static func obstacle(to path: String) -> String? {
        let folders = FileManager.default
        var isFolder: ObjCBool = false
        if path.hasSuffix("/") || (folders.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue) {
            return "is a folder"
        }
        // The nearest folder that exists decides.
        var folder = PathName(path).folder
        while !folder.isEmpty, !folders.fileExists(atPath: folder, isDirectory: &isFolder) {
            folder = PathName(folder).folder
        }
        if folder.isEmpty { folder = "." } else if !isFolder.boolValue { return "\(folder) is a file, not a folder" }
        return access(folder, W_OK) == 0 ? nil : "there is no permission to write in \(folder)"
    }
}
