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

    @Test func oneIteration() throws {
        let (data, groups) = try GoldenRun.data(star: SharedData.golden("noisy/particles.star"), folder: SharedData.golden(""))
        let map = try ImageFile.readVolume(SharedData.golden("map.mrc").path).volume
        let snapshots = try GoldenRun.run(Self.settings(), data: data, references: [map], groups: groups)
        let result = try #require(snapshots.last)
        let expected = try ModelFile(contentsOf: SharedData.golden("refine3d/run_it001_model.star").path)
        let model = result.models[0]
        print("noise", (1..<20).map { String(format: "%.4f", model.noise[0][$0] / expected.noiseSpectra[0][$0]) })
        print("tau2", (0..<19).map { String(format: "%.4f", model.tau2[0][$0] / expected.classes[0].spectra.tau2[$0]) })
        print("ssnr", (0..<19).map { String(format: "%.4f", model.dataVersusPrior[0][$0] / expected.classes[0].spectra.signalToNoise[$0]) })
        print("sigma2", (0..<19).map { String(format: "%.4f", model.sigma2[0][$0] / expected.classes[0].spectra.sigma2[$0]) })
        print("LL", model.logLikelihood, expected.logLikelihood, "Pmax", model.averageMaximumProbability, expected.averageMaximalProbability)
        print("norm", model.averageNormCorrection, expected.averageNormCorrection, "offset", model.offsetVariance.squareRoot(), expected.offsetSpread)
        print("acc", model.rotationAccuracy, model.translationAccuracy, expected.classes[0].rotationAccuracy, expected.classes[0].translationAccuracy)
        print("size", model.currentSize, expected.currentImageSize, "res", 1 / model.currentResolution, expected.currentResolutionInAngstrom)
        print("pert", result.state.perturbation.instance)
        print("scale", model.groupScale, expected.groups.map(\.scale))
        let wanted = try ParticleTable(contentsOf: SharedData.golden("refine3d/run_it001_data.star").path)
        let rot = try wanted.values(.rot), tilt = try wanted.values(.tilt), psi = try wanted.values(.psi)
        let names = try wanted.strings(.imageName)
        let mine = try ParticleTable(contentsOf: SharedData.golden("noisy/particles.star").path).strings(.imageName)
        let place = Dictionary(uniqueKeysWithValues: mine.enumerated().map { ($1, $0) })
        let group = try SymmetryGroup(name: "D2")
        var same = 0, dx = 0.0
        let ox = try wanted.values(.originX)
        for (i, name) in names.enumerated() {
            let p = result.particles[try #require(place[name])]
            let distance = AngularDistance.rotation(EulerAngles(rot: p.rot, tilt: p.tilt, psi: p.psi).matrix,
                                                    EulerAngles(rot: rot[i], tilt: tilt[i], psi: psi[i]).matrix, symmetry: group)
            if distance < 0.1 { same += 1 }
            dx = max(dx, abs(p.offsetX - ox[i]))
        }
        print("same", same, "of", names.count, "max dx", dx)
        let theirs = try ImageFile.readVolume(SharedData.golden("refine3d/run_it001_class001.mrc").path).volume
        let fsc = FourierShellCorrelation(model.references[0], theirs).correlation
        print("fsc", fsc.prefix(19).map { String(format: "%.6f", $0) })
        #expect(same >= 238)
    }
}
