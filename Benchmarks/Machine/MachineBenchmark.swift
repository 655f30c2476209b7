import Arrays
import COpenBLAS
import Foundation
import Parallel

/// The machine's own rates: matrix products through OpenBLAS and copying of memory.
enum MachineBenchmark {
    static func measure(threads: Int, pool: ThreadPool) -> (MachineFloor, [Measurement]) {
        var floor = MachineFloor(threads: threads)
        var lines: [Measurement] = []
        let counts = threads > 1 ? [1, threads] : [1]
        for count in counts {
            let product = multiply(size: 1024, threads: count)
            lines.append(product)
            if count == 1 { floor.multiplyOne = product.rate }
            floor.multiplyAll = product.rate
        }
        // The shape of the expectation step: few orientations by many particles × shifts, short inner dimension.
        lines.append(multiplyTall(threads: threads, bound: floor.multiplyAll))
        for count in counts {
            let copy = copyMemory(pool: ThreadPool(threads: count))
            lines.append(copy)
            if count == 1 { floor.copyOne = copy.rate }
            floor.copyAll = copy.rate
        }
        return (floor, lines)
    }

    private static func multiply(size: Int, threads: Int) -> Measurement {
        openblas_set_num_threads(Int32(threads))
        let a = AlignedBuffer<Float>(count: size * size), b = AlignedBuffer<Float>(count: size * size)
        let c = AlignedBuffer<Float>(count: size * size)
        for i in 0..<size * size { (a[i], b[i]) = (Float(i % 7), Float(i % 5)) }
        let n = Int32(size)
        let seconds = shortestTime {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, a.base, n, b.base, n, 0, c.base, n)
        }
        let work = 2 * pow(Double(size), 3) * 1e-9
        return Measurement(name: "SGEMM \(size)³, \(threads) threads", seconds: seconds, work: work, unit: "GFlop")
    }

    private static func multiplyTall(threads: Int, bound: Double) -> Measurement {
        openblas_set_num_threads(Int32(threads))
        let rows = 192, columns = 2048, inner = 2 * 1024
        let a = AlignedBuffer<Float>(count: rows * inner), b = AlignedBuffer<Float>(count: columns * inner)
        let c = AlignedBuffer<Float>(count: rows * columns)
        for i in 0..<rows * inner { a[i] = Float(i % 7) }
        for i in 0..<columns * inner { b[i] = Float(i % 5) }
        let seconds = shortestTime {
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1, a.base, Int32(inner),
                b.base, Int32(inner), 0, c.base, Int32(columns))
        }
        return Measurement(
            name: "SGEMM \(rows) × \(columns) × \(inner), \(threads) threads", seconds: seconds,
            work: 2 * Double(rows * columns * inner) * 1e-9, unit: "GFlop", bound: (bound, "SGEMM"))
    }

    private static func copyMemory(pool: ThreadPool) -> Measurement {
        let count = 64 << 20
        let from = AlignedBuffer<UInt8>(count: count), to = AlignedBuffer<UInt8>(count: count)
        let seconds = shortestTime {
            pool.forEachChunk(count: count, chunk: 1 << 20) { range, _ in
                memcpy(to.base + range.lowerBound, from.base + range.lowerBound, range.count)
            }
        }
        return Measurement(
            name: "copy of \(count >> 20) MB, \(pool.threadCount) threads", seconds: seconds, work: 2 * Double(count) * 1e-9,
            unit: "GB")
    }
}
