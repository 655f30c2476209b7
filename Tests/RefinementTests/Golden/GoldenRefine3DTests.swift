import Arrays
import Foundation
import Fourier
import Geometry
import ImageFormats
import Metadata
import Refinement
import Testing
import TestSupport

/// One iteration from a known reference, against RELION 5.0.1 on the same input and seed (see data/golden/commands.txt).
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint), .serialized)
struct GoldenRefine3DTests {
    static func settings() -> RefinementSettings {
        var s = RefinementSettings()
        s.iterationCount = 1
        s.tau2FudgeArgument = 4
        s.symmetry = "D2"
        s.particleDiameter = 200
        s.flattensSolvent = true
        s.fillsMaskWithZeros = true
        s.correctsCTF = true
        s.healpixOrder = 2
        s.offsetRangeInPixels = 5
        s.offsetStepInPixels = 2
        s.correctsNorm = true
        s.correctsScale = true
        s.initialLowPass = 30
        return s
    }

    static func run(_ settings: RefinementSettings, threads: Int = 2) throws -> RefinementSnapshot {
        let (data, groups) = try GoldenRun.data(star: SharedData.golden("noisy/particles.star"), folder: SharedData.golden(""))
        let map = try ImageFile.readVolume(SharedData.golden("map.mrc").path).volume
        let snapshots = try GoldenRun.run(settings, data: data, references: [map], groups: groups, threads: threads)
        return try #require(snapshots.last)
    }

    @Test func modelAgrees() throws {
        let result = try Self.run(Self.settings())
        let comparison = GoldenComparison(result: result, root: "refine3d/run_it001", symmetry: "D2")
        try comparison.expectSameModel()
        try comparison.expectSamePoses()
        let map = try ImageFile.readVolume(SharedData.golden("refine3d/run_it001_class001.mrc").path).volume
        let fsc = FourierShellCorrelation(result.models[0].references[0], map).correlation
        for shell in 1...18 { #expect(fsc[shell] > 0.9999, "shell \(shell): \(fsc[shell])") }
    }

    @Test(arguments: [1, 3]) func threadsDoNotChangeTheBits(threads: Int) throws {
        let two = try Self.run(Self.settings(), threads: 2), other = try Self.run(Self.settings(), threads: threads)
        #expect(two.models[0].references == other.models[0].references)
        #expect(two.particles.map(\.logLikelihoodContribution) == other.particles.map(\.logLikelihoodContribution))
    }

    /// Options that must change the result, each on its own.
    @Test func settingsHaveAnEffect() throws {
        let base = try Self.run(Self.settings()).models[0]
        func differs(_ change: (inout RefinementSettings) -> Void, _ name: String) throws {
            var settings = Self.settings()
            change(&settings)
            #expect(try Self.run(settings).models[0].references != base.references, "\(name)")
        }
        try differs({ $0.perturbation = 0 }, "perturbation")
        try differs({ $0.offsetRangeInPixels = 3 }, "offset range")
        try differs({ $0.adaptiveFraction = 0.9 }, "adaptive fraction")
        try differs({ $0.correctsCTF = false }, "CTF")
        try differs({ $0.fillsMaskWithZeros = false }, "mask")
        try differs({ $0.maskEdgeInPixels = 8 }, "mask edge")
        try differs({ $0.firstIterationCrossCorrelation = true }, "correlation")
        try differs({ $0.symmetry = "C1" }, "symmetry")
        try differs({ $0.oversamplingOrder = 0 }, "oversampling")
        try differs({ $0.strictLowResolution = 80 }, "low resolution limit")
        try differs({ $0.tau2FudgeArgument = 1 }, "tau2 fudge")
        try differs({ $0.paddingFactor = 1 }, "padding")
        try differs({ $0.flattensSolvent = false }, "solvent")
        try differs({ $0.tiltLimit = 45 }, "tilt limit")
    }
}
