import Arrays
import Foundation
import Geometry
import ImageFormats
import Imaging
import Parallel
import Picking
import ProgramKit
import Projection
import Reporting
import StarFormat

/// The references of a run, as read: square images of one even box.
struct ReferenceImages: Sendable {
    /// Contrast as in the micrographs.
    private(set) var images: [RealArray]
    /// Of a map, as they are written for the user: before `--invert`.
    private(set) var projections: [RealArray] = []
    /// Nil: that of the micrographs.
    private(set) var pixelSize: Double?
    /// Diameter of the circle in which they count, in Å; nil: as far as the images are not flat.
    let diameter: Double?

    /// - Throws: `InputError` for what cannot be read or has a shape that is no reference's.
    init(_ program: AutopickProgram, pool: ThreadPool) throws {
        let options = program.reference
        pixelSize = options.pixelSize > 0 ? options.pixelSize : nil
        diameter = program.general.particleDiameter > 0 ? program.general.particleDiameter : nil
        images = []
        if options.references == Self.blob { return }
        if PathName(options.references).pathExtension == "star" {
            try readImages(ofTable: options.references)
        } else {
            let reader = try StackReader(path: options.references)
            if reader.header.shape.z > 1 {
                try project(reader, program, pool)
            } else {
                images = try (0..<reader.count).map(reader.image)
            }
        }
        try check(options.references)
        if options.inverts { images = images.map { RealArray(shape: $0.shape, values: $0.values.map { -$0 }) } }
    }

    /// `--ref` for a Gaussian instead of images.
    static let blob = "gauss"

    private mutating func readImages(ofTable path: String) throws {
        let document = try StarDocument(contentsOf: path)
        let labels = ["rlnReferenceImage", "rlnImageName"]
        for table in document.tables {
            guard let label = labels.first(where: table.contains) else { continue }
            for name in try table.strings(label) {
                let (image, header) = try ImageFile.read(name)
                images.append(image)
                if pixelSize == nil, let own = header.pixelSizeInAngstrom, own > 0 { pixelSize = own }
            }
            return
        }
        throw InputError(
            place: path, found: "no table has a column of images", expected: "_rlnReferenceImage or _rlnImageName",
            remedy: "Give the STAR file of selected class averages, or a stack")
    }

    private mutating func project(_ reader: StackReader, _ program: AutopickProgram, _ pool: ThreadPool) throws {
        let map = try reader.image(0), options = program.reference
        guard map.shape.isCube, map.shape.x % 2 == 0 else {
            throw InputError(place: options.references, found: "a map of \(map.shape) pixels", expected: "a cube of even size")
        }
        let symmetry = try SymmetryGroup(name: options.symmetry)
        let sampling = OrientationSampling(kind: .sphere(healpixOrder: options.healpixOrder), symmetry: symmetry)
        // Frequencies beyond --lowpass play no part, and the projections that the user sees shall be those that are compared.
        let kept = pixelSize.flatMap { options.lowpass > 0 ? 2 * (Double(map.shape.x) * $0 / options.lowpass).rounded(.up) : nil }
        let reference = PaddedReference(
            map: map, padding: Double(program.expert.padding), currentSize: kept.map { Int(max(2, min($0, Double(map.shape.x)))) }, pool: pool)
        let renderer = ViewRenderer(reference: reference)
        images = pool.map(count: sampling.directions.count) { index, _ in
            let view = sampling.directions[index]
            return renderer.render(ReferenceView(orientation: EulerAngles(rot: view.rot, tilt: view.tilt, psi: 0).matrix))
        }
        projections = images
    }

    private func check(_ path: String) throws {
        guard let shape = images.first?.shape else { throw InputError(place: path, found: "no images", expected: "references") }
        for image in images where !image.shape.isSquare || image.shape != shape || shape.x % 2 == 1 || shape.x < 8 {
            throw InputError(
                place: path, found: "a reference of \(image.shape) pixels", expected: "square images of one even size of at least 8")
        }
        guard images.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
            throw InputError(place: path, found: "values that are no numbers", expected: "images")
        }
    }

    // MARK: For micrographs

    /// References at a pixel size and the diameter of their circle in Å.
    ///
    /// - Throws: `InputError` for a Gaussian of no diameter.
    func scaled(to pixelSize: Double, blobHeight: Double) throws -> (images: [RealArray], diameter: Double) {
        guard let box = images.first?.shape.x else {
            guard let diameter else {
                throw InputError(
                    place: "--ref \(Self.blob)", found: "stands without --particle_diameter", expected: "the diameter of the particles in Å")
            }
            return gaussian(pixelSize, blobHeight, diameter: diameter)
        }
        let own = self.pixelSize ?? pixelSize
        let diameter = self.diameter ?? images.map(Self.extent).reduce(0, +) / Double(images.count) * own
        guard abs(own - pixelSize) > 1e-3 else { return (images, diameter) }
        let newBox = max(8, 2 * Int((Double(box / 2) * own / pixelSize).rounded()))
        // Downscaled particles were normalised with the smaller deviation of their noise.
        let factor = newBox > box ? Float(box) / Float(newBox) : 1
        let scaled = images.map { image in
            var result = image.rescaled(toBox: newBox)
            for index in result.values.indices { result.values[index] *= factor }
            return result
        }
        return (scaled, diameter)
    }

    /// A Gaussian whose box is 1.5 diameters and 6 standard deviations.
    private func gaussian(_ pixelSize: Double, _ height: Double, diameter: Double) -> (images: [RealArray], diameter: Double) {
        var box = Int(1.5 * (diameter / pixelSize).rounded())
        box = max(8, box + box % 2)
        var image = RealArray(shape: .square(box))
        let sigma = Double(box) / 6
        for y in 0..<box {
            for x in 0..<box {
                let squared = Double((x - box / 2) * (x - box / 2) + (y - box / 2) * (y - box / 2))
                image.values[y * box + x] = Float(height * exp(-squared / (2 * sigma * sigma)))
            }
        }
        return ([image], diameter)
    }

    /// Pixels between the first and the last of the middle row that differ from the corner.
    private static func extent(_ image: RealArray) -> Double {
        let box = image.shape.x, corner = image.values[0]
        let row = image.values[(box / 2 * box)..<(box / 2 * box + box)]
        guard let first = row.firstIndex(where: { abs($0 - corner) > 1e-6 }),
            let last = row.lastIndex(where: { abs($0 - corner) > 1e-6 })
        else { return Double(box - 1) }
        return Double(last - first)
    }
}
