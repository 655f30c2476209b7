import Arrays
import Fourier
import Randomness
import Testing

@testable import Postprocessing

@Suite struct CurveTests {
    @Test func solventCorrectionInvertsItsModel() {
        // FSC_masked = FSC_true + (1 − FSC_true) FSC_random
        let truth = [1, 0.9, 0.5, 0.2, 0.0], random = [1, 0.9, 0.3, 0.2, 0.1]
        let masked = zip(truth, random).map { $0 + (1 - $0) * $1 }
        let corrected = SolventCorrection.corrected(masked: masked, randomised: random, firstShell: 2)
        #expect(corrected[0] == masked[0])
        #expect(corrected[1] == masked[1])
        for shell in 2..<5 { #expect(abs(corrected[shell] - truth[shell]) < 1e-12) }
    }

    @Test func particleCurveOfTheWholeBoxIsTheCurve() {
        #expect(SolventCorrection.particleOnly(unmasked: [1, 0.5, 0.1], fraction: 1) == [1, 0.5, 0.1])
        #expect(abs(SolventCorrection.particleOnly(unmasked: [0.5], fraction: 3)[0] - 0.75) < 1e-12)
    }

    @Test func resolutionIsTheLastShellBeforeTheFall() {
        let curve = [1, 0.9, 0.5, 0.2, 0.1, 0.3]
        let estimate = ResolutionEstimate(curve, box: 10, pixelSizeInAngstrom: 2)
        #expect(estimate.shell == 3)
        #expect(abs(estimate.resolutionInAngstrom - 20.0 / 3) < 1e-12)
        // 0.2 … 0.1 crosses 0.143 at 0.57 of the way.
        #expect(abs(estimate.interpolatedInAngstrom - 20 / 3.57) < 1e-9)
        #expect(ResolutionEstimate([1, 0, 0], box: 4, pixelSizeInAngstrom: 2).resolutionInAngstrom == 999)
        #expect(ResolutionEstimate([1, 1, 1], box: 4, pixelSizeInAngstrom: 2).resolutionInAngstrom == 4)
        #expect(ResolutionEstimate([1, 1, .nan], box: 4, pixelSizeInAngstrom: 2).shell == 1)
    }

    @Test func fittedLineIsTheLine() throws {
        let x = (0..<20).map { Double($0) * 1e-3 }
        let plot = GuinierPlot(squaredResolutions: x, logAmplitudes: x.map { 2 - 40 * $0 })
        let fit = try #require(plot.fit(lowestResolution: 20, highestResolution: 8))
        #expect(abs(fit.slope + 40) < 1e-9)
        #expect(abs(fit.intercept - 2) < 1e-12)
        #expect(abs(fit.correlation - 1) < 1e-12)
        #expect(fit.bFactor == 4 * fit.slope)
        #expect(plot.fit(lowestResolution: 20, highestResolution: 19.9) == nil)
    }

    @Test func weightsEndWhereNothingCorrelates() {
        #expect(MapSharpening.weights([1, 0.5, 0, 0.4]).count == 2)
        #expect(abs(MapSharpening.weights([1, 0.5])[1] - Float((1.0 / 1.5).squareRoot())) < 1e-6)
    }

    @Test func equalMapsCorrelateFully() {
        let map = TestMaps.blobs(box: 16)
        let spectrum = FourierTransform(shape: .cube(16)).forward(map)
        let curve = ShellCorrelation.correlation(spectrum, spectrum, pool: TestMaps.pool)
        #expect(curve.count == 9)
        #expect(curve.allSatisfy { abs($0 - 1) < 1e-9 })
        let measures = ShellCorrelation.amplitudesAndPhases(spectrum, spectrum, pool: TestMaps.pool)
        #expect(measures.amplitudeCorrelation.allSatisfy { abs($0 - 1) < 1e-6 })
        #expect(measures.phaseResidualInDegrees.allSatisfy { $0 == 0 })
    }

    @Test func randomPhasesKeepAmplitudesAndLowFrequencies() {
        let spectrum = FourierTransform(shape: .cube(16)).forward(TestMaps.halves(box: 16).first)
        var random = spectrum
        var generator = AdditiveFeedbackGenerator(seed: 1)
        random.randomisePhases(fromShell: 3, generator: &generator, pool: TestMaps.pool)
        var changed = 0
        for index in spectrum.values.indices {
            let before = spectrum.values[index], after = random.values[index]
            #expect(abs(before.power.squareRoot() - after.power.squareRoot()) < 1e-5)
            if before != after { changed += 1 }
        }
        #expect(changed > spectrum.values.count * 9 / 10)
        #expect(random[1, 1, 1] == spectrum[1, 1, 1])
    }
}
