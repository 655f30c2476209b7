import ArgumentParser
import ImageFormats
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Gives the STAR files of RELION 3.0 and older an optics table.
struct ConvertStarProgram: RelionProgram {
    static let programName = "relion_convert_star"
    static let summary = "Bring STAR files of RELION 3.0 and older up to date: optics groups, origins in Å."

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file of particles or micrographs to convert.")
        var input = "None"
        @Option(name: .customLong("o"), parsing: .unconditional, help: "STAR file to write.")
        var output = "None"
        @Option(name: .customLong("Cs"), parsing: .unconditional, help: "Spherical aberration (in mm), for files of motion-corrected micrographs.")
        var sphericalAberration = -1.0
        @Option(name: .customLong("Q0"), parsing: .unconditional, help: "Amplitude contrast, for files of motion-corrected micrographs.")
        var amplitudeContrast = -1.0
        @Option(name: .customLong("box_size"), parsing: .unconditional,
                help: "Box size (in pixels) of the particles, where their images are not there to tell; taken as two-dimensional.")
        var boxSize = -1
    }

    @OptionGroup(title: "Options") var options: InputOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.require(options.input.ifGiven != nil, "--i", found: "is not given", expected: "the file to convert")
        check.require(options.output.ifGiven != nil, "--o", found: "is not given", expected: "the file to write")
        try check.finish()
        let document = try StarDocument(contentsOf: options.input)
        if let optics = document.firstTable("optics"), !optics.isEmpty {
            throw InputError(
                place: options.input, found: "the file has optics groups already", expected: "one of RELION 3.0 or older",
                remedy: "Use it as it is")
        }
        let converted = try convert(document, context)
        if context.isDryRun {
            context.reporter.info("Would write \(options.output) with \(converted.count) rows of \(converted.content.rawValue)")
            return
        }
        try converted.write(to: options.output)
        context.reporter.info("Written \(options.output): check the table data_optics at its beginning.")
    }

    private func convert(_ document: StarDocument, _ context: ProgramContext) throws -> ParticleTable {
        guard var table = document.tables.first(where: { !$0.isEmpty }) else {
            throw InputError(place: options.input, found: "there are no rows", expected: "particles or micrographs")
        }
        if table.contains("rlnImageName") {
            context.reporter.info("The file holds particles.")
            return try ParticleTable(document, content: .particles) { try size(of: $0, context) }
        }
        if table.contains("rlnMicrographMetadata") {
            context.reporter.info("The file holds motion-corrected micrographs.")
            let original = try addMicroscope(to: &table, context)
            var converted = try ParticleTable(StarDocument(tables: [table]), content: .micrographs)
            var optics = converted.optics
            optics.fill("rlnMicrographOriginalPixelSize", with: original)
            try converted.setOptics(optics)
            return converted
        }
        context.reporter.info("The file holds micrographs with their transfer functions.")
        return try ParticleTable(document, content: .micrographs)
    }

    private func size(of image: String, _ context: ProgramContext) throws -> (size: Int, dimensionality: Int)? {
        if options.boxSize > 0 { return (options.boxSize, 2) }
        if let size = try ImageHeader.sizeIfPresent(of: image) { return size }
        context.reporter.warning(
            "\(image) is not there: the optics table will lack the images' size, which extraction and CTF refinement need. "
                + "Give --box_size, or correct the path and convert again.")
        return nil
    }

    /// Takes voltage and pixel size from the first micrograph's own file, and the rest from the command line.
    /// - Returns: pixel size before binning, in Å.
    private func addMicroscope(to table: inout StarTable, _ context: ProgramContext) throws -> Double {
        let file = table.string("rlnMicrographMetadata", row: 0) ?? ""
        let general = try StarDocument(contentsOf: file).table("general")
        var check = InputCheck()
        check.require(
            options.sphericalAberration >= 0, "--Cs", found: "is not given", expected: "the spherical aberration in mm",
            remedy: "The file does not say it")
        check.require(
            options.amplitudeContrast >= 0, "--Q0", found: "is not given", expected: "the amplitude contrast",
            remedy: "The file does not say it")
        try check.finish()
        let voltage = try general.double("rlnVoltage", expected: "a number in kV")
        let original = try general.double("rlnMicrographOriginalPixelSize", expected: "a number in Å")
        let binning = general.contains("rlnMicrographBinning") ? try general.double("rlnMicrographBinning") : 1
        context.reporter.info("From \(file): \(voltage) kV, pixel size \(original) Å, binned by \(binning)")
        table.fill("rlnAmplitudeContrast", with: options.amplitudeContrast)
        table.fill("rlnSphericalAberration", with: options.sphericalAberration)
        table.fill("rlnVoltage", with: voltage)
        // As detector pixel (µm) at magnification 10,000, from which the pixel size follows.
        table.fill("rlnDetectorPixelSize", with: original * binning)
        table.fill("rlnMagnification", with: 10000.0)
        return original
    }
}
