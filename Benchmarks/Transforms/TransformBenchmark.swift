import Arrays
import Foundation
import Fourier
import Parallel

/// Fourier transforms of the sizes that users have.
///
/// Flops are counted as 2.5 N log₂ N for a real transform. The bound of batches in two dimensions is a quarter of the SGEMM
/// rate (additions and multiplications pair up badly, and data move between registers); that of volumes is memory: each of the two
/// passes reads and writes the volume once.
enum TransformBenchmark {
    static let benchmark = Benchmark(name: "fft", summary: "real Fourier transforms in two and three dimensions") { floor, pool in
        var lines: [Measurement] = []
        for box in [64, 128, 256, 360] { lines.append(images(box: box, floor: floor, pool: pool)) }
        lines.append(micrograph(floor: floor))
        for box in [128, 256] { lines.append(volume(box: box, floor: floor, pool: pool)) }
        return lines
    }

    private static func flops(_ shape: Shape) -> Double { 2.5 * Double(shape.count) * log2(Double(shape.count)) * 1e-9 }

    private static func images(box: Int, floor: MachineFloor, pool: ThreadPool) -> Measurement {
        let shape = Shape.square(box), count = max(8, (4 << 20) / shape.count)
        let transform = FourierTransform(shape: shape)
        let real = AlignedBuffer<Float>(count: count * shape.count)
        let spectra = AlignedBuffer<ComplexFloat>(count: count * shape.halfPlane.count)
        for i in 0..<real.count { real[i] = Float(i % 1013) }
        let seconds = shortestTime { transform.forwardBatch(real.base, into: spectra.base, count: count, pool: pool) }
        return Measurement(
            name: "\(count) images of \(box)²", seconds: seconds, work: flops(shape) * Double(count), unit: "GFlop",
            bound: (floor.multiplyAll / 4, "SGEMM/4"))
    }

    private static func micrograph(floor: MachineFloor) -> Measurement {
        let shape = Shape(x: 4096, y: 4096)
        let transform = FourierTransform(shape: shape)
        let real = AlignedBuffer<Float>(count: shape.count)
        let spectrum = AlignedBuffer<ComplexFloat>(count: shape.halfPlane.count)
        let seconds = shortestTime { transform.forward(real.base, into: spectrum.base) }
        return Measurement(
            name: "micrograph of 4096², 1 thread", seconds: seconds, work: flops(shape), unit: "GFlop",
            bound: (floor.multiplyOne / 4, "SGEMM/4"))
    }

    private static func volume(box: Int, floor: MachineFloor, pool: ThreadPool) -> Measurement {
        let shape = Shape.cube(box)
        let transform = FourierTransform(shape: shape)
        let real = AlignedBuffer<Float>(count: shape.count)
        let spectrum = AlignedBuffer<ComplexFloat>(count: shape.halfPlane.count)
        let seconds = shortestTime { transform.forward(real.base, into: spectrum.base, pool: pool) }
        let bytes = 4.0 * 4 * Double(shape.count) * 1e-9
        return Measurement(
            name: "map of \(box)³", seconds: seconds, work: flops(shape), unit: "GFlop",
            bound: (floor.copyAll / bytes * flops(shape), "memory"))
    }
}
