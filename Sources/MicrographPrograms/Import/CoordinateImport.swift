import Foundation
import Metadata
import ProgramKit
import Reporting
import StarFormat
import TextFormats

/// Coordinate files: copied with their folders, so that each is found by its micrograph's name; a suffix file tells the
/// other programs how.
struct CoordinateImport {
    private let general: ImportProgram.GeneralOptions
    private let files: [String]

    init(_ general: ImportProgram.GeneralOptions, _ files: [String]) { (self.general, self.files) = (general, files) }

    func run(in context: ProgramContext) throws {
        guard let star = general.input.lastIndex(of: "*") else {
            throw InputError(
                place: "--i \(general.input)", found: "has no *",
                expected: "a * where the micrograph's name stands, as in Movies/*_pick.star")
        }
        let results = context.pool.map(count: files.count) { index, _ in Result { try Self.count(files[index]) } }
        var leftOut = LeftOut(), good: [String] = [], total = 0
        for (name, result) in zip(files, results) {
            do {
                total += try result.get()
                good.append(name)
            } catch {
                leftOut.add(name, error, context.reporter)
            }
        }
        guard !good.isEmpty else { throw InputError(leftOut.problems) }
        context.reporter.info("\(total) coordinates in \(good.count) files")
        if context.isDryRun { return }
        for name in good { try CopiedFile.copy(name, to: PathName.joined(general.folder, MicrographPath.withoutJob(name))) }
        let suffix = PathName.joined(general.folder, general.file)
        let file = try AtomicFile(path: suffix)
        try file.write(general.input[..<star] + "*.mrc\n")
        try file.commit()
        context.reporter.info("Written: \(suffix) and \(good.count) files in \(general.folder)")
        if !leftOut.isEmpty {
            context.reporter.warning(
                "\(leftOut.count) of \(files.count) files were left out: \(leftOut.problems.map(\.place).joined(separator: ", "))"
            )
        }
    }

    private static func count(_ path: String) throws -> Int {
        guard PathName(path).pathExtension == "star" else { return try CoordinateFile.read(path).count }
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnCoordinateX") }) else {
            throw InputError(
                place: path, found: "no table has a column _rlnCoordinateX",
                expected: "coordinates in pixels of the micrograph")
        }
        _ = try table.doubles("rlnCoordinateX", expected: "a number in pixels")
        return try table.doubles("rlnCoordinateY", expected: "a number in pixels").count
    }
}
