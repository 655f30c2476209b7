import Foundation
import Metadata
import Reporting
import StarFormat

/// Picks by hand: the micrographs of a Manual picking job and the files with their coordinates.
///
/// The files are RELION's: `<job><micrograph without its job>_manualpick.star` for each micrograph with picks, and `local_selection.star`
/// for which micrographs are selected. Running the job again (`relion_manualpick --fast_save`) makes the lists that other jobs take.
package struct ManualPicks: Sendable {
    package struct Micrograph: Sendable, Equatable {
        package var name: String
        /// The file of its picks; it need not exist.
        package var coordinates: String
        package var isSelected = true
        package var pickCount = 0
    }

    package static let pickName = "manualpick"

    package let job: String
    private let project: Project
    package private(set) var micrographs: [Micrograph]
    /// Å; nil where neither the micrographs' STAR file nor the job tells.
    package private(set) var pixelSizeInAngstrom: Double?

    /// - Parameters:
    ///   - job: the folder of a job.
    ///   - input: STAR file of micrographs, or of coordinate files, whose picks are then edited where they are.
    /// - Throws: `InputError` for what cannot be read or lacks a column.
    package init(_ project: Project, job: String, input: String, pixelSizeInAngstrom: Double? = nil) throws {
        (self.project, self.job) = (project, job)
        let document = try StarDocument(contentsOf: project.path(input))
        if let list = document.firstTable("coordinate_files") {
            try list.require(["rlnMicrographName", "rlnMicrographCoordinates"])
            micrographs = zip(try list.strings("rlnMicrographName"), try list.strings("rlnMicrographCoordinates")).map { Micrograph(name: $0, coordinates: $1) }
        } else {
            guard let table = document.tables.first(where: { $0.contains("rlnMicrographName") }) else {
                throw InputError(place: input, found: "no table has a column _rlnMicrographName", expected: "a STAR file of micrographs")
            }
            micrographs = try table.strings("rlnMicrographName").map { name in
                Micrograph(name: name, coordinates: MicrographPath.coordinates(of: name, job: job, pickName: Self.pickName, root: project.root))
            }
            self.pixelSizeInAngstrom = try document.firstTable("optics")?.doublesIfPresent("rlnMicrographPixelSize")?.first
        }
        if let pixelSizeInAngstrom, pixelSizeInAngstrom > 0 { self.pixelSizeInAngstrom = pixelSizeInAngstrom }
        let left = try leftOut()
        for index in micrographs.indices {
            micrographs[index].isSelected = !left.contains(micrographs[index].name)
            let file = project.path(micrographs[index].coordinates)
            guard FileManager.default.fileExists(atPath: file) else { continue }
            micrographs[index].pickCount = (try? PickFile(contentsOf: file).count) ?? 0
        }
    }

    private var selectionPath: String { project.path(PathName.joined(job, "local_selection.star")) }

    private func leftOut() throws -> Set<String> {
        guard FileManager.default.fileExists(atPath: selectionPath),
            let table = try StarDocument(contentsOf: selectionPath).tables.first(where: { $0.contains("rlnSelected") })
        else { return [] }
        return Set(zip(try table.strings("rlnMicrographName"), try table.ints("rlnSelected")).filter { $0.1 == 0 }.map(\.0))
    }

    /// - Throws: `InputError` when the job has no such micrograph.
    package func micrograph(_ name: String) throws -> Micrograph {
        guard let found = micrographs.first(where: { $0.name == name }) else {
            throw InputError(place: job, found: "\(name) is none of its micrographs", expected: "one of its \(micrographs.count)")
        }
        return found
    }

    package func picks(of name: String) throws -> PickFile {
        let file = project.path(try micrograph(name).coordinates)
        return FileManager.default.fileExists(atPath: file) ? try PickFile(contentsOf: file) : PickFile()
    }

    /// Replaces the picks of a micrograph; without any its file goes.
    package func save(_ picks: PickFile, of name: String) throws {
        let coordinates = try micrograph(name).coordinates, file = project.path(coordinates)
        if picks.count == 0 {
            if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
            return
        }
        try FileManager.default.createDirectory(atPath: PathName(file).folder, withIntermediateDirectories: true)
        try picks.write(to: file)
    }

    /// Takes over which micrographs are selected.
    package func select(where isSelected: (String) -> Bool) throws {
        var table = StarTable(name: "")
        table.set("rlnMicrographName", strings: micrographs.map(\.name))
        table.set("rlnSelected", ints: micrographs.map { isSelected($0.name) ? 1 : 0 })
        try StarDocument(tables: [table]).write(to: selectionPath)
    }

    /// Copies the picks of another job into micrographs that have none yet.
    package func takeMissing(from other: ManualPicks) throws {
        func key(_ name: String) -> String { MicrographPath.withoutJob(name, root: project.root) }
        let sources = Dictionary(other.micrographs.map { (key($0.name), $0.name) }, uniquingKeysWith: { first, _ in first })
        for micrograph in micrographs where micrograph.pickCount == 0 {
            guard let source = sources[key(micrograph.name)] else { continue }
            try save(try other.picks(of: source), of: micrograph.name)
        }
    }
}
