import Arrays
import Fourier
import Parallel
import Randomness
import Reporting

/// Estimates the resolution of two half maps and sharpens their average.
package struct Postprocessor: Sendable {
    package let settings: PostprocessingSettings
    package let pool: ThreadPool
    package let reporter: Reporter

    package init(settings: PostprocessingSettings, pool: ThreadPool, reporter: Reporter) {
        self.settings = settings
        self.pool = pool
        self.reporter = reporter
    }

    /// - Parameter mask: of the maps' shape, 1 inside, 0 outside; nil for none.
    /// - Throws: `InputError` when the correlation never falls far enough to randomise phases, or no B-factor can be fitted.
    package func run(_ halves: consuming HalfMaps, mask: RealArray?) throws -> PostprocessingResult {
        let shape = halves.first.shape
        let transform = FourierTransform(shape: shape)
        if settings.amplitudes != .none {
            let amplitudes = AngularAmplitudes(settings: settings, pool: pool)
            halves.first = transform.inverse(amplitudes.evened(transform.forward(halves.first, pool: pool)), pool: pool)
            halves.second = transform.inverse(amplitudes.evened(transform.forward(halves.second, pool: pool)), pool: pool)
        }
        var first = transform.forward(halves.first, pool: pool)
        let second = transform.forward(halves.second, pool: pool)
        var (result, estimate) = try correlate(halves, first, second, mask: mask, transform: transform)
        if mask != nil { (result, estimate) = judgeMask(result, estimate, box: shape.x) }
        for index in first.values.indices {
            first.values[index] = (first.values[index] + second.values[index]).multiplied(by: 0.5)
        }
        let sharpened = try MapSharpening(settings: settings, pool: pool).sharpen(
            first, correlation: result.corrected, finalResolution: estimate.resolution)
        return PostprocessingResult(
            curves: result, finalResolutionInAngstrom: estimate.resolution,
            interpolatedResolutionInAngstrom: estimate.interpolated, randomisedFromShell: estimate.randomisedFrom,
            maskFraction: estimate.maskFraction, molecularWeightFraction: estimate.molecularWeightFraction,
            sharpened: sharpened)
    }

    /// The same treatment as the average had, for one half map.
    package func sharpen(_ half: RealArray, as result: PostprocessingResult) throws -> RealArray {
        var settings = settings
        settings.sharpening = result.sharpened.bFactor == 0 ? .none : .bFactor(result.sharpened.bFactor)
        settings.lowPass = result.sharpened.lowPassInAngstrom.map { .at(resolutionInAngstrom: $0) } ?? .none
        let spectrum = FourierTransform(shape: half.shape).forward(half, pool: pool)
        return try MapSharpening(settings: settings, pool: pool).sharpen(
            spectrum, correlation: result.curves.corrected, finalResolution: result.finalResolutionInAngstrom
        ).map
    }

    // MARK: Correlation

    private struct Estimate {
        var resolution = 0.0
        var interpolated = 0.0
        var shell = 0
        var randomisedFrom: Int?
        var maskFraction: Double?
        var molecularWeightFraction: Double?
    }

    private func correlate(
        _ halves: borrowing HalfMaps, _ first: FourierArray, _ second: FourierArray, mask: RealArray?,
        transform: FourierTransform
    ) throws -> (CorrelationCurves, Estimate) {
        let box = first.realShape.x
        let unmasked = ShellCorrelation.correlation(first, second, pool: pool)
        var curves = CorrelationCurves(unmasked: unmasked, corrected: unmasked)
        var estimate = Estimate()
        if settings.amplitudes != .none {
            let measures = ShellCorrelation.amplitudesAndPhases(first, second, pool: pool)
            (curves.unmaskedAmplitudeCorrelation, curves.unmaskedPhaseResidual) = (measures.0, measures.1)
        }
        if let weight = settings.molecularWeightInKilodalton {
            let fraction = SolventCorrection.fraction(
                box: box, pixelSizeInAngstrom: settings.pixelSizeInAngstrom, molecularWeightInKilodalton: weight)
            estimate.molecularWeightFraction = fraction
            curves.particleByMolecularWeight = SolventCorrection.particleOnly(unmasked: unmasked, fraction: fraction)
        }
        if let mask {
            try addMasked(&curves, &estimate, halves, first, second, mask: mask, transform: transform)
        }
        let found = ResolutionEstimate(curves.corrected, box: box, pixelSizeInAngstrom: settings.pixelSizeInAngstrom)
        (estimate.shell, estimate.resolution, estimate.interpolated) = (
            found.shell, found.resolutionInAngstrom, found.interpolatedInAngstrom
        )
        return (curves, estimate)
    }

    private func addMasked(
        _ curves: inout CorrelationCurves, _ estimate: inout Estimate, _ halves: borrowing HalfMaps, _ first: FourierArray,
        _ second: FourierArray, mask: RealArray, transform: FourierTransform
    ) throws {
        let start = try randomisationStart(curves.unmasked, box: first.realShape.x)
        let maskedFirst = transform.forward(halves.first.multiplied(by: mask), pool: pool)
        let maskedSecond = transform.forward(halves.second.multiplied(by: mask), pool: pool)
        let masked = ShellCorrelation.correlation(maskedFirst, maskedSecond, pool: pool)
        if settings.amplitudes != .none {
            let measures = ShellCorrelation.amplitudesAndPhases(maskedFirst, maskedSecond, pool: pool)
            (curves.maskedAmplitudeCorrelation, curves.maskedPhaseResidual) = (measures.0, measures.1)
        }
        var generator = AdditiveFeedbackGenerator(seed: settings.seed)
        let randomFirst = randomised(first, from: start, mask: mask, generator: &generator, transform: transform)
        let randomSecond = randomised(second, from: start, mask: mask, generator: &generator, transform: transform)
        let randomised = ShellCorrelation.correlation(randomFirst, randomSecond, pool: pool)
        curves.masked = masked
        curves.randomised = randomised
        curves.corrected = SolventCorrection.corrected(masked: masked, randomised: randomised, firstShell: start + 2)
        let inside = mask.values.reduce(into: 0) { if $1 > 0.5 { $0 += 1 } }
        let fraction = SolventCorrection.fraction(maskedPartOfBox: Double(inside) / Double(mask.shape.count))
        curves.particleByMask = SolventCorrection.particleOnly(unmasked: curves.unmasked, fraction: fraction)
        (estimate.maskFraction, estimate.randomisedFrom) = (fraction, start)
    }

    private func randomised(
        _ spectrum: FourierArray, from shell: Int, mask: RealArray, generator: inout AdditiveFeedbackGenerator,
        transform: FourierTransform
    ) -> FourierArray {
        var spectrum = spectrum
        spectrum.randomisePhases(fromShell: shell, generator: &generator, pool: pool)
        return transform.forward(transform.inverse(spectrum, pool: pool).multiplied(by: mask), pool: pool)
    }

    private func randomisationStart(_ unmasked: [Double], box: Int) throws -> Int {
        switch settings.randomisation {
        case .fromResolution(let resolution):
            let shell = Int(settings.pixelSizeInAngstrom * Double(box) / resolution)
            guard shell > 0 else {
                throw InputError(
                    place: "--randomize_at_A", found: "\(resolution) Å is more than the box", expected: "a finer resolution")
            }
            return shell
        case .belowCorrelation(let threshold):
            guard let shell = unmasked.indices.dropFirst().first(where: { unmasked[$0] < threshold }) else {
                throw InputError(
                    place: "half maps",
                    found: "their correlation without a mask never falls below --randomize_at_fsc \(threshold)",
                    expected: "maps that differ at high resolution",
                    remedy: "Check that the two files are independent half maps; or give --randomize_at_A")
            }
            return shell
        }
    }

    // MARK: Is the mask sound?

    private func judgeMask(_ curves: CorrelationCurves, _ estimate: Estimate, box: Int) -> (CorrelationCurves, Estimate) {
        var curves = curves, estimate = estimate
        let unmasked = ResolutionEstimate(curves.unmasked, box: box, pixelSizeInAngstrom: settings.pixelSizeInAngstrom)
        if unmasked.shell > estimate.shell {
            switch settings.maskPolicy {
            case .always:
                reporter.warning("the maps correlate further without the mask than with it; it is used on request (--force_mask).")
            case .skipWhenWorse:
                reporter.warning(
                    "the maps correlate further without the mask than with it, so the curve without mask is used. Make a softer"
                        + " or wider mask, or use this one all the same with --force_mask.")
                curves.corrected = curves.unmasked
                (estimate.resolution, estimate.interpolated) = (unmasked.resolutionInAngstrom, unmasked.interpolatedInAngstrom)
            }
        } else if let randomised = curves.randomised, randomised[estimate.shell] > 0.1 {
            reporter.warning(
                "at the estimated resolution the masked maps with random phases still correlate by more than 0.1: the mask itself"
                    + " may make up the resolution. Use a softer mask with less detail.")
        }
        return (curves, estimate)
    }
}

extension RealArray {
    /// - Precondition: same shape.
    func multiplied(by mask: RealArray) -> RealArray {
        precondition(mask.shape == shape)
        return RealArray(shape: shape, values: zip(values, mask.values).map { $0 * $1 })
    }
}
