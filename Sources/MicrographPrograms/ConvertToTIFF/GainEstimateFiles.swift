import Arrays
import Foundation
import ImageFormats
import Imaging
import Reporting

/// The two files of an estimated gain: MRC under a name that nobody takes for a gain reference by mistake. RELION's
/// spelling of the second is kept.
struct GainEstimateFiles: Sendable {
    let gainPath: String

    /// `gain_estimate.bin` has `gain_estimate_reliablity.bin` beside it.
    var reliabilityPath: String { reliabilityPath(spelling: "reliablity") }

    private func reliabilityPath(spelling: String) -> String {
        let name = PathName(gainPath)
        return name.stem + "_" + spelling + (name.pathExtension.isEmpty ? "" : "." + name.pathExtension)
    }

    func write(_ estimate: SingleElectronGain) throws {
        try ImageFile.write(estimate.gain, to: gainPath + ":mrc", pixelSizeInAngstrom: nil)
        let successes = RealArray(shape: estimate.gain.shape, values: estimate.successes.map { Float($0) })
        try ImageFile.write(successes, to: reliabilityPath + ":mrc", pixelSizeInAngstrom: nil, mode: .int16)
    }

    func read(shape: Shape) throws -> SingleElectronGain {
        let gain = try read(gainPath, shape)
        let spellings = ["reliablity", "reliability"].map { reliabilityPath(spelling: $0) }
        guard let path = spellings.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw InputError(
                place: spellings[0], found: "does not exist", expected: "the reliability map of \(gainPath)",
                remedy: "Give the gain_estimate.bin that --estimate_gain wrote, in its folder")
        }
        let successes = try read(path, shape).values.map { $0.isNaN ? -1 : Int16(max(-1, min($0, Float(Int16.max)))) }
        if let bad = gain.values.indices.first(where: {
            successes[$0] >= 0 && !(gain.values[$0] > 0 && gain.values[$0].isFinite)
        }) {
            throw InputError(
                place: gainPath,
                found: "the gain is \(gain.values[bad]) in column \(bad % shape.x + 1), row \(bad / shape.x + 1)",
                expected: "numbers above 0", remedy: "Estimate the gain again")
        }
        return SingleElectronGain(gain: gain, successes: successes)
    }

    private func read(_ path: String, _ shape: Shape) throws -> RealArray {
        let image = try ImageFile.read(path + ":mrc").image
        guard image.shape == shape else {
            throw InputError(place: path, found: "\(image.shape) pixels", expected: "\(shape), as the movies have")
        }
        return image
    }
}
