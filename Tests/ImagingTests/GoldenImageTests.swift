import Arrays
import Fourier
import Foundation
import Geometry
import ImageFormats
import Parallel
import TestSupport
import Testing

@testable import Imaging

/// Operations on the golden map against RELION's results.
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint)) struct GoldenImageTests {
    let map: RealArray
    let pool = ThreadPool(threads: 2)
    let pixelSize = 3.54

    init() throws { map = try ImageFile.read(SharedData.golden("map.mrc").path).image }

    /// RELION computes in double and stores single precision; ours computes transforms in single precision, whose errors
    /// are a few units in the last place of the largest value: 2e-6 of the range.
    private func expectSame(_ ours: RealArray, _ name: String, tolerance: Float = 2e-6) throws {
        let theirs = try ImageFile.read(SharedData.golden(name).path).image
        try #require(ours.shape == theirs.shape)
        let statistics = PixelStatistics(theirs)
        let range = statistics.maximum - statistics.minimum
        let error = zip(ours.values, theirs.values).map { abs($0 - $1) }.max() ?? 0
        #expect(error <= tolerance * range, "\(name): largest difference \(error) of \(range)")
    }

    @Test func lowPass() throws {
        let filter = FrequencyFilter.lowPass(resolutionInAngstrom: 15, pixelSizeInAngstrom: pixelSize, box: 64)
        try expectSame(map.filtered(by: filter, pool: pool), "image_handler/lowpass.mrc")
    }

    @Test func highPass() throws {
        let filter = FrequencyFilter.highPass(resolutionInAngstrom: 80, pixelSizeInAngstrom: pixelSize, box: 64)
        try expectSame(map.filtered(by: filter, pool: pool), "image_handler/highpass.mrc")
    }

    @Test func bFactor() throws {
        let filter = FrequencyFilter.bFactor(-200, pixelSizeInAngstrom: pixelSize)
        try expectSame(map.filtered(by: filter, pool: pool), "image_handler/bfactor.mrc")
    }

    @Test func rescaling() throws {
        // round(64 · 3.54/5.31) = 43, made even: 42, then windowed to 48.
        try expectSame(map.rescaled(toBox: 42, pool: pool).windowed(to: .cube(48)), "image_handler/rescale.mrc")
        // round(64 · 3.54/2.655) = 85 → 84 → 80.
        try expectSame(map.rescaled(toBox: 84, pool: pool).windowed(to: .cube(80)), "image_handler/up.mrc")
    }

    @Test func rearrangements() throws {
        try expectSame(map.mirrored(.hand), "image_handler/invert_hand.mrc", tolerance: 0)
        try expectSame(map.mirrored(.x), "image_handler/flipX.mrc", tolerance: 0)
        try expectSame(map.windowed(to: .cube(40)), "image_handler/newbox.mrc", tolerance: 0)
        // RELION interpolates with weights that are 0 up to rounding in double precision.
        try expectSame(map.translated(by: Vector3(3, -2, 1)), "image_handler/shift.mrc", tolerance: 1e-15)
    }

    @Test func centreOfMass() throws {
        try expectSame(map.translated(by: -map.centreOfMass(), pool: pool), "image_handler/shiftcom.mrc")
    }

    @Test func symmetry() throws {
        try expectSame(map.symmetrised(SymmetryGroup(name: "C3"), pool: pool), "image_handler/sym.mrc")
    }

    @Test func maskFromMap() throws {
        let filter = FrequencyFilter.lowPass(resolutionInAngstrom: 15, pixelSizeInAngstrom: pixelSize, box: 64)
        let mask = MapMask(threshold: 0.3, extensionInPixels: 3, edgeWidthInPixels: 6).make(from: map.filtered(by: filter), pool: pool)
        try expectSame(mask, "mask.mrc")
    }

    @Test func resultsDoNotDependOnThreads() throws {
        let one = ThreadPool(threads: 1)
        let mask = MapMask(threshold: 0.3, extensionInPixels: -2, edgeWidthInPixels: 3)
        #expect(mask.make(from: map, pool: one) == mask.make(from: map, pool: pool))
        let filter = FrequencyFilter.bFactor(100, pixelSizeInAngstrom: pixelSize)
        #expect(map.filtered(by: filter, pool: one) == map.filtered(by: filter, pool: pool))
        #expect(map.phaseRandomised(fromShell: 5, seed: 3, pool: one) == map.phaseRandomised(fromShell: 5, seed: 3, pool: pool))
        let turn = RotationMatrix(angleInDegrees: 31, axis: Vector3(1, 2, 3).normalised)
        #expect(map.resampled(by: turn, pool: one) == map.resampled(by: turn, pool: pool))
    }
}
