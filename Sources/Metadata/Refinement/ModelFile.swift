/// What refinement knows of its references after one iteration: `…_model.star`.
///
/// Spectra are indexed by shell: element r belongs to spatial frequency r / (`imageSize` · `pixelSizeInAngstrom`). All
/// spreads are standard deviations.
package struct ModelFile: Sendable, Hashable {
    // MARK: General

    /// 2 for classes of images, 3 for maps.
    package var referenceDimensionality = 3
    /// 2 for images, 3 for subtomograms.
    package var dataDimensionality = 2
    /// Box size of the references, pixels.
    package var imageSize = 0
    /// Å.
    package var currentResolutionInAngstrom = 999.0
    /// Pixels; size to which transforms are cut in this iteration.
    package var currentImageSize = 0
    package var paddingFactor = 2.0
    package var isHelix = false
    /// 0: nearest neighbour, 1: trilinear.
    package var interpolator = 1
    package var minimalRadiusForInterpolation = 10
    package var pixelSizeInAngstrom = 1.0
    package var bodyCount = 1
    package var tau2Fudge = 4.0
    package var averageNormCorrection = 1.0
    /// Å.
    package var offsetSpread = 10.0
    package var orientationalPriorMode = 0
    /// Degrees; spreads of the priors of local searches, 0: none.
    package var rotPriorSpread = 0.0
    package var tiltPriorSpread = 0.0
    package var psiPriorSpread = 0.0
    package var logLikelihood = 0.0
    package var averageMaximalProbability = 0.0
    /// Written for helices only.
    package var helix = HelixSearch()

    // MARK: References, groups, noise

    /// Classes, or bodies of multi-body refinement.
    package var classes: [ClassModel] = []
    package var groups: [GroupModel] = []
    /// Noise power σ² by optics group and shell; 0 where never estimated.
    package var noiseSpectra: [[Double]] = []

    package init() {}

    package struct HelixSearch: Sendable, Hashable {
        package var asymmetricalUnitCount = 1
        /// Degrees.
        package var minimalTwist = 0.0, maximalTwist = 0.0, initialTwistStep = 0.0
        /// Å.
        package var minimalRise = 0.0, maximalRise = 0.0, initialRiseStep = 0.0
        package init() {}
    }

    package struct GroupModel: Sendable, Hashable {
        package var name: String
        package var particleCount: Int
        package var scale: Double

        package init(name: String, particleCount: Int, scale: Double = 1) {
            (self.name, self.particleCount, self.scale) = (name, particleCount, scale)
        }
    }

    /// One class (or body).
    package struct ClassModel: Sendable, Hashable {
        /// `00000001@run_it025_classes.mrcs` or `run_it025_class001.mrc`.
        package var referenceImage: String
        /// Names of the images of gradient moments; nil but for gradient refinement.
        package var firstMomentImage: String?
        package var secondMomentImage: String?
        /// Fraction of the particles.
        package var distribution = 0.0
        /// Degrees.
        package var rotationAccuracy = 999.0
        /// Å.
        package var translationAccuracy = 999.0
        /// Å.
        package var estimatedResolution = 0.0
        package var overallFourierCompleteness = 0.0
        /// Å; 2D only.
        package var offsetPrior = Offset()
        /// Å and degrees; helices only.
        package var helicalRise = 0.0
        package var helicalTwist = 0.0
        /// Multi-body refinement only.
        package var bodyDirection: BodyDirection?
        package var spectra = Spectra()
        /// Probability of each sampled direction; 3D only.
        package var orientationDistribution: [Double] = []

        package init(referenceImage: String) { self.referenceImage = referenceImage }
    }

    package struct Offset: Sendable, Hashable {
        package var x = 0.0, y = 0.0
        package init(x: Double = 0, y: Double = 0) { (self.x, self.y) = (x, y) }
    }

    package struct BodyDirection: Sendable, Hashable {
        package var x = 0.0, y = 0.0, z = 0.0
        package var isKeptFixed = false
        package init() {}
    }

    /// Spectra of one class; all of the same length, `imageSize / 2 + 1`.
    package struct Spectra: Sendable, Hashable {
        /// Data over prior: the signal-to-noise ratio of the map.
        package var signalToNoise: [Double] = []
        /// FSC between the half maps; zeros where there are none.
        package var halfMapFSC: [Double] = []
        package var fourierCompleteness: [Double] = []
        /// Noise power in the reference.
        package var sigma2: [Double] = []
        /// Prior power of the reference.
        package var tau2: [Double] = []
        /// Empty where not determined.
        package var orientability: [Double] = []
        package init() {}
    }

    /// Spatial frequency of a shell in 1/Å.
    package func resolution(ofShell shell: Int) -> Double { Double(shell) / (Double(imageSize) * pixelSizeInAngstrom) }

    /// Resolution of a shell in Å; 999 for shell 0.
    package func resolutionInAngstrom(ofShell shell: Int) -> Double {
        shell == 0 ? 999 : Double(imageSize) * pixelSizeInAngstrom / Double(shell)
    }
}
