import Foundation
import Reporting

/// How files that belong to a micrograph are named after it.
package enum MicrographPath {
    /// `ManualPick/job006/Movies/a.star` is `Movies/a.star` within the project, and so it is when `ManualPick/mine` is
    /// a link to the job's folder.
    ///
    /// - Parameter root: the project's folder; empty for the current one.
    package static func withoutJob(_ name: String, root: String = "") -> String {
        var path = name
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 2 {
            let link = PathName.joined(root, parts[0] + "/" + parts[1])
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link), target.hasPrefix("../") {
                path = PathName.joined(String(target.dropFirst(3)), parts[2...].joined(separator: "/"))
            }
        }
        let folders = path.split(separator: "/").map(String.init)
        guard let job = folders.dropFirst().firstIndex(where: isJob), job + 1 < folders.count else {
            return name.hasPrefix("/") ? String(name.dropFirst()) : name
        }
        return folders[(job + 1)...].joined(separator: "/")
    }

    /// Where a job keeps the picks of a micrograph: `<job><path without job and suffix>_<pickName>.star`.
    package static func coordinates(of micrograph: String, job: String, pickName: String, root: String = "") -> String {
        PathName.joined(job, PathName(withoutJob(micrograph, root: root)).stem) + "_\(pickName).star"
    }

    /// `job` and three digits or more.
    private static func isJob(_ folder: String) -> Bool {
        folder.hasPrefix("job") && folder.dropFirst(3).prefix(3).count == 3
            && folder.dropFirst(3).prefix(3).allSatisfy { ("0"..."9").contains($0) }
    }
}
