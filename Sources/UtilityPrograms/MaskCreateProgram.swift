import ArgumentParser
import Arrays
import Foundation
import ImageFormats
import Imaging
import ProgramKit
import Reporting

/// Solvent masks from maps, or spherical ones from nothing.
struct MaskCreateProgram: RelionProgram {
    static let programName = "relion_mask_create"
    static let summary = "Make a mask with soft edges from a map, or a spherical one."

    struct CreationOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Map that is binarised into the first mask.")
        var input = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output mask.")
        var output = "mask.mrc"
        @Option(name: .customLong("and"), parsing: .unconditional, help: "Inside is where both maps are above --ini_threshold.")
        var and = ""
        @Option(name: .customLong("or"), parsing: .unconditional, help: "Inside is where either map is above --ini_threshold.")
        var or = ""
        @Option(name: .customLong("and_not"), parsing: .unconditional, help: "Inside is where the input is above --ini_threshold and this map below.")
        var andNot = ""
        @Option(name: .customLong("or_not"), parsing: .unconditional, help: "Inside is where the input is above --ini_threshold or this map below.")
        var orNot = ""
        @Option(name: .customLong("ini_threshold"), parsing: .unconditional, help: "Density from which on voxels are inside.")
        var threshold = 0.01
        @Option(name: .customLong("extend_inimask"), parsing: .unconditional, help: "Extend the binary mask by this distance (in pixels); a negative value shrinks it.")
        var extend = 0.0
        @Option(name: .customLong("width_soft_edge"), parsing: .unconditional, help: "Width of the raised-cosine edge (in pixels) outside the binary mask.")
        var edgeWidth = 0.0
        @Flag(name: .customLong("invert"), help: "Exchange inside and outside at the end.")
        var inverts = false
        @Flag(name: .customLong("helix"), help: "Keep only the middle of the box along z, for helices.")
        var isHelix = false
        @Option(name: .customLong("lowpass"), parsing: .unconditional, help: "Low-pass filter the input at this resolution first (in Å); -1: none.")
        var lowPass = -1.0
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Å); -1: from the header.")
        var pixelSize = -1.0
        @Option(name: .customLong("z_percentage"), parsing: .unconditional, help: "Fraction of the box along z that --helix keeps (0.1 to 0.9).")
        var fraction = 0.3
    }

    struct SphereOptions: ParsableArguments {
        @Flag(name: .customLong("denovo"), help: "Make a sphere or a spherical shell.")
        var isSphere = false
        @Option(name: .customLong("box_size"), parsing: .unconditional, help: "Box of the mask (in pixels).")
        var box = -1
        @Option(name: .customLong("inner_radius"), parsing: .unconditional, help: "Inner radius (in pixels).")
        var innerRadius = 0.0
        @Option(name: .customLong("outer_radius"), parsing: .unconditional, help: "Outer radius (in pixels).")
        var outerRadius = 99999.0
        @Option(name: .customLong("center_x"), parsing: .unconditional, help: "X of the centre, relative to the middle of the box (in pixels).")
        var centreX = 0.0
        @Option(name: .customLong("center_y"), parsing: .unconditional, help: "Y of the centre (in pixels).")
        var centreY = 0.0
        @Option(name: .customLong("center_z"), parsing: .unconditional, help: "Z of the centre (in pixels).")
        var centreZ = 0.0
    }

    @OptionGroup(title: "Mask creation options") var creation: CreationOptions
    @OptionGroup(title: "De novo mask creation") var sphere: SphereOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    /// A second map and how it is joined with the first.
    private enum Combination { case and, or, andNot, orNot }

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        let second = secondMap(&check)
        let map = sphere.isSphere ? nil : inputMap(&check)
        checkNumbers(depth: sphere.isSphere ? sphere.box : map?.image.shape.z ?? 5, &check)
        if let map, let second {
            check.require(second.image.shape == map.image.shape, second.option, found: "\(second.image.shape) pixels", expected: "\(map.image.shape) pixels as in --i")
        }
        try check.finish()
        var pixelSize = creation.pixelSize
        if pixelSize <= 0 {
            pixelSize = map?.header.pixelSizeInAngstrom ?? 1
            context.reporter.warning("--angpix is not given; \(pixelSize) Å is used" + (map?.header.pixelSizeInAngstrom == nil ? "" : ", from the header of the input"))
        }
        if context.isDryRun {
            context.reporter.info("A mask of \(map?.image.shape ?? .cube(sphere.box)) pixels will be written to \(creation.output).")
            return
        }
        var mask = map.map { soften($0.image, second, pixelSize, context) } ?? shell()
        if creation.isHelix { mask.keepCentralSections(fraction: creation.fraction, edgeWidthInPixels: creation.edgeWidth) }
        if creation.inverts { for i in mask.values.indices { mask.values[i] = 1 - mask.values[i] } }
        try ImageFile.write(mask, to: creation.output, pixelSizeInAngstrom: pixelSize)
        let inside = mask.values.reduce(0.0) { $0 + Double($1) }
        context.reporter.info("Written: \(creation.output), which covers \(String(format: "%.2f", 100 * inside / Double(mask.shape.count))) % of the box")
    }

    // MARK: Checks

    private func inputMap(_ check: inout InputCheck) -> (image: RealArray, header: ImageHeader)? {
        guard let name = creation.input.ifGiven else {
            check.add("--i", found: "there is no input map", expected: "a map, or --denovo")
            return nil
        }
        return check.attempt { try ImageFile.read(name) }
    }

    private func secondMap(_ check: inout InputCheck) -> (option: String, combination: Combination, image: RealArray)? {
        let given: [(String, String, Combination)] = [
            ("--and", creation.and, .and), ("--or", creation.or, .or), ("--and_not", creation.andNot, .andNot), ("--or_not", creation.orNot, .orNot),
        ].filter { $0.1.ifGiven != nil }
        guard let (option, name, combination) = given.first else { return nil }
        check.require(given.count == 1, given.map(\.0).joined(separator: " "), found: "are given together", expected: "one of them a run")
        check.require(!sphere.isSphere, option, found: "is given with --denovo", expected: "--i instead")
        return check.attempt { try ImageFile.read(name).image }.map { (option, combination, $0) }
    }

    private func checkNumbers(depth: Int, _ check: inout InputCheck) {
        check.require(creation.edgeWidth >= 0, "--width_soft_edge", found: "\(creation.edgeWidth)", expected: "0 or more pixels")
        if sphere.isSphere {
            check.require((1...4096).contains(sphere.box), "--box_size", found: "\(sphere.box)", expected: "from 1 to 4096 pixels, with --denovo")
            check.require(sphere.innerRadius <= sphere.outerRadius, "--inner_radius", found: "\(sphere.innerRadius)", expected: "at most --outer_radius")
        }
        if creation.isHelix {
            check.require((0.1...0.9).contains(creation.fraction), "--z_percentage", found: "\(creation.fraction)", expected: "from 0.1 to 0.9")
            check.require(creation.edgeWidth > 0.001, "--width_soft_edge", found: "\(creation.edgeWidth)", expected: "above 0 with --helix")
            check.require(depth >= 5, "--helix", found: "a map of \(depth) sections", expected: "5 or more")
        }
    }

    // MARK: Work

    private func shell() -> RealArray {
        ShellMask(
            innerRadiusInPixels: sphere.innerRadius, outerRadiusInPixels: sphere.outerRadius, edgeWidthInPixels: creation.edgeWidth,
            centre: SIMD3(sphere.centreX, sphere.centreY, sphere.centreZ)
        ).make(shape: .cube(sphere.box))
    }

    private func soften(
        _ image: RealArray, _ second: (option: String, combination: Combination, image: RealArray)?, _ pixelSize: Double, _ context: ProgramContext
    ) -> RealArray {
        var map = image
        if creation.lowPass > 0 {
            let box = max(map.shape.x, map.shape.y, map.shape.z)
            map = map.filtered(by: .lowPass(resolutionInAngstrom: creation.lowPass, pixelSizeInAngstrom: pixelSize, box: box), pool: context.pool)
        }
        var threshold = creation.threshold
        if let second {
            let limit = Float(threshold)
            for i in map.values.indices {
                let (a, b) = (map.values[i], second.image.values[i])
                let isInside: Bool =
                    switch second.combination {
                    case .and: a > limit && b > limit
                    case .or: a > limit || b > limit
                    case .andNot: a > limit && b < limit
                    case .orNot: a > limit || b < limit
                    }
                map.values[i] = isInside ? 1 : 0
            }
            threshold = 0.5
        }
        return MapMask(threshold: threshold, extensionInPixels: creation.extend, edgeWidthInPixels: creation.edgeWidth).make(from: map, pool: context.pool)
    }
}
