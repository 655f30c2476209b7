import Arrays
import ComplexModule
import Fourier
import Parallel
import Randomness
import Reporting

/// How local resolution is measured. Lengths in Å unless named otherwise.
package struct LocalResolutionSettings: Sendable {
    /// Distance between sampling points.
    package var sampling = 25.0
    /// Of the spherical mask around each point.
    package var maskRadius = 12.5
    package var maskEdgeWidth = 25.0
    /// Phases are random beyond this resolution in the test of the mask.
    package var randomisedFrom = 25.0
    /// Nothing is reported worse than this.
    package var lowestResolution = 50.0
    /// What is transformed at each point.
    package enum Extent: Sendable {
        /// One and a half times the sphere.
        case compact
        /// All of the map, as RELION does: slow, for comparison.
        case whole
    }

    package var extent = Extent.compact
    /// Memory that sub-volumes waiting to be added up may take.
    package var memoryInBytes = 512 << 20

    package init() {}
}

/// The correlation at one sampling point.
package struct LocalCorrelation: Sendable {
    /// In pixels from the centre of the box.
    package let x, y, z: Int
    /// Per shell of a box of `LocalResolutionResult.box` pixels.
    package let masked, randomised, corrected: [Double]
    package let resolutionInAngstrom: Double
}

package struct LocalResolutionResult: Sendable {
    /// Extent of the sub-volumes in pixels; it spaces the shells.
    package let box: Int
    package let points: [LocalCorrelation]
    /// In Å; 0 where no sampling point reaches.
    package let resolution: RealArray
    /// The average of the half maps, sharpened, filtered to its resolution at each place.
    package let filtered: RealArray
}

/// Resolution within a soft sphere that moves over the map, and a map filtered accordingly.
///
/// The same measure as RELION's: correlation of the half maps under the sphere, corrected with phase-randomised maps under the
/// same sphere. But only a sub-volume around the sphere is transformed, not the whole box with zeros in it: its transform
/// samples the same spectrum more coarsely, as finely as the sphere's size warrants, and the resolution is interpolated between
/// shells. On a box of 256 px with the usual sphere of 75 px that is a tenth of the work.
package struct LocalResolution: Sendable {
    package let settings: LocalResolutionSettings
    /// Transfer function, B-factor, edge of the filter and seed are taken from here.
    package let postprocessing: PostprocessingSettings
    package let pool: ThreadPool
    package let reporter: Reporter

    package init(
        settings: LocalResolutionSettings, postprocessing: PostprocessingSettings, pool: ThreadPool, reporter: Reporter
    ) {
        self.settings = settings
        self.postprocessing = postprocessing
        self.pool = pool
        self.reporter = reporter
    }

    /// - Parameter checkForAbort: called between batches; may throw to stop.
    package func run(_ halves: HalfMaps, checkForAbort: () throws -> Void = {}) throws -> LocalResolutionResult {
        let box = halves.first.shape.x, pixel = postprocessing.pixelSizeInAngstrom
        let sphere = SoftSphere(
            radius: Int((settings.maskRadius / pixel).rounded()), edge: Int((settings.maskEdgeWidth / pixel).rounded()))
        let step = max(1, Int((settings.sampling / pixel).rounded()))
        let centres = Self.samplingPoints(box: box, step: step, limit: box / 2 - sphere.radius)
        guard !centres.isEmpty else {
            throw InputError(
                place: "--locres_maskrad", found: "a sphere of \(settings.maskRadius) Å radius in a box of \(Double(box) * pixel) Å",
                expected: "a sphere that fits")
        }
        let maps = try LocalMaps(halves, job: self)
        let probe = LocalProbe(maps: maps, sphere: sphere, job: self)
        var sums = LocalSums(box: box)
        var points: [LocalCorrelation] = []
        let progress = reporter.progress("Local resolution at \(centres.count) points", total: centres.count)
        // Filtered spheres wait for their turn to be added in order; the batch bounds their memory, not the result.
        let bytes = sphere.side * sphere.side * sphere.side * MemoryLayout<Float>.stride
        let batch = max(1, min(256, settings.memoryInBytes / max(1, bytes)))
        for start in stride(from: 0, to: centres.count, by: batch) {
            try checkForAbort()
            let range = start..<min(centres.count, start + batch)
            let measured = pool.map(count: range.count) { index, worker in
                defer { progress.advance() }
                return probe.measure(centres[range.lowerBound + index])
            }
            sums.add(measured, sphere: sphere, pool: pool)
            points += measured.map(\.correlation)
        }
        progress.finish()
        return LocalResolutionResult(
            box: probe.box, points: points, resolution: sums.resolution(), filtered: sums.filtered())
    }

    /// A cubic grid through the corner of the box, kept within a sphere about the centre.
    static func samplingPoints(box: Int, step: Int, limit: Int) -> [(x: Int, y: Int, z: Int)] {
        let positions = Array(stride(from: -(box / 2), to: box - box / 2, by: step))
        var points: [(x: Int, y: Int, z: Int)] = []
        for z in positions {
            for y in positions {
                for x in positions where limit > 0 && x * x + y * y + z * z < limit * limit { points.append((x, y, z)) }
            }
        }
        return points
    }
}

