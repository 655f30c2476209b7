import Reporting
import StarFormat

/// The state of a refinement after one iteration: `…_optimiser.star`, from which it can be continued.
///
/// File names are as written, relative to the project's folder.
package struct OptimiserFile: Sendable, Hashable {
    /// The first lines of the file: the program's version and its command line.
    package var comments: [String] = []

    /// Root of all output files' names, e.g. `Refine3D/job012/run`.
    package var outputRoot = ""
    /// Model of this iteration; of half 1 where there are two.
    package var modelFile = ""
    /// Empty once the halves have been joined.
    package var modelFileOfHalf2 = ""
    package var dataFile = ""
    /// Empty but for subtomograms.
    package var tomogramsFile = ""
    package var trajectoriesFile = ""
    package var samplingFile = ""
    package var iteration = 0
    package var iterationCount = 50
    package var hasRandomHalves = false
    /// Å; −1: never.
    package var joinHalvesUntilResolution = -1.0
    package var oversamplingOrder = 1
    /// Fraction of the probability that significant samples hold.
    package var significantFraction = 0.999
    package var randomSeed = 0
    package var particleDiameterInAngstrom = -1.0
    package var maskEdgeInPixels = 5
    /// Otherwise with noise.
    package var masksWithZeros = false
    package var flattensSolvent = false
    package var correctsFSCForSolvent = false
    package var solventMask = "None"
    package var secondSolventMask = "None"
    /// Bodies of multi-body refinement.
    package var bodyFile = "None"
    package var tauSpectrumFile = "None"
    /// Pixels; −1: no limit.
    package var maximalCoarseImageSize = -1
    /// Å; limit of the expectation step, −1: none.
    package var highResolutionLimit = -1.0
    /// Å; −1: none.
    package var lowResolutionLimit = -1.0
    /// Shells beyond the current resolution.
    package var imageSizeIncrement = 10
    /// Regularised (MAP) estimation.
    package var usesPrior = true
    package var usesFastSubsets = false
    package var reconstructsExternally = false
    /// Regularisation by a network.
    package var usesBlush = false
    package var skipsSpectralTrailing = false
    /// Gradient iterations were asked for.
    package var isGradientRefinement = false
    /// This iteration is one.
    package var isGradientIteration = false
    /// Iterations at the end that use all particles.
    package var gradientExpectationIterations = 0
    package var gradientHasConverged = false
    package var gradientStepSize = 0.0
    package var gradientSubsetOrder = 0
    package var gradientFinerSamplingSuspendedSince = -1
    package var gradientLocalSamplingSuspendedSince = -1
    /// Of the iterations.
    package var gradientInitialFraction = 0.3
    /// Of the iterations.
    package var gradientFinalFraction = 0.2
    /// Å.
    package var gradientMinimalResolution = 20.0
    /// Å.
    package var gradientInitialResolution = -1.0
    /// Å.
    package var gradientFinalResolution = -1.0
    /// Particles.
    package var gradientInitialSubsetSize = -1
    /// Particles.
    package var gradientFinalSubsetSize = -1
    package var gradientMomentum = 0.0
    package var gradientSkipsAnnealing = false
    package var classInactivityThreshold = 0.0
    /// Particles in this iteration; −1: all.
    package var gradientSubsetSize = -1
    /// Iterations.
    package var gradientWritesEvery = 10
    package var gradientRequestedStepSize = -1.0
    package var gradientStepSizeScheme = ""
    package var tau2FudgeScheme = ""
    package var requestedTau2Fudge = -1.0
    /// −1: no limit.
    package var maximalSignificantPoses = -1
    package var isAutoRefinement = false
    package var hasAutoSampling = false
    /// From this order on searches are local.
    package var localSearchHealpixOrder = 4
    package var iterationsWithoutResolutionGain = 0
    /// 1/Å.
    package var bestResolution = 0.0
    package var iterationsWithoutLargeChanges = 0
    package var skipsAlignment = false
    package var skipsRotation = false
    /// Degrees.
    package var rotationAccuracy = 999.0
    /// Å.
    package var translationAccuracy = 999.0
    /// Degrees; mean over the particles.
    package var orientationChange = 999.0
    /// Å.
    package var offsetChange = 999.0
    /// Fraction of the particles.
    package var classChange = 9999999.0
    package var smallestOrientationChange = 999.0
    package var smallestOffsetChange = 999.0
    /// Stored as a whole number.
    package var smallestClassChange = 9999999
    package var localSymmetryFile = "None"
    package var isHelical = false
    package var ignoresHelicalSymmetry = false
    package var fourierMask = "None"
    /// Degrees.
    package var initialHelicalTwist = 0.0
    /// Å.
    package var initialHelicalRise = 0.0
    /// Of the box along z.
    package var helicalCentralFraction = 0.3
    package var helicalStarts = 1
    /// Å.
    package var tubeInnerDiameter = -1.0
    /// Å.
    package var tubeOuterDiameter = -1.0
    package var refinesHelicalSymmetry = false
    package var helicalSigmaDistance = -1.0
    package var keepsTiltPriorFixed = false
    package var hasConverged = false
    package var hasHighFSCAtLimit = false
    package var iterationsSinceLargeSizeIncrease = 0
    package var correctsNorm = false
    package var correctsScale = false
    package var correctsCTF = false
    package var centersClasses = false
    package var ignoresCTFUntilFirstPeak = false
    package var isPhaseFlipped = false
    package var onlyFlipsPhases = false
    package var referencesAreCTFCorrected = false
    package var keepsNoiseFixed = false
    package var keepsOffsetSpreadFixed = false
    package var pooledParticles = 1
    /// Å; −1: not restricted.
    package var offsetRangeX = -1.0
    /// Å.
    package var offsetRangeY = -1.0
    /// Å.
    package var offsetRangeZ = -1.0

    package init() {}

    /// Reads the file; values that older versions lack keep their standards.
    /// - Throws: `InputError` naming the file for a missing or wrong value.
    package init(contentsOf path: String) throws {
        let table = try StarDocument(contentsOf: path).table("optimiser_general")
        comments = table.precedingComments
        try ListField.read(Self.fields, of: table, into: &self)
        if !table.contains("rlnOverallAccuracyTranslationsAngst") {
            translationAccuracy = try table.double("rlnOverallAccuracyTranslations")
        }
        if hasRandomHalves, modelFileOfHalf2.isEmpty {
            throw InputError(
                place: path, found: "there is no model of the second half (_rlnModelStarFile2)",
                expected: "the file of an iteration whose halves are still apart",
                remedy: "Continue from the iteration before")
        }
    }

    package var document: StarDocument {
        var table = ListField.table(named: "optimiser_general", from: self, fields: Self.fields)
        table.precedingComments = comments
        return StarDocument(tables: [table])
    }

    package func write(to path: String) throws { try document.write(to: path) }
}
