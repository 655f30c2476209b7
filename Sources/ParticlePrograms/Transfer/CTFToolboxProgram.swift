import ArgumentParser
import Arrays
import Foundation
import Geometry
import ImageFormats
import Imaging
import Metadata
import Optics
import ProgramKit
import Reporting

/// Multiplies images by their transfer functions, or draws one; as relion_ctf_toolbox.
struct CTFToolboxProgram: RelionProgram {
    static let programName = "relion_ctf_toolbox"
    static let summary = "Multiply images by their CTFs, or simulate the CTF of given parameters."

    struct MultiplyOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file of particles or micrographs with CTF parameters.")
        var input = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Word that is added to the names of the images and of the STAR file.")
        var output = ""
        @Flag(name: .customLong("apply_orient"), help: "Afterwards also shift each image by its origin and turn it by psi.")
        var appliesOrientation = false
    }

    struct SimulateOptions: ParsableArguments {
        @Option(name: .customLong("simulate"), parsing: .unconditional, help: "Image file for one simulated CTF.")
        var output = ""
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Å).")
        var pixelSize = 1.0
        @Option(name: .customLong("box"), parsing: .unconditional, help: "Box size (in pixels).")
        var box = 256
        @Option(name: .customLong("kV"), parsing: .unconditional, help: "Voltage (in kV).")
        var voltage = 300.0
        @Option(name: .customLong("Q0"), parsing: .unconditional, help: "Amplitude contrast (a fraction).")
        var amplitudeContrast = 0.1
        @Option(name: .customLong("Cs"), parsing: .unconditional, help: "Spherical aberration (in mm).")
        var sphericalAberration = 2.7
        @Option(name: .customLong("defU"), parsing: .unconditional, help: "Defocus along the first axis (in Å).")
        var defocusU = 20000.0
        @Option(name: .customLong("defV"), parsing: .unconditional, help: "Defocus along the second axis (in Å); as --defU where it is not given.")
        var defocusV = -1.0
        @Option(name: .customLong("defAng"), parsing: .unconditional, help: "Angle of the first axis from x (in degrees).")
        var defocusAngle = 0.0
        @Option(name: .customLong("phase_shift"), parsing: .unconditional, help: "Phase shift (in degrees).")
        var phaseShift = 0.0
    }

    struct SharedOptions: ParsableArguments {
        @Flag(name: .customLong("ctf_intact_first_peak"), help: "Leave frequencies below the first peak as they are.")
        var isIntactUntilFirstPeak = false
        @Flag(name: .customLong("ctf_intact_after_first_peak"), help: "Leave frequencies beyond the first peak as they are; images are divided, not multiplied.")
        var isIntactAfterFirstPeak = false
        @Flag(name: .customLong("ctf_pad"), help: "Compute the CTF for a box twice as large and cut its point spread to the box.")
        var isPadded = false
    }

    @OptionGroup(title: "Pre-multiply options") var multiply: MultiplyOptions
    @OptionGroup(title: "OR: simulate options") var simulation: SimulateOptions
    @OptionGroup(title: "Shared options") var shared: SharedOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.require(
            multiply.input.isEmpty != simulation.output.isEmpty, "--i, --simulate", found: "do not say what to do",
            expected: "exactly one of them")
        check.require(
            !(shared.isIntactUntilFirstPeak && shared.isIntactAfterFirstPeak),
            "--ctf_intact_first_peak, --ctf_intact_after_first_peak", found: "together leave nothing to correct",
            expected: "at most one of them")
        try check.finish()
        if simulation.output.isEmpty {
            try multiplyImages(context)
        } else {
            try simulate(context)
        }
    }

    private var intact: ContrastTransferFunction.IntactRange {
        shared.isIntactUntilFirstPeak ? .untilFirstPeak : shared.isIntactAfterFirstPeak ? .afterFirstPeak : .none
    }
}

// MARK: - Simulation

