import Arrays
import Geometry
import ImageFormats
import Imaging
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// What relion_localsym reads: maps, masks, motions.
enum LocalSymmetryInput {
    /// A cubic map.
    static func map(_ path: String, option: String, _ pixelSize: Double, _ reporter: Reporter) throws -> RealArray {
        guard !path.isEmpty else { throw InputError(place: option, found: "is not given", expected: "a map") }
        let (map, header) = try ImageFile.readVolume(path)
        guard map.shape.isCube else {
            throw InputError(place: "\(option) \(path)", found: "\(map.shape) pixels", expected: "a cube")
        }
        if let stated = header.pixelSizeInAngstrom, abs(stated - pixelSize) > 0.01 * pixelSize {
            reporter.warning("\(path) says that its pixels are \(stated) Å; --angpix \(pixelSize) is used")
        }
        return map
    }

    /// A mask with values from 0 to 1.
    static func mask(_ path: String, shape: Shape?) throws -> RealArray {
        let mask = try ImageFile.readVolume(path).volume
        if let shape, mask.shape != shape {
            throw InputError(place: path, found: "\(mask.shape) pixels", expected: "\(shape) as the map or the first mask")
        }
        let tolerance: Float = 1e-4
        guard let least = mask.values.min(), let most = mask.values.max(), least >= -tolerance, most <= 1 + tolerance else {
            throw InputError(place: path, found: "values outside 0 to 1", expected: "a mask")
        }
        guard most > tolerance else { throw InputError(place: path, found: "is 0 everywhere", expected: "a mask") }
        return mask
    }

    /// Domains with masks read and shifts in pixels; all problems at once.
    static func symmetry(_ path: String, shape: Shape?, _ pixelSize: Double) throws -> LocalSymmetry {
        let file = try LocalSymmetryFile(contentsOf: path)
        var check = InputCheck(), shape = shape, domains: [LocalSymmetry.Domain] = []
        for domain in file.domains {
            guard let mask = check.attempt({ try mask(domain.maskFile, shape: shape) }) else { continue }
            shape = mask.shape
            let motions = domain.motions.map { RigidMotion(rotation: $0.rotation, shift: $0.shift / pixelSize) }
            domains.append(.init(mask: mask, motions: motions))
        }
        try check.finish()
        return LocalSymmetry(domains: domains)
    }

    static func convert(
        _ parameters: LocalSymmetryProgram.ParameterOptions, _ check: inout InputCheck, _ context: ProgramContext
    ) throws {
        check.output(parameters.outputSymmetry, option: "--o_mask_info")
        try check.finish()
        let file = try LocalSymmetryFile(contentsOf: parameters.symmetry)
        context.reporter.info("\(file.domains.count) masks, \(file.domains.reduce(0) { $0 + $1.motions.count }) motions")
        if context.isDryRun { return }
        try file.write(to: parameters.outputSymmetry)
        context.reporter.info("Written: \(parameters.outputSymmetry)")
    }

    /// Masks of the copies of each domain, the first of which stands for the domain.
    static func copies(_ path: String) throws -> [[String]] {
        let labels = (mask: "rlnMaskName", area: "rlnAreaId")
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains(labels.mask) }) else {
            throw InputError(place: path, found: "has no column _\(labels.mask)", expected: "the masks of all copies")
        }
        try table.require([labels.area])
        let names = try table.strings(labels.mask), areas = try table.ints(labels.area)
        var copies: [Int: [String]] = [:]
        for (row, (name, area)) in zip(names, areas).enumerated() {
            guard area > 0 else { throw table.mismatch(labels.area, row, found: "\(area)", expected: "1, 2, …") }
            guard !names[..<row].contains(name) else {
                throw table.mismatch(labels.mask, row, found: name, expected: "each mask once")
            }
            copies[area, default: []].append(name)
        }
        for (area, masks) in copies where masks.count < 2 {
            throw InputError(
                place: path, found: "domain \(area) has one mask, \(masks[0])", expected: "masks of two copies or more")
        }
        guard !copies.isEmpty else { throw InputError(place: path, found: "has no masks", expected: "two or more") }
        return copies.keys.sorted().compactMap { copies[$0] }
    }
}
