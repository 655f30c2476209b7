import CTFEstimation
import Foundation
import ImageFormats
import TestSupport
import Testing

/// The ten power spectra of real micrographs, whose defocus is known from a fit to 4 Å.
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint)) struct TutorialSpectrumTests {
    /// Micrograph, U, V, angle.
    private static let truth: [(name: String, u: Double, v: Double, angle: Double)] = [
        ("00021", 10863, 10557, 75.7), ("00022", 9861, 9586, 76.1), ("00023", 10701, 10390, 74.2),
        ("00024", 11689, 11382, 75.5), ("00025", 10670, 10380, 73.9), ("00026", 8380, 8072, 76.3),
        ("00027", 9163, 8842, 76.9), ("00028", 10148, 9835, 76.4), ("00029", 8290, 7984, 78.1),
        ("00030", 9140, 8848, 77.5),
    ]
    private static let microscope = Microscope(
        voltageInKilovolts: 200, sphericalAberrationInMillimetres: 1.4, amplitudeContrast: 0.1)

    private static func spectrum(_ name: String) throws -> AmplitudeSpectrum {
        let (image, header) = try ImageFile.read(
            SharedData.tutorial("MotionCorr/job002/Movies/20170629_\(name)_frameImage_PS.mrc").path)
        return AmplitudeSpectrum(image: image, pixelSizeInAngstrom: try #require(header.pixelSizeInAngstrom))
    }

    @Test(arguments: [CTFSearchSettings.Thoroughness.full, .fast])
    func findsTheDefocus(thoroughness: CTFSearchSettings.Thoroughness) throws {
        let settings = CTFSearchSettings(
            microscope: Self.microscope, expectedAstigmatismInAngstrom: 100, thoroughness: thoroughness)
        let first = try Self.spectrum("00021")
        let estimator = CTFEstimator(settings, box: first.box, pixelSizeInAngstrom: first.pixelSizeInAngstrom)
        for expected in Self.truth {
            let fit = estimator.fit(try Self.spectrum(expected.name))
            // The project's own aim; the statistical error at 5 Å is about 10 Å and 2 degrees.
            #expect(abs(fit.transfer.defocusUInAngstrom - expected.u) < 60, "\(expected.name)")
            #expect(abs(fit.transfer.defocusVInAngstrom - expected.v) < 60, "\(expected.name)")
            #expect(fit.angleError(expected.angle) < 3, "\(expected.name)")
            #expect(fit.isTrusted, "\(expected.name): \(fit.doubts)")
            #expect(fit.fitResolutionInAngstrom < 5)
            #expect(fit.distinctness > 0.5)
        }
    }

    /// To 4 Å, as the reference values were fitted.
    @Test func agreesCloserWithTheReferenceAtItsResolution() throws {
        let settings = CTFSearchSettings(
            microscope: Self.microscope, lowestResolutionInAngstrom: 22, highestResolutionInAngstrom: 4)
        let first = try Self.spectrum("00021")
        let estimator = CTFEstimator(settings, box: first.box, pixelSizeInAngstrom: first.pixelSizeInAngstrom)
        for expected in Self.truth {
            let fit = estimator.fit(try Self.spectrum(expected.name))
            #expect(abs(fit.meanDefocus - (expected.u + expected.v) / 2) < 20, "\(expected.name)")
        }
    }

    /// With RELION's default range from 10000 Å on, half of these micrographs lie outside it; no wrong fit may pass for a good one.
    @Test(arguments: [(100.0, 7.0, 10000.0), (30, 5, 10000), (30, 5, 20000)])
    func aDefocusOutsideTheRangeIsDoubted(lowest: Double, highest: Double, smallest: Double) throws {
        let settings = CTFSearchSettings(
            microscope: Self.microscope, lowestResolutionInAngstrom: lowest, highestResolutionInAngstrom: highest,
            defocusInAngstrom: smallest...50000)
        let first = try Self.spectrum("00021")
        let estimator = CTFEstimator(settings, box: first.box, pixelSizeInAngstrom: first.pixelSizeInAngstrom)
        for expected in Self.truth {
            let fit = estimator.fit(try Self.spectrum(expected.name))
            let isRight = abs(fit.meanDefocus - (expected.u + expected.v) / 2) < 60
            #expect(isRight || !fit.isTrusted, "\(expected.name): \(fit.meanDefocus) Å, \(fit.doubts)")
        }
    }
}
