import Arrays

/// A class average of 2D classification with what refinement knows of the class.
package struct ClassAverage: Sendable {
    /// From 1.
    package var number: Int
    /// Square; density is positive.
    package var image: RealArray
    package var pixelSizeInAngstrom: Double
    /// Of the circular mask of the classification.
    package var maskDiameterInAngstrom: Double
    /// Where the signal-to-noise ratio of the average falls below 1; infinite where it does so at once.
    package var resolutionInAngstrom: Double
    /// Fraction of all particles.
    package var distribution: Double
    package var particleCount: Int
    /// Degrees; 999 where not estimated.
    package var rotationAccuracy: Double
    /// Å; 999 where not estimated.
    package var translationAccuracy: Double

    package init(
        number: Int, image: RealArray, pixelSizeInAngstrom: Double, maskDiameterInAngstrom: Double, resolutionInAngstrom: Double,
        distribution: Double, particleCount: Int, rotationAccuracy: Double = 999, translationAccuracy: Double = 999
    ) {
        (self.number, self.image, self.pixelSizeInAngstrom) = (number, image, pixelSizeInAngstrom)
        (self.maskDiameterInAngstrom, self.resolutionInAngstrom) = (maskDiameterInAngstrom, resolutionInAngstrom)
        (self.distribution, self.particleCount) = (distribution, particleCount)
        (self.rotationAccuracy, self.translationAccuracy) = (rotationAccuracy, translationAccuracy)
    }
}

/// What is known of a classification as a whole, against which its classes are judged.
package struct ClassificationFacts: Sendable, Hashable {
    package var classCount: Int
    /// Å; of the best class that is not small.
    package var bestResolutionInAngstrom: Double

    package init(classCount: Int, bestResolutionInAngstrom: Double) {
        (self.classCount, self.bestResolutionInAngstrom) = (classCount, bestResolutionInAngstrom)
    }

    /// The best resolution is that of classes with at least half of an average class's particles, since averages of a few
    /// particles owe theirs to noise.
    /// - Parameter count: number of classes where not all are listed.
    package init(distributions: [Double], resolutionsInAngstrom: [Double], classCount count: Int? = nil) {
        classCount = count ?? distributions.count
        let smallest = 0.5 / Double(max(1, classCount))
        let usable = zip(distributions, resolutionsInAngstrom).filter { $0.1 > 0 && $0.1.isFinite }
        let large = usable.filter { $0.0 >= smallest }
        bestResolutionInAngstrom = (large.isEmpty ? usable : large).map(\.1).min() ?? 999
    }
}
