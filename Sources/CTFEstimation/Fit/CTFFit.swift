import Optics

/// What a fit found, and how far it is to be trusted.
package struct CTFFit: Sendable {
    /// Defocus, astigmatism and phase shift; U ≥ V, the angle in −90 … 90.
    package var transfer: ContrastTransferFunction
    /// Correlation of rings and spectrum over the pixels of the fit, 0 … 1. Noisy spectra have small ones: 0.05 can be a good fit.
    package var figureOfMerit: Double
    /// Å up to which the rings agree with the spectrum, averaged along the rings.
    package var fitResolutionInAngstrom: Double
    /// Excess of the spectrum between 4.0 and 3.6 Å over its surroundings, relative to them; nil where the spectrum does not reach.
    package var iceRingDensity: Double?
    /// Logarithm of the likelihood ratio to a spectrum without rings.
    package var evidence: Double
    /// The same for the best other defocus.
    package var rivalEvidence: Double
    package var rivalDefocusInAngstrom: Double?
    /// The best defocus outside the search range, where that fits better; nil where it does not.
    package var betterDefocusOutside: Double?
    /// Standard deviation in Å of the less certain of U and V, by the noise alone; nil where that cannot be told.
    package var defocusErrorInAngstrom: Double?
    package var doubts: [CTFDoubt]
    package var profile: RingProfile

    /// How clearly this defocus stands out from all others: 0, as good as another, to 1, no other explains anything.
    package var distinctness: Double { evidence > 0 ? max(0, 1 - rivalEvidence / evidence) : 0 }
    package var isTrusted: Bool { doubts.allSatisfy(\.isAdvice) }
}

/// A reason not to trust a fit.
package enum CTFDoubt: Sendable, Hashable, CustomStringConvertible {
    /// The rings explain no more than chance does.
    case noRings
    /// Another defocus (in Å) fits nearly as well.
    case ambiguous(rivalDefocusInAngstrom: Int)
    /// The defocus is at the end of the search range.
    case atSearchLimit
    /// A defocus (in Å) outside the search range fits better.
    case betterOutside(defocusInAngstrom: Int)
    /// Rings agree with the spectrum only to this resolution in Å, coarser than the fit asked for by far.
    case poorResolution(inAngstrom: Int)
    /// The noise leaves the defocus uncertain by this much in Å, too much for the resolution that was asked for.
    case uncertain(byAngstrom: Int)
    /// Rings are finer than the spectrum can show beyond this resolution in Å: the box is too small for this defocus.
    case tooFineRings(beyondInAngstrom: Int)

    /// Whether the fit may well be right all the same.
    package var isAdvice: Bool { if case .tooFineRings = self { true } else { false } }

    package var description: String {
        switch self {
        case .noRings: "no rings stand out from the noise"
        case .ambiguous(let rival): "a defocus of \(rival) Å fits nearly as well"
        case .atSearchLimit: "the defocus is at the end of the search range"
        case .betterOutside(let defocus): "a defocus of \(defocus) Å, outside the search range, fits better"
        case .poorResolution(let resolution): "the rings agree with the spectrum only to \(resolution) Å"
        case .uncertain(let error): "the noise leaves the defocus uncertain by \(error) Å"
        case .tooFineRings(let resolution):
            "the rings are finer than the spectrum's pixels beyond \(resolution) Å: a larger box would show them"
        }
    }
}
