import Geometry
import Projection

/// Everything that a refinement needs to know besides its data: resolved, checked, without optionals that mean "default".
///
/// Lengths in Å, angles in degrees unless the name says otherwise. The defaults are those of `relion_refine`.
package struct RefinementSettings: Sendable {
    /// What kind of references are refined.
    package enum Dimensionality: Int, Sendable { case twoD = 2, threeD = 3 }

    /// How references come about when none are given.
    package enum Start: Sendable {
        /// References were given.
        case references
        /// Averages of random subsets with random in-plane rotations (2D) or orientations (`--denovo_3dref`, 3D).
        case randomSubsets
    }

    package var dimensionality: Dimensionality = .threeD
    package var start: Start = .references
    package var classCount = 1
    /// Number of iterations; for auto-refinement the most that are allowed.
    package var iterationCount = 50

    /// Prefix of all output files.
    package var outputRoot = ""
    package var randomSeed = 1

    // MARK: Data model
    package var particleDiameter = -1.0
    /// Width of the soft edge of masks, in pixels.
    package var maskEdgeInPixels = 5
    package var fillsMaskWithZeros = false
    package var flattensSolvent = false
    package var correctsCTF = false
    package var leavesCTFIntactToFirstPeak = false
    package var dataArePhaseFlipped = false
    package var onlyFlipsPhases = false
    package var referencesAreCTFCorrected = true
    package var correctsNorm = false
    package var correctsScale = false
    package var fixesNoise = false
    package var fixesOffsetSpread = false
    /// τ² per shell that every class keeps, before T (`--tau`); shells beyond have none. Empty: it follows from the references.
    package var fixedTau2: [Double] = []
    package var fixesTau: Bool { !fixedTau2.isEmpty }
    package var checksNormalisation = true
    package var particlesForNoiseEstimate = 1000

    // MARK: Regularisation
    /// T; values ≤ 0 mean the default of the kind of run.
    package var tau2FudgeArgument = -1.0
    package var tau2FudgeScheme = ""
    package var usesFSCOfHalves: Bool { splitsRandomHalves }
    package var minimumResolutionShellOfMap = 5

    // MARK: Initialisation
    package var initialLowPass = -1.0
    /// Images in the file of a reference whose first image starts all classes. RELION scales that image's transform by the pixels of
    /// the whole file, so the signal it expects before the first iteration is weaker by the square of this count.
    package var referenceStackCount = 1
    package var firstIterationCrossCorrelation = false
    package var alwaysCrossCorrelation = false
    package var initialOffsetSpread = 10.0

    // MARK: Sampling
    package var oversamplingOrder = 1
    package var healpixOrder = 2
    /// ≤ 0: derived from the HEALPix order (3D) or 10° (2D).
    package var psiStep = -1.0
    package var tiltLimit = -91.0
    package var symmetry = "C1"
    package var relaxedSymmetry = ""
    /// In pixels of the references.
    package var offsetRangeInPixels = 6.0
    package var offsetStepInPixels = 2.0
    /// Search ranges along x and y in Å; ≤ 0: the circular range.
    package var offsetRangeX = -1.0
    package var offsetRangeY = -1.0
    package var perturbation = 0.5
    package var adaptiveFraction = 0.999
    package var maximumSignificantPoses = -1
    package var coarseSizeInPixels = -1
    package var strictHighResolution = -1.0
    package var strictLowResolution = -1.0
    package var skipsAlignment = false
    package var skipsRotation = false
    /// Spreads of the angular priors for local searches; ≤ 0: global search.
    package var sigmaRot = -1.0
    package var sigmaTilt = -1.0
    package var sigmaPsi = -1.0
    package var bimodalPsi = false
    package var allowsCoarserSampling = false

    // MARK: Auto-refinement
    package var isAutoRefine = false
    package var isAutoSampling = false
    package var splitsRandomHalves = false
    package var joinsHalvesUntil = -1.0
    package var localSearchHealpixOrder = 4
    package var ignoresAngularChanges = false
    package var usesResolutionBasedAngles = false
    package var correctsFSCForSolvent = false
    package var skipsMaximisation = false
    package var failsafeThreshold = 40

    // MARK: Resolution
    package var paddingFactor = 2
    package var incrementOfShells = 10
    package var usesNearestNeighbour = false
    package var minimumRadiusNearestNeighbour = 10
    /// Of slices of references, and of slices into reconstructions.
    package var interpolation: Interpolation {
        usesNearestNeighbour ? .nearestNeighbour(minimumRadius: minimumRadiusNearestNeighbour) : .trilinear
    }
    package var skipsGridding = true

    // MARK: Classes
    package var centersClasses = false
    package var usesFastSubsets = false

    // MARK: Gradient refinement (VDAM)
    package var gradient = GradientSettings()

    // MARK: Speed
    /// Switches all approximations off.
    package var isExact = false
    /// Memory that shared slices may take, in bytes.
    package var sliceMemoryInBytes = 3_000_000_000

    package init() {}
}

/// Settings of the gradient-driven algorithm (Kimanius et al. 2021, 2024).
package struct GradientSettings: Sendable {
    package var isEnabled = false
    package var emIterations = 0
    package var initialFraction = 0.3
    package var finalFraction = 0.2
    package var minimumResolution = 20.0
    package var initialResolution = -1.0
    package var finalResolution = -1.0
    package var initialSubsetSize = -1
    package var finalSubsetSize = -1
    /// Momentum of the model parameters.
    package var mu = 0.9
    package var stepSize = -1.0
    package var stepSizeScheme = ""
    package var writeInterval = 10
    package var startsFromBlobs = true
    package var classInactivityThreshold = 0.0
    /// Classes are nodes of a self-organising map; nil: they are not.
    package var map: SelfOrganisingMap.Settings?
    package init() {}
}
