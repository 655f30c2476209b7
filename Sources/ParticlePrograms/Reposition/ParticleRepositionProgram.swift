import ArgumentParser
import Arrays
import Foundation
import ImageFormats
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Puts projections of refined references back to where the particles were found; as relion_particle_reposition.
struct ParticleRepositionProgram: RelionProgram {
    static let programName = "relion_particle_reposition"
    static let summary = "Draw the references of a refinement into micrographs at the places and poses of the particles."

    struct Options: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file of the micrographs.")
        var input: String
        @Option(name: .customLong("opt"), parsing: .unconditional, help: "Optimiser STAR file of the refinement whose references are drawn.")
        var optimiser: String
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Word that is added to the names of the micrographs.")
        var output = ""
        @Option(name: .customLong("odir"), parsing: .unconditional, help: "Folder for the new micrographs; otherwise they go beside the old ones.")
        var folder = ""
        @Option(name: .customLong("data"), parsing: .unconditional, help: "STAR file with the particles to be drawn; otherwise all of the refinement.")
        var data = ""
        @Option(name: .customLong("background"), parsing: .unconditional, help: "Fraction of the normalised old micrograph in the new one.")
        var background = 0.1
        @Flag(name: .customLong("invert"), help: "Invert the contrast of the references.")
        var inverts = false
        @Flag(name: .customLong("ctf"), help: "Apply each particle's CTF, aberrations and detector transfer.")
        var appliesCTF = false
        @Option(name: .customLong("norm_radius"), parsing: .unconditional, help: "Radius (in pixels) outside which each particle's background was normalised; -1: references are drawn in their own scale.")
        var normalisationRadius = -1
        @Flag(name: .customLong("subtract"), help: "Subtract the drawn particles from the old micrographs.")
        var subtracts = false
    }

    @OptionGroup(title: "Options") var options: Options
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.require(
            !(options.output.isEmpty && options.folder.isEmpty), "--o, --odir",
            found: "neither is given, so that the old micrographs would be overwritten", expected: "at least one of them")
        check.require(
            (0...1).contains(options.background), "--background", found: "\(options.background)",
            expected: "a fraction between 0 and 1")
        let micrographs = check.attempt { try ParticleTable(contentsOf: options.input, content: .micrographs) }
        let refinement = check.attempt { try RepositionInput(optimiser: options.optimiser, data: options.data.ifGiven) }
        let plan = micrographs.flatMap { micrographs in
            refinement.flatMap { refinement in check.attempt { try self.plan(micrographs, refinement) } }
        }
        try check.finish()
        guard let micrographs, let refinement, let plan else { return }
        let count = plan.reduce(0) { $0 + $1.particles.count }
        context.reporter.info("\(count) particles in \(plan.filter { !$0.particles.isEmpty }.count) of \(plan.count) micrographs")
        if context.isDryRun { return }
        try draw(plan, micrographs, refinement, context)
        try writeTable(plan, micrographs, context)
    }

    /// One micrograph, its particles, and where it goes.
    private struct Task: Sendable {
        var micrograph: String
        var output: String
        var pixelSize: Double
        var particles: [Int]
    }

    private func plan(_ micrographs: ParticleTable, _ refinement: RepositionInput) throws -> [Task] {
        var check = InputCheck()
        let names = try micrographs.rows.strings(ParticleColumn.micrographName.label)
        let groups = try micrographs.opticsGroupIndices()
        var particlesOfName: [String: [Int]] = [:]
        for (index, name) in refinement.micrographNames.enumerated() {
            particlesOfName[ParticleTable.nameWithoutJob(name), default: []].append(index)
        }
        check.require(
            !(options.normalisationRadius > 0 && refinement.isHelical), "--norm_radius",
            found: "is not available yet for helices")
        let tasks = zip(names, groups).map { name, group in
            let optics = micrographs.opticsGroups[group]
            return Task(
                micrograph: name, output: outputName(of: name),
                pixelSize: optics.micrographPixelSizeInAngstrom ?? optics.pixelSizeInAngstrom,
                particles: particlesOfName[ParticleTable.nameWithoutJob(name)] ?? [])
        }
        for task in tasks where !task.particles.isEmpty {
            let header = check.attempt { try ImageFile.readHeader(task.micrograph) }
            check.require(header?.shape.isImage ?? true, task.micrograph, found: "a volume", expected: "a micrograph")
            if options.subtracts {
                for size in Set(task.particles.map { refinement.optics(of: $0).pixelSizeInAngstrom }) {
                    check.require(
                        abs(size - task.pixelSize) <= 1e-6, "--subtract",
                        found: "particles of \(size) Å and micrographs of \(task.pixelSize) Å a pixel",
                        expected: "one pixel size")
                }
            }
        }
        check.require(
            tasks.contains { !$0.particles.isEmpty }, options.input,
            found: "no particle of \(refinement.particles.name) lies in one of these micrographs",
            expected: "micrographs that are named in rlnMicrographName of the particles")
        try check.finish()
        return tasks
    }

    private func outputName(of micrograph: String) -> String {
        let name = options.output.isEmpty ? micrograph : MultiplicationJob.name(micrograph, with: options.output)
        return options.folder.isEmpty ? name : withSlash(options.folder) + ParticleTable.nameWithoutJob(name)
    }

    private func withSlash(_ folder: String) -> String { folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/" }

    private func draw(
        _ plan: [Task], _ micrographs: ParticleTable, _ refinement: RepositionInput, _ context: ProgramContext
    ) throws {
        let drawing = try ParticleDrawing(
            refinement, appliesCTF: options.appliesCTF, normalisationRadius: options.normalisationRadius, pool: context.pool)
        let progress = context.reporter.progress("Drawing particles", total: plan.count)
        for task in plan {
            try context.jobControl.checkForAbort()
            if !task.particles.isEmpty {
                let (old, header) = try ImageFile.read(task.micrograph)
                let drawn = try drawing.micrograph(
                    like: old, particles: task.particles, pixelSizeInAngstrom: task.pixelSize, pool: context.pool)
                let new = drawn.finished(
                    over: old, inverts: options.inverts, mode: options.subtracts ? .subtract : .mix(options.background))
                try createFolder(of: task.output)
                try ImageFile.write(new, to: task.output, pixelSizeInAngstrom: header.pixelSizeInAngstrom ?? task.pixelSize)
                try writeCoordinates(task, refinement)
            }
            progress.advance(by: 1)
        }
        progress.finish()
    }

    private func createFolder(of path: String) throws {
        let folder = PathName(path).folder
        if folder.isEmpty { return }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw InputError(place: folder, found: "the folder cannot be made", expected: "a place where you may write")
        }
    }

    /// The particles that were drawn, beside the new micrograph.
    private func writeCoordinates(_ task: Task, _ refinement: RepositionInput) throws {
        var rows = refinement.particles.rows.selecting(rows: task.particles)
        rows.fill(ParticleColumn.micrographName.label, with: task.output)
        rows.name = ""
        let base = PathName(task.output).stem
        try StarDocument(tables: [rows]).write(to: base + "_coord.star")
    }

    private func writeTable(_ plan: [Task], _ micrographs: ParticleTable, _ context: ProgramContext) throws {
        var table = micrographs
        table.set(.micrographName, plan.map { $0.particles.isEmpty ? $0.micrograph : $0.output })
        let suffix = options.output.isEmpty ? "" : "_" + options.output
        let path = withSlash(options.folder) + "micrographs_reposition\(suffix).star"
        try createFolder(of: path)
        try table.write(to: path)
        context.reporter.info("Written: \(path)")
    }
}
