import Foundation
import Optics
import Optimisation

/// Fits the contrast transfer function to the amplitude spectrum of a micrograph.
///
/// 1. Every defocus of the range (and every phase shift, where one is looked for) is scored by the likelihood of its rings
///    over the pixels between the two resolutions; see `RingModel` for what the score is.
/// 2. The best peaks are searched for astigmatism on a grid and refined in all parameters by a simplex.
/// 3. The best of them is the fit, the best with another defocus its rival, from which doubts follow.
///
/// Deterministic; one spectrum is one thread's work. The coordinates of the pixels are made once for all spectra of a
/// size. After Rohou & Grigorieff 2015 and Zhang 2016, with the background a part of the fit.
package final class CTFEstimator: Sendable {
    package let settings: CTFSearchSettings
    package let box: Int
    package let pixelSizeInAngstrom: Double
    private let fitted: RingPixels
    /// All of the spectrum from the lowest resolution on, for the profile.
    private let visible: RingPixels

    /// Why no estimator can be made of these settings; nil when one can.
    package static func obstacle(
        _ settings: CTFSearchSettings, box: Int, pixelSizeInAngstrom: Double
    ) -> (found: String, expected: String)? {
        let finest = 2 * pixelSizeInAngstrom
        if settings.lowestResolutionInAngstrom <= finest {
            return (
                "the spectrum ends at \(text(finest)) Å, before the lowest resolution of the fit",
                "a lowest resolution of more than \(text(finest)) Å"
            )
        }
        let low = Double(box) * pixelSizeInAngstrom / settings.lowestResolutionInAngstrom
        let high = Double(box) * pixelSizeInAngstrom / max(finest, settings.highestResolutionInAngstrom)
        if high - low < Double(smallestShellCount) {
            return (
                "only \(max(0, Int(high - low))) pixels of the spectrum lie between \(text(settings.lowestResolutionInAngstrom)) and \(text(settings.highestResolutionInAngstrom)) Å",
                "at least \(smallestShellCount), that is a wider range or a larger box"
            )
        }
        return nil
    }

    private static func text(_ number: Double) -> String { String(format: "%.4g", number) }
    private static let smallestShellCount = 8

    /// - Precondition: `obstacle` is nil for the same arguments.
    package init(_ settings: CTFSearchSettings, box: Int, pixelSizeInAngstrom: Double) {
        precondition(Self.obstacle(settings, box: box, pixelSizeInAngstrom: pixelSizeInAngstrom) == nil)
        (self.settings, self.box, self.pixelSizeInAngstrom) = (settings, box, pixelSizeInAngstrom)
        let extent = Double(box) * pixelSizeInAngstrom
        // The outermost pixels have lost their neighbours.
        let edge = (Double(box / 2) - 1) / extent, low = 1 / settings.lowestResolutionInAngstrom
        fitted = RingPixels(
            box: box, extentInAngstrom: extent, frequencies: low...min(edge, 1 / settings.highestResolutionInAngstrom),
            microscope: settings.microscope)
        visible = RingPixels(
            box: box, extentInAngstrom: extent, frequencies: low...edge, microscope: settings.microscope)
    }

    /// - Precondition: the spectrum has the box and pixel size that the estimator was made for.
    package func fit(_ spectrum: AmplitudeSpectrum) -> CTFFit {
        precondition(spectrum.box == box)
        let model = RingModel(spectrum, fitted)
        let search = RingSearch(model, settings)
        let found = search.run()
        let best = found.best
        let solution = model.solution(best.parameters)
        let profile = RingProfile(
            RingModel(spectrum, visible), best.parameters, extentInAngstrom: spectrum.extentInAngstrom)
        let resolution = profile.resolution(best.parameters, settings.microscope)
        var fit = CTFFit(
            transfer: best.parameters.transfer(settings.microscope), figureOfMerit: solution.correlation,
            fitResolutionInAngstrom: min(resolution ?? .infinity, Self.coarsestResolution),
            iceRingDensity: IceRing.density(spectrum), evidence: solution.gain,
            rivalEvidence: max(0, found.rival?.score ?? 0), rivalDefocusInAngstrom: found.rival?.parameters.mean,
            doubts: [], profile: profile)
        if let outsider = found.outsider, outsider.score > best.score + Self.chanceEvidence {
            fit.betterDefocusOutside = outsider.parameters.mean
        }
        fit.defocusErrorInAngstrom = search.defocusError(best)
        fit.doubts = doubts(fit, best.parameters)
        if let error = fit.defocusErrorInAngstrom, error > Self.largestError * search.ring, !fit.doubts.contains(.noRings) {
            fit.doubts.append(.uncertain(byAngstrom: Int(error.rounded())))
        }
        return fit
    }

    /// Resolution in Å that stands for "none" in metadata.
    private static let coarsestResolution = 25.0

    // MARK: Doubts

    /// Evidence that the best of a whole search reaches in noise alone stays below this.
    private static let chanceEvidence = 25.0
    /// Distinctness below which a rival counts as nearly as good.
    private static let smallestDistinctness = 0.2
    /// Share of the frequencies asked for that rings must agree over.
    private static let smallestShare = 0.35
    /// Part of a ring at the finest resolution that the standard deviation of the defocus may be: 100 Å of defocus for 5 Å at 200 kV.
    private static let largestError = 0.1
    /// Pixels per ring that a spectrum can show.
    private static let finestRing = 2.0

    private func doubts(_ fit: CTFFit, _ parameters: RingParameters) -> [CTFDoubt] {
        var doubts: [CTFDoubt] = []
        if fit.evidence < Self.chanceEvidence { doubts.append(.noRings) }
        if fit.distinctness < Self.smallestDistinctness, let rival = fit.rivalDefocusInAngstrom {
            doubts.append(.ambiguous(rivalDefocusInAngstrom: Int(rival.rounded())))
        }
        let range = settings.defocusInAngstrom
        let margin = 0.002 * (range.upperBound - range.lowerBound)
        if parameters.mean < range.lowerBound + margin || parameters.mean > range.upperBound - margin {
            doubts.append(.atSearchLimit)
        }
        if let better = fit.betterDefocusOutside {
            doubts.append(.betterOutside(defocusInAngstrom: Int(better.rounded())))
        }
        let finest = max(settings.highestResolutionInAngstrom, 2 * pixelSizeInAngstrom)
        if 1 / fit.fitResolutionInAngstrom < Self.smallestShare / finest {
            doubts.append(.poorResolution(inAngstrom: Int(fit.fitResolutionInAngstrom.rounded())))
        }
        let mapping = PhaseMapping(parameters, settings.microscope)
        let extent = Double(box) * pixelSizeInAngstrom
        let frequencies = stride(from: 1 / settings.lowestResolutionInAngstrom, to: 1 / finest, by: 1 / extent)
        if let limit = frequencies.first(where: { extent / mapping.ringsPerFrequency($0) < Self.finestRing }) {
            doubts.append(.tooFineRings(beyondInAngstrom: Int((1 / limit).rounded())))
        }
        return doubts
    }
}