extension CTFToolboxProgram {
    private func simulate(_ context: ProgramContext) throws {
        var check = InputCheck()
        let function = ContrastTransferFunction(
            defocusUInAngstrom: simulation.defocusU,
            defocusVInAngstrom: context.isGiven("--defV") ? simulation.defocusV : simulation.defocusU,
            defocusAngleInDegrees: simulation.defocusAngle, voltageInKilovolts: simulation.voltage,
            sphericalAberrationInMillimetres: simulation.sphericalAberration,
            amplitudeContrast: simulation.amplitudeContrast, phaseShiftInDegrees: simulation.phaseShift)
        check.require((2...32768).contains(simulation.box), "--box", found: "\(simulation.box)", expected: "from 2 to 32768 pixels")
        check.require(simulation.pixelSize > 0, "--angpix", found: "\(simulation.pixelSize)", expected: "a size in Å above 0")
        if let fault = function.fault { check.add("--simulate", found: fault.found, expected: fault.expected) }
        try check.finish()
        context.reporter.info(
            "CTF of \(function.voltageInKilovolts) kV, Cs \(function.sphericalAberrationInMillimetres) mm, amplitude contrast "
                + "\(function.amplitudeContrast), defocus \(function.defocusUInAngstrom) and \(function.defocusVInAngstrom) Å at "
                + "\(function.defocusAngleInDegrees)°, phase shift \(function.phaseShiftInDegrees)°; \(simulation.box) pixels of "
                + "\(simulation.pixelSize) Å")
        if context.isDryRun { return }
        // The picture is as large as the box; padding samples the function twice as finely and filters the picture.
        let drawnBox = shared.isPadded ? 2 * simulation.box : simulation.box
        var picture = Self.picture(of: function, box: drawnBox, pixelSize: simulation.pixelSize, intact: intact)
        if shared.isPadded { picture = picture.rescaled(toBox: simulation.box, pool: context.pool) }
        try ImageFile.write(picture, to: simulation.output, pixelSizeInAngstrom: simulation.pixelSize)
        context.reporter.info("Written: \(simulation.output)")
    }

    /// The function over the whole plane, the origin at box/2.
    private static func picture(
        of function: ContrastTransferFunction, box: Int, pixelSize: Double, intact: ContrastTransferFunction.IntactRange
    ) -> RealArray {
        var picture = RealArray(shape: .square(box))
        let extent = Double(box) * pixelSize
        for row in 0..<box {
            for column in 0..<box {
                picture[column, row] = Float(
                    function.value(
                        x: Double(column - box / 2) / extent, y: Double(row - box / 2) / extent, intact: intact))
            }
        }
        return picture
    }
}

// MARK: - Multiplication

extension CTFToolboxProgram {
    private func multiplyImages(_ context: ProgramContext) throws {
        var check = InputCheck()
        check.require(!multiply.output.isEmpty, "--o", found: "is empty", expected: "a word that is added to the names")
        let table = check.attempt { try ParticleTable(contentsOf: multiply.input, content: nil) }
        let job = table.flatMap { table in
            check.attempt {
                try MultiplicationJob(
                    table: table, suffix: multiply.output, intact: intact, isPadded: shared.isPadded,
                    appliesOrientation: multiply.appliesOrientation)
            }
        }
        try check.finish()
        guard let table, let job else { return }
        if table.opticsGroups.contains(where: \.isCTFPremultiplied) {
            context.reporter.warning("\(multiply.input) says that images were multiplied by their CTF already; it is done again.")
        }
        let outputTable = MultiplicationJob.name(multiply.input, with: multiply.output)
        context.reporter.info("\(table.count) images in \(job.outputs.count) files; STAR file: \(outputTable)")
        if context.isDryRun { return }
        try job.run(context)
        try job.tableAfterwards().write(to: outputTable)
        context.reporter.info("Written: \(outputTable)")
    }
}
