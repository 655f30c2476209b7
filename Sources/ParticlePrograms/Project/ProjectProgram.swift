import ArgumentParser
import Arrays
import Foundation
import Geometry
import ImageFormats
import Metadata
import Parallel
import ProgramKit
import Projection
import Reporting
import StarFormat

/// Projections of a map: single, in random directions, or like the particles of a STAR file.
struct ProjectProgram: RelionProgram {
    static let programName = "relion_project"
    static let summary = "Project a map into images, with CTF and noise if wanted."

    @OptionGroup(title: "Options") var input: ProjectInputOptions
    @OptionGroup(title: "Orientations") var views: ProjectViewOptions
    @OptionGroup(title: "CTF") var transfer: ProjectTransferOptions
    @OptionGroup(title: "Noise and simulation") var noise: ProjectNoiseOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        try check()
        let (map, header) = try readMap()
        let table = try readTable(box: map.shape.x, header: header)
        let pixelSize = try resolvePixelSize(table: table, header: header, reporter: context.reporter)
        let series = try table.map {
            try ProjectionSeries(table: $0, program: self, box: map.shape.x, pixelSizeInAngstrom: pixelSize)
        }
        context.reporter.info("Map \(input.map): \(map.shape) of \(pixelSize) Å; \(table?.count ?? 1) projection(s)")
        if context.isDryRun { return }
        let renderer = context.reporter.timed("reference") { makeRenderer(map, pixelSize: pixelSize, pool: context.pool) }
        if let series {
            try write(series, renderer: renderer, context: context)
        } else {
            try writeSingle(renderer, pixelSize: pixelSize, context: context)
        }
        context.reporter.info(context.reporter.timingTable())
    }

    private func check() throws {
        var check = InputCheck()
        let hasParticles = views.particles.ifGiven != nil
        check.require(input.padding >= 1, "--pad", found: "\(input.padding)", expected: "1 or more")
        check.require(input.pixelSize != 0, "--angpix", found: "0", expected: "a pixel size in Å")
        check.require(!(hasParticles && views.uniformCount > 0), "--nr_uniform", found: "is given with --ang", expected: "one of them")
        for (isGiven, option) in [(transfer.appliesCTF, "--ctf"), (transfer.appliesSquaredCTF, "--ctf2"), (noise.subtracts, "--subtract_exp"),
                                  (noise.simulates, "--simulate"), (!noise.noiseModel.isEmpty, "--model_noise"),
                                  (views.ignoresParticleName, "--ignore_particle_name")] {
            check.require(!isGiven || hasParticles, option, found: "is given without --ang", remedy: "Give the particles' STAR file")
        }
        if noise.addsNoise {
            check.require(noise.whiteNoise > 0 || !noise.noiseModel.isEmpty, "--add_noise", found: "has no noise to add",
                          expected: "--white_noise or --model_noise")
        } else {
            check.require(noise.whiteNoise == 0 && noise.noiseModel.isEmpty, "--white_noise or --model_noise",
                          found: "is given without --add_noise", remedy: "Add --add_noise or leave it out")
        }
        check.require(noise.simulatedAngles.isEmpty || noise.simulates, "--ang_simulate", found: "is given without --simulate")
        check.output(input.output + ".star", option: "--o")
        try check.finish()
    }

    private func readMap() throws -> (RealArray, ImageHeader) {
        var (map, header) = try ImageFile.read(input.map)
        guard map.shape.isCube || map.shape.isSquare && !views.rotatesVolumes else {
            throw InputError(place: input.map, found: "a map of \(map.shape)", expected: "a cube")
        }
        if let name = input.mask.ifGiven {
            let mask = try ImageFile.read(name).image
            if mask.shape != map.shape {
                throw InputError(place: name, found: "a mask of \(mask.shape)", expected: "the map's size, \(map.shape)")
            }
            for i in map.values.indices { map.values[i] *= mask.values[i] }
        }
        return (map, header)
    }

    /// The particles of --ang, or random ones; nil for a single projection.
    private func readTable(box: Int, header: ImageHeader) throws -> ParticleTable? {
        if views.uniformCount > 0 {
            let pixelSize = input.pixelSize > 0 ? input.pixelSize : header.pixelSizeInAngstrom ?? 1
            return RandomViews(count: views.uniformCount, offsetSpreadInAngstrom: views.offsetSpread)
                .table(box: box, pixelSizeInAngstrom: pixelSize, isVolume: views.rotatesVolumes)
        }
        guard let path = views.particles.ifGiven else { return nil }
        let table = try ProjectionSeries.readViews(path, needsImages: noise.subtracts || noise.simulates)
        try table.checkValues()
        return table
    }

    private func resolvePixelSize(table: ParticleTable?, header: ImageHeader, reporter: Reporter) throws -> Double {
        if input.pixelSize > 0 { return input.pixelSize }
        if let group = table?.opticsGroups.first, views.uniformCount <= 0 {
            reporter.info("Pixel size of the first optics group in \(views.particles): \(group.pixelSizeInAngstrom) Å")
            return group.pixelSizeInAngstrom
        }
        guard let size = header.pixelSizeInAngstrom, size > 0 else {
            throw InputError(place: input.map, found: "the header has no pixel size", remedy: "Give it with --angpix")
        }
        if table == nil { reporter.warning("--angpix is not given: the pixel size in the map's header, \(size) Å, is used.") }
        return size
    }

    private func makeRenderer(_ map: RealArray, pixelSize: Double, pool: ThreadPool) -> ViewRenderer {
        let box = map.shape.x
        let radius = input.maximalResolution > 0 ? Int((Double(box) * pixelSize / input.maximalResolution).rounded(.up)) : box
        let reference = PaddedReference(
            map: map, padding: Double(input.padding), currentSize: 2 * radius,
            interpolation: input.usesNearestNeighbour ? .nearestNeighbour(minimumRadius: 10) : .trilinear,
            dataDimension: views.rotatesVolumes ? .three : .two, pool: pool)
        return ViewRenderer(reference: reference, makesVolumes: views.rotatesVolumes)
    }

    var mode: PixelMode { input.usesHalfPrecision ? .float16 : .float32 }

    private func writeSingle(_ renderer: ViewRenderer, pixelSize: Double, context: ProgramContext) throws {
        var view = ReferenceView(orientation: EulerAngles(rot: views.rot, tilt: views.tilt, psi: views.psi).matrix,
                                 shift: Vector3(-views.originX, -views.originY, -views.originZ))
        if noise.addsNoise {
            // Volumes: a standard deviation per voxel after a transform of n³ points, as RELION scales it.
            let n = Double(renderer.shape.x)
            let sigma = noise.whiteNoise / (views.rotatesVolumes ? n * n : n * 2.0.squareRoot())
            view.noise = SpectralNoise.white(sigma: sigma).draw(shape: renderer.shape, stream: 0)
        }
        let hasExtension = input.output.split(separator: "/").last?.contains(".") ?? false
        let name = hasExtension ? input.output : input.output + ".mrc"
        try ImageFile.write(renderer.render(view), to: name, pixelSizeInAngstrom: pixelSize, mode: mode)
        context.reporter.info("Written: \(name)")
    }

    private func write(_ series: ProjectionSeries, renderer: ViewRenderer, context: ProgramContext) throws {
        var series = series
        let progress = context.reporter.progress("Projecting", total: series.count)
        let stackName = input.output + ".mrcs"
        let stack = views.rotatesVolumes ? nil
            : try StackWriter(path: stackName, shape: renderer.shape, mode: mode, pixelSizeInAngstrom: series.pixelSizeInAngstrom)
        let chunk = 64, root = input.output, mode = mode
        try context.reporter.timed("projections") {
            for first in stride(from: 0, to: series.count, by: chunk) {
                try context.jobControl.checkForAbort()
                let current = series
                _ = try context.pool.tryMap(count: min(chunk, series.count - first)) { item, _ in
                    let image = try current.image(first + item, renderer: renderer)
                    if let stack {
                        try stack.write(image, at: first + item)
                    } else {
                        try ImageFile.write(image, to: Self.volumeName(root, first + item),
                                            pixelSizeInAngstrom: current.pixelSizeInAngstrom, mode: mode)
                    }
                    progress.advance()
                }
            }
        }
        try stack?.finish()
        progress.finish()
        let names = (0..<series.count).map { i in
            stack == nil ? Self.volumeName(root, i) : ImageName(path: stackName, index: i).description
        }
        try series.finishTable(imageNames: names).write(to: root + ".star")
        context.reporter.info("\(series.count) images: \(stack == nil ? root + "*.mrc" : stackName); parameters: \(root).star")
    }

    static func volumeName(_ root: String, _ index: Int) -> String { root + String(format: "%06d", index + 1) + ".mrc" }
}
