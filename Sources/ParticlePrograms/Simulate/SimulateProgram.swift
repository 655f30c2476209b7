import ArgumentParser
import Foundation
import ImageFormats
import Parallel
import ProgramKit
import Reporting
import Simulation
import TextFormats

/// Particles with known truth from an atomic model: for tests, demonstrations and teaching. New in this suite.
struct SimulateProgram: RelionProgram {
    static let programName = "relion_simulate"
    static let summary = "Simulate images of single particles with known truth from an atomic model."

    @OptionGroup(title: "Model") var model: SimulatedModelOptions
    @OptionGroup(title: "Images") var images: SimulatedImageOptions
    @OptionGroup(title: "Microscope") var optics: SimulatedOpticsOptions
    @OptionGroup(title: "Noise") var noise: SimulatedNoiseOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let settings = try resolve()
        let models = try model.read(widthInAngstrom: Double(settings.box) * settings.pixelSizeInAngstrom)
        report(settings, models, to: context.reporter)
        if context.isDryRun { return }
        let folder = SimulatedFolder(path: images.output, settings: settings, mode: images.usesHalfPrecision ? .float16 : .float32)
        try folder.create()
        for (index, model) in models.enumerated() {
            let map = context.reporter.timed("reference map") {
                PotentialMap.make(model, box: Self.mapBox(settings.box), pixelSizeInAngstrom: settings.pixelSizeInAngstrom, pool: context.pool)
            }
            try folder.writeMap(map, species: index)
        }
        if !images.writesOnlyMap { try makeParticles(settings, models, folder, context) }
        context.reporter.info(context.reporter.timingTable())
    }

    /// The non-uniform transform wants a multiple of 8; the map is cut to the box afterwards.
    static func mapBox(_ box: Int) -> Int { (box + 7) / 8 * 8 }

    private func makeParticles(
        _ settings: SimulationSettings, _ models: [AtomicModel], _ folder: SimulatedFolder, _ context: ProgramContext
    ) throws {
        let imager = ParticleImager(settings: settings, models: models)
        let truth = settings.drawTruth(speciesCount: models.count)
        let progress = context.reporter.progress("Simulating particles", total: truth.count)
        let start = ContinuousClock.now
        var first = 0
        while first < truth.count {
            try context.jobControl.checkForAbort()
            let micrograph = truth[first].micrograph
            let end = truth[first...].firstIndex { $0.micrograph != micrograph } ?? truth.count
            let stack = try folder.openStack(micrograph: micrograph)
            // Chunks of particles share working memory; the random numbers belong to the particle, not to the chunk.
            let chunk = 16, range = first..<end
            _ = try context.pool.tryMap(count: (range.count + chunk - 1) / chunk) { item, _ in
                let scratch = imager.makeScratch()
                for i in range.dropFirst(item * chunk).prefix(chunk) {
                    let image = imager.image(of: truth[i], index: i, scratch: scratch)
                    try image.withUnsafeBufferPointer { try stack.write($0, at: i - range.lowerBound) }
                }
                progress.advance(by: min(chunk, range.count - item * chunk))
            }
            try stack.finish()
            first = end
        }
        progress.finish()
        context.reporter.addTime((ContinuousClock.now - start).inSeconds, to: "images")
        try folder.writeTables(truth)
        context.reporter.info("\(truth.count) particles: \(folder.particlesName); what is true of them: \(folder.truthName)")
    }

    private func report(_ settings: SimulationSettings, _ models: [AtomicModel], to reporter: Reporter) {
        for (index, model) in models.enumerated() {
            reporter.info("Species \(index + 1): \(model.count) atoms within \(Int(model.radius.rounded(.up))) Å of the centre")
        }
        let width = Double(settings.box) * settings.pixelSizeInAngstrom
        reporter.info("Box: \(settings.box) pixels of \(settings.pixelSizeInAngstrom) Å (\(Int(width)) Å), made in \(ParticleImager.paddedBox(for: settings, modelRadius: models.map(\.radius).max() ?? 0)) pixels")
    }
}

// MARK: Checks

extension SimulateProgram {
    /// All options as one settings value, or everything that is wrong with them.
    func resolve() throws -> SimulationSettings {
        var check = InputCheck()
        func positive(_ value: Double, _ option: String) {
            check.require(value > 0 && value.isFinite, option, found: "\(value)", expected: "a number above 0")
        }
        func notNegative(_ value: Double, _ option: String) {
            check.require(value >= 0 && value.isFinite, option, found: "\(value)", expected: "0 or more")
        }
        func fraction(_ value: Double, _ option: String) {
            check.require((0...1).contains(value), option, found: "\(value)", expected: "a fraction between 0 and 1")
        }
        check.require(!images.output.isEmpty, "--o", found: "is empty", expected: "a folder")
        check.require(images.count > 0, "--n", found: "\(images.count)", expected: "a number of particles above 0")
        check.require(images.box >= 16 && images.box % 2 == 0 && images.box <= 4096, "--box", found: "\(images.box)",
                      expected: "an even number of pixels from 16 to 4096")
        check.require((1...max(1, images.count)).contains(images.micrographs), "--nr_mics", found: "\(images.micrographs)",
                      expected: "from 1 to the number of particles")
        optics.check(&check)
        model.check(&check)
        check.require(images.backgroundRadius < Double(images.box) / 2, "--bg_radius", found: "\(images.backgroundRadius)",
                      expected: "less than half the box")
        positive(images.pixelSize, "--angpix")
        positive(noise.dose, "--dose")
        fraction(images.junk, "--junk")
        for (value, option) in [(images.offset, "--offset"), (noise.ice, "--ice"), (noise.scaleSpread, "--scale_spread")] {
            notNegative(value, option)
        }
        try check.finish()
        return settings
    }

    private var settings: SimulationSettings {
        var s = SimulationSettings()
        s.particleCount = images.count
        s.box = images.box
        s.pixelSizeInAngstrom = images.pixelSize
        s.microscope = optics.microscope
        s.noise = noise.isNoiseless ? .none : .counting(dose: noise.dose)
        s.hasRadiationDamage = noise.hasDamage
        s.iceThickness = noise.isNoiseless ? 0 : noise.ice
        s.micrographCount = images.micrographs
        s.defocusRange = optics.defocusMin...max(optics.defocusMin, optics.defocusMax)
        s.defocusSpread = optics.defocusSpread
        s.astigmatism = optics.astigmatism
        s.scaleSpread = noise.scaleSpread
        s.offset = images.offset
        s.junkFraction = images.junk
        s.secondFraction = model.secondFraction
        s.backgroundRadius = images.backgroundRadius < 0 ? 0.375 * Double(images.box) : images.backgroundRadius
        s.seed = images.seed
        return s
    }
}
