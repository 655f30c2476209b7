import Arrays
import Foundation
import Fourier
import Geometry
import Imaging
import Randomness
import Selection

/// What a simulated class was made of.
enum ClassKind: CaseIterable {
    /// Particles in one view, with some error of their angles and centres.
    case view
    /// Particles in views that do not belong together.
    case mixture
    /// Nothing but noise, drawn together by alignment.
    case noise
    /// A clump without structure.
    case blob
    /// Neighbours at the border, and something smeared or nothing in the middle.
    case neighbours
    /// The border of a carbon film, or a crack.
    case edge
    /// A handful of images in which strong contrast was aligned.
    case streaks
    /// Something much darker or brighter than particles.
    case contaminant
}

/// One class average as classification would leave it: signal, noise of so many particles, Wiener filter, mask.
struct SimulatedClass {
    let kind: ClassKind
    var average: ClassAverage
    /// From 0 to 1; see `quality`.
    let target: Double
}

/// The data set that classes of one classification share.
struct SimulatedJob {
    let molecule: Molecules.Molecule
    let classCount: Int
    /// Noise power of one image over the mean power of the molecule's projections, per coefficient at low resolution.
    let noise: Double
    /// Particles in an average class.
    let meanPopulation: Double
    /// Degrees.
    let angularError: Double
    /// Å; a Gaussian envelope exp(−B/4 k²) on the signal.
    let envelope: Double
    /// How much more noise there is at low resolution.
    let ice: Double
    /// Power of aligned noise over that of unaligned noise in averages that are noise only.
    let overfitting: Double
    /// Where refinement ended, Å: its images had no more shells.
    let finestResolution: Double

    init(_ molecule: Molecules.Molecule, random: inout CounterGenerator) {
        self.molecule = molecule
        classCount = [20, 30, 50, 50, 100][Int(5 * random.uniform())]
        noise = exp(log(0.1) + random.uniform() * log(30))
        meanPopulation = exp(log(25) + random.uniform() * log(20))
        angularError = 3 + 9 * random.uniform()
        envelope = 300 + 1700 * random.uniform()
        ice = 10 * random.uniform()
        overfitting = 1 + 3 * random.uniform()
        finestResolution = 2 * Molecules.pixelSize + 12 * random.uniform()
    }
}

struct ClassMaker {
    let job: SimulatedJob
    private let transform = FourierTransform(shape: .square(Molecules.box))
    private let shells = RadialShells(realShape: .square(Molecules.box))
    /// Mean power of projections in coefficients up to 25 Å.
    private let signalPower: Double

    init(job: SimulatedJob) {
        self.job = job
        let spectrum = transform.forward(job.molecule.map.projection(along: .z)).powerSpectrum()
        let last = max(2, Int(Double(Molecules.box) * Molecules.pixelSize / 25))
        signalPower = spectrum[1...last].reduce(0, +) / Double(last)
    }

    private func isGoodKind(_ kind: ClassKind) -> Bool { kind == .view }

    func make(_ kind: ClassKind, number: Int, random: inout CounterGenerator) -> SimulatedClass {
        // Bad classes are smaller on the whole, but not always.
        let relative = exp((isGoodKind(kind) ? 0.3 : -0.7) + (kind == .streaks ? -2 : 0) + 0.9 * random.standardNormal())
        let population = max(1, job.meanPopulation * relative)
        var truth: RealArray?
        var signal = self.signal(kind, truth: &truth, random: &random)
        // What stands beside the particles of good classes, too.
        if kind == .view || kind == .mixture, random.uniform() < 0.4 {
            add(neighbour(strength: 0.1 + 0.3 * random.uniform(), random: &random), to: &signal)
        }
        let noise = self.noise(population: population, isAligned: truth == nil, random: &random)
        var image = signal
        for i in image.values.indices { image.values[i] += noise.values[i] }
        let (filtered, resolution) = wienerFiltered(image, population: population)
        let pixel = Molecules.pixelSize
        var masked = filtered
        SphericalMask(radiusInPixels: job.molecule.maskDiameter / 2 / pixel, edgeWidthInPixels: 5).apply(to: &masked, background: .zero)
        let average = ClassAverage(
            number: number, image: masked, pixelSizeInAngstrom: pixel, maskDiameterInAngstrom: job.molecule.maskDiameter,
            resolutionInAngstrom: resolution, distribution: relative / Double(job.classCount), particleCount: Int(population))
        return SimulatedClass(kind: kind, average: average, target: truth.map { quality(of: masked, against: $0) } ?? 0)
    }

    // MARK: Signal

