import ArgumentParser
import Arrays
import Foundation
import ImageFormats
import Imaging
import Metadata
import Parallel
import ProgramKit
import Reporting
import StarFormat

/// Gathers the particles of a STAR file into one stack, or into one a micrograph.
struct StackCreateProgram: RelionProgram {
    static let programName = "relion_stack_create"
    static let summary = "Write the images of a STAR file into new stacks, optionally re-centred or aligned."

    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file of particles.")
        var input: String
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output names without extension: .mrcs and .star are added.")
        var output = "output"
        @Flag(name: .customLong("split_per_micrograph"), help: "One stack for every rlnMicrographName.")
        var splits = false
        @Flag(name: .customLong("apply_transformation"), help: "Apply in-plane angle and origins by linear interpolation. This blurs, and the CTF no longer fits where it is not symmetric.")
        var transforms = false
        @Flag(name: .customLong("apply_rounded_offsets_only"), help: "Move the images by whole pixels towards their origins; the rest stays in the STAR file.")
        var recentres = false
        @Flag(name: .customLong("ignore_optics"), help: "Read and write STAR files without optics groups as they are.")
        var ignoresOptics = false
        @Flag(name: .customLong("one_by_one"), help: "Keep one image at a time in memory. This is always so; the option is kept for old scripts.")
        var oneByOne = false
        @Flag(name: .customLong("float16"), help: "Write 16-bit floats instead of 32-bit ones.")
        var float16 = false
    }

    @OptionGroup(title: "General options") var options: GeneralOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    /// One output stack: its path and the rows of its images.
    private struct Stack {
        var path: String
        var rows: [Int]
    }

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        let moves = options.transforms || options.recentres
        check.require(!(options.transforms && options.recentres), "--apply_transformation --apply_rounded_offsets_only", found: "are given together", expected: "one of them")
        check.require(!(options.ignoresOptics && moves), "--ignore_optics", found: "is given with a transformation", expected: "optics groups, for the pixel size")
        let document = check.attempt { try Source(path: options.input, ignoresOptics: options.ignoresOptics) }
        try check.finish()
        guard var source = document else { return }
        let names = try source.rows.strings("rlnImageName").map { try ImageName(parsing: $0) }
        let stacks = try self.stacks(of: source)
        let files = StackReaderCache()
        try verify(names, stacks, files)
        if context.isDryRun {
            context.reporter.info("\(names.count) images will be written into \(stacks.count) stack(s).")
            return
        }
        let moved = moves ? try movements(in: &source) : nil
        if options.transforms { context.reporter.warning("--apply_transformation interpolates in real space, which lowers the resolution") }
        var newNames = names.map(\.description)
        let progress = context.reporter.progress("Writing stacks", total: names.count)
        for stack in stacks {
            try context.jobControl.checkForAbort()
            try write(stack, names, moved, source, files, context.pool, progress)
            for (position, row) in stack.rows.enumerated() { newNames[row] = ImageName(path: stack.path, index: position).description }
        }
        progress.finish()
        try source.write(names: newNames, to: options.output + ".star")
        context.reporter.info("Written: \(options.output).star and \(stacks.count) stack(s)")
    }

    // MARK: Input

    /// The rows, with optics groups or in a file as it is.
    private struct Source {
        var particles: ParticleTable?
        var document: StarDocument
        var rows: StarTable

        init(path: String, ignoresOptics: Bool) throws {
            document = try StarDocument(contentsOf: path)
            if !ignoresOptics {
                let table = try ParticleTable(document, content: .particles)
                particles = table
                rows = table.rows
                return
            }
            guard let table = document.tables.first(where: { $0.contains("rlnImageName") }) else {
                throw InputError(place: path, found: "no table has a column _rlnImageName", expected: "particles")
            }
            rows = table
        }

        func pixelSizes() throws -> [Double]? {
            guard let particles else { return nil }
            return try particles.opticsGroupIndices().map { particles.opticsGroups[$0].pixelSizeInAngstrom }
        }

        mutating func write(names: [String], to path: String) throws {
            rows.set("rlnImageName", strings: names)
            if var particles {
                particles.rows = rows
                try particles.write(to: path)
            } else {
                document.set(rows)
                try document.write(to: path)
            }
        }
    }

    private func stacks(of source: Source) throws -> [Stack] {
        guard options.splits else { return [Stack(path: options.output + ".mrcs", rows: Array(0..<source.rows.rowCount))] }
        try source.rows.require(["rlnMicrographName"], remedy: "Leave out --split_per_micrograph")
        let (micrographs, indices) = try source.rows.distinctStrings("rlnMicrographName")
        var stacks = micrographs.map { Stack(path: "\(options.output)_\(PathName($0).stem).mrcs", rows: []) }
        for (row, index) in indices.enumerated() { stacks[index].rows.append(row) }
        return stacks
    }

    /// All images of a stack have one shape.
    private func verify(_ names: [ImageName], _ stacks: [Stack], _ files: StackReaderCache) throws {
        for stack in stacks {
            guard let first = stack.rows.first else { continue }
            let shape = try files.shape(of: names[first])
            guard shape.z == 1 else {
                throw InputError(place: names[first].description, found: "an array of \(shape) pixels", expected: "images")
            }
            for row in stack.rows {
                let header = try files.reader(for: names[row]).header
                guard header.shape == shape else {
                    throw InputError(place: names[row].description, found: "\(header.shape) pixels", expected: "\(shape) pixels, as the first image of \(stack.path)",
                                     remedy: "Images of several sizes cannot stand in one stack; split the STAR file by optics group")
                }
                guard (names[row].index ?? 0) < header.imageCount else {
                    throw InputError(place: names[row].description, found: "the stack has \(header.imageCount) images", expected: "a position in it")
                }
            }
        }
    }

    // MARK: Work

    private struct Movement: Sendable { var x, y, psiInDegrees: Double }

    /// Offsets in pixels to be applied to each image; the rows keep what remains.
    private func movements(in source: inout Source) throws -> [Movement] {
        try source.rows.require(["rlnOriginXAngst", "rlnOriginYAngst"] + (options.transforms ? ["rlnAnglePsi"] : []))
        var x = try source.rows.doubles("rlnOriginXAngst"), y = try source.rows.doubles("rlnOriginYAngst")
        let psi = options.transforms ? try source.rows.doubles("rlnAnglePsi") : x.map { _ in 0 }
        let pixelSizes = try source.pixelSizes() ?? x.map { _ in 1 }
        var movements: [Movement] = []
        for row in x.indices {
            let (px, py) = (x[row] / pixelSizes[row], y[row] / pixelSizes[row])
            let movement = options.transforms ? Movement(x: px, y: py, psiInDegrees: psi[row]) : Movement(x: px.rounded(), y: py.rounded(), psiInDegrees: 0)
            (x[row], y[row]) = ((px - movement.x) * pixelSizes[row], (py - movement.y) * pixelSizes[row])
            movements.append(movement)
        }
        source.rows.set("rlnOriginXAngst", doubles: x)
        source.rows.set("rlnOriginYAngst", doubles: y)
        if options.transforms { source.rows.fill("rlnAnglePsi", with: 0.0) }
        return movements
    }

    private func write(
        _ stack: Stack, _ names: [ImageName], _ movements: [Movement]?, _ source: Source, _ files: StackReaderCache, _ pool: ThreadPool,
        _ progress: ProgressBar
    ) throws {
        guard let first = stack.rows.first else { return }
        let folder = PathName(stack.path).folder
        if !folder.isEmpty { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
        let header = try files.reader(for: names[first]).header
        let writer = try StackWriter(
            path: stack.path, shape: header.shape, mode: options.float16 ? .float16 : .float32,
            pixelSizeInAngstrom: try source.pixelSizes()?[first] ?? header.pixelSizeInAngstrom)
        _ = try pool.tryMap(count: stack.rows.count) { position, _ in
            let row = stack.rows[position]
            var image = try files.image(names[row])
            if let movement = movements?[row] {
                image = image.aligned(psiInDegrees: movement.psiInDegrees, xOff: movement.x, yOff: movement.y)
            }
            try writer.write(image, at: position)
            progress.advance()
        }
        try writer.finish()
    }
}
