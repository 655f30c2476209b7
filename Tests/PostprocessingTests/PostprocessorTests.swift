import Arrays
import Fourier
import Foundation
import Optics
import Parallel
import Reporting
import StarFormat
import TestSupport
import Testing

@testable import Postprocessing

@Suite struct PostprocessorTests {
    static let pool = TestMaps.pool
    static let reporter = Reporter(verbosity: .silent)

    static func run(
        _ halves: HalfMaps = TestMaps.halves(), mask: RealArray? = TestMaps.mask(box: 32, radius: 9), threads: Int = 2,
        _ change: (inout PostprocessingSettings) -> Void = { _ in }
    ) throws -> PostprocessingResult {
        var settings = PostprocessingSettings(pixelSizeInAngstrom: 2)
        change(&settings)
        return try Postprocessor(settings: settings, pool: ThreadPool(threads: threads), reporter: reporter)
            .run(halves, mask: mask)
    }

    /// RELION's own numbers for the tutorial's refinement, to the last digit that its table shows: random phases included.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func agreesWithRelionOnTheTutorial() throws {
        let halves = HalfMaps(
            first: try TestMaps.reference("run_half1_class001_unfil.mrc"),
            second: try TestMaps.reference("run_half2_class001_unfil.mrc"))
        let result = try Self.run(halves, mask: try TestMaps.reference("mask.mrc")) {
            $0 = PostprocessingSettings(pixelSizeInAngstrom: 3.54)
            $0.sharpening = .fitted(lowest: 10, highest: 0)
        }
        let star = try StarDocument(contentsOf: SharedData.tutorial("reference/refine3d/postprocess.star").path)
        let general = try star.table("general")
        #expect(abs(result.finalResolutionInAngstrom - (try general.double("rlnFinalResolution"))) < 1e-5)
        // Single-precision transforms: the fit moves in the seventh digit.
        #expect(abs(result.sharpened.bFactor - (try general.double("rlnBfactorUsedForSharpening"))) < 1e-3)
        let fit = try #require(result.sharpened.fit)
        #expect(abs(fit.correlation - (try general.double("rlnCorrelationFitGuinierPlot"))) < 1e-5)
        #expect(abs((result.maskFraction ?? 0) - (try general.double("rlnParticleBoxFractionSolventMask"))) < 1e-5)
        // Six decimals are stored, five of negative numbers.
        let printed = 6e-6
        let fsc = try star.table("fsc")
        for (label, curve) in [
            ("rlnFourierShellCorrelationCorrected", result.curves.corrected),
            ("rlnFourierShellCorrelationParticleMaskFraction", result.curves.particleByMask ?? []),
            ("rlnFourierShellCorrelationUnmaskedMaps", result.curves.unmasked),
            ("rlnFourierShellCorrelationMaskedMaps", result.curves.masked ?? []),
            ("rlnCorrectedFourierShellCorrelationPhaseRandomizedMaskedMaps", result.curves.randomised ?? []),
        ] {
            let expected = try fsc.doubles(label)
            #expect(curve.count == expected.count, "\(label)")
            #expect(zip(curve, expected).allSatisfy { abs($0 - $1) < printed }, "\(label)")
        }
        let guinier = try star.table("guinier")
        for (label, plot) in [
            ("rlnLogAmplitudesOriginal", result.sharpened.original), ("rlnLogAmplitudesWeighted", result.sharpened.weighted),
            ("rlnLogAmplitudesSharpened", result.sharpened.sharpened),
        ] {
            let tolerance = 2e-5
            #expect(zip(plot.logAmplitudes, try guinier.doubles(label)).allSatisfy { abs($0 - $1) < tolerance }, "\(label)")
        }
    }

    @Test func theBitsDoNotDependOnThreads() throws {
        let one = try Self.run(threads: 1) { $0.sharpening = .bFactor(-80) }
        let three = try Self.run(threads: 3) { $0.sharpening = .bFactor(-80) }
        #expect(one.curves == three.curves)
        #expect(one.sharpened.map == three.sharpened.map)
    }

    @Test func aTightMaskRaisesTheMaskedCurveAndTheCorrectionTakesThatOff() throws {
        let result = try Self.run()
        let masked = try #require(result.curves.masked), random = try #require(result.curves.randomised)
        let start = try #require(result.randomisedFromShell)
        let mean = { (curve: [Double]) in curve[start...].reduce(0, +) / Double(curve.count - start) }
        #expect(mean(masked) > mean(result.curves.unmasked))
        #expect(random[start - 2] > 0.8, "phases below the start are true")
        #expect(abs(mean(Array(random))) < 0.35, "the random part is not correlated beyond what the mask does")
        #expect(result.curves.corrected.prefix(start + 2).elementsEqual(masked.prefix(start + 2)))
    }

    // Every setting changes the result.

    @Test func seedAndStartOfRandomisationMatter() throws {
        let plain = try Self.run().curves
        #expect(try Self.run { $0.seed = 5 }.curves.randomised != plain.randomised)
        #expect(try Self.run { $0.randomisation = .fromResolution(inAngstrom: 20) }.randomisedFromShell == 3)
        #expect(try Self.run { $0.randomisation = .belowCorrelation(0.5) }.curves.randomised != plain.randomised)
        #expect(throws: InputError.self) { try Self.run { $0.randomisation = .fromResolution(inAngstrom: 100) } }
        #expect(throws: InputError.self) { try Self.run { $0.randomisation = .belowCorrelation(-2) } }
    }

    @Test func sharpeningRaisesHighFrequencies() throws {
        let plain = try Self.run().sharpened, sharp = try Self.run { $0.sharpening = .bFactor(-100) }.sharpened
        #expect(sharp.bFactor == -100)
        // exp(25/(4 Å)²·…): at shell r of 32 px of 2 Å the logarithm grows by 25 (r/64)².
        for shell in 1..<5 {
            let gain = sharp.sharpened.logAmplitudes[shell] - plain.sharpened.logAmplitudes[shell]
            let expected = 25 * Double(shell * shell) / 4096
            // The shell holds radii up to half a shell away.
            #expect(abs(gain - expected) < 25 * Double(shell) / 4096)
        }
    }

    @Test func weightingFilterAndTransferFunctionMatter() throws {
        let plain = try Self.run().sharpened
        let unweighted = try Self.run { $0.weighting = .none }.sharpened
        #expect(unweighted.weighted == unweighted.original)
        #expect(plain.weighted != plain.original)
        let filtered = try Self.run { $0.lowPass = .at(resolutionInAngstrom: 16) }.sharpened
        let spectrum = FourierTransform(shape: .cube(32)).forward(filtered.map).amplitudeSpectrum()
        #expect(spectrum[6] < 1e-6 * spectrum[1], "16 Å is shell 4; its edge ends at shell 5")
        let wide = try Self.run { ($0.lowPass, $0.filterEdgeWidthInShells) = (.at(resolutionInAngstrom: 16), 6) }.sharpened
        #expect(FourierTransform(shape: .cube(32)).forward(wide.map).amplitudeSpectrum()[6] > 1e-6 * spectrum[1])
        #expect(try Self.run { $0.lowPass = .atFinalResolution }.sharpened.lowPassInAngstrom != nil)
        let transfer = try DetectorTransfer(frequenciesPerPixel: [0, 0.5], values: [1, 0.5], name: "")
        let divided = try Self.run { ($0.detectorTransfer, $0.weighting) = (transfer, .none) }.sharpened
        #expect(divided.transferCorrected.logAmplitudes[8] > divided.original.logAmplitudes[8] + 0.2)
        let coarse = try Self.run { ($0.detectorTransfer, $0.detectorPixelSizeInAngstrom) = (transfer, 1) }.sharpened
        #expect(coarse.transferCorrected.logAmplitudes[8] < divided.transferCorrected.logAmplitudes[8])
    }

    @Test func molecularWeightGivesAParticleCurve() throws {
        let result = try Self.run { $0.molecularWeightInKilodalton = 50 }
        // 0.476 · 64³ Å³ · 0.81 / 50 000
        #expect(abs((result.molecularWeightFraction ?? 0) - 0.476 * 262_144 * 0.81 / 50_000) < 1e-9)
        #expect(result.curves.particleByMolecularWeight != nil)
    }

    @Test func amplitudeAnalysisAddsCurves() throws {
        let result = try Self.run { ($0.amplitudes, $0.lowestFittedResolution) = (.correlationAndPhaseResidual, 16) }
        let phases = try #require(result.curves.unmaskedPhaseResidual)
        #expect(phases[1] < phases[14], "noise has phases farther apart")
        #expect(result.curves.maskedAmplitudeCorrelation?.count == 17)
    }

    @Test func aMaskThatHurtsIsLeftOutUnlessForced() throws {
        // All but the particle: noise.
        var mask = TestMaps.mask(box: 32, radius: 10)
        for i in mask.values.indices { mask.values[i] = 1 - mask.values[i] }
        let skipped = try Self.run(mask: mask), forced = try Self.run(mask: mask) { $0.maskPolicy = .always }
        #expect(skipped.curves.corrected == skipped.curves.unmasked)
        #expect(forced.finalResolutionInAngstrom > skipped.finalResolutionInAngstrom)
    }

    @Test func withoutAMaskTheUnmaskedCurveCounts() throws {
        let result = try Self.run(mask: nil)
        #expect(result.curves.masked == nil)
        #expect(result.curves.corrected == result.curves.unmasked)
    }

    @Test func aFitWithoutShellsIsTheUsersFault() throws {
        #expect(throws: InputError.self) { try Self.run { $0.sharpening = .fitted(lowest: 3, highest: 0) } }
    }

    @Test func halfMapsGetTheTreatmentOfTheirAverage() throws {
        var settings = PostprocessingSettings(pixelSizeInAngstrom: 2)
        settings.sharpening = .fitted(lowest: 20, highest: 8)
        let processor = Postprocessor(settings: settings, pool: Self.pool, reporter: Self.reporter)
        let halves = TestMaps.halves()
        let result = try processor.run(halves, mask: nil)
        let first = try processor.sharpen(halves.first, as: result), second = try processor.sharpen(halves.second, as: result)
        // The treatment is linear: the average of the treated halves is the treated average.
        let scale = result.sharpened.map.values.map(abs).max() ?? 1
        for (index, value) in result.sharpened.map.values.enumerated() {
            #expect(abs((first.values[index] + second.values[index]) / 2 - value) < 1e-5 * scale)
        }
    }
}