    private func signal(_ kind: ClassKind, truth: inout RealArray?, random: inout CounterGenerator) -> RealArray {
        let box = Molecules.box, radius = job.molecule.maskDiameter / 2 / Molecules.pixelSize
        switch kind {
        case .view:
            let view = Molecules.randomRotation(&random)
            truth = projection(view, shift: .zero)
            return meanProjection(around: view, error: job.angularError, shiftError: 0.4 + 0.6 * random.uniform(), count: 6, random: &random)
        case .mixture:
            let count = 2 + Int(6 * random.uniform())
            var sum = RealArray(shape: .square(box))
            for _ in 0..<count {
                let shift = 0.12 * radius
                add(projection(Molecules.randomRotation(&random),
                               shift: Vector3(shift * random.standardNormal(), shift * random.standardNormal(), 0)), to: &sum)
            }
            return scaled(sum, by: 1 / Float(count))
        case .noise: return blob(radius: radius * (0.15 + 0.3 * random.uniform()), offset: 0.1 * radius, strength: 0.3 * random.uniform(), random: &random)
        case .blob: return blob(radius: radius * (0.2 + 0.4 * random.uniform()), offset: 0.25 * radius, strength: 0.4 + 0.8 * random.uniform(), random: &random)
        case .neighbours:
            var sum = blob(radius: 0.3 * radius, offset: 0.2 * radius, strength: 0.8 * random.uniform(), random: &random)
            for _ in 0..<1 + Int(3 * random.uniform()) { add(neighbour(strength: 0.4 + 0.6 * random.uniform(), random: &random), to: &sum) }
            return sum
        case .edge: return step(random: &random)
        case .streaks: return streaks(random: &random)
        case .contaminant: return blob(radius: radius * (0.1 + 0.25 * random.uniform()), offset: 0.5 * radius, strength: 3 + 5 * random.uniform(), random: &random)
        }
    }

    private func projection(_ view: RotationMatrix, shift: Vector3) -> RealArray {
        let image = job.molecule.map.resampled(by: view.transpose).projection(along: .z)
        return shift == .zero ? image : image.translated(by: shift)
    }

    private func meanProjection(
        around view: RotationMatrix, error: Double, shiftError: Double, count: Int, random: inout CounterGenerator
    ) -> RealArray {
        var sum = RealArray(shape: .square(Molecules.box))
        for _ in 0..<count {
            let axis = Vector3(random.standardNormal(), random.standardNormal(), random.standardNormal())
            let turn = RotationMatrix(angleInDegrees: error * random.standardNormal(), axis: axis)
            add(projection(turn * view, shift: Vector3(shiftError * random.standardNormal(), shiftError * random.standardNormal(), 0)), to: &sum)
        }
        let envelope = job.envelope
        return scaled(sum, by: 1 / Float(count)).filtered(by: .bFactor(envelope, pixelSizeInAngstrom: Molecules.pixelSize))
    }

    private func neighbour(strength: Double, random: inout CounterGenerator) -> RealArray {
        let angle = 2 * Double.pi * random.uniform(), radius = job.molecule.maskDiameter / 2 / Molecules.pixelSize
        let distance = radius * (0.9 + 0.5 * random.uniform())
        let image = meanProjection(around: Molecules.randomRotation(&random), error: 25, shiftError: 2, count: 3, random: &random)
        return scaled(image.translated(by: Vector3(distance * cos(angle), distance * sin(angle), 0)), by: Float(strength))
    }

    /// The brightest value of a typical projection.
    private var peak: Double { Double(job.molecule.map.projection(along: .z).values.max() ?? 1) }

    private func blob(radius: Double, offset: Double, strength: Double, random: inout CounterGenerator) -> RealArray {
        let box = Molecules.box, elongation = 1 + random.uniform(), angle = 2 * Double.pi * random.uniform()
        let (cx, cy) = (Double(box / 2) + offset * random.standardNormal(), Double(box / 2) + offset * random.standardNormal())
        let (c, s, height) = (cos(angle), sin(angle), peak * strength * (random.uniform() < 0.1 ? -1 : 1))
        return RealArray(shape: .square(box), values: (0..<box * box).map { index in
            let (x, y) = (Double(index % box) - cx, Double(index / box) - cy)
            let (u, v) = ((c * x + s * y) / radius, (c * y - s * x) / radius * elongation)
            return Float(height * exp(-0.5 * (u * u + v * v)))
        })
    }

    private func step(random: inout CounterGenerator) -> RealArray {
        let box = Molecules.box, angle = 2 * Double.pi * random.uniform(), width = 1 + 6 * random.uniform()
        let offset = 0.3 * Double(box / 2) * random.standardNormal(), height = peak * (0.2 + random.uniform())
        return RealArray(shape: .square(box), values: (0..<box * box).map { index in
            let along = Double(index % box - box / 2) * cos(angle) + Double(index / box - box / 2) * sin(angle) - offset
            return Float(height / (1 + exp(-along / width)))
        })
    }

