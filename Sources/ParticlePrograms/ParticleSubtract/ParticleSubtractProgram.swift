import ArgumentParser
import Arrays
import Geometry
import ImageFormats
import Imaging
import Metadata
import Parallel
import ProgramKit
import Reporting
import StarFormat

/// Takes projections of part of a refined reference away from its particles; as relion_particle_subtract.
struct ParticleSubtractProgram: RelionProgram {
    static let programName = "relion_particle_subtract"
    static let summary = "Subtract the part of a reference outside a mask from the particles of a refinement."

    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Optimiser STAR file of the refinement whose references are subtracted.")
        var optimiser = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Folder for the new particles.")
        var output = "Subtract/"
        @Option(name: .customLong("mask"), parsing: .unconditional, help: "Mask (values 0 to 1) of the density that stays in the particles; without it everything is subtracted.")
        var mask = ""
        @Option(name: .customLong("data"), parsing: .unconditional, help: "STAR file with the particles to be used; otherwise all of the refinement.")
        var data = ""
        @Flag(name: .customLong("ignore_class"), help: "Subtract the first reference, whatever the particles' classes are.")
        var ignoresClass = false
        @Option(name: .customLong("revert"), parsing: .unconditional, help: "STAR file of subtracted particles to be given back their original images; nothing else is done.")
        var revert = ""
        @Flag(name: .customLong("ssnr"), help: "Subtract nothing; write the mean spectral signal-to-noise ratio of the particles.")
        var writesSignalToNoise = false
        @Flag(name: .customLong("float16"), help: "Write images in half precision (MRC mode 12).")
        var usesHalfPrecision = false
    }

    struct CentringOptions: ParsableArguments {
        @Flag(name: .customLong("recenter_on_mask"), help: "Centre the new particles on the mask's centre of mass.")
        var recentresOnMask = false
        @Option(name: .customLong("center_x"), parsing: .unconditional, help: "X of the point of the reference (in pixels from its centre) on which the new particles are centred; 9999: none.")
        var x = 9999
        @Option(name: .customLong("center_y"), parsing: .unconditional, help: "Y of that point.")
        var y = 9999
        @Option(name: .customLong("center_z"), parsing: .unconditional, help: "Z of that point.")
        var z = 9999
        @Option(name: .customLong("new_box"), parsing: .unconditional, help: "Box size of the new particles (in pixels, made even); -1: as it was.")
        var box = -1

        /// nil where no point was given.
        var point: Vector3? { [x, y, z].contains(9999) ? nil : Vector3(Double(x), Double(y), Double(z)) }
    }

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Centering options") var centring: CentringOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    private var folder: String { general.output.isEmpty || general.output.hasSuffix("/") ? general.output : general.output + "/" }

    func run(in context: ProgramContext) throws {
        try checkOptions()
        if let path = general.revert.ifGiven {
            let original = try OriginalImages.restored(in: ParticleTable(contentsOf: path))
            if !context.isDryRun { try write(original, as: "original.star", context) }
            return
        }
        let input = try SubtractionInput(
            optimiser: general.optimiser, data: general.data.ifGiven, ignoresClass: general.ignoresClass)
        let mask = try readMask(input)
        context.reporter.info("\(input.particles.count) particles, \(input.models[0].classes.count) references")
        if context.isDryRun { return }
        var subtraction = try ParticleSubtraction(input, mask: general.writesSignalToNoise ? nil : mask, pool: context.pool)
        if centring.recentresOnMask { subtraction.centre = mask?.centreOfMass() } else { subtraction.centre = centring.point }
        if centring.box > 1 { subtraction.newBox = centring.box - centring.box % 2 }
        if let centre = subtraction.centre, !general.writesSignalToNoise {
            context.reporter.info("New particles are centred on (\(centre.x), \(centre.y), \(centre.z)) of the reference")
        }
        if general.writesSignalToNoise {
            try writeSignalToNoise(subtraction, input, context)
        } else {
            try subtract(subtraction, input, context)
        }
    }

    private func checkOptions() throws {
        var check = InputCheck()
        check.require(
            (general.optimiser.ifGiven == nil) != (general.revert.ifGiven == nil), "--i, --revert",
            found: general.optimiser.ifGiven == nil ? "neither is given" : "both are given", expected: "one of them")
        let given = [centring.x, centring.y, centring.z].filter { $0 != 9999 }.count
        check.require(
            given == 0 || given == 3, "--center_x, --center_y, --center_z", found: "only \(given) of them are given",
            expected: "all three or none")
        check.require(
            !centring.recentresOnMask || general.mask.ifGiven != nil, "--recenter_on_mask", found: "there is no mask",
            expected: "a mask to centre on", remedy: "Give --mask")
        check.require(centring.box == -1 || centring.box > 1, "--new_box", found: "\(centring.box)", expected: "2 or more, or -1")
        check.output(folder + "particles_subtracted.star", option: "--o")
        try check.finish()
    }

    private func readMask(_ input: SubtractionInput) throws -> RealArray? {
        guard let path = general.mask.ifGiven else { return nil }
        let mask = try ImageFile.read(path).image
        let expected = input.models[0].referenceDimensionality == 3
            ? Shape.cube(input.models[0].imageSize) : Shape.square(input.models[0].imageSize)
        guard mask.shape == expected else {
            throw InputError(place: "--mask \(path)", found: "a mask of \(mask.shape)", expected: "the references' shape, \(expected)")
        }
        guard mask.values.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            throw InputError(place: "--mask \(path)", found: "values outside 0 to 1", expected: "a mask", remedy: "Make one with relion_mask_create")
        }
        return mask
    }

    /// Particles that are worked on between two looks at the abort file.
    private static let batch = 64

    private func subtract(_ subtraction: ParticleSubtraction, _ input: SubtractionInput, _ context: ProgramContext) throws {
        let stacks = try SubtractedStacks(
            folder: folder, input: input, newBox: subtraction.newBox, mode: general.usesHalfPrecision ? .float16 : .float32)
        let count = input.particles.count
        let progress = context.reporter.progress("Subtracting", total: count)
        var origins: [Vector3?] = []
        for first in stride(from: 0, to: count, by: Self.batch) {
            try context.jobControl.checkForAbort()
            origins += try context.pool.tryMap(count: min(Self.batch, count - first)) { item, _ in
                let result = try subtraction.subtract(first + item)
                try stacks.write(result.image, particle: first + item)
                progress.advance()
                return result.originInAngstrom
            }
        }
        try stacks.finish()
        progress.finish()
        var table = input.particles
        table.rows.set("rlnImageOriginalName", strings: try table.strings(.imageName))
        table.set(.imageName, stacks.names)
        if subtraction.centre != nil {
            table.set(.originX, origins.map { $0?.x ?? 0 })
            table.set(.originY, origins.map { $0?.y ?? 0 })
            for column in [ParticleColumn.originXPrior, .originYPrior] { table.rows.removeColumn(column.label) }
        }
        if let box = subtraction.newBox {
            var optics = table.optics
            optics.fill("rlnImageSize", with: box)
            try table.setOptics(optics)
        }
        try write(table, as: "particles_subtracted.star", context)
    }

    private func writeSignalToNoise(
        _ subtraction: ParticleSubtraction, _ input: SubtractionInput, _ context: ProgramContext
    ) throws {
        let count = input.particles.count
        let progress = context.reporter.progress("Comparing signal and noise", total: count)
        var total = SpectralPower(model: input.models[0])
        for first in stride(from: 0, to: count, by: Self.batch) {
            try context.jobControl.checkForAbort()
            let parts = try context.pool.tryMap(count: min(Self.batch, count - first)) { item, _ in
                let power = try subtraction.power(first + item)
                progress.advance()
                return power
            }
            for part in parts { total.add(part) }
        }
        progress.finish()
        let path = folder + "spectral_snr.star"
        OutputFolder.make(for: path)
        try StarDocument(tables: [total.table(model: input.models[0])]).write(to: path)
        context.reporter.info("Written: \(path)")
    }

    private func write(_ table: ParticleTable, as name: String, _ context: ProgramContext) throws {
        OutputFolder.make(for: folder + name)
        try table.write(to: folder + name)
        context.reporter.info("Written: \(table.count) particles in \(folder + name)")
    }
}
