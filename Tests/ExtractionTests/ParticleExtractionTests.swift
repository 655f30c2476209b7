import Arrays
import Fourier
import Imaging
import Optics
import Parallel
import TestSupport
import Testing

@testable import Extraction

/// A repeatable micrograph: smooth structure and noise.
enum TestMicrograph {
    static func make(_ shape: Shape, seed: UInt64 = 1) -> RealArray {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        return RealArray(
            shape: shape,
            values: (0..<shape.count).map { index in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let noise = Float(state >> 40) / Float(1 << 24) - 0.5
                return 5 + noise + 0.01 * Float(index % shape.x) - 0.02 * Float(index / shape.x)
            })
    }
}

@Suite struct ParticleExtractionTests {
    private typealias Particle = ParticleExtraction.Particle
    private let pool = ThreadPool(threads: 2)
    private let micrograph = TestMicrograph.make(Shape(x: 70, y: 52))
    private let function = ContrastTransferFunction(
        defocusUInAngstrom: 9000, defocusVInAngstrom: 8000, defocusAngleInDegrees: 20, voltageInKilovolts: 200,
        sphericalAberrationInMillimetres: 1.4, amplitudeContrast: 0.1)

    private func cut(_ settings: ExtractionSettings, _ particles: [Particle]) -> RealArray {
        ParticleExtraction(settings).extract(
            particles, from: micrograph, transfers: [.init(function)], pixelSizeInAngstrom: 2, pool: pool
        ).stack
    }

    /// The box of a particle, with repeated edges, by the plainest of loops.
    private func box(_ particle: Particle, _ size: Int) -> RealArray {
        var result = RealArray(shape: .square(size))
        for y in 0..<size {
            for x in 0..<size {
                result[x, y] = micrograph[
                    min(max(particle.x - size / 2 + x, 0), 69), min(max(particle.y - size / 2 + y, 0), 51)]
            }
        }
        return result
    }

    private func largestDifference(_ a: RealArray, _ b: RealArray) -> Float {
        a.shape == b.shape ? zip(a.values, b.values).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }

    @Test(arguments: [(35, 26), (0, 0), (69, 51), (3, 50), (-5, 20), (75, -7), (40, 60)])
    func boxesWithRepeatedEdges(x: Int, y: Int) {
        let particle = Particle(x: x, y: y)
        #expect(cut(ExtractionSettings(boxSize: 24), [particle]).values == box(particle, 24).values)
    }

    @Test func boxLargerThanTheMicrograph() {
        let particle = Particle(x: 20, y: 20)
        #expect(cut(ExtractionSettings(boxSize: 96), [particle]).values == box(particle, 96).values)
    }

    @Test func particlesBesideTheMicrograph() {
        let extraction = ParticleExtraction(ExtractionSettings(boxSize: 24))
        // The box of x ends at x + 11 and begins at x − 12.
        for (x, isOutside) in [(-12, true), (-11, false), (81, false), (82, true)] {
            #expect(extraction.isOutside(Particle(x: x, y: 20), of: micrograph.shape) == isOutside, "\(x)")
        }
        #expect(extraction.isOutside(Particle(x: 20, y: 64), of: micrograph.shape))
    }

    /// The pruned transform against the whole one: both in single precision, whose errors are a few 1e-6 of the values.
    @Test(arguments: [(24, 16), (24, 10), (30, 8), (24, 24), (24, 40)])
    func rescaling(size: Int, newSize: Int) {
        let particle = Particle(x: 33, y: 27)
        let finish = ParticleFinish(rescaledSize: newSize)
        let expected = box(particle, size).rescaled(toBox: newSize)
        let found = cut(ExtractionSettings(boxSize: size, finish: finish), [particle])
        #expect(largestDifference(found, expected) < 2e-5)
    }

    @Test(arguments: [8, 16, 26]) func windowing(size: Int) {
        let particle = Particle(x: 33, y: 27)
        let finish = ParticleFinish(rescaledSize: 16, windowSize: size)
        let expected = box(particle, 24).rescaled(toBox: 16).windowed(to: .square(size))
        #expect(largestDifference(cut(ExtractionSettings(boxSize: 24, finish: finish), [particle]), expected) < 2e-5)
    }

    @Test func normalisationAndInversion() {
        let particle = Particle(x: 33, y: 27)
        for subtractsRamp in [true, false] {
            let normalisation = BackgroundNormalisation(backgroundRadiusInPixels: 9, subtractsRamp: subtractsRamp)
            let finish = ParticleFinish(normalisation: normalisation, invertsContrast: true)
            let found = cut(ExtractionSettings(boxSize: 24, finish: finish), [particle])
            let statistics = normalisation.backgroundStatistics(found)
            #expect(abs(statistics.mean) < 1e-5 && abs(statistics.standardDeviation - 1) < 1e-5)
            var expected = box(particle, 24)
            _ = normalisation.apply(to: &expected)
            #expect(largestDifference(found, RealArray(shape: expected.shape, values: expected.values.map { -$0 })) < 1e-5)
        }
    }

    @Test func flatBackgroundsAreTold() {
        let flat = RealArray(shape: Shape(x: 40, y: 40), repeating: 2)
        let finish = ParticleFinish(normalisation: BackgroundNormalisation(backgroundRadiusInPixels: 5))
        let result = ParticleExtraction(ExtractionSettings(boxSize: 16, finish: finish)).extract(
            [Particle(x: 20, y: 20), Particle(x: 12, y: 12)], from: flat, pool: pool)
        #expect(result.withoutContrast == [0, 1])
    }

