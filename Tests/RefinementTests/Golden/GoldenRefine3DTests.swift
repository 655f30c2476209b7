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
///
/// RELION computed in double precision and printed six digits; ours is single precision in the inner products. Rounding
/// of a score of 5000 is 5·10⁻⁴, so that probabilities agree to about that, and sums over 240 particles better.
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint), .serialized)
struct GoldenRefine3DTests {
    private static let relativeTolerance = 1e-3

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

    private func expectClose(_ ours: [Double], _ theirs: [Double], _ what: String) {
        for (shell, pair) in zip(ours, theirs).enumerated() where abs(pair.1) > 0 {
            #expect(abs(pair.0 / pair.1 - 1) < Self.relativeTolerance, "\(what) of shell \(shell): \(pair.0), RELION \(pair.1)")
        }
    }

    @Test func modelAgrees() throws {
        let model = try Self.run(Self.settings()).models[0]
        let expected = try ModelFile(contentsOf: SharedData.golden("refine3d/run_it001_model.star").path)
        expectClose(model.noise[0], expected.noiseSpectra[0], "noise")
        expectClose(model.tau2[0], expected.classes[0].spectra.tau2, "tau2")
        expectClose(model.dataVersusPrior[0], expected.classes[0].spectra.signalToNoise, "SSNR")
        expectClose(model.sigma2[0], expected.classes[0].spectra.sigma2, "sigma2")
        expectClose(model.groupScale, expected.groups.map(\.scale), "scale")
        #expect(abs(model.logLikelihood / expected.logLikelihood - 1) < Self.relativeTolerance)
        #expect(abs(model.averageMaximumProbability - expected.averageMaximalProbability) < Self.relativeTolerance)
        #expect(abs(model.averageNormCorrection / expected.averageNormCorrection - 1) < Self.relativeTolerance)
        #expect(abs(model.offsetVariance.squareRoot() / expected.offsetSpread - 1) < Self.relativeTolerance)
        #expect(model.currentSize == expected.currentImageSize)
        let map = try ImageFile.readVolume(SharedData.golden("refine3d/run_it001_class001.mrc").path).volume
        let fsc = FourierShellCorrelation(model.references[0], map).correlation
        for shell in 1...18 { #expect(fsc[shell] > 0.9999, "shell \(shell): \(fsc[shell])") }
    }

    @Test func posesAgree() throws {
        let result = try Self.run(Self.settings())
        let wanted = try ParticleTable(contentsOf: SharedData.golden("refine3d/run_it001_data.star").path)
        let rot = try wanted.values(.rot), tilt = try wanted.values(.tilt), psi = try wanted.values(.psi)
        let x = try wanted.values(.originX), y = try wanted.values(.originY)
        let mine = try ParticleTable(contentsOf: SharedData.golden("noisy/particles.star").path).strings(.imageName)
        let place = Dictionary(uniqueKeysWithValues: mine.enumerated().map { ($1, $0) })
        let group = try SymmetryGroup(name: "D2")
        for (i, name) in try wanted.strings(.imageName).enumerated() {
            let particle = result.particles[try #require(place[name])]
            let distance = AngularDistance.rotation(
                EulerAngles(rot: particle.rot, tilt: particle.tilt, psi: particle.psi).matrix,
                EulerAngles(rot: rot[i], tilt: tilt[i], psi: psi[i]).matrix, symmetry: group)
            // Printed with six decimals.
            #expect(distance < 0.001 && abs(particle.offsetX - x[i]) < 0.001 && abs(particle.offsetY - y[i]) < 0.001, "\(name)")
        }
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
