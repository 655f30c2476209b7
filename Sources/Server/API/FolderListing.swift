import Foundation
import Reporting

/// A folder of the project as a file dialog shows it: folders first, then the files that fit, both by name.
struct FolderListing: Codable, Sendable {
    struct Entry: Codable, Sendable {
        var name: String
        var isFolder: Bool
        var bytes: Int
        /// Seconds since 1970.
        var modified: Double
    }

    var path: String
    var entries: [Entry]
    /// Entries there are; more than are listed in folders with very many files.
    var total: Int

    private static let limit = 5000

    /// Hidden files, and links that lead out of the project, are left out.
    init(path: String, pattern: FilePattern, paths: ProjectPaths) throws {
        let folder = try paths.resolve(path)
        var status = stat()
        guard stat(folder, &status) == 0, status.isFolder else { throw HTTPFailure(404, "\(path) is not a folder.") }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw InputError(place: path, found: "the folder cannot be read", remedy: "Ask its owner for permission")
        }
        let all = names.filter { !$0.hasPrefix(".") }.compactMap { name -> Entry? in
            var status = stat()
            guard lstat(folder + "/" + name, &status) == 0 else { return nil }
            if status.isLink {
                guard let target = try? paths.resolve(path.isEmpty ? name : PathName.joined(path, name)), stat(target, &status) == 0 else { return nil }
            }
            guard status.isFolder || pattern.fits(name) else { return nil }
            return Entry(
                name: name, isFolder: status.isFolder, bytes: Int(status.st_size),
                modified: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9)
        }
        let sorted = all.sorted { ($0.isFolder ? 0 : 1, $0.name) < ($1.isFolder ? 0 : 1, $1.name) }
        (self.path, total, entries) = (path, sorted.count, Array(sorted.prefix(Self.limit)))
    }
}

extension stat {
    fileprivate var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    fileprivate var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
}
