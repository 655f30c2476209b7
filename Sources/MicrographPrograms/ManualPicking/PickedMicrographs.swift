import Foundation
import Metadata
import Parallel
import ProgramKit
import Reporting
import StarFormat

/// Micrographs, which of them are selected, and the files with their picks.
struct PickedMicrographs: Sendable {
    let names: [String]
    /// The file of each micrograph's picks; it need not exist.
    let coordinateFiles: [String]
    /// As the folder's `local_selection.star` says; all where there is none.
    let selection: [Bool]
    /// What the list of selected micrographs is made of: optics groups, if there are any, and one row a micrograph.
    private let optics: StarTable?
    private let rows: StarTable
    private let listPath: String
    private let selectionPath: String
    private let localSelectionPath: String

    /// - Throws: `InputError` for what cannot be read or lacks a column.
    init(_ program: ManualPickProgram) throws {
        let general = program.general
        guard !general.micrographs.isEmpty else {
            throw InputError(place: "--i", found: "is not given", expected: "a STAR file of micrographs, or a pattern of names")
        }
        (optics, rows) = try Self.read(general.micrographs, pixelSize: general.pixelSize)
        let names = try rows.strings("rlnMicrographName")
        guard !names.isEmpty else {
            throw InputError(place: "--i \(general.micrographs)", found: "names no micrographs", expected: "at least one")
        }
        self.names = names
        coordinateFiles = try rows.stringsIfPresent("rlnMicrographCoordinates") ?? names.map { name in
            MicrographPath.coordinates(of: name, job: general.folder, pickName: general.pickName)
        }
        listPath = PathName.joined(general.folder, general.pickName + ".star")
        localSelectionPath = PathName.joined(general.folder, "local_selection.star")
        selectionPath = general.selection
        // The selection is kept from one run to the next only where lists are written.
        selection = general.savesLists ? try Self.selection(of: names, from: localSelectionPath) : names.map { _ in true }
    }

    private static func read(_ input: String, pixelSize: Double) throws -> (optics: StarTable?, rows: StarTable) {
        guard PathName(input).pathExtension == "star" else {
            let names = FilePattern.matches(input)
            guard !names.isEmpty else {
                throw InputError(place: "--i \(input)", found: "no file has such a name", expected: "micrographs")
            }
            var table = StarTable(name: "")
            table.set("rlnMicrographName", strings: names)
            return (nil, table)
        }
        let document = try StarDocument(contentsOf: input)
        if var list = document.firstTable("coordinate_files") {
            try list.require(["rlnMicrographName", "rlnMicrographCoordinates"])
            list.name = ""
            return (nil, list)
        }
        let table = try ParticleTable(document, content: .micrographs)
        try table.rows.require(["rlnMicrographName"])
        var optics = table.optics
        if !optics.contains("rlnMicrographPixelSize") {
            guard pixelSize > 0, pixelSize.isFinite else {
                throw InputError(
                    place: input, found: "the optics groups have no rlnMicrographPixelSize", expected: "the pixel size of the micrographs",
                    remedy: "Add --angpix")
            }
            optics.fill("rlnMicrographPixelSize", with: pixelSize)
        }
        return (optics, table.rows)
    }

    private static func selection(of names: [String], from path: String) throws -> [Bool] {
        guard FileManager.default.fileExists(atPath: path) else { return names.map { _ in true } }
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnSelected") }) else {
            throw InputError(
                place: path, found: "no table has a column _rlnSelected", expected: "the selection that this program wrote",
                remedy: "Remove the file to begin with all micrographs")
        }
        let selected = try table.ints("rlnSelected", expected: "0 or 1")
        let left = Set(zip(try table.strings("rlnMicrographName"), selected).filter { $0.1 == 0 }.map(\.0))
        return names.map { !left.contains($0) }
    }

    // MARK: Counting

    /// Picks in the selected micrographs, 0 in others and in those that have no file.
    ///
    /// - Parameter limit: counts only those with a larger figure of merit, where the file has figures.
    /// - Throws: `InputError` naming all files that hold no coordinates.
    func counts(above limit: Double?, isSelected: [Bool], _ pool: ThreadPool) throws -> [Int] {
        let files = coordinateFiles
        let results: [Result<Int, any Error>] = pool.map(count: files.count) { index, _ in
            guard isSelected[index], FileManager.default.fileExists(atPath: files[index]) else { return .success(0) }
            return Result { try Self.count(files[index], above: limit) }
        }
        var check = InputCheck()
        let counts = results.map { result in check.attempt { try result.get() } ?? 0 }
        try check.finish()
        return counts
    }

    private static func count(_ path: String, above limit: Double?) throws -> Int {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnCoordinateX") && $0.contains("rlnCoordinateY") }) else {
            throw InputError(
                place: path, found: "no table has columns _rlnCoordinateX and _rlnCoordinateY", expected: "picks",
                remedy: "Remove the file, or pick in its micrograph again")
        }
        guard let limit, let figures = try table.doublesIfPresent("rlnAutopickFigureOfMerit") else { return table.rowCount }
        return figures.filter { $0 > limit }.count
    }

    // MARK: Lists

    /// The selected micrographs, the coordinate files that they have, and the selection itself for the next run.
    func write(_ reporter: Reporter) throws {
        let selected = names.indices.filter { selection[$0] }
        guard !selected.isEmpty else {
            throw InputError(
                place: localSelectionPath, found: "selects no micrograph", expected: "at least one",
                remedy: "Remove the file to begin with all micrographs")
        }
        let kept = rows.selecting(rows: selected)
        try StarDocument(tables: (optics.map { [$0] } ?? []) + [kept]).write(to: selectionPath)
        reporter.info("Written: \(selectionPath), \(selected.count) selected micrographs")
        var local = StarTable(name: "")
        local.set("rlnMicrographName", strings: names)
        local.set("rlnSelected", ints: selection.map { $0 ? 1 : 0 })
        try StarDocument(tables: [local]).write(to: localSelectionPath)
        let picked = selected.filter { FileManager.default.fileExists(atPath: coordinateFiles[$0]) }
        try writeList(picked)
        reporter.info("Written: \(listPath), \(picked.count) coordinate file\(picked.count == 1 ? "" : "s")")
    }

    private func writeList(_ picked: [Int]) throws {
        guard !picked.isEmpty else {
            // A table without rows; writers of tables leave it out.
            let file = try AtomicFile(path: listPath)
            try file.write(
                "\n# version \(StarTable.currentVersion)\n\ndata_coordinate_files\n\nloop_ \n_rlnMicrographName #1 \n_rlnMicrographCoordinates #2 \n \n")
            return try file.commit()
        }
        var list = StarTable(name: "coordinate_files")
        list.set("rlnMicrographName", strings: picked.map { names[$0] })
        list.set("rlnMicrographCoordinates", strings: picked.map { coordinateFiles[$0] })
        try StarDocument(tables: [list]).write(to: listPath)
    }
}
