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
        let background = backgroundIndices(image.shape)
        if background.isEmpty { return .noBackground }
        if whiteDustLimit != nil || blackDustLimit != nil {
            // The same statistics serve white and black dust.
            let (mean, deviation) = Self.statistics(image, background)
            replaceDust(&image, mean: mean, deviation: deviation, seed: seed)
        }
        if subtractsRamp && image.shape.z == 1 { Self.subtractPlane(&image, background) }
        let (mean, deviation) = Self.statistics(image, background)
        // Rounding noise of a constant background is no contrast.
        guard deviation > 1e-10, deviation > 1e-7 * abs(mean) else { return .flatBackground }
        let (offset, factor) = (Float(mean), Float(1 / deviation))
        for i in image.values.indices { image.values[i] = (image.values[i] - offset) * factor }
        return .normalised
    }

    /// Mean and standard deviation of the background.
    package func backgroundStatistics(_ image: RealArray) -> (mean: Double, standardDeviation: Double) {
        Self.statistics(image, backgroundIndices(image.shape))
    }

    private func backgroundIndices(_ shape: Shape) -> [Int] {
        let limit = backgroundRadiusInPixels * backgroundRadiusInPixels
        var indices: [Int] = []
        for z in 0..<shape.z {
            let dz = shape.z > 1 ? z - shape.z / 2 : 0
            for y in 0..<shape.y {
                let base = dz * dz + (y - shape.y / 2) * (y - shape.y / 2)
                for x in 0..<shape.x where base + (x - shape.x / 2) * (x - shape.x / 2) > limit {
                    indices.append((z * shape.y + y) * shape.x + x)
                }
            }
        }
        return indices
    }

    private static func statistics(_ image: RealArray, _ background: [Int]) -> (mean: Double, standardDeviation: Double) {
        guard !background.isEmpty else { return (0, 0) }
        let count = Double(background.count)
        let mean = background.reduce(0.0) { $0 + Double(image.values[$1]) } / count
        let squares = background.reduce(0.0) { sum, i in
            let d = Double(image.values[i]) - mean
            return sum + d * d
        }
        return (mean, (squares / count).squareRoot())
    }

    private func replaceDust(_ image: inout RealArray, mean: Double, deviation: Double, seed: Int) {
        for i in image.values.indices {
            let excess = Double(image.values[i]) - mean
            let isWhite = whiteDustLimit.map { excess > $0 * deviation } ?? false
            let isBlack = blackDustLimit.map { excess < -$0 * deviation } ?? false
            guard isWhite || isBlack else { continue }
            var generator = CounterGenerator(seed: seed, stream: i)
            // Box & Muller (1958); 1 − u is never zero.
            let radius = (-2 * log(1 - generator.uniform())).squareRoot()
            image.values[i] = Float(mean + deviation * radius * cos(2 * .pi * generator.uniform()))
        }
    }

    /// Least-squares plane through the background, subtracted everywhere.
    private static func subtractPlane(_ image: inout RealArray, _ background: [Int]) {
        let (width, cx, cy) = (image.shape.x, Double(image.shape.x / 2), Double(image.shape.y / 2))
        var n = 0.0, sx = 0.0, sy = 0.0, sv = 0.0, sxx = 0.0, sxy = 0.0, syy = 0.0, sxv = 0.0, syv = 0.0
        for i in background {
            let (x, y, v) = (Double(i % width) - cx, Double(i / width) - cy, Double(image.values[i]))
            (n, sx, sy, sv) = (n + 1, sx + x, sy + y, sv + v)
            (sxx, sxy, syy, sxv, syv) = (sxx + x * x, sxy + x * y, syy + y * y, sxv + x * v, syv + y * v)
        }
        // Centred moments leave a 2 × 2 system.
        let (mx, my, mv) = (sx / n, sy / n, sv / n)
        let (cxx, cxy, cyy) = (sxx - n * mx * mx, sxy - n * mx * my, syy - n * my * my)
        let (cxv, cyv) = (sxv - n * mx * mv, syv - n * my * mv)
        let determinant = cxx * cyy - cxy * cxy
        guard determinant > 1e-9 * cxx * cyy else { return }
        let a = (cxv * cyy - cyv * cxy) / determinant, b = (cyv * cxx - cxv * cxy) / determinant
        let c = mv - a * mx - b * my
        for y in 0..<image.shape.y {
            for x in 0..<width { image[x, y] -= Float(a * (Double(x) - cx) + b * (Double(y) - cy) + c) }
        }
    }
}
