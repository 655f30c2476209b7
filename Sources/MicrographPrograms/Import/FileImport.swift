import Foundation
import ImageFormats
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Particles, half maps and all other single files.
struct FileImport {
    private let general: ImportProgram.GeneralOptions
    private let files: [String]

    init(_ general: ImportProgram.GeneralOptions, _ files: [String]) { (self.general, self.files) = (general, files) }

    func run(in context: ProgramContext) throws {
        guard files.count == 1, let file = files.first else {
            throw InputError(
                place: "--i \(general.input)", found: "matches \(files.count) files", expected: "one file",
                remedy: "Import such files one by one")
        }
        if general.particles { return try importParticles(file, context) }
        let all = general.halfMaps ? [file, try otherHalf(of: file)] : [file]
        var check = InputCheck()
        for file in all { check.attempt { try requireReadable(file) } }
        try check.finish()
        if general.halfMaps { try requireSameShape(all) }
        for file in all {
            let target = PathName.joined(general.folder, PathName(file).name)
            if !context.isDryRun { try CopiedFile.copy(file, to: target) }
            context.reporter.info("\(context.isDryRun ? "Would write" : "Written"): \(target)")
        }
    }

    // MARK: Particles

    private func importParticles(_ file: String, _ context: ProgramContext) throws {
        var check = InputCheck()
        let newName = general.particlesOpticsGroup
        if !newName.isEmpty { OpticsRow.checkName(newName, option: "--particles_optics_group_name", &check) }
        let table = check.attempt { try ParticleTable(contentsOf: file) }
        if let table, !newName.isEmpty {
            check.require(
                table.opticsGroups.count == 1, "--particles_optics_group_name",
                found: "\(file) has \(table.opticsGroups.count) optics groups",
                expected: "one, which can be renamed")
        }
        try check.finish()
        guard var table else { return }
        if !newName.isEmpty {
            var optics = table.optics
            optics.set("rlnOpticsGroupName", strings: [newName])
            try table.setOptics(optics)
        }
        try warnOfMissingStacks(table, context.reporter)
        let target = PathName.joined(general.folder, PathName(file).name)
        context.reporter.info("\(table.count) particles in \(table.opticsGroups.count) optics group(s)")
        if context.isDryRun { return }
        try table.write(to: target)
        context.reporter.info("Written: \(target)")
    }

    /// The STAR file is good without its stacks, but nothing can be done with it before they are there.
    private func warnOfMissingStacks(_ table: ParticleTable, _ reporter: Reporter) throws {
        let names = try table.rows.distinctStrings("rlnImageName").values
        let stacks = Set(names.compactMap { try? ImageName(parsing: $0).path })
        let missing = stacks.filter { !FileManager.default.fileExists(atPath: $0) }.sorted()
        if let first = missing.first {
            reporter.warning(
                "\(missing.count) of \(stacks.count) particle stacks do not exist, \(first) for example; names are relative to the project folder"
            )
        }
    }

    // MARK: Other files

    private func otherHalf(of file: String) throws -> String {
        let name = PathName(file).name
        for (mine, other) in [("half1", "half2"), ("half2", "half1")] {
            if let range = name.range(of: mine) {
                return PathName(file).sibling(name.replacingCharacters(in: range, with: other))
            }
        }
        throw InputError(
            place: file, found: "has neither half1 nor half2 in its name",
            expected: "a half map whose other half has such a name, too",
            remedy: "Rename the two maps, for example to run_half1_class001_unfil.mrc and run_half2_class001_unfil.mrc")
    }

    /// Images and STAR files are looked into; other files only have to be there.
    private func requireReadable(_ file: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
            throw InputError(place: file, found: "does not exist")
        }
        guard !isFolder.boolValue else { throw InputError(place: file, found: "is a folder", expected: "a file") }
        switch PathName(file).pathExtension.lowercased() {
        case "mrc", "mrcs", "map", "st", "spi", "stk", "vol": _ = try ImageFile.readHeader(file)
        case "star": _ = try StarDocument(contentsOf: file)
        default:
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw InputError(place: file, found: "may not be read", remedy: "Change its permissions")
            }
        }
    }

    private func requireSameShape(_ files: [String]) throws {
        let shapes = try files.map { try ImageFile.readHeader($0).shapeOfAll }
        guard shapes[0] != shapes[1] else { return }
        throw InputError(
            place: files[1], found: "\(shapes[1]) voxels", expected: "\(shapes[0]), as the other half \(files[0])")
    }
}
