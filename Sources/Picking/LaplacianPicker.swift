import Arrays
import CKernels
import Fourier
import Foundation

/// Finds particles as blobs: extrema in position and scale of the Laplacian of a Gaussian (Zivanov et al. 2018).
///
/// The filter of diameter d has the transform s exp(−s/2) with s = (2 d k)² at the frequency k: normalised, so that answers at
/// different scales compare. Every pixel keeps its best scale; pixels whose best scale is a diameter that particles may have,
/// and whose answer stands out among those, are candidates, taken from the best down, each with its neighbourhood.
package struct LaplacianPicker: Sendable {
    package struct Settings: Sendable, Hashable {
        /// Diameters of particles, in Å.
        package var minimumDiameter: Double
        package var maximumDiameter: Double
        /// Scales beyond the particles' reach from the minimum divided to the maximum multiplied by this.
        package var searchFactor = 5
        /// Least distance of two picks as a fraction of the mean of the first one's diameter and the minimum.
        package var neighbourFraction = 1.0
        /// Limits in standard deviations above the mean of the answers.
        package var threshold = 0.0
        package var upperThreshold = 99999.0
        /// Pixels of the micrograph at each side in which nothing is picked; at least the smallest particle's radius.
        package var margin = 0

        package init(minimumDiameter: Double, maximumDiameter: Double) {
            (self.minimumDiameter, self.maximumDiameter) = (minimumDiameter, maximumDiameter)
        }

        /// Diameters of the filters, from small to large.
        package var diameters: [Double] {
            let smaller = stride(from: searchFactor, to: 1, by: -1).map { (minimumDiameter / Double($0)).rounded() }
            let larger = stride(from: 2, through: searchFactor, by: 1).map { (maximumDiameter * Double($0)).rounded() }
            return smaller + [minimumDiameter, (minimumDiameter + maximumDiameter) / 2, maximumDiameter] + larger
        }
    }

    package let settings: Settings
    package let grid: PickingGrid
    package let diameters: [Double]
    /// One a diameter: filters end long before the image's highest frequency.
    private let transforms: [BandLimitedInverse]

    package init(_ settings: Settings, _ grid: PickingGrid) {
        (self.settings, self.grid) = (settings, grid)
        diameters = settings.diameters
        let size = grid.workSize
        transforms = diameters.map { diameter in
            BandLimitedInverse(size: size, radius: Int((Self.reach * Self.radius(diameter, grid)).rounded(.up)))
        }
    }

    /// The frequency, in coefficients, at which the Gaussian of a filter has fallen to exp(−1/2).
    private static func radius(_ diameter: Double, _ grid: PickingGrid) -> Double {
        0.5 * Double(grid.size) * grid.pixelSizeInAngstrom / diameter
    }

    /// Filters end at this many such frequencies, where they are 2e-9 of their largest value.
    private static let reach = 7.0

    /// The best answer of each working pixel and the diameter that gives it.
    package struct BestScale: Sendable, Equatable {
        package var answer: RealArray
        package var diameter: RealArray

        package init(size: Int) {
            answer = RealArray(shape: .square(size), repeating: -999)
            diameter = RealArray(shape: .square(size), repeating: -999)
        }

        package mutating func add(_ map: RealArray, diameter value: Double) {
            map.values.withUnsafeBufferPointer { pixels in
                if let first = pixels.baseAddress { add(first, at: 0, count: pixels.count, diameter: value) }
            }
        }

        fileprivate mutating func add(_ pixels: UnsafePointer<Float>, at first: Int, count: Int, diameter value: Double) {
            answer.values.withUnsafeMutableBufferPointer { best in
                diameter.values.withUnsafeMutableBufferPointer { size in
                    guard let best = best.baseAddress, let size = size.baseAddress else { return }
                    keep_larger(pixels, Float(value), best + first, size + first, count)
                }
            }
        }
    }

    /// Answers to all filters.
    ///
    /// - Parameters:
    ///   - spectrum: of a micrograph with bright particles, from `MicrographTransform`.
    ///   - each: is shown the answers to each filter.
    package func bestScale(
        of spectrum: FourierArray, each: ((_ diameter: Double, _ map: RealArray) throws -> Void)? = nil
    ) throws -> BestScale {
        var best = BestScale(size: grid.workSize)
        let size = grid.workSize
        for (diameter, transform) in zip(diameters, transforms) {
            var map = each.map { _ in RealArray(shape: .square(size)) }
            filter(spectrum, diameter, transform) { y, pixels in
                best.add(pixels, at: y * size, count: size, diameter: diameter)
                map?.values.withUnsafeMutableBufferPointer { $0.baseAddress.map { ($0 + y * size).update(from: pixels, count: size) } }
            }
            if let map { try each?(diameter, map) }
        }
        return best
    }

    private func filter(
        _ spectrum: FourierArray, _ diameter: Double, _ transform: BandLimitedInverse,
        take: (_ y: Int, _ pixels: UnsafeMutablePointer<Float>) -> Void
    ) {
        let radius = Self.radius(diameter, grid), (columns, size) = (transform.columns, grid.workSize)
        // The filter is the product of a Gaussian along x and one along y with the squared frequency.
        let gaussian = (0..<columns).map { Float(exp(-0.5 * pow(Double($0) / radius, 2))) }
        let square = (0..<columns).map { Float(pow(Double($0) / radius, 2)) }
        spectrum.values.withUnsafeBufferPointer { values in
            transform.inverse(scratch: transform.makeScratch()) { row, target in
                let line = transform.halfPlaneRow(row), y = abs(signedFrequency(line, length: size))
                let (rowGaussian, rowSquare) = (gaussian[y], square[y])
                for x in 0..<columns {
                    let weight = (square[x] + rowSquare) * gaussian[x] * rowGaussian
                    target[x] = values[line * (size / 2 + 1) + x].multiplied(by: weight)
                }
            } take: { y, pixels in
                take(y, pixels)
            }
        }
    }

    // MARK: Picks

    /// The particles, best first.
    package func picks(from best: BestScale) -> [Pick] {
        var answers = candidates(best)
        let (mean, deviation) = answers.statistics
        let (least, most) = (mean + settings.threshold * deviation, mean + settings.upperThreshold * deviation)
        let size = grid.workSize
        var order: [Int32] = []
        for (index, value) in answers.values.enumerated() where value > 0 && Double(value) >= least {
            order.append(Int32(index))
        }
        let values = answers.values
        order.sort { values[Int($0)] != values[Int($1)] ? values[Int($0)] > values[Int($1)] : $0 < $1 }
        var picks: [Pick] = []
        for pixel in order {
            let index = Int(pixel)
            guard answers.values[index] > 0 else { continue }
            let (row, column) = (index / size, index % size)
            if Double(answers.values[index]) < most {
                let (x, y) = grid.position(column: column, row: row)
                picks.append(Pick(x: x, y: y, figureOfMerit: Double(answers.values[index])))
            }
            answers.clear(column, row, size, radius: exclusionRadius(Double(best.diameter.values[index])))
        }
        return picks
    }

    /// In working pixels.
    private func exclusionRadius(_ diameter: Double) -> Int {
        let distance = (diameter + settings.minimumDiameter) / 2 * settings.neighbourFraction
        return Int((grid.scale * distance / grid.pixelSizeInAngstrom).rounded())
    }

    private struct Candidates {
        /// Answers of pixels that may be particles, else 0.
        var values: [Float]
        var statistics: (mean: Double, deviation: Double)

        mutating func clear(_ column: Int, _ row: Int, _ size: Int, radius: Int) {
            values[row * size + column] = 0
            let rows = max(0, row - radius)...min(size - 1, row + radius)
            let columns = max(0, column - radius)...min(size - 1, column + radius)
            for y in rows {
                let rest = radius * radius - (y - row) * (y - row)
                for x in columns where (x - column) * (x - column) < rest { values[y * size + x] = 0 }
            }
        }
    }

    /// Mean and deviation are over all pixels whose best diameter is one of particles; those in the margin count as 0.
    private func candidates(_ best: BestScale) -> Candidates {
        let margin = max(settings.margin, Int(0.5 * settings.minimumDiameter / grid.pixelSizeInAngstrom))
        let (columns, rows, size) = (grid.columns(margin: margin), grid.rows(margin: margin), grid.workSize)
        let (smallest, largest) = (Float(settings.minimumDiameter), Float(settings.maximumDiameter))
        var values = [Float](repeating: 0, count: size * size)
        var (sum, sumOfSquares, count) = (0.0, 0.0, 0.0)
        for y in 0..<size {
            let isInside = rows.contains(y)
            for x in 0..<size {
                let index = y * size + x, diameter = best.diameter.values[index]
                guard diameter >= smallest, diameter <= largest else { continue }
                count += 1
                guard isInside, columns.contains(x) else { continue }
                values[index] = best.answer.values[index]
                sum += Double(values[index])
                sumOfSquares += Double(values[index]) * Double(values[index])
            }
        }
        guard count > 0 else { return Candidates(values: values, statistics: (0, 0)) }
        let mean = sum / count
        return Candidates(values: values, statistics: (mean, max(0, sumOfSquares / count - mean * mean).squareRoot()))
    }
}
