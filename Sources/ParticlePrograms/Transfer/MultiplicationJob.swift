import Arrays
import Foundation
import Fourier
import Geometry
import ImageFormats
import Imaging
import Metadata
import Optics
import ProgramKit
import Reporting

/// Multiplies all images of a table by their transfer functions and writes them to new files.
struct MultiplicationJob {
    private let table: ParticleTable
    private let intact: ContrastTransferFunction.IntactRange
    private let isPadded: Bool
    private let appliesOrientation: Bool
    private let functions: [ContrastTransferFunction]
    private let groups: [Int]
    private let locations: ImageLocations
    private let psi: [Double]
    private let origins: [(x: Double, y: Double)]
    /// New name of every input file, and the images that go there, in order.
    let outputs: [(path: String, images: [Int])]

    /// `a/b.mrcs` → `a/b_word.mrcs`.
    static func name(_ path: String, with word: String) -> String {
        let parts = PathName(path)
        return parts.pathExtension.isEmpty ? "\(path)_\(word)" : "\(parts.stem)_\(word).\(parts.pathExtension)"
    }

    /// - Throws: `InputError` for missing columns, files or images, and for images that are no squares of their group's box.
    init(
        table: ParticleTable, suffix: String, intact: ContrastTransferFunction.IntactRange, isPadded: Bool,
        appliesOrientation: Bool
    ) throws {
        self.table = table
        self.intact = intact
        self.isPadded = isPadded
        self.appliesOrientation = appliesOrientation
        functions = try table.contrastTransferFunctions()
        groups = try table.opticsGroupIndices()
        let names = try table.rows.strings(Self.nameLabel(table))
        locations = try ImageLocations(names: names)
        if appliesOrientation { try table.rows.require(["rlnAnglePsi"]) }
        psi = try table.values(.psi)
        origins = zip(try table.values(.originX), try table.values(.originY)).map { ($0, $1) }
        var images = [[Int]](repeating: [], count: locations.files.count)
        for image in names.indices { images[locations.fileOfImage[image]].append(image) }
        outputs = zip(locations.files, images).map { (Self.name($0, with: suffix), $1) }
        try checkFiles()
    }

    private static func nameLabel(_ table: ParticleTable) -> String {
        table.content == .micrographs ? ParticleColumn.micrographName.label : ParticleColumn.imageName.label
    }

    private func checkFiles() throws {
        var check = InputCheck()
        for (file, output) in zip(locations.files, outputs) {
            guard let header = check.attempt({ try StackReader(path: file).header }) else { continue }
            for image in output.images {
                let slice = locations.sliceOfImage[image]
                check.require(
                    slice < header.imageCount, file, found: "there are \(header.imageCount) images",
                    expected: "an image \(slice + 1)")
                let optics = table.opticsGroups[groups[image]]
                if isPadded || optics.aberrations.hasEven {
                    check.require(header.shape.isSquare, file, found: "images of \(header.shape) pixels", expected: "squares")
                }
                check.require(header.shape.isImage, file, found: "a volume of \(header.shape) voxels", expected: "images")
                if let size = optics.imageSize, table.content == .particles {
                    check.require(
                        header.shape.x == size, file, found: "images of \(header.shape) pixels",
                        expected: "the \(size) pixels of rlnImageSize")
                }
            }
        }
        try check.finish()
    }

    func run(_ context: ProgramContext) throws {
        let progress = context.reporter.progress("Multiplying by the CTF", total: table.count)
        for (file, output) in zip(locations.files, outputs) {
            try context.jobControl.checkForAbort()
            let reader = try StackReader(path: file)
            let shape = Shape(x: reader.header.shape.x, y: reader.header.shape.y)
            let pixelSize = table.opticsGroups[groups[output.images[0]]].pixelSizeInAngstrom
            let writer = try StackWriter(path: output.path, shape: shape, pixelSizeInAngstrom: pixelSize)
            let multiplier = Multiplier(shape: shape, table: table, used: Set(output.images.map { groups[$0] }), isPadded: isPadded)
            _ = try context.pool.tryMap(count: output.images.count) { position, _ in
                let image = output.images[position]
                var result = multiplier.multiply(
                    try reader.image(locations.sliceOfImage[image]), by: functions[image], group: groups[image], intact: intact)
                if appliesOrientation {
                    let pixel = table.opticsGroups[groups[image]].pixelSizeInAngstrom
                    result = result.aligned(
                        psiInDegrees: psi[image], xOff: origins[image].x / pixel, yOff: origins[image].y / pixel)
                }
                try writer.write(result, at: position)
                progress.advance(by: 1)
            }
            try writer.finish()
        }
        progress.finish()
    }

    /// The input table with the new names, its groups marked as multiplied.
    func tableAfterwards() throws -> ParticleTable {
        var names = [String](repeating: "", count: table.count)
        let isStack = try table.rows.strings(Self.nameLabel(table)).map { $0.contains("@") }
        for output in outputs {
            for (position, image) in output.images.enumerated() {
                names[image] = isStack[image] ? ImageLocations.name(slice: position, file: output.path) : output.path
            }
        }
        var result = table
        result.rows.set(Self.nameLabel(table), strings: names)
        var optics = table.optics
        optics.fill("rlnCtfDataAreCtfPremultiplied", with: 1)
        try result.setOptics(optics)
        return result
    }
}

/// Transfer functions of one image shape, applied in Fourier space.
private struct Multiplier: Sendable {
    private let transform: FourierTransform
    private let grids: [Int: FrequencyGrid]
    private let offsets: [Int: [Float]]
    private let padded: [Int: PaddedTransferFunction]

    init(shape: Shape, table: ParticleTable, used: Set<Int>, isPadded: Bool) {
        transform = FourierTransform(shape: shape)
        var grids: [Int: FrequencyGrid] = [:]
        var offsets: [Int: [Float]] = [:]
        var padded: [Int: PaddedTransferFunction] = [:]
        for group in used {
            let optics = table.opticsGroups[group]
            let grid = FrequencyGrid(imageShape: shape, pixelSizeInAngstrom: optics.pixelSizeInAngstrom)
            grids[group] = grid
            offsets[group] = optics.aberrations.phaseOffset(on: grid, magnification: optics.magnification)
            if isPadded {
                padded[group] = PaddedTransferFunction(
                    box: shape.x, pixelSizeInAngstrom: optics.pixelSizeInAngstrom, isPremultiplied: optics.isCTFPremultiplied,
                    aberrations: optics.aberrations, magnification: optics.magnification)
            }
        }
        (self.grids, self.offsets, self.padded) = (grids, offsets, padded)
    }

    func multiply(
        _ image: RealArray, by function: ContrastTransferFunction, group: Int, intact: ContrastTransferFunction.IntactRange
    ) -> RealArray {
        guard let grid = grids[group] else { return image }
        var spectrum = transform.forward(image)
        let values =
            padded[group]?.values(of: function, intact: intact, isDamped: false)
            ?? function.values(on: grid, intact: intact, isDamped: false, phaseOffset: offsets[group])
        let divides = intact == .afterFirstPeak
        for i in values.indices {
            let factor = divides ? 1 / values[i] : values[i]
            spectrum.values[i] = spectrum.values[i].multiplied(by: factor)
        }
        return transform.inverse(spectrum)
    }
}
