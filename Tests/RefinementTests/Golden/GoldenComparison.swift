import Arrays
import Geometry
import ImageFormats
import Metadata
import Refinement
import Testing
import TestSupport

/// Holds what an iteration gave against what RELION wrote for the same one.
///
/// RELION computed in double precision and printed six digits; ours is single precision in the inner products. Rounding
/// of a score of 5000 is 5·10⁻⁴, so that probabilities agree to about that, and sums over 240 particles better.
struct GoldenComparison {
    private static let relativeTolerance = 1e-3

    let result: RefinementSnapshot
    /// Path of RELION's run within the golden data, up to the iteration: "class2d/run_it001".
    let root: String
    let symmetry: String

    private func expectClose(_ ours: [Double], _ theirs: [Double], _ what: String) {
        for (shell, pair) in zip(ours, theirs).enumerated() where abs(pair.1) > 0 {
            #expect(abs(pair.0 / pair.1 - 1) < Self.relativeTolerance, "\(what) of \(shell): \(pair.0), RELION \(pair.1)")
        }
    }

    /// Spectra, scales and averages of `_model.star`.
    func expectSameModel() throws {
        let model = result.models[0]
        let expected = try ModelFile(contentsOf: SharedData.golden(root + "_model.star").path)
        expectClose(model.noise[0], expected.noiseSpectra[0], "noise")
        try #require(model.classCount == expected.classes.count)
        for (index, theirs) in expected.classes.enumerated() {
            expectClose(model.tau2[index], theirs.spectra.tau2, "tau2 of class \(index + 1)")
            expectClose(model.dataVersusPrior[index], theirs.spectra.signalToNoise, "SSNR of class \(index + 1)")
            expectClose(model.sigma2[index], theirs.spectra.sigma2, "sigma2 of class \(index + 1)")
        }
        expectClose(model.classWeights, expected.classes.map(\.distribution), "class sizes")
        expectClose(model.groupScale, expected.groups.map(\.scale), "scale")
        #expect(abs(model.logLikelihood / expected.logLikelihood - 1) < Self.relativeTolerance)
        #expect(abs(model.averageMaximumProbability - expected.averageMaximalProbability) < Self.relativeTolerance)
        #expect(abs(model.averageNormCorrection / expected.averageNormCorrection - 1) < Self.relativeTolerance)
        #expect(abs(model.offsetVariance.squareRoot() / expected.offsetSpread - 1) < Self.relativeTolerance)
        #expect(model.currentSize == expected.currentImageSize)
    }

    /// Class, orientation and offset of every particle: the very samples that RELION chose, as it prints them (six decimals).
    func expectSamePoses() throws {
        let wanted = try ParticleTable(contentsOf: SharedData.golden(root + "_data.star").path)
        let rot = try wanted.values(.rot), tilt = try wanted.values(.tilt), psi = try wanted.values(.psi)
        let x = try wanted.values(.originX), y = try wanted.values(.originY), classes = try wanted.values(.classNumber)
        let probability = try wanted.values(.maximalProbability), norm = try wanted.values(.normCorrection)
        var mine = try ParticleTable(contentsOf: SharedData.golden("noisy/particles.star").path)
        try mine.sortForRefinement()
        let place = Dictionary(uniqueKeysWithValues: try mine.strings(.imageName).enumerated().map { ($1, $0) })
        let group = try SymmetryGroup(name: symmetry)
        for (i, name) in try wanted.strings(.imageName).enumerated() {
            let particle = result.particles[try #require(place[name])]
            let distance = AngularDistance.rotation(
                EulerAngles(rot: particle.rot, tilt: particle.tilt, psi: particle.psi).matrix,
                EulerAngles(rot: rot[i], tilt: tilt[i], psi: psi[i]).matrix, symmetry: group)
            #expect(distance < 0.001 && abs(particle.offsetX - x[i]) < 0.001 && abs(particle.offsetY - y[i]) < 0.001, "\(name)")
            #expect(particle.classIndex + 1 == Int(classes[i]), "\(name)")
            #expect(abs(particle.maximumProbability - probability[i]) < Self.relativeTolerance, "\(name)")
            #expect(abs(particle.normCorrection / norm[i] - 1) < Self.relativeTolerance, "\(name)")
        }
    }
}
