import Arrays
import Fourier
import ImageFormats
import Metadata
import ProgramKit
import Refinement
import Reporting
import StarFormat

/// The references that a refinement starts from.
struct ReferenceInput: Sendable {
    /// One for each class, or a single one from which all classes start; empty: made from the particles.
    var maps: [RealArray]
    var dimensionality: RefinementSettings.Dimensionality
    /// In Å.
    var pixelSize: Double
    /// Images in the stack whose first one is the reference; 1 where every image is used.
    var stackCount = 1

    var isSharedByClasses: Bool { maps.count == 1 }
}

extension ReferenceInput {
    /// Box and pixel size that references must have: those of the first optics group.
    struct Frame: Sendable {
        var box: Int
        var pixelSize: Double
    }

    /// Reads what `--ref` names: a map, an image, a stack (its first image), or a STAR file that lists references.
    ///
    /// - Parameters:
    ///   - givenPixelSize: `--ref_angpix`; nil: from the files' headers.
    ///   - resizes: `--trust_ref_size`: other boxes and pixel sizes are brought to those of `frame`.
    /// - Throws: `InputError` with all that is wrong, each problem naming the file.
    static func read(
        _ file: String, frame: Frame?, givenPixelSize: Double?, resizes: Bool, reporter: Reporter
    ) throws -> ReferenceInput {
        var check = InputCheck()
        let (names, stackCount) = try imageNames(file, reporter: reporter)
        var maps: [RealArray] = []
        var pixelSizes: [Double] = []
        for name in names {
            guard let (map, header) = check.attempt({ try ImageFile.read(name) }) else { continue }
            let pixelSize = givenPixelSize ?? header.pixelSizeInAngstrom
            guard let pixelSize, pixelSize > 0 else {
                check.add(
                    name, found: "its header has no pixel size", expected: "a pixel size in Å", remedy: "Give --ref_angpix")
                continue
            }
            checkShape(map.shape, name, &check)
            check.attempt {
                try map.values.withUnsafeBufferPointer { try PixelCheck.requireFinite($0, of: name) }
            }
            maps.append(map)
            pixelSizes.append(pixelSize)
        }
        checkAgreement(maps, pixelSizes, names, &check)
        try check.finish()
        if let frame {
            for (index, name) in names.enumerated() {
                if resizes {
                    maps[index] = try resized(maps[index], name, from: pixelSizes[index], to: frame, reporter: reporter)
                } else {
                    checkFrame(maps[index].shape.x, pixelSizes[index], name, frame, &check)
                }
            }
            try check.finish()
        }
        let isThreeD = (maps.first?.shape.z ?? 1) > 1
        return ReferenceInput(
            maps: maps, dimensionality: isThreeD ? .threeD : .twoD,
            pixelSize: resizes ? frame?.pixelSize ?? pixelSizes[0] : pixelSizes[0], stackCount: stackCount)
    }

    /// The images behind `--ref`, by name, and the length of a stack of which only the first image is used (otherwise 1).
    private static func imageNames(_ file: String, reporter: Reporter) throws -> (names: [String], stackCount: Int) {
        if file.lowercased().hasSuffix(".star") {
            let document = try StarDocument(contentsOf: file)
            let label = "rlnReferenceImage"
            guard
                let table = document.tables.first(where: { $0.name == "model_classes" && $0.contains(label) })
                    ?? document.tables.first(where: { $0.contains(label) }), !table.isEmpty
            else {
                throw InputError(
                    place: file, found: "has no column \(label)", expected: "a STAR file that lists references",
                    remedy: "Particles are given with --i")
            }
            return (try table.strings(label), 1)
        }
        guard !file.contains("@"), case let count = try ImageFile.readHeader(file).imageCount, count > 1 else { return ([file], 1) }
        // As RELION does, whose outputs are compared: its classes all start from the first image of a stack.
        let first = ImageName(path: file, index: 0).description
        reporter.warning(
            "\(file) is a stack: all classes start from its first image. To give each class its own reference, list the"
                + " images in a STAR file (_rlnReferenceImage).")
        return ([first], count)
    }

    private static func checkShape(_ shape: Shape, _ name: String, _ check: inout InputCheck) {
        check.require(
            shape.isSquare || shape.isCube, name, found: "is \(shape) pixels", expected: "a square image or a cubic map")
        check.require(
            shape.x % 2 == 0, name, found: "has a box of \(shape.x) pixels", expected: "an even box",
            remedy: "Change it with relion_image_handler --new_box")
    }

    private static func checkAgreement(
        _ maps: [RealArray], _ pixelSizes: [Double], _ names: [String], _ check: inout InputCheck
    ) {
        guard let first = maps.first, maps.count == names.count else { return }
        for index in maps.indices.dropFirst() {
            check.require(
                maps[index].shape == first.shape, names[index], found: "is \(maps[index].shape) pixels",
                expected: "\(first.shape), as \(names[0])")
            check.require(
                abs(pixelSizes[index] - pixelSizes[0]) <= tolerance, names[index],
                found: "has a pixel size of \(pixelSizes[index]) Å", expected: "\(pixelSizes[0]) Å, as \(names[0])")
        }
    }

    /// Pixel sizes differ when they differ by more than this, in Å: headers hold them as 32-bit floats.
    static let tolerance = 0.001

    private static func checkFrame(
        _ box: Int, _ pixelSize: Double, _ name: String, _ frame: Frame, _ check: inout InputCheck
    ) {
        let remedy = "Give --trust_ref_size to bring the reference to the particles' box and pixel size"
        check.require(
            abs(pixelSize - frame.pixelSize) <= tolerance, name, found: "has a pixel size of \(pixelSize) Å",
            expected: "\(frame.pixelSize) Å, that of the particles' first optics group",
            remedy: remedy + ", or --ref_angpix if the header is wrong")
        check.require(
            box == frame.box, name, found: "has a box of \(box) pixels",
            expected: "\(frame.box), that of the particles' first optics group", remedy: remedy)
    }

    /// The same map in the particles' frame: resampled in Fourier space to the nearest even box, then cut or padded.
    private static func resized(
        _ map: RealArray, _ name: String, from pixelSize: Double, to frame: Frame, reporter: Reporter
    ) throws -> RealArray {
        var newBox = Int((Double(map.shape.x) * pixelSize / frame.pixelSize).rounded())
        newBox -= newBox % 2
        if newBox == map.shape.x && newBox == frame.box { return map }
        reporter.warning(
            "\(name) (box \(map.shape.x), \(pixelSize) Å) is brought to the particles' box of \(frame.box) and"
                + " \(frame.pixelSize) Å, as --trust_ref_size says.")
        let shape: Shape = map.shape.z > 1 ? .cube(newBox) : .square(newBox)
        let target: Shape = map.shape.z > 1 ? .cube(frame.box) : .square(frame.box)
        let spectrum = FourierTransform(shape: map.shape).forward(map).resized(to: shape)
        return FourierTransform(shape: shape).inverse(spectrum).windowed(to: target)
    }
}
