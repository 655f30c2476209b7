import Arrays
import Foundation
import Fourier
import Geometry
import Parallel
import Randomness
import Testing
import TextFormats
@testable import Simulation

@Suite struct ParticleImagerTests {
    static func settings() -> SimulationSettings {
        var s = SimulationSettings()
        s.particleCount = 12
        s.box = 48
        s.pixelSizeInAngstrom = 5
        s.micrographCount = 3
        s.backgroundRadius = 20
        return s
    }

    static func imager(_ settings: SimulationSettings) throws -> ParticleImager {
        let model = try AtomicModel(atoms: BuiltInMolecule.atoms(), blur: .uniform(100), origin: .kept, source: "built-in")
        return ParticleImager(settings: settings, models: [model])
    }

    static func images(_ settings: SimulationSettings, threads: Int = 1) throws -> [[Float]] {
        let imager = try imager(settings)
        let truth = settings.drawTruth(speciesCount: 1)
        return ThreadPool(threads: threads).map(count: truth.count) { i, _ in
            imager.image(of: truth[i], index: i, scratch: imager.makeScratch())
        }
    }

    @Test func sameBitsForAnyNumberOfThreads() throws {
        #expect(try Self.images(Self.settings(), threads: 1) == Self.images(Self.settings(), threads: 4))
    }

    @Test func everySettingChangesTheImages() throws {
        let reference = try Self.images(Self.settings())
        func differs(_ change: (inout SimulationSettings) -> Void) throws -> Bool {
            var s = Self.settings()
            change(&s)
            return try Self.images(s) != reference
        }
        #expect(try differs { $0.seed = 2 })
        #expect(try differs { $0.noise = .none })
        #expect(try differs { $0.noise = .counting(dose: 20) })
        #expect(try differs { $0.hasRadiationDamage = true })
        #expect(try differs { $0.iceThickness = 300 })
        #expect(try differs { $0.defocusRange = 10000...11000 })
        #expect(try differs { $0.defocusSpread = 0 })
        #expect(try differs { $0.astigmatism = 0 })
        #expect(try differs { $0.scaleSpread = 0 })
        #expect(try differs { $0.offset = 0 })
        #expect(try differs { $0.junkFraction = 0.5 })
        #expect(try differs { $0.backgroundRadius = 15 })
        #expect(try differs { $0.micrographCount = 2 })
        #expect(try differs { $0.microscope.voltageInKilovolts = 200 })
        #expect(try differs { $0.microscope.sphericalAberrationInMillimetres = 0.01 })
        #expect(try differs { $0.microscope.amplitudeContrast = 0.07 })
        #expect(try differs { $0.microscope.envelopeBFactor = 100 })
        #expect(try differs { $0.microscope.beamTilt = SIMD2(1, 0) })
        #expect(try differs { $0.microscope.phaseShiftInDegrees = 90 })
    }

    @Test func emptyImagesAreWhiteNoiseOfUnitVariance() throws {
        var s = Self.settings()
        s.junkFraction = 1
        s.particleCount = 40
        let imager = try Self.imager(s)
        let empty = s.drawTruth(speciesCount: 1).enumerated().filter { $0.element.content == .empty }
        #expect(empty.count > 8)
        let transform = FourierTransform(shape: .square(s.box))
        var inner = 0.0, outer = 0.0, innerCount = 0.0, outerCount = 0.0
        for (i, truth) in empty {
            let image = imager.image(of: truth, index: i, scratch: imager.makeScratch())
            let spectrum = transform.forward(RealArray(shape: .square(s.box), values: image))
            for y in 0..<s.box {
                for x in 1..<s.box / 2 {
                    let r = hypot(Double(x), Double(signedFrequency(y, length: s.box)))
                    let power = Double(spectrum[x, y].power) * Double(s.box * s.box)
                    if r < 10 { inner += power; innerCount += 1 } else if r < 23 { outer += power; outerCount += 1 }
                }
            }
        }
        // Relative error of a mean of n exponentially distributed powers: 1/√n; five of those are allowed.
        #expect(abs(inner / innerCount - 1) < 5 / innerCount.squareRoot())
        #expect(abs(outer / outerCount - 1) < 5 / outerCount.squareRoot())
    }

    @Test func originsBringTheParticleBack() throws {
        // Without noise or defocus variation, shifting by an integral number of pixels moves the image.
        var s = Self.settings()
        s.noise = .none
        s.scaleSpread = 0
        let imager = try Self.imager(s)
        var truth = s.drawTruth(speciesCount: 1)[0]
        truth.shift = .zero
        let centred = imager.image(of: truth, index: 0, scratch: imager.makeScratch())
        truth.shift = SIMD2(3 * s.pixelSizeInAngstrom, -2 * s.pixelSizeInAngstrom)
        let moved = imager.image(of: truth, index: 0, scratch: imager.makeScratch())
        var worst: Float = 0
        for y in 8..<s.box - 8 {
            for x in 8..<s.box - 8 { worst = max(worst, abs(centred[y * s.box + x] - moved[(y - 2) * s.box + x + 3])) }
        }
        #expect(worst < 2e-3 * (centred.max() ?? 0))
    }

    @Test func truthIsDistributedAsAsked() {
        var s = Self.settings()
        s.particleCount = 20_000
        s.micrographCount = 100
        s.junkFraction = 0.2
        s.secondFraction = 0.3
        let truth = s.drawTruth(speciesCount: 2)
        let n = Double(truth.count)
        // Binomial errors are below 0.4 % here.
        #expect(abs(Double(truth.filter { $0.classNumber == 0 }.count) / n - 0.2) < 0.015)
        #expect(abs(Double(truth.filter { $0.classNumber == 2 }.count) / n - 0.8 * 0.3) < 0.015)
        let meanCosine = truth.map { cos($0.tilt * .pi / 180) }.reduce(0, +) / n
        #expect(abs(meanCosine) < 0.02)
        let spread = (truth.map { $0.shift.x * $0.shift.x }.reduce(0, +) / n).squareRoot()
        #expect(abs(spread - s.offset) < 0.1)
        #expect(Set(truth.map(\.micrograph)).count == 100)
    }

    @Test(arguments: [0.5, 3, 9.9, 10, 40, 1000.0]) func poissonCountsHaveTheirMoments(mean: Double) {
        var generator = CounterGenerator(seed: 5, stream: 1)
        let n = 40_000
        let counts = (0..<n).map { _ in Double(generator.poisson(mean)) }
        let average = counts.reduce(0, +) / Double(n)
        let variance = counts.map { ($0 - average) * ($0 - average) }.reduce(0, +) / Double(n)
        // Standard errors: √(mean/n) and about mean·√(2/n).
        #expect(abs(average - mean) < 5 * (mean / Double(n)).squareRoot())
        #expect(abs(variance / mean - 1) < 5 * ((2 + 1 / mean) / Double(n)).squareRoot())
    }
}
