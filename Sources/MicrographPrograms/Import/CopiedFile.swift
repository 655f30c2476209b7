import Foundation
import Reporting

/// Copies that appear under their name when they are complete. What a link points to is copied, not the link.
enum CopiedFile {
    static func copy(_ source: String, to target: String) throws {
        OutputFolder.make(for: target)
        let temporary = PathName(target).sibling(".\(PathName(target).name).\(getpid()).partial")
        try? FileManager.default.removeItem(atPath: temporary)
        do {
            try FileManager.default.copyItem(
                atPath: URL(fileURLWithPath: source).resolvingSymlinksInPath().path, toPath: temporary)
        } catch {
            throw InputError(
                place: target, found: "cannot be written: \(error.localizedDescription)",
                remedy: "Check the permissions and the space on the disk")
        }
        guard rename(temporary, target) == 0 else {
            let reason = String(cString: strerror(errno))
            try? FileManager.default.removeItem(atPath: temporary)
            throw InputError(place: target, found: "cannot be written: \(reason)")
        }
    }
}
