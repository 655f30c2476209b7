import Arrays
import Fourier
import Foundation
import Optics
import Parallel
import Reporting

/// Divides a map by the detector's transfer function, weights it by its correlation curve, sharpens and filters it.
package struct MapSharpening: Sendable {
    package let settings: PostprocessingSettings
    package let pool: ThreadPool

    package init(settings: PostprocessingSettings, pool: ThreadPool) {
        self.settings = settings
        self.pool = pool
    }

    /// - Parameters:
    ///   - spectrum: of the map; used up.
    ///   - correlation: the corrected curve of the half maps.
    /// - Throws: `InputError` when the B-factor cannot be fitted.
    package func sharpen(
        _ spectrum: consuming FourierArray, correlation: [Double], finalResolution: Double
    ) throws -> SharpenedMap {
        let box = spectrum.realShape.x
        let original = guinier(spectrum)
        divideByTransfer(&spectrum)
        let transferCorrected = settings.detectorTransfer == nil ? original : guinier(spectrum)
        if settings.weighting == .byCorrelation { Self.weight(&spectrum, by: correlation) }
        let weighted = guinier(spectrum)
        let (bFactor, fit) = try bFactor(of: weighted)
        if bFactor != 0 { applyBFactor(bFactor, to: &spectrum) }
        let sharpened = guinier(spectrum)
        var filter: Double?
        switch settings.lowPass {
        case .none: break
        case .atFinalResolution: filter = finalResolution
        case .at(let resolution): filter = resolution
        }
        if let filter {
            let shell = Int((Double(box) * settings.pixelSizeInAngstrom / filter).rounded())
            spectrum.lowPass(shell: shell, edgeWidth: settings.filterEdgeWidthInShells, pool: pool)
        }
        let map = FourierTransform(shape: spectrum.realShape).inverse(spectrum, pool: pool)
        return SharpenedMap(
            map: map, bFactor: bFactor, fit: fit, lowPassInAngstrom: filter, original: original,
            transferCorrected: transferCorrected, weighted: weighted, sharpened: sharpened)
    }

    private func guinier(_ spectrum: FourierArray) -> GuinierPlot {
        GuinierPlot(spectrum, pixelSizeInAngstrom: settings.pixelSizeInAngstrom, pool: pool)
    }

    /// Up to Nyquist; the corners beyond stay as they are.
    func divideByTransfer(_ spectrum: inout FourierArray) {
        guard let transfer = settings.detectorTransfer else { return }
        let side = Double(spectrum.realShape.x) * settings.pixelSizeInAngstrom
        let nyquist = Double(spectrum.realShape.x) / 2
        spectrum.multiplyRadially(pool: pool) { radius in
            guard radius < nyquist else { return 1 }
            return Float(1 / transfer.value(atFrequencyPerPixel: radius / side * settings.detectorPixelSizeInAngstrom))
        }
    }

    /// exp(−B/4·|k|²), nothing beyond Nyquist.
    func applyBFactor(_ bFactor: Double, to spectrum: inout FourierArray) {
        let side = Double(spectrum.realShape.x) * settings.pixelSizeInAngstrom
        let nyquist = Double(spectrum.realShape.x) / 2
        spectrum.multiplyRadially(pool: pool) { radius in
            radius <= nyquist ? Float(exp(-bFactor / 4 * radius * radius / (side * side))) : 0
        }
    }

    /// The weight of each shell: sqrt(2·FSC / (1 + FSC)), the figure of merit of the average of two halves (Rosenthal & Henderson
    /// 2003); zero from the first shell on in which nothing correlates.
    static func weights(_ correlation: [Double]) -> [Float] {
        let negligible = 0.0001
        let used = correlation.firstIndex { $0 < negligible } ?? correlation.count
        return correlation[..<max(1, used)].map { Float((2 * max(0, $0) / (1 + max(0, $0))).squareRoot()) }
    }

    static func weight(_ spectrum: inout FourierArray, by correlation: [Double]) {
        spectrum.multiplyShells(by: weights(correlation))
    }

    private func bFactor(of plot: GuinierPlot) throws -> (Double, GuinierPlot.Fit?) {
        switch settings.sharpening {
        case .none: return (0, nil)
        case .bFactor(let value): return (value, nil)
        case .fitted(let lowest, let highest):
            guard let fit = plot.fit(lowestResolution: lowest, highestResolution: highest) else {
                throw InputError(
                    place: "--auto_bfac",
                    found: "there are fewer than two resolution shells with signal between \(lowest) and \(highest) Å",
                    expected: "a range of resolutions that the map reaches",
                    remedy: "Give a larger --autob_lowres, or a B-factor with --adhoc_bfac")
            }
            return (fit.bFactor, fit)
        }
    }
}
