import Arrays
import Fourier
import Foundation
import MotionCorrection
import Parallel
import Reporting

/// Motion correction of a movie in memory: alignment of frames and 5 × 5 patches, weighted sum, power spectrum. The bound is what the
/// transforms of all frames, there and back, would take alone on as many threads.
enum MotionBenchmark {
    static let benchmark = Benchmark(name: "motion", summary: "frames aligned, weighted and added up") { _, pool in
        let size = 3838, count = 12
        let store = try FrameStore(shape: .square(size), count: count, gain: RealArray(shape: .square(size), repeating: 1.02), inOrder: false, pool: pool) { frame, target in
            for i in target.indices { target[i] = Float(((i + 3 * frame) &* 7919) % 997 < 400 ? 1 : 0) }
        }
        var settings = MotionSettings(), outputs = MicrographOutputs()
        settings.patches = (5, 5)
        outputs.exposures = (1...count).map { 2 * Double($0) }
        outputs.spectrumGrouping = 3
        let correction = MotionCorrection(settings: settings, outputs: outputs)
        let bound = transforms(length: 3840, count: 2 * count, pool)
        let seconds = shortestTime { _ = correction.run(store, pool: pool, reporter: Reporter(verbosity: .silent)) }
        let work = Double(size * size * count) * 1e-6
        return [Measurement(name: "\(count) frames of \(size)²", seconds: seconds, work: work, unit: "Mpx", bound: (work / bound, "transforms"))]
    }

    private static func transforms(length: Int, count: Int, _ pool: ThreadPool) -> Double {
        let transform = FourierTransform(shape: .square(length))
        let buffers = (0..<pool.threadCount).map { _ in AlignedBuffer<Float>(count: transform.inPlaceCount) }
        return shortestTime { pool.forEach(count: count) { _, worker in transform.forwardInPlace(buffers[worker].base) } }
    }
}
