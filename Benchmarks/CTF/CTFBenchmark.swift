import Arrays
import CTFEstimation
import Foundation
import Fourier
import Parallel

/// CTF estimation: the spectrum of a micrograph, and the fit to a spectrum.
enum CTFBenchmark {
    static let benchmark = Benchmark(
        name: "ctf", summary: "spectrum of a 4096 × 4096 micrograph, fits to spectra of 512 × 512"
    ) {
        _, pool in
        spectra() + fits(pool)
    }

    private static let microscope = Microscope(
        voltageInKilovolts: 300, sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1)

    private static func noise(_ shape: Shape) -> RealArray {
        var image = RealArray(shape: shape), state: UInt64 = 1
        for i in image.values.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            image.values[i] = Float(state >> 40) * 0x1p-24 + 1
        }
        return image
    }

    private static func spectra() -> [Measurement] {
        let shape = Shape.square(4096), image = noise(shape), millions = Double(shape.count) * 1e-6
        let average = SpectrumAverage(shape: shape, box: 512, micrographPixelSizeInAngstrom: 0.885, finestInAngstrom: 5)
        let seconds = shortestTime { _ = average.spectrum(of: CollectionOfOne(image)) }
        let transform = FourierTransform(shape: shape)
        let buffer = AlignedBuffer<Float>(count: transform.inPlaceCount)
        let floor = shortestTime { transform.forwardInPlace(buffer.base) }
        return [
            Measurement(
                name: "spectrum of a micrograph, one thread", seconds: seconds, work: millions, unit: "M pixels",
                bound: (millions / floor, "its transform"))
        ]
    }

    /// Rings of 15000 Å in noise.
    private static func ringSpectrum() -> AmplitudeSpectrum {
        var image = noise(.square(512))
        let extent = 512 * 1.4, wavelength = microscope.wavelengthInAngstrom
        for y in 0..<512 {
            for x in 0..<512 {
                let square = Double((x - 256) * (x - 256) + (y - 256) * (y - 256)) / (extent * extent)
                let phase = Double.pi * wavelength * 15000 * square
                image[x, y] += Float(0.3 * sin(phase) * sin(phase) * exp(-20 * square))
            }
        }
        return AmplitudeSpectrum(image: image, pixelSizeInAngstrom: 1.4)
    }

    private static func fits(_ pool: ThreadPool) -> [Measurement] {
        let spectrum = ringSpectrum()
        func estimator(_ change: (inout CTFSearchSettings) -> Void) -> CTFEstimator {
            var settings = CTFSearchSettings(microscope: microscope)
            change(&settings)
            return CTFEstimator(settings, box: 512, pixelSizeInAngstrom: 1.4)
        }
        let full = estimator { _ in }
        let kinds: [(name: String, estimator: CTFEstimator)] = [
            ("fit 30–5 Å, 5000–50000 Å, one thread", full),
            ("fit, fast search, one thread", estimator { $0.thoroughness = .fast }),
            (
                "fit with phase shift, one thread",
                estimator { $0.phaseShift = .init(rangeInDegrees: 0...180, stepInDegrees: 10) }
            ),
        ]
        var lines = kinds.map { kind in
            Measurement(
                name: kind.name, seconds: shortestTime { _ = kind.estimator.fit(spectrum) }, work: 1, unit: "fits")
        }
        let count = 4 * pool.threadCount
        let together = shortestTime { pool.forEach(count: count) { _, _ in _ = full.fit(spectrum) } }
        lines.append(
            Measurement(
                name: "\(count) fits, \(pool.threadCount) threads", seconds: together, work: Double(count),
                unit: "fits",
                bound: (Double(pool.threadCount) * lines[0].rate, "one thread each")))
        return lines
    }
}
