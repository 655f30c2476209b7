import Arrays
import Extraction
import Fourier
import Foundation
import ImageFormats
import Imaging
import Optics
import Parallel

/// Extraction of the particles of one micrograph: 220 boxes of 256 pixels, scaled to 64 and normalised. The bounds are what
/// the whole transforms of all boxes (and reading the file) would take alone, on as many threads.
enum ExtractionBenchmark {
    static let benchmark = Benchmark(name: "extract", summary: "particles cut from a micrograph, scaled, normalised") { _, pool in
        let size = 3838, box = 256, count = 220
        var micrograph = RealArray(shape: .square(size))
        for i in micrograph.values.indices { micrograph.values[i] = Float((i &* 7919) % 997) / 997 + 6 }
        let path = NSTemporaryDirectory() + "relion-bench-\(getpid()).mrc"
        defer { unlink(path) }
        try ImageFile.write(micrograph, to: path, pixelSizeInAngstrom: 1)
        let particles = (0..<count).map {
            ParticleExtraction.Particle(x: 60 + ($0 &* 7919) % (size - 120), y: 60 + ($0 &* 104_729) % (size - 120))
        }
        let transforms = transformTime(box: box, newBox: 64, count: count, pool)
        let reader = try StackReader(path: path)
        let reading = try shortestTime { _ = try reader.all() }
        let finish = ParticleFinish(
            rescaledSize: 64, normalisation: BackgroundNormalisation(backgroundRadiusInPixels: 24), invertsContrast: true)
        let plain = ParticleExtraction(ExtractionSettings(boxSize: box, finish: finish))
        let work = Double(count) * 1e-3
        func line(_ name: String, _ seconds: Double, _ bound: Double, _ by: String) -> Measurement {
            Measurement(name: name, seconds: seconds, work: work, unit: "k particles", bound: (work / bound, by))
        }
        let scaled = shortestTime { _ = plain.extract(particles, from: micrograph, pool: pool) }
        let whole = try shortestTime { _ = plain.extract(particles, from: try reader.all(), pool: pool) }
        let corrected = ParticleExtraction(
            ExtractionSettings(boxSize: box, transfer: .init(boxSize: box), finish: finish))
        let function = ContrastTransferFunction(
            defocusUInAngstrom: 14000, defocusVInAngstrom: 13000, defocusAngleInDegrees: 30, voltageInKilovolts: 300,
            sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1)
        let multiplied = shortestTime {
            _ = corrected.extract(particles, from: micrograph, transfers: [.init(function)], pixelSizeInAngstrom: 1, pool: pool)
        }
        return [
            line("\(count) boxes of \(box)² to 64²", scaled, transforms, "transforms"),
            line("the same with reading \(size)²", whole, transforms + reading, "transforms, reading"),
            line("the same, multiplied with the CTF", multiplied, transforms, "transforms"),
        ]
    }

    /// A forward transform of each box, an inverse one of each small box.
    private static func transformTime(box: Int, newBox: Int, count: Int, _ pool: ThreadPool) -> Double {
        let large = FourierTransform(shape: .square(box)), small = FourierTransform(shape: .square(newBox))
        let image = RealArray(shape: .square(box), repeating: 1)
        return shortestTime {
            pool.forEachChunk(count: count, chunk: 16) { range, _ in
                let spectrum = AlignedBuffer<ComplexFloat>(count: large.shape.halfPlane.count)
                let result = AlignedBuffer<Float>(count: small.shape.count)
                image.values.withUnsafeBufferPointer { pixels in
                    guard let base = pixels.baseAddress else { return }
                    for _ in range {
                        large.forward(base, into: spectrum.base)
                        small.inverse(overwriting: spectrum.base, into: result.base)
                    }
                }
            }
        }
    }
}
