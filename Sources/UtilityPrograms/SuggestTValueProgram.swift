import ArgumentParser
import Arrays
import Foundation
import Fourier
import ImageFormats
import Imaging
import ProgramKit
import Randomness
import Reporting

/// Suggests the regularisation parameter T for refinement or classification within a mask.
///
/// T weighs the prior, whose power is that of the whole map; a mask leaves less power in the images, and T should grow by
/// the ratio.
struct SuggestTValueProgram: RelionProgram {
    static let programName = "relion_suggest_tvalue"
    static let summary = "Suggest the parameter T (tau2_fudge) for classification or refinement within a mask."

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("map"), parsing: .unconditional, help: "Map of the whole particle.")
        var map: String
        @Option(name: .customLong("mask"), parsing: .unconditional, help: "Mask of the region, with values from 0 to 1.")
        var mask: String
        @Option(name: .customLong("T"), parsing: .unconditional, help: "T of a refinement without the mask.")
        var standard = 4.0
        @Option(name: .customLong("try"), parsing: .unconditional, help: "Number of random places of the mask, to find a region of high power.")
        var attempts = 10
    }

    @OptionGroup(title: "Options") var options: InputOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let (map, _) = try ImageFile.readVolume(options.map)
        let (mask, _) = try ImageFile.readVolume(options.mask)
        try check(map, mask)
        let occupied = mask.values.reduce(0.0) { $0 + Double($1) } / Double(mask.values.count)
        context.reporter.info("The mask takes \(String(format: "%.3g", occupied * 100)) % of the box; T without it is \(options.standard).")
        if context.isDryRun { return }
        let power = MapPower(shape: map.shape)
        let ofMap = power.total(of: map, context)
        let ofMasked = power.total(of: map, times: mask, shiftedBy: (0, 0, 0), context)
        let largest = try largestPower(of: map, within: mask, power, context)
        report(ofMap: ofMap, ofMasked: ofMasked, largest: largest, context)
    }

    private func check(_ map: RealArray, _ mask: RealArray) throws {
        var check = InputCheck()
        check.require(
            map.shape == mask.shape, options.mask, found: "\(mask.shape) voxels", expected: "\(map.shape), as in \(options.map)")
        let (low, high) = (mask.values.min() ?? 0, mask.values.max() ?? 0)
        check.require(
            low >= -1e-6 && high <= 1 + 1e-6, options.mask, found: "values from \(low) to \(high)", expected: "values from 0 to 1")
        check.require(high > 0, options.mask, found: "the mask is empty", expected: "some values above 0")
        check.require(options.attempts >= 0, "--try", found: "\(options.attempts)", expected: "a number of places")
        check.require(options.standard > 0, "--T", found: "\(options.standard)", expected: "a number above 0")
        try check.finish()
    }

    /// With the mask in the middle of the box and at random places up to a third of the box from there.
    private func largestPower(
        of map: RealArray, within mask: RealArray, _ power: MapPower, _ context: ProgramContext
    ) throws -> Double {
        let centred = mask.translated(by: -mask.centreOfMass(), pool: context.pool)
        var largest = power.total(of: map, times: centred, shiftedBy: (0, 0, 0), context)
        // The first places are the same in every run, so that the suggestion is, too.
        var generator = CounterGenerator(seed: 1, stream: 0)
        let reach = Double(map.shape.x) / 3
        func step() -> Int { Int((generator.uniform() * 2 * reach - reach).rounded()) }
        let progress = context.reporter.progress("Placing the mask", total: options.attempts)
        for _ in 0..<options.attempts {
            try context.jobControl.checkForAbort()
            largest = max(largest, power.total(of: map, times: centred, shiftedBy: (step(), step(), step()), context))
            progress.advance()
        }
        progress.finish()
        return largest
    }

    private func report(ofMap: Double, ofMasked: Double, largest: Double, _ context: ProgramContext) {
        let fromMask = options.standard * ofMap / ofMasked
        let fromOthers = options.standard * ofMap / largest
        context.reporter.info(
            """
            Power of the map:                      \(String(format: "%.6g", ofMap))
            Power within the mask:                 \(String(format: "%.6g", ofMasked))
            Largest power with the mask elsewhere: \(String(format: "%.6g", largest))

            Suggested T from the power within the mask: \(String(format: "%.6g", fromMask))
            Suggested T from the power elsewhere:       \(String(format: "%.6g", fromOthers))

            Try values around these. Noise at high resolution in the maps means that T is too high; maps of low
            resolution mean that it is too low.
            """)
    }
}

/// Sum of squared amplitudes over the half of the transform that is stored, in units of the squared sum of voxels.
private struct MapPower {
    let shape: Shape
    private let transform: FourierTransform

    init(shape: Shape) {
        self.shape = shape
        transform = FourierTransform(shape: shape)
    }

    func total(of map: RealArray, _ context: ProgramContext) -> Double {
        let spectrum = transform.forward(map, pool: context.pool)
        return spectrum.values.reduce(0.0) { $0 + Double($1.power) } * Double(shape.count)
    }

    /// With a mask that is shifted by whole voxels and comes in again at the other side.
    func total(of map: RealArray, times mask: RealArray, shiftedBy shift: (x: Int, y: Int, z: Int), _ context: ProgramContext) -> Double {
        var product = map
        func wrapped(_ value: Int, _ size: Int) -> Int { (value % size + size) % size }
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                for x in 0..<shape.x {
                    product[x, y, z] *= mask[
                        wrapped(x - shift.x, shape.x), wrapped(y - shift.y, shape.y), wrapped(z - shift.z, shape.z)]
                }
            }
        }
        return total(of: product, context)
    }
}
