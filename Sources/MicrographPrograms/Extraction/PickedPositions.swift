import Foundation
import Metadata
import ProgramKit
import Reporting
import StarFormat
import TextFormats

/// Where the coordinate file of each micrograph is.
struct PickedPositions: Sendable {
    /// One a micrograph; nil where the list of coordinate files does not have it.
    let files: [String?]

    init(_ options: ExtractionProgram.GeneralOptions, _ micrographs: MicrographList) throws {
        guard let list = options.coordinateList.ifGiven else {
            let folder = options.coordinateFolder
            files = micrographs.names.map { name in
                folder == "ASINPUT"
                    ? PathName(name).stem + options.coordinateSuffix
                    : PathName.joined(folder, PathName(MicrographPath.withoutJob(name)).stem) + options.coordinateSuffix
            }
            return
        }
        let labels = (ParticleColumn.micrographName.label, "rlnMicrographCoordinates")
        let document = try StarDocument(contentsOf: list)
        guard let table = document.tables.first(where: { $0.contains(labels.1) }) ?? document.tables.first else {
            throw InputError(place: list, found: "has no tables", expected: "micrographs and their coordinate files")
        }
        try table.require([labels.0, labels.1])
        let fileOfName = Dictionary(
            zip(try table.strings(labels.0), try table.strings(labels.1)), uniquingKeysWith: { _, last in last })
        files = micrographs.names.map { fileOfName[$0] }
        guard files.contains(where: { $0 != nil }) else {
            throw InputError(
                place: "--coord_list \(list)",
                found: "has coordinates for \(fileOfName.keys.sorted().first ?? "no micrograph") but for none of --i",
                expected: "names of micrographs as in --i, such as \(micrographs.names[0])")
        }
    }

    /// The coordinates of a micrograph with all their columns; nil where no file exists.
    func rows(ofMicrograph index: Int) throws -> StarTable? {
        guard let file = files[index], FileManager.default.fileExists(atPath: file) else { return nil }
        return try Self.read(file)
    }

    private static func read(_ file: String) throws -> StarTable {
        let (x, y) = (ParticleColumn.coordinateX.label, ParticleColumn.coordinateY.label)
        if PathName(file).pathExtension.lowercased() == "star" {
            let document = try StarDocument(contentsOf: file)
            // Pickers leave a file without rows, or even without columns, where they find nothing.
            guard document.tables.contains(where: { $0.rowCount > 0 }) else { return StarTable(name: "") }
            guard let table = document.tables.first(where: { $0.contains(x) && $0.rowCount > 0 }) else {
                if document.tables.contains(where: { $0.contains(x) }) { return StarTable(name: "") }
                throw InputError(
                    place: file, found: "no table has a column _\(x)", expected: "coordinates in pixels of the micrograph")
            }
            try table.require([x, y])
            return table
        }
        let coordinates = try CoordinateFile.read(file)
        var table = StarTable(name: "")
        if coordinates.isEmpty { return table }
        table.set(x, doubles: coordinates.map(\.x))
        table.set(y, doubles: coordinates.map(\.y))
        table.place = file
        return table
    }
}
