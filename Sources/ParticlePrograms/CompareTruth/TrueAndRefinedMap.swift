import Arrays
import ImageFormats
import ProgramKit
import Reporting

/// The maps to compare, of one size.
struct TrueAndRefinedMap {
    let refined: RealArray
    let truth: RealArray
    let mask: RealArray?
    let pixelSize: Double

    init(_ options: CompareTruthProgram.MapOptions) throws {
        let (refined, header) = try ImageFile.readVolume(options.map)
        let truth = try ImageFile.readVolume(options.reference).volume
        guard refined.shape == truth.shape, refined.shape.isCube else {
            throw InputError(place: "--map \(options.map)", found: "\(refined.shape) voxels", expected: "a cube as large as the true map, \(truth.shape)")
        }
        mask = try options.mask.ifGiven.map { name in
            let mask = try ImageFile.readVolume(name).volume
            guard mask.shape == refined.shape else {
                throw InputError(place: "--mask \(name)", found: "\(mask.shape) voxels", expected: "\(refined.shape)")
            }
            return mask
        }
        guard let pixel = options.pixelSize > 0 ? options.pixelSize : header.pixelSizeInAngstrom, pixel > 0 else {
            throw InputError(place: options.map, found: "no pixel size in the header", remedy: "Give --angpix")
        }
        (self.refined, self.truth, pixelSize) = (refined, truth, pixel)
    }
}
