import Arrays

/// Correlations per shell of two half maps.
package struct CorrelationCurves: Sendable, Equatable {
    package var unmasked: [Double]
    /// The masked ones are nil without a mask.
    package var masked: [Double]?
    package var randomised: [Double]?
    /// For the mask's effect; the unmasked one where there is no mask, or where the mask was not used.
    package var corrected: [Double]
    package var particleByMask: [Double]?
    package var particleByMolecularWeight: [Double]?
    package var unmaskedAmplitudeCorrelation: [Double]?
    package var maskedAmplitudeCorrelation: [Double]?
    package var unmaskedPhaseResidual: [Double]?
    package var maskedPhaseResidual: [Double]?
}

/// What became of two half maps.
package struct PostprocessingResult: Sendable {
    package var curves: CorrelationCurves
    package var finalResolutionInAngstrom: Double
    /// Where the curve interpolated between shells crosses the threshold.
    package var interpolatedResolutionInAngstrom: Double
    /// Shell from which phases were random; nil without a mask.
    package var randomisedFromShell: Int?
    /// See `SolventCorrection.fraction`; nil without a mask, or molecular weight.
    package var maskFraction: Double?
    package var molecularWeightFraction: Double?
    package var sharpened: SharpenedMap
}

/// A map after sharpening, with the Guinier plots of its stages.
package struct SharpenedMap: Sendable {
    package var map: RealArray
    package var bFactor: Double
    package var fit: GuinierPlot.Fit?
    /// Resolution in Å of the low-pass filter; nil when there was none.
    package var lowPassInAngstrom: Double?
    package var original: GuinierPlot
    package var transferCorrected: GuinierPlot
    package var weighted: GuinierPlot
    package var sharpened: GuinierPlot
}
