import Arrays
import Foundation
import Imaging

/// Measures the features of class averages. Any thread may measure any class.
package struct FeatureMeasurement: Sendable {
    package let settings: FeatureSettings
    package let facts: ClassificationFacts

    package init(settings: FeatureSettings = FeatureSettings(), facts: ClassificationFacts) {
        (self.settings, self.facts) = (settings, facts)
    }

    /// The density found in a class average, for pictures of it.
    package struct Regions: Sendable {
        package var image: RealArray
        package var smoothed: RealArray
        package var pixelSizeInAngstrom: Double
        /// 1 where the density (or the rest of the circle) is, else 0; the outline is 1 on density pixels beside others.
        package var density: RealArray
        package var solvent: RealArray
        package var outline: RealArray
    }

    /// An average prepared for measuring: sampled, smoothed, its density found.
    private struct Prepared {
        var image: RealArray
        var smoothed: RealArray
        var pixelSize: Double
        var disc: Disc
        var region: DensityRegion
        /// Pixels of the density, or those of the middle where there is none, and the others of the circle.
        var inside: [Int]
        var outside: [Int]
    }

    private func prepare(_ average: ClassAverage) -> Prepared {
        var (image, pixelSize) = (average.image, average.pixelSizeInAngstrom)
        if pixelSize < FeatureSettings.pixelSize {
            let sampled = image.rescaled(fromPixelSize: pixelSize, to: FeatureSettings.pixelSize)
            if sampled.image.shape.x >= 16 { (image, pixelSize) = (sampled.image, sampled.pixelSizeInAngstrom) }
        }
        let box = image.shape.x
        let smoothed = image.filtered(by: .lowPass(
            resolutionInAngstrom: max(settings.smoothingInAngstrom, 2 * pixelSize), pixelSizeInAngstrom: pixelSize, box: box))
        let disc = Disc(box: box, radius: average.maskDiameterInAngstrom / (2 * pixelSize))
        let region = DensityRegion(smoothed: smoothed, disc: disc, threshold: settings.threshold)
        let middle = Float(DensityRegion.middle * disc.radius)
        let inside = disc.pixels.filter { region.area > 0 ? region.isDensity[$0] : disc.distances[$0] <= middle }
        let outside = disc.pixels.filter { region.area > 0 ? !region.isDensity[$0] : disc.distances[$0] > middle }
        return Prepared(image: image, smoothed: smoothed, pixelSize: pixelSize, disc: disc, region: region, inside: inside, outside: outside)
    }

    package func features(of average: ClassAverage) -> ClassFeatures {
        let prepared = prepare(average)
        let image = prepared.image, disc = prepared.disc, region = prepared.region
        func moments(_ pixels: [Int], of image: RealArray) -> PixelMoments { PixelMoments(pixels.map { image.values[$0] }) }
        var features = ClassFeatures()
        features.resolution = average.resolutionInAngstrom.isFinite && average.resolutionInAngstrom > 0 ? average.resolutionInAngstrom : 999
        features.relativeResolution = features.resolution / (Double(average.image.shape.x) * average.pixelSizeInAngstrom)
        features.weightedResolution =
            1 / (features.resolution * features.resolution) / max(1, log(Double(max(1, average.particleCount))))
        (features.particleCount, features.distribution) = (average.particleCount, average.distribution)
        (features.rotationAccuracy, features.translationAccuracy) = (average.rotationAccuracy, average.translationAccuracy)

        let ringStart = settings.ringStartInPixels.map { $0 * FeatureSettings.pixelSize / prepared.pixelSize / disc.radius }
        features.circle = moments(disc.pixels, of: image)
        features.ring = moments(disc.ring(from: min(ringStart ?? settings.ringStart, 1)), of: image)
        features.density = region.area > 0 ? moments(prepared.inside, of: image) : PixelMoments()
        features.solvent = moments(prepared.outside, of: image)
        features.smoothed = moments(disc.pixels, of: prepared.smoothed)
        features.smoothedMinimum = Double(disc.pixels.map { prepared.smoothed.values[$0] }.min() ?? 0)
        features.smoothedMaximum = Double(disc.pixels.map { prepared.smoothed.values[$0] }.max() ?? 0)
        features.relativeSignal = features.density.sum - features.solvent.mean * Double(region.area)
        features.scatteredSignal = Double(region.scatteredCount) / Double(region.scatteredCount + region.area + 1)
        let border = disc.ring(from: 1 - 1.5 / disc.radius)
        features.edgeSignal = Double(border.count { region.isDensity[$0] }) / Double(max(1, border.count))
        if region.area > 0 {
            features.outlineRatio = region.outlineLength(box: disc.box) / (2 * (Double.pi * Double(region.area)).squareRoot())
        }
        features.terms = terms(average, features, prepared)
        if settings.measuresGranularity {
            features.granularity = Granularity(image, disc: disc, isDensity: region.isDensity)
        }
        return features
    }

    /// Images of the regions that the features were measured in.
    package func regions(of average: ClassAverage) -> Regions {
        let prepared = prepare(average)
        let shape = prepared.image.shape, box = shape.x
        var density = RealArray(shape: shape), solvent = density, outline = density
        for index in prepared.disc.pixels {
            guard prepared.region.isDensity[index] else {
                solvent.values[index] = 1
                continue
            }
            density.values[index] = 1
            let neighbours = [index - 1, index + 1, index - box, index + box]
            if neighbours.contains(where: { !prepared.region.isDensity.indices.contains($0) || !prepared.region.isDensity[$0] }) {
                outline.values[index] = 1
            }
        }
        return Regions(image: prepared.image, smoothed: prepared.smoothed, pixelSizeInAngstrom: prepared.pixelSize,
                       density: density, solvent: solvent, outline: outline)
    }

    // MARK: Terms of the score

    private func terms(_ average: ClassAverage, _ features: ClassFeatures, _ prepared: Prepared) -> [Double] {
        let disc = prepared.disc, region = prepared.region
        let inside = PixelMoments(prepared.inside.map { prepared.image.values[$0] })
        let outside = PixelMoments(prepared.outside.map { prepared.image.values[$0] })
        let ring = PixelMoments(disc.ring(from: 0.85).map { prepared.image.values[$0] })
        let area = Double(region.area) / Double(max(1, disc.pixels.count))
        let centre = Self.centre(of: prepared.inside, box: disc.box)
        let power = finePower(prepared)
        // Levels that logarithms do not go below: a thousandth of the whole.
        let floor = max(features.circle.deviation, 1e-20)
        let share = features.distribution * Double(max(1, facts.classCount))
        let edge = disc.ring(from: 0.9)
        let sorted = disc.pixels.map { prepared.smoothed.values[$0] }.sorted()
        let low = Double(sorted[sorted.count / 50]), high = Double(sorted[sorted.count - 1 - sorted.count / 50])
        let level = PixelMoments(prepared.outside.map { prepared.smoothed.values[$0] }).mean
        let roundness = Self.explainedByRings(prepared.image, disc.pixels, about: centre)
        let values: [ScoreTerm: Double] = [
            .detailPerDiameter: log2(min(64, max(1, average.maskDiameterInAngstrom / features.resolution))),
            .resolutionAgainstBest: max(-1.5, min(0, log(facts.bestResolutionInAngstrom / features.resolution))),
            .population: log10(min(10, max(0.01, share))),
            .area: area,
            .areaSquared: area * area,
            .scattered: features.scatteredSignal,
            .edge: Double(edge.count { region.isDensity[$0] }) / Double(max(1, edge.count)),
            .offset: (centre.x * centre.x + centre.y * centre.y).squareRoot() / disc.radius,
            .separability: region.separability,
            .contrast: log(max(inside.mean - outside.mean, 0.01 * floor) / max(outside.deviation, 0.01 * floor)),
            .ringSignal: log(max(ring.deviation, 0.01 * floor) / max(inside.deviation, 0.01 * floor)),
            .roundness: roundness,
            .detailContrast: 0.5 * log(power.inside / power.outside),
            .granularity: 0.5 * log(power.inside / max(inside.deviation * inside.deviation, 1e-4 * floor * floor)),
            .skewness: max(-3, min(5, features.circle.skewness)),
            .kurtosis: log(max(1, features.circle.kurtosis)),
            .outline: min(4, features.outlineRatio),
            .halfTurn: Self.correlationWithHalfTurn(prepared.image, disc.pixels, about: centre),
            .darkness: max(0, min(2, (level - low) / max(high - level, 0.01 * floor))),
        ]
        return ScoreTerm.allCases.map { values[$0] ?? 0 }
    }

    /// Mean power finer than the smoothing, in the density and around it, each at least 10⁻⁴ of the variance.
    private func finePower(_ prepared: Prepared) -> (inside: Double, outside: Double) {
        let variance = PixelMoments(prepared.disc.pixels.map { prepared.image.values[$0] }).deviation
        let floor = max(1e-4 * variance * variance, 1e-30)
        func power(_ pixels: [Int]) -> Double {
            let sum = pixels.reduce(0.0) { sum, index in
                let fine = Double(prepared.image.values[index] - prepared.smoothed.values[index])
                return sum + fine * fine
            }
            return floor + sum / Double(max(1, pixels.count))
        }
        return (power(prepared.inside), power(prepared.outside))
    }

    /// In pixels from n/2.
    private static func centre(of pixels: [Int], box: Int) -> (x: Double, y: Double) {
        guard !pixels.isEmpty else { return (0, 0) }
        let n = Double(pixels.count)
        return (Double(pixels.reduce(0) { $0 + $1 % box - box / 2 }) / n, Double(pixels.reduce(0) { $0 + $1 / box - box / 2 }) / n)
    }

    private static func explainedByRings(_ image: RealArray, _ pixels: [Int], about centre: (x: Double, y: Double)) -> Double {
        let box = image.shape.x
        var sums = [Double](repeating: 0, count: 2 * box), counts = sums
        func ring(_ index: Int) -> Int {
            let x = Double(index % box - box / 2) - centre.x, y = Double(index / box - box / 2) - centre.y
            return min(2 * box - 1, Int((x * x + y * y).squareRoot() + 0.5))
        }
        for index in pixels {
            sums[ring(index)] += Double(image.values[index])
            counts[ring(index)] += 1
        }
        let moments = PixelMoments(pixels.map { image.values[$0] })
        guard moments.deviation > 0 else { return 1 }
        let explained = pixels.reduce(0.0) { sum, index in
            let mean = sums[ring(index)] / counts[ring(index)] - moments.mean
            return sum + mean * mean
        }
        return explained / Double(pixels.count) / (moments.deviation * moments.deviation)
    }

    private static func correlationWithHalfTurn(_ image: RealArray, _ pixels: [Int], about centre: (x: Double, y: Double)) -> Double {
        let box = image.shape.x
        let (cx, cy) = (Int((2 * centre.x).rounded()) + 2 * (box / 2), Int((2 * centre.y).rounded()) + 2 * (box / 2))
        let mean = PixelMoments(pixels.map { image.values[$0] }).mean
        var (product, own, other) = (0.0, 0.0, 0.0)
        for index in pixels {
            let (x, y) = (cx - index % box, cy - index / box)
            guard x >= 0, x < box, y >= 0, y < box else { continue }
            let (a, b) = (Double(image.values[index]) - mean, Double(image[x, y]) - mean)
            product += a * b
            own += a * a
            other += b * b
        }
        return own > 0 && other > 0 ? product / (own * other).squareRoot() : 0
    }
}
