import Arrays
import Optics

/// How half maps are judged and sharpened. Everything is resolved: no optionals that mean "default".
package struct PostprocessingSettings: Sendable {
    /// Where the phases of the maps start to be random for the test of the mask.
    package enum Randomisation: Sendable, Equatable {
        /// From the first shell in which the unmasked correlation is below this.
        case belowCorrelation(Double)
        case fromResolution(inAngstrom: Double)
    }

    package enum Sharpening: Sendable, Equatable {
        case none
        /// B-factor from a line through the Guinier plot between two resolutions in Å; `highest` 0: up to Nyquist.
        case fitted(lowest: Double, highest: Double)
        /// B-factor in Å²; negative values sharpen.
        case bFactor(Double)
    }

    package enum LowPass: Sendable, Equatable {
        case none
        case atFinalResolution
        case at(resolutionInAngstrom: Double)
    }

    /// When the mask makes the estimated resolution worse.
    package enum MaskPolicy: Sendable { case skipWhenWorse, always }
    package enum Weighting: Sendable { case byCorrelation, none }
    package enum AmplitudeAnalysis: Sendable { case none, correlationAndPhaseResidual }

    /// True pixel size; it may differ from the header's.
    package var pixelSizeInAngstrom: Double
    package var detectorTransfer: DetectorTransfer?
    /// Pixel size of the detector's images, the unit of the detector's transfer function.
    package var detectorPixelSizeInAngstrom: Double
    package var molecularWeightInKilodalton: Double?
    package var randomisation = Randomisation.belowCorrelation(0.8)
    package var sharpening = Sharpening.none
    package var weighting = Weighting.byCorrelation
    package var lowPass = LowPass.none
    package var filterEdgeWidthInShells = 2
    package var maskPolicy = MaskPolicy.skipWhenWorse
    package var amplitudes = AmplitudeAnalysis.none
    /// Where the amplitudes' correction for directions starts; see `AngularAmplitudes`.
    package var lowestFittedResolution = 10.0
    package var seed = 0

    package init(pixelSizeInAngstrom: Double) {
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
        detectorPixelSizeInAngstrom = pixelSizeInAngstrom
    }

    /// The correlation at which the resolution is read (Rosenthal & Henderson 2003).
    package static let resolutionThreshold = 0.143
}

/// Two maps from independent halves of the data: cubes of the same size.
package struct HalfMaps: Sendable {
    package var first: RealArray
    package var second: RealArray

    /// - Precondition: both are cubes of the same size.
    package init(first: RealArray, second: RealArray) {
        precondition(first.shape.isCube && first.shape == second.shape)
        self.first = first
        self.second = second
    }
}
