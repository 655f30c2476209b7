import Arrays
import Foundation
import Geometry
import Parallel
import Projection
import Randomness
import Reporting

@testable import Refinement

/// Noisy projections of a map in known random orientations.
struct SimulatedViews {
    private(set) var data: RefinementData
    private var images: [[Float]]
    static let pixelSize = 2.0
    static let pool = ThreadPool(threads: 2)

    /// - Parameter noise: standard deviation of the noise; the views have a standard deviation of 1.
    init(of map: RealArray, count: Int, noise: Double, seed: Int = 1) {
        let renderer = ViewRenderer(reference: PaddedReference(map: map, pool: Self.pool))
        var generator = CounterGenerator(seed: seed, stream: 0)
        var particles: [Particle] = [], images: [[Float]] = []
        for index in 0..<count {
            var particle = Particle(index: index, opticsGroup: 0, group: 0)
            particle.rot = 360 * generator.uniform()
            particle.tilt = acos(1 - 2 * generator.uniform()) * 180 / .pi
            particle.psi = 360 * generator.uniform()
            particle.classIndex = 0
            particles.append(particle)
            let orientation = EulerAngles(rot: particle.rot, tilt: particle.tilt, psi: particle.psi).matrix
            images.append(renderer.render(ReferenceView(orientation: orientation)).values)
        }
        let power = images.joined().reduce(0.0) { $0 + Double($1 * $1) } / Double(count * images[0].count)
        for index in images.indices {
            images[index] = images[index].map { Float(Double($0) / power.squareRoot() + noise * generator.standardNormal()) }
        }
        self.images = images
        data = RefinementData(particles: particles, optics: [OpticsGeometry(box: map.shape.x, pixelSize: Self.pixelSize)],
                              images: MemoryImages(images: images))
    }

    /// Makes the pixels of some images no numbers.
    mutating func spoil(_ indices: [Int]) {
        for index in indices { images[index] = images[index].map { _ in .nan } }
        data = RefinementData(particles: data.particles, optics: data.optics, images: MemoryImages(images: images))
    }

    func without(_ indices: [Int]) -> SimulatedViews {
        var result = self
        result.data.particles = data.particles.filter { !indices.contains($0.index) }
        return result
    }

    /// One iteration with the orientations as they are, unless changed.
    func run(reference: RealArray, masks: RefinementMasks = RefinementMasks(),
             _ change: (inout RefinementSettings) -> Void = { _ in }) throws -> [RefinementSnapshot] {
        var settings = RefinementSettings()
        settings.iterationCount = 1
        settings.particleDiameter = 0.9 * Double(reference.shape.x) * Self.pixelSize
        settings.fillsMaskWithZeros = true
        settings.skipsAlignment = true
        settings.checksNormalisation = false
        change(&settings)
        let output = RecordedOutput()
        let engine = try RefinementEngine(
            settings: settings, data: data, references: [reference], groupNames: ["all"], masks: masks, pool: Self.pool,
            reporter: Reporter(verbosity: .silent), output: output, checkForAbort: {})
        try engine.run()
        return output.snapshots
    }

    /// A map of Gaussian blobs (σ in pixels) at points about the centre of the box.
    static func blobs(box: Int, at points: [Vector3], sigma: Double = 1.2) -> RealArray {
        var map = RealArray(shape: .cube(box))
        for z in 0..<box {
            for y in 0..<box {
                for x in 0..<box {
                    let p = Vector3(Double(x - box / 2), Double(y - box / 2), Double(z - box / 2))
                    map[x, y, z] = Float(points.reduce(0) { $0 + exp(-($1 - p).dot($1 - p) / (2 * sigma * sigma)) })
                }
            }
        }
        return map
    }

    /// Correlation coefficient of two maps where `mask` is above one half.
    static func correlation(_ a: RealArray, _ b: RealArray, within mask: RealArray? = nil) -> Double {
        let kept = a.values.indices.filter { (mask?.values[$0] ?? 1) > 0.5 }
        func mean(_ map: RealArray) -> Double { kept.reduce(0) { $0 + Double(map.values[$1]) } / Double(kept.count) }
        let ma = mean(a), mb = mean(b)
        var ab = 0.0, aa = 0.0, bb = 0.0
        for i in kept {
            let x = Double(a.values[i]) - ma, y = Double(b.values[i]) - mb
            ab += x * y
            aa += x * x
            bb += y * y
        }
        return ab / (aa * bb).squareRoot()
    }
}
