import Arrays
import Foundation
import ImageFormats
import Parallel
import ProgramKit
import Reporting
import StarFormat

/// Movies or micrographs as a STAR file. Files that cannot be read are left out; `--continue` takes them up when they
/// are whole.
struct MicrographImport {
    private let general: ImportProgram.GeneralOptions
    private let optics: ImportProgram.OpticsOptions
    private let files: [String]

    init(_ general: ImportProgram.GeneralOptions, _ optics: ImportProgram.OpticsOptions, _ files: [String]) {
        (self.general, self.optics, self.files) = (general, optics, files)
    }

    private var path: String { PathName.joined(general.folder, general.file) }
    private var tableName: String { general.movies ? "movies" : "micrographs" }
    private var label: String { general.movies ? "rlnMicrographMovieName" : "rlnMicrographName" }

    func run(in context: ProgramContext) throws {
        try requireProjectPath()
        var groups = StarTable(name: "optics"), rows = StarTable(name: tableName)
        if optics.continues, FileManager.default.fileExists(atPath: path) {
            let old = try StarDocument(contentsOf: path)
            (groups, rows) = (try old.table("optics"), try old.table(tableName))
        }
        let known = try knownGroup(&groups)
        let oldCount = rows.rowCount
        let new = try newFiles(rows, group: known)
        let (good, leftOut) = check(new, context)
        guard !good.isEmpty || oldCount > 0 || leftOut.isEmpty else { throw InputError(leftOut.problems) }
        context.reporter.info(
            "\(oldCount + good.count) \(tableName), \(good.count) of them new\(leftOut.isEmpty ? "" : "; \(leftOut.count) cannot be read")"
        )
        if context.isDryRun { return }
        var addition = StarTable(name: tableName)
        addition.set(label, strings: good)
        addition.set("rlnOpticsGroup", ints: good.map { _ in known })
        if oldCount > 0 { try rows.append(addition) } else { rows = addition }
        try StarDocument(tables: [groups, rows]).write(to: path)
        context.reporter.info("Written: \(path)")
        if !leftOut.isEmpty {
            context.reporter.warning(
                "\(leftOut.count) of \(new.count) files were left out: \(leftOut.problems.map(\.place).joined(separator: ", "))."
                    + " Import again with --continue when they are whole.")
        }
    }

    /// Names in a project are relative to it, so that it can be moved.
    private func requireProjectPath() throws {
        guard general.input.hasPrefix("/") || general.input.contains("../") else { return }
        throw InputError(
            place: "--i \(general.input)", found: "leads out of the project folder", expected: "a path relative to it",
            remedy: "Make a link to the folder in the project (ln -s /data/movies Movies) and import by it")
    }

    /// The number of the optics group, which is added where it is new.
    private func knownGroup(_ groups: inout StarTable) throws -> Int {
        if !groups.isEmpty {
            try groups.require(["rlnOpticsGroupName", "rlnOpticsGroup"])
            if let row = try groups.strings("rlnOpticsGroupName").firstIndex(of: optics.group) {
                return try groups.int("rlnOpticsGroup", row: row)
            }
        }
        let number = groups.isEmpty ? 1 : (try groups.ints("rlnOpticsGroup").max() ?? 0) + 1
        let row = OpticsRow.table(optics, number: number, isMicrograph: !general.movies)
        groups = groups.isEmpty ? row : try OpticsRow.append(row, to: groups)
        return number
    }

    /// Those that an earlier import does not have.
    private func newFiles(_ rows: StarTable, group: Int) throws -> [String] {
        guard !rows.isEmpty else { return files }
        let names = try rows.strings(label), groups = try rows.ints("rlnOpticsGroup")
        let groupOfName = Dictionary(zip(names, groups)) { first, _ in first }
        let moved = files.filter { name in groupOfName[name].map { $0 != group } ?? false }
        guard moved.isEmpty else {
            throw InputError(
                moved.map { name in
                    InputProblem(
                        place: name, found: "is in \(path) with optics group \(groupOfName[name] ?? 0)",
                        expected: "group \(group) (\(optics.group))",
                        remedy: "Import into another job, or with the old --optics_group_name")
                })
        }
        return files.filter { groupOfName[$0] == nil }
    }

    private func check(_ names: [String], _ context: ProgramContext) -> (good: [String], leftOut: LeftOut) {
        let isMovie = general.movies
        let results = context.pool.map(count: names.count) { index, _ in
            Result { try isMovie ? Self.requireMovie(names[index]) : Self.requireMicrograph(names[index]) }
        }
        var leftOut = LeftOut(), good: [String] = [], different: [Shape: String] = [:]
        for (name, result) in zip(names, results) {
            do {
                different[try result.get()] = name
                good.append(name)
            } catch {
                leftOut.add(name, error, context.reporter)
            }
        }
        if different.count > 1 {
            let sizes = different.map { "\($0.key) (\($0.value))" }.sorted().joined(separator: ", ")
            context.reporter.warning("the files have different sizes: \(sizes). Do they come from one detector and mode?")
        }
        return (good, leftOut)
    }

    private static func requireMovie(_ name: String) throws -> Shape {
        try MovieFile.open(name, rendering: EERRendering(rawFramesPerFrame: 1), extent: .firstFrame).shape
    }

    private static func requireMicrograph(_ name: String) throws -> Shape {
        if MovieFile.format(of: name) == .tiff { return try MovieFile.open(name, extent: .firstFrame).shape }
        let header = try ImageFile.readHeader(name)
        guard header.shapeOfAll.z == 1 else {
            throw InputError(
                place: name, found: "\(header.shapeOfAll.z) sections", expected: "a micrograph of one",
                remedy: "Import it with --do_movies if it is a movie")
        }
        return header.shape
    }
}