    /// Box multiplied in Fourier space, cut, then its edges repeated.
    @Test(arguments: [(33, 27), (5, 27), (66, 49)], [24, 40])
    func transfer(place: (Int, Int), larger: Int) {
        let particle = Particle(x: place.0, y: place.1)
        let correction = ExtractionSettings.TransferCorrection(boxSize: larger)
        let found = cut(ExtractionSettings(boxSize: 24, transfer: correction), [particle])
        let mean = Float(PixelStatistics(micrograph).mean)
        var large = RealArray(shape: .square(larger), repeating: mean)
        for y in 0..<larger {
            for x in 0..<larger {
                let (u, v) = (particle.x - larger / 2 + x, particle.y - larger / 2 + y)
                if (0..<70).contains(u), (0..<52).contains(v) { large[x, y] = micrograph[u, v] }
            }
        }
        let transform = FourierTransform(shape: large.shape)
        var spectrum = transform.forward(large)
        let values = function.values(on: FrequencyGrid(box: larger, pixelSizeInAngstrom: 2))
        for i in values.indices { spectrum.values[i] = spectrum.values[i].multiplied(by: values[i]) }
        let corrected = transform.inverse(spectrum).windowed(to: .square(24))
        var expected = RealArray(shape: .square(24))
        for y in 0..<24 {
            for x in 0..<24 {
                let u = min(max(particle.x - 12 + x, 0), 69) - particle.x + 12
                let v = min(max(particle.y - 12 + y, 0), 51) - particle.y + 12
                expected[x, y] = corrected[u, v]
            }
        }
        #expect(largestDifference(found, expected) < 2e-5)
    }

    /// Correction and resampling in one go in Fourier space give what they give one after the other.
    @Test func transferAndRescaling() {
        let particle = Particle(x: 33, y: 27)
        let correction = ExtractionSettings.TransferCorrection(boxSize: 24)
        let full = cut(ExtractionSettings(boxSize: 24, transfer: correction), [particle]).section(0)
        let settings = ExtractionSettings(boxSize: 24, transfer: correction, finish: ParticleFinish(rescaledSize: 16))
        #expect(largestDifference(cut(settings, [particle]), full.rescaled(toBox: 16)) < 2e-5)
    }

    @Test func formsOfTransferDiffer() {
        let particle = Particle(x: 33, y: 27)
        func cut(_ form: ContrastTransferFunction.Form, _ intact: ContrastTransferFunction.IntactRange) -> RealArray {
            let correction = ExtractionSettings.TransferCorrection(boxSize: 24, form: form, intact: intact)
            return self.cut(ExtractionSettings(boxSize: 24, transfer: correction), [particle])
        }
        let all = [cut(.signed, .none), cut(.signOnly, .none), cut(.signed, .untilFirstPeak)]
        for i in 0..<3 { for j in 0..<i { #expect(largestDifference(all[i], all[j]) > 1e-2) } }
        // Signs keep the power, but for the unpaired Nyquist frequencies: 47 of 576, of noise.
        let power = { (image: RealArray) in image.values.reduce(0) { $0 + Double($1) * Double($1) } }
        #expect(abs(power(all[1]) / power(box(particle, 24)) - 1) < 1e-3)
    }

    @Test func eachParticleHasItsTransfer() {
        var other = function
        other.defocusUInAngstrom = 15000
        let settings = ExtractionSettings(boxSize: 24, transfer: .init(boxSize: 24))
        let particles = [Particle(x: 33, y: 27), Particle(x: 33, y: 27, transfer: 1), Particle(x: 33, y: 27)]
        let stack = ParticleExtraction(settings).extract(
            particles, from: micrograph, transfers: [.init(function), .init(other)], pixelSizeInAngstrom: 2, pool: pool
        ).stack
        #expect(stack.section(0) == stack.section(2) && largestDifference(stack.section(0), stack.section(1)) > 1e-2)
    }

    @Test func evenAberrationsCount() {
        let settings = ExtractionSettings(boxSize: 24, transfer: .init(boxSize: 24))
        let particles = [Particle(x: 33, y: 27), Particle(x: 33, y: 27, transfer: 1)]
        let aberrations = Aberrations(even: [0, 0, 0, 0, 0, 0, 300])
        let stack = ParticleExtraction(settings).extract(
            particles, from: micrograph, transfers: [.init(function), .init(function, aberrations: aberrations)],
            pixelSizeInAngstrom: 2, pool: pool
        ).stack
        #expect(largestDifference(stack.section(0), stack.section(1)) > 1e-3)
    }

    @Test func sameBitsForAnyNumberOfThreads() {
        let normalisation = BackgroundNormalisation(
            backgroundRadiusInPixels: 6, whiteDustLimit: 1.5, blackDustLimit: 1.5)
        let settings = ExtractionSettings(
            boxSize: 24, transfer: .init(boxSize: 32), finish: ParticleFinish(rescaledSize: 16, normalisation: normalisation))
        let particles = (0..<50).map { Particle(x: 5 + $0, y: 45 - $0 / 2) }
        let stacks = [1, 2, 5].map { threads in
            ParticleExtraction(settings).extract(
                particles, from: micrograph, transfers: [.init(function)], pixelSizeInAngstrom: 2,
                pool: ThreadPool(threads: threads)
            ).stack
        }
        #expect(stacks[0] == stacks[1] && stacks[0] == stacks[2])
    }
}