    private func streaks(random: inout CounterGenerator) -> RealArray {
        var sum = RealArray(shape: .square(Molecules.box))
        let radius = job.molecule.maskDiameter / 2 / Molecules.pixelSize
        for _ in 0..<3 + Int(4 * random.uniform()) {
            var spot = blob(radius: radius * (0.12 + 0.15 * random.uniform()), offset: 0.6 * radius, strength: 1, random: &random)
            if random.uniform() < 0.45 { spot = scaled(spot, by: -1) }
            add(spot, to: &sum)
        }
        return sum
    }

    private func add(_ other: RealArray, to image: inout RealArray) {
        for i in image.values.indices { image.values[i] += other.values[i] }
    }

    private func scaled(_ image: RealArray, by factor: Float) -> RealArray {
        RealArray(shape: image.shape, values: image.values.map { $0 * factor })
    }

    // MARK: Noise and filter

    /// Power of the noise of an average of so many particles: white, more of it at low resolution, and less where the mean
    /// square of the transfer function is large.
    private func noisePower(shell: Int, population: Double) -> Double {
        let k = Double(shell) / (Double(Molecules.box) * Molecules.pixelSize)
        let transfer = 0.5 - 0.4 * exp(-pow(k / 0.012, 2))
        return job.noise * signalPower / population * (1 + job.ice / (1 + pow(k / 0.01, 2))) * 0.5 / transfer
    }

    private func noise(population: Double, isAligned: Bool, random: inout CounterGenerator) -> RealArray {
        var image = RealArray(shape: .square(Molecules.box))
        for i in image.values.indices { image.values[i] = Float(random.standardNormal()) }
        var spectrum = transform.forward(image)
        let pixels = Double(image.values.count)
        shells.forEach(inSection: 0) { shell, index in
            let k = Double(shell) / (Double(Molecules.box) * Molecules.pixelSize)
            let gain = isAligned ? 1 + job.overfitting * exp(-pow(k * 28, 2)) : 1
            // White noise of variance 1 has the power 1/N in every coefficient.
            let factor = (noisePower(shell: shell, population: population) * pixels * gain).squareRoot()
            spectrum.values[index] = spectrum.values[index].multiplied(by: Float(factor))
        }
        return transform.inverse(spectrum)
    }

    /// The filter that iterations with τ² from the filtered average of the iteration before (times 2) settle on.
    private func wienerFiltered(_ image: RealArray, population: Double) -> (RealArray, Double) {
        var spectrum = transform.forward(image)
        let power = spectrum.powerSpectrum()
        let width = Double(Molecules.box) * Molecules.pixelSize
        let ratios = power.indices.map { shell -> Double in
            guard shell > 0, width / Double(shell) >= job.finestResolution else { return shell == 0 ? 1e6 : 0 }
            let observed = power[shell] / noisePower(shell: shell, population: population)
            var ratio = 1e3
            for _ in 0..<20 { ratio = 2 * observed * pow(ratio / (1 + ratio), 2) }
            return ratio
        }
        let firstLost = ratios.indices.first { ratios[$0] < 1 } ?? ratios.count
        shells.forEach(inSection: 0) { shell, index in
            let ratio = shell <= firstLost ? ratios[shell] : 0
            spectrum.values[index] = spectrum.values[index].multiplied(by: Float(ratio / (1 + ratio)))
        }
        let resolution = firstLost <= 1 ? Double.infinity : width / Double(firstLost - 1)
        return (transform.inverse(spectrum), resolution)
    }

    // MARK: Truth

    /// From 0 to 1 while the mean correlation of Fourier rings with the true view, from half the diameter to an eighth of it
    /// (but no finer than 20 Å), goes from 0.4 to 0.7.
    private func quality(of image: RealArray, against truth: RealArray) -> Double {
        let width = Double(Molecules.box) * Molecules.pixelSize
        let fine = max(20, job.molecule.maskDiameter / 8)
        let first = max(1, Int((2 * width / job.molecule.maskDiameter).rounded())), last = max(first + 1, Int((width / fine).rounded()))
        let (a, b) = (transform.forward(image), transform.forward(truth))
        let sums = shells.sum(terms: 3) { index, sums in
            let (u, v) = (a.values[index], b.values[index])
            sums[0] += Double(u.real * v.real + u.imaginary * v.imaginary)
            sums[1] += Double(u.power)
            sums[2] += Double(v.power)
        }
        let mean = (first...last).reduce(0.0) { total, shell in
            let norm = (sums[1][shell] * sums[2][shell]).squareRoot()
            return total + (norm > 0 ? sums[0][shell] / norm : 0)
        } / Double(last - first + 1)
        return max(0, min(1, (mean - 0.4) / 0.3))
    }
}
