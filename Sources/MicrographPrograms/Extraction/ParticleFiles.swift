import Foundation
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// The STAR files of all particles and of all micrographs with particles.
struct ParticleFiles {
    private let plan: ExtractionPlan
    /// Micrographs that have particles, in order.
    private let micrographs: [Int]

    init(_ plan: ExtractionPlan, _ micrographs: [Int]) { (self.plan, self.micrographs) = (plan, micrographs) }

    func write(_ leftOut: inout LeftOut, _ context: ProgramContext) throws {
        let general = plan.options.general
        if let path = general.particleStar.ifGiven { try writeParticles(to: path, &leftOut, context) }
        guard let path = general.pickStar.ifGiven else { return }
        var table = StarTable(name: "coordinate_files")
        table.set(ParticleColumn.micrographName.label, strings: micrographs.map { plan.micrographs.names[$0] })
        table.set("rlnMicrographCoordinates", strings: micrographs.map(plan.starPath))
        try StarDocument(tables: [table]).write(to: path)
        context.reporter.info("Written: \(path)")
    }

    private func writeParticles(to path: String, _ leftOut: inout LeftOut, _ context: ProgramContext) throws {
        let files = micrographs.map(plan.starPath)
        let results = context.pool.map(count: files.count) { index, _ in Result { try Self.read(files[index]) } }
        var tables: [StarTable] = []
        for (file, result) in zip(files, results) {
            do {
                tables.append(try result.get())
            } catch {
                leftOut.add(file, error, context.reporter)
            }
        }
        var rows = try StarTable(name: "particles", joining: tables) { label in
            LabelTable.label(label)?.isNumeric == true ? "0" : ""
        }
        rows.removeColumn("rlnParticleSelectionType")
        let others = (keepsParticleOptics ? plan.refined?.table : plan.micrographs.table)?.otherTables ?? []
        let document = StarDocument(
            tables: others.filter { $0.name == "general" } + [try optics(usedBy: rows, context.reporter), rows])
        try document.write(to: path)
        context.reporter.info("Written: \(path) with \(rows.rowCount) particles")
    }

    private static func read(_ file: String) throws -> StarTable {
        let document = try StarDocument(contentsOf: file)
        guard let table = document.tables.first(where: { $0.contains(ParticleColumn.imageName.label) }) else {
            throw InputError(
                place: file, found: "has no particles", expected: "what an earlier run wrote",
                remedy: "Remove the file and run again")
        }
        return table
    }

    // MARK: Optics groups

    /// Re-extracted particles keep their groups, unless those of the micrographs are wanted.
    private var keepsParticleOptics: Bool { plan.refined != nil && !plan.options.general.keepsMicrographCTF }

    /// The groups of micrographs or particles, with size and pixel size of the new images.
    private func optics(usedBy rows: StarTable, _ reporter: Reporter) throws -> StarTable {
        let list = plan.micrographs
        var table = list.table.optics, micrographPixelSizes = list.pixelSizes
        if keepsParticleOptics, let refined = plan.refined?.table {
            // Groups of particles without micrographs have no pixel size any more; nothing refers to them.
            let known = Dictionary(
                zip(list.table.opticsGroups.map(\.name), list.pixelSizes), uniquingKeysWith: { first, _ in first })
            let kept = refined.opticsGroups.indices.filter { known[refined.opticsGroups[$0].name] != nil }
            table = refined.optics.selecting(rows: kept)
            micrographPixelSizes = kept.compactMap { known[refined.opticsGroups[$0].name] }
            if table.contains(Self.micrographPixelSize) { table.set(Self.micrographPixelSize, doubles: micrographPixelSizes) }
        } else if plan.refined == nil {
            table.removeColumn(Self.micrographPixelSize)
        }
        // Comments tell of the program that wrote the micrographs' file.
        (table.precedingComments, table.comments) = ([], [])
        let factor = plan.settings.finish.pixelSizeFactor(for: plan.settings.boxSize)
        table.set("rlnImagePixelSize", doubles: micrographPixelSizes.map { $0 * factor })
        table.fill("rlnImageSize", with: plan.settings.finish.outputSize(for: plan.settings.boxSize))
        table.fill("rlnImageDimensionality", with: 2)
        table.fill("rlnCtfDataAreCtfPremultiplied", with: plan.options.extraction.premultiplies ? 1 : 0)
        let names = try table.strings("rlnOpticsGroupName")
        for (name, size) in zip(names, micrographPixelSizes) {
            reporter.info("Optics group \(name): particles of \(String(format: "%.4f", size * factor)) Å a pixel")
        }
        return table
    }

    private static let micrographPixelSize = "rlnMicrographPixelSize"
}
