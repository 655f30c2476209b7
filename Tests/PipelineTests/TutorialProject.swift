import Foundation
import TestSupport

@testable import Pipeline

/// A copy of a project that RELION made: pipeline file and small files of its jobs, all writable.
final class TutorialProject: Sendable {
    let folder: TemporaryFolder
    let project: Project

    init() throws {
        folder = try TemporaryFolder(inMemory: true)
        project = Project(root: folder.path)
        let source = SharedData.tutorial("")
        let files = FileManager.default
        for case let name as String in files.enumerator(atPath: source.path)! where !name.hasPrefix("reference") {
            let from = source.appendingPathComponent(name)
            var isFolder: ObjCBool = false
            guard files.fileExists(atPath: from.path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
            let size = (try files.attributesOfItem(atPath: from.path)[.size] as? Int) ?? 0
            // Large files stand for themselves with their names alone.
            try (size < 20_000 ? Data(contentsOf: from) : Data()).write(to: URL(fileURLWithPath: folder.file(name)))
        }
    }
}
