import Foundation
import Testing

/// The data beside the project that some tests need: real particles and outputs of RELION programs.
///
/// Found through the environment variable `RELION_SHARED`, else as `../shared` beside the package. Tests that need it are
/// declared with `.enabled(if: SharedData.isPresent, SharedData.hint)` and are skipped elsewhere.
package enum SharedData {
    package static let hint: Comment = "needs the shared data folder (RELION_SHARED or ../shared)"

    package static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["RELION_SHARED"] { return URL(fileURLWithPath: path) }
        // Tests/TestSupport/SharedData.swift → package root → sibling.
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let sibling = package.deletingLastPathComponent().appendingPathComponent("shared")
        if FileManager.default.fileExists(atPath: sibling.path) { return sibling }
        return package.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
    }()

    package static var isPresent: Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent("data/golden").path)
    }

    /// A file under `data/golden`.
    package static func golden(_ path: String) -> URL { root.appendingPathComponent("data/golden/" + path) }

    /// A file under `data/bgal-tutorial`.
    package static func tutorial(_ path: String) -> URL { root.appendingPathComponent("data/bgal-tutorial/" + path) }
}
