import Arrays
import Foundation

/// The pixels within a circle about the centre n/2.
struct Disc: Sendable {
    let box: Int
    let radius: Double
    /// Distance of every pixel of the image from the centre.
    let distances: [Float]
    /// Indices of the pixels within the circle, in order.
    let pixels: [Int]

    /// - Parameter radius: in pixels; cut to what the box holds.
    init(box: Int, radius: Double) {
        self.box = box
        let radius = min(radius, Double(box / 2 - 1))
        self.radius = radius
        let centre = box / 2
        let distances = (0..<box * box).map { index in
            let (x, y) = (index % box - centre, index / box - centre)
            return Float(Double(x * x + y * y).squareRoot())
        }
        self.distances = distances
        pixels = distances.indices.filter { Double(distances[$0]) <= radius }
    }

    /// Pixels between two fractions of the radius.
    func ring(from inner: Double, to outer: Double = 1) -> [Int] {
        pixels.filter { Double(distances[$0]) >= inner * radius && Double(distances[$0]) <= outer * radius }
    }
}

/// Where the density of a class average is: pixels of the smoothed image above a threshold, and those that hang together.
struct DensityRegion: Sendable {
    /// One flag a pixel: the patches that reach well into the middle.
    private(set) var isDensity: [Bool]
    /// Number of pixels of these patches.
    private(set) var area = 0
    /// Pixels above the threshold that belong to small patches, or to some at the rim.
    private(set) var scatteredCount = 0
    /// Between-class variance over total variance at the threshold: near 1 where density and background are apart.
    let separability: Double

    /// A patch counts when this part of the middle is covered by it.
    private static let smallestCoverage = 0.1
    /// The middle, as a fraction of the radius.
    static let middle = 0.6

    /// - Parameter threshold: in units of the image; nil: by Otsu's method (IEEE Trans. Syst. Man Cybern. 9 (1979) 62).
    init(smoothed: RealArray, disc: Disc, threshold: Double?) {
        let values = disc.pixels.map { smoothed.values[$0] }
        let otsu = Self.otsu(values)
        separability = otsu.separability
        let level = Float(threshold ?? otsu.threshold)
        isDensity = [Bool](repeating: false, count: smoothed.values.count)
        var isOpen = isDensity
        for index in disc.pixels where smoothed.values[index] > level { isOpen[index] = true }
        let middle = Float(Self.middle * disc.radius)
        let needed = Self.smallestCoverage * Double.pi * Double(middle * middle)
        for seed in disc.pixels where isOpen[seed] {
            let patch = Self.patch(from: seed, box: disc.box, isOpen: &isOpen)
            if Double(patch.count { disc.distances[$0] <= middle }) > needed {
                for index in patch { isDensity[index] = true }
                area += patch.count
            } else {
                scatteredCount += patch.count
            }
        }
    }

    /// The four-connected open pixels around a seed, which are closed.
    private static func patch(from seed: Int, box: Int, isOpen: inout [Bool]) -> [Int] {
        var patch = [seed], next = 0
        isOpen[seed] = false
        while next < patch.count {
            let index = patch[next], x = index % box, y = index / box
            next += 1
            for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
                let (nx, ny) = (x + dx, y + dy)
                guard nx >= 0, nx < box, ny >= 0, ny < box, isOpen[ny * box + nx] else { continue }
                isOpen[ny * box + nx] = false
                patch.append(ny * box + nx)
            }
        }
        return patch
    }

    private static func otsu(_ values: [Float]) -> (threshold: Double, separability: Double) {
        let moments = PixelMoments(values)
        guard let low = values.min(), let high = values.max(), moments.deviation > 0 else { return (Double(values.first ?? 0), 0) }
        let binCount = 128, width = Double(high - low) / Double(binCount)
        var histogram = [Int](repeating: 0, count: binCount)
        for value in values { histogram[min(binCount - 1, Int(Double(value - low) / width))] += 1 }
        let total = Double(values.count)
        let mean = histogram.indices.reduce(0.0) { $0 + (Double($1) + 0.5) * Double(histogram[$1]) } / total
        var (weight, sum, best, bestBin) = (0.0, 0.0, 0.0, 0)
        for bin in 0..<binCount - 1 {
            weight += Double(histogram[bin])
            sum += (Double(bin) + 0.5) * Double(histogram[bin])
            guard weight > 0, weight < total else { continue }
            let difference = mean * weight / total - sum / total
            let between = difference * difference / (weight / total * (1 - weight / total))
            if between > best { (best, bestBin) = (between, bin) }
        }
        let variance = moments.deviation * moments.deviation / (width * width)
        return (Double(low) + Double(bestBin + 1) * width, min(1, best / variance))
    }

    /// Number of sides of density pixels that face other pixels, turned into the length of a smooth outline: sides of a
    /// digital disc add up to 8 radii instead of 2π.
    func outlineLength(box: Int) -> Double {
        var sides = 0
        for y in 0..<box {
            for x in 0..<box where isDensity[y * box + x] {
                if x == 0 || !isDensity[y * box + x - 1] { sides += 1 }
                if x == box - 1 || !isDensity[y * box + x + 1] { sides += 1 }
                if y == 0 || !isDensity[(y - 1) * box + x] { sides += 1 }
                if y == box - 1 || !isDensity[(y + 1) * box + x] { sides += 1 }
            }
        }
        return Double(sides) * Double.pi / 4
    }
}
