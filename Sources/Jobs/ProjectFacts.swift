import Foundation
import StarFormat

/// What some job types ask about the project's files.
package protocol ProjectFacts {
    /// Whether a file is there; paths are those of the settings, relative to the project.
    func exists(_ path: String) -> Bool
    /// Number of rows of a STAR file's first table; nil where it cannot be read.
    func rowCount(_ path: String) -> Int?
    /// Names in a folder.
    func names(in folder: String) -> [String]
    /// The last settings of the manual picker's form.
    func manualPickSettings() -> JobSettings?
}

/// The files of a project on disk.
package struct ProjectOnDisk: ProjectFacts {
    private let folder: String

    /// - Parameter folder: the project's.
    package init(_ folder: String) { self.folder = folder.hasSuffix("/") ? folder : folder + "/" }

    private func full(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }

    package func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: full(path)) }

    package func rowCount(_ path: String) -> Int? { (try? StarDocument(contentsOf: full(path)))?.tables.first?.rowCount }

    package func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: full(folder))) ?? []).sorted()
    }

    package func manualPickSettings() -> JobSettings? {
        guard let form = JobCatalogue.standard.type(label: "relion.manualpick")?.formFile, exists(form) else { return nil }
        return try? JobSettings(contentsOf: full(form))
    }
}
