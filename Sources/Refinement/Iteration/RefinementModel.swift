import Arrays

/// The parameters that an iteration of expectation maximisation estimates, of one (half-)dataset.
///
/// Spectra are indexed by shell r = 0 ... box/2 of the references.
package struct RefinementModel: Sendable {
    package var box: Int
    /// Å.
    package var pixelSize: Double
    package var isVolume: Bool
    package var classCount: Int { references.count }

    package var references: [RealArray]
    /// Prior variance of the signal per class and shell.
    package var tau2: [[Double]]
    /// Variance of the noise in the reconstruction.
    package var sigma2: [[Double]]
    /// Ratio of data to prior (SSNR) per class and shell.
    package var dataVersusPrior: [[Double]]
    package var fourierCoverage: [[Double]]
    /// Gold-standard FSC (auto-refinement).
    package var goldStandardFSC: [[Double]]
    package var orientability: [[Double]]
    package var classWeights: [Double]
    /// P(direction, class): sums to the class weight over directions.
    package var directionPriors: [[Double]]
    /// Mean offset of each class (2D), Å.
    package var offsetPriors: [(x: Double, y: Double)]
    package var rotationAccuracy: [Double]
    package var translationAccuracy: [Double]
    package var estimatedResolution: [Double]
    package var totalFourierCoverage: [Double]
    /// σ² of the noise per optics group and shell.
    package var noise: [[Double]]
    /// Intensity scale per group (micrograph).
    package var groupScale: [Double]
    package var groupNames: [String]
    package var groupParticleCounts: [Int]
    package var averageNormCorrection = 1.0
    /// Variance of offsets, Å².
    package var offsetVariance = 100.0
    package var logLikelihood = 0.0
    package var averageMaximumProbability = 0.0
    package var tau2Fudge = 1.0
    /// 1/Å.
    package var currentResolution = 0.0
    /// Pixels.
    package var currentSize = 0
    /// Moments of the gradient; empty outside gradient refinement.
    package var gradient = GradientMoments()

    package init(box: Int, pixelSize: Double, isVolume: Bool, references: [RealArray], groupNames: [String],
                 groupParticleCounts: [Int], opticsGroupCount: Int) {
        self.box = box
        self.pixelSize = pixelSize
        self.isVolume = isVolume
        self.references = references
        let classes = references.count, shells = box / 2 + 1
        let spectra = [[Double]](repeating: [Double](repeating: 0, count: shells), count: classes)
        tau2 = spectra
        sigma2 = spectra
        dataVersusPrior = spectra
        fourierCoverage = spectra
        goldStandardFSC = spectra
        orientability = spectra
        classWeights = [Double](repeating: 1 / Double(classes), count: classes)
        directionPriors = [[Double]](repeating: [], count: classes)
        offsetPriors = [(x: Double, y: Double)](repeating: (0, 0), count: classes)
        rotationAccuracy = [Double](repeating: 0, count: classes)
        translationAccuracy = [Double](repeating: 0, count: classes)
        estimatedResolution = [Double](repeating: 0, count: classes)
        totalFourierCoverage = [Double](repeating: 0, count: classes)
        noise = [[Double]](repeating: [Double](repeating: 0, count: shells), count: opticsGroupCount)
        groupScale = [Double](repeating: 1, count: groupNames.count)
        self.groupNames = groupNames
        self.groupParticleCounts = groupParticleCounts
    }

    package var shellCount: Int { box / 2 + 1 }

    /// Resolution of a shell, 1/Å.
    package func resolution(ofShell shell: Int) -> Double { Double(shell) / (pixelSize * Double(box)) }

    /// Resolution of a shell in Å; 999 at the origin.
    package func resolutionInAngstrom(ofShell shell: Int) -> Double {
        shell <= 0 ? 999 : pixelSize * Double(box) / Double(shell)
    }

    /// Nearest shell of a resolution in 1/Å.
    package func shell(ofResolution resolution: Double) -> Int { Int((resolution * pixelSize * Double(box)).rounded()) }

    /// Gives all classes the signal's variance times T; shells beyond the end of `spectrum` have none. An empty spectrum changes
    /// nothing.
    mutating func fixTau2(_ spectrum: [Double]) {
        guard !spectrum.isEmpty else { return }
        let values = (0..<shellCount).map { spectrum.indices.contains($0) ? tau2Fudge * spectrum[$0] : 0 }
        tau2 = tau2.map { _ in values }
    }

    /// Spreads the directions evenly when their number has changed.
    package mutating func resizeDirectionPriors(to count: Int) {
        for index in directionPriors.indices where directionPriors[index].count != count {
            directionPriors[index] = [Double](repeating: 1 / Double(classCount * count), count: count)
        }
    }
}