/// A sphere with a raised-cosine edge, in whole pixels.
struct SoftSphere: Sendable {
    let radius: Int
    let edge: Int
    /// Pixels from the centre to where the mask is zero.
    var reach: Int { radius + edge }
    var side: Int { 2 * reach + 1 }
    /// `side`³ values, x fastest.
    let values: [Float]

    init(radius: Int, edge: Int) {
        self.radius = radius
        self.edge = edge
        let reach = radius + edge, side = 2 * reach + 1
        var values = [Float](repeating: 0, count: side * side * side)
        for z in -reach...reach {
            for y in -reach...reach {
                for x in -reach...reach {
                    let distance = Double(x * x + y * y + z * z).squareRoot()
                    let value: Float =
                        if distance > Double(reach) { 0 } else if distance < Double(radius) || edge == 0 { 1 } else {
                            Float(0.5 - 0.5 * Double.cos(.pi * (Double(reach) - distance) / Double(edge)))
                        }
                    values[((z + reach) * side + y + reach) * side + x + reach] = value
                }
            }
        }
        self.values = values
    }
}

/// The maps that are looked at piece by piece.
struct LocalMaps: Sendable {
    let halves: HalfMaps
    let randomised: HalfMaps
    /// Average of the halves, sharpened.
    let average: RealArray
    /// Above this frequency, in 1/pixel, the corrected curve differs from the masked one.
    let correctedFrom: Double

    init(_ halves: HalfMaps, job: LocalResolution) throws {
        let box = halves.first.shape.x, settings = job.postprocessing
        let shell = Int(settings.pixelSizeInAngstrom * Double(box) / job.settings.randomisedFrom)
        guard shell > 0 else {
            throw InputError(
                place: "--locres_randomize_at", found: "\(job.settings.randomisedFrom) Å is more than the box",
                expected: "a finer resolution")
        }
        let transform = FourierTransform(shape: halves.first.shape)
        var first = transform.forward(halves.first, pool: job.pool)
        var second = transform.forward(halves.second, pool: job.pool)
        var sum = first
        for index in sum.values.indices { sum.values[index] = (sum.values[index] + second.values[index]).multiplied(by: 0.5) }
        let sharpening = MapSharpening(settings: settings, pool: job.pool)
        sharpening.divideByTransfer(&sum)
        if case .bFactor(let value) = settings.sharpening { sharpening.applyBFactor(value, to: &sum) }
        average = transform.inverse(sum, pool: job.pool)
        var generator = AdditiveFeedbackGenerator(seed: settings.seed)
        first.randomisePhases(fromShell: shell, generator: &generator, pool: job.pool)
        second.randomisePhases(fromShell: shell, generator: &generator, pool: job.pool)
        randomised = HalfMaps(
            first: transform.inverse(first, pool: job.pool), second: transform.inverse(second, pool: job.pool))
        self.halves = halves
        correctedFrom = Double(shell + 2) / Double(box)
    }
}
