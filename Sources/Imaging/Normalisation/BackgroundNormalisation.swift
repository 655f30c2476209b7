import Arrays
import Foundation
import Randomness

/// Normalises a particle by the pixels outside a circle (sphere): mean 0, standard deviation 1, as extraction does.
package struct BackgroundNormalisation: Sendable {
    /// Pixels with distance from the centre n/2 above this are background.
    package var backgroundRadiusInPixels: Int
    /// Pixels this many standard deviations above the background mean are replaced by noise; nil: none.
    package var whiteDustLimit: Double?
    /// The same below the mean.
    package var blackDustLimit: Double?
    /// Subtracts the plane fitted to the background first (images only).
    package var subtractsRamp: Bool

    package init(
        backgroundRadiusInPixels: Int, whiteDustLimit: Double? = nil, blackDustLimit: Double? = nil, subtractsRamp: Bool = true
    ) {
        self.backgroundRadiusInPixels = backgroundRadiusInPixels
        self.whiteDustLimit = whiteDustLimit
        self.blackDustLimit = blackDustLimit
        self.subtractsRamp = subtractsRamp
    }

    package enum Outcome: Sendable, Equatable {
        case normalised
        /// All background pixels have one value; the image is left as it was after dust and ramp.
        case flatBackground
        /// No pixel lies outside the radius.
        case noBackground
    }

    /// - Parameter seed: of the noise that replaces dust; give every particle its own.
    package func apply(to image: inout RealArray, seed: Int = 0) -> Outcome {
        let region = region(image.shape)
        return image.values.withUnsafeMutableBufferPointer { apply(to: $0, region: region, seed: seed) }
    }

    /// The background of images of a shape; make it once for many of them.
    package func region(_ shape: Shape) -> BackgroundRegion {
        BackgroundRegion(shape: shape, radiusInPixels: backgroundRadiusInPixels)
    }

    /// - Parameters:
    ///   - image: of the region's shape.
    ///   - seed: of the noise that replaces dust; give every particle its own.
    package func apply(to image: UnsafeMutableBufferPointer<Float>, region: BackgroundRegion, seed: Int = 0) -> Outcome {
        precondition(image.count == region.shape.count)
        if region.indices.isEmpty { return .noBackground }
        if whiteDustLimit != nil || blackDustLimit != nil {
            // The same statistics serve white and black dust.
            let (mean, deviation) = region.statistics(UnsafeBufferPointer(image))
            replaceDust(image, mean: mean, deviation: deviation, seed: seed)
        }
        if subtractsRamp { region.subtractPlane(image) }
        let (mean, deviation) = region.statistics(UnsafeBufferPointer(image))
        // Rounding noise of a constant background is no contrast.
        guard deviation > 1e-10, deviation > 1e-7 * abs(mean) else { return .flatBackground }
        let (offset, factor) = (Float(mean), Float(1 / deviation))
        for i in 0..<image.count { image[i] = (image[i] - offset) * factor }
        return .normalised
    }

    /// Mean and standard deviation of the background.
    package func backgroundStatistics(_ image: RealArray) -> (mean: Double, standardDeviation: Double) {
        let region = region(image.shape)
        return image.values.withUnsafeBufferPointer { region.statistics($0) }
    }

    private func replaceDust(_ image: UnsafeMutableBufferPointer<Float>, mean: Double, deviation: Double, seed: Int) {
        for i in 0..<image.count {
            let excess = Double(image[i]) - mean
            let isWhite = whiteDustLimit.map { excess > $0 * deviation } ?? false
            let isBlack = blackDustLimit.map { excess < -$0 * deviation } ?? false
            guard isWhite || isBlack else { continue }
            var generator = CounterGenerator(seed: seed, stream: i)
            // Box & Muller (1958); 1 − u is never zero.
            let radius = (-2 * log(1 - generator.uniform())).squareRoot()
            image[i] = Float(mean + deviation * radius * cos(2 * .pi * generator.uniform()))
        }
    }
}
