import Arrays
import CKernels
import Foundation
import Projection

/// Kernels of projection matching on one core, at the size of a box of 64 pixels (radius 28, 1264 pixels), against the rate of
/// matrix products. Data of the products fit the second-level cache; slices come from a ball of 3.6 MB.
enum MatchingBenchmark {
    private static let stride = 1264
    private static let repeats = 64

    static let benchmark = Benchmark(name: "matching", summary: "slices, inner products and sums of the expectation step, one core") {
        floor, _ in
        let bound = floor.multiplyOne
        return [products(bound), fewProducts(bound), shortProducts(bound), extraction(), insertion(), shiftedSums(bound)]
            .compactMap { $0 }
    }

    private static func filled(_ count: Int) -> AlignedBuffer<Float> {
        let values = AlignedBuffer<Float>(count: count)
        for i in 0..<count { values[i] = Float((i &* 2_654_435_761) & 1023) / 1024 - 0.5 }
        return values
    }

    /// The fine pass: the children of one orientation with a dozen shifts.
    private static func products(_ bound: Double) -> Measurement { block(rows: 8, columns: 12, bound) }

    /// One orientation with a few shifts, as after the first look.
    private static func fewProducts(_ bound: Double) -> Measurement { block(rows: 1, columns: 4, bound) }

    private static func block(rows: Int, columns: Int, _ bound: Double) -> Measurement {
        let length = 2 * stride, a = filled(rows * length), b = filled(columns * length), out = filled(rows * columns)
        let seconds = shortestTime {
            for _ in 0..<repeats {
                dot_block(a.base, length, Int32(rows), b.base, length, Int32(columns), length, out.base, columns)
            }
        }
        return Measurement(name: "inner products \(rows) × \(columns) × \(length)", seconds: seconds,
                           work: 2e-9 * Double(repeats * rows * columns * length), unit: "GFlop", bound: (bound, "SGEMM"))
    }

    /// The first look of a global search: a tile of slices with the shifted images of a batch.
    private static func shortProducts(_ bound: Double) -> Measurement? {
        guard bfloat_products_are_fast() != 0 else { return nil }
        let rows = 256, columns = 464, length = 1408
        let a = AlignedBuffer<UInt16>(count: rows * length), b = AlignedBuffer<UInt16>(count: columns * length)
        bfloat_from_float(filled(rows * length).base, rows * length, a.base)
        bfloat_from_float(filled(columns * length).base, columns * length, b.base)
        let out = filled(rows * columns)
        let seconds = shortestTime {
            bfloat_dot_block(a.base, length, Int32(rows), b.base, length, Int32(columns), length, out.base, columns)
        }
        return Measurement(name: "bfloat16 products \(rows) × \(columns) × \(length)", seconds: seconds,
                           work: 2e-9 * Double(rows * columns * length), unit: "GFlop", bound: (bound, "SGEMM"))
    }

    /// Rows of a disc of radius 28.
    private final class Disc {
        let rows: AlignedBuffer<Int32>, radius: Int, rowCount: Int, pixels: Int

        init(radius: Int) {
            self.radius = radius
            let lines = (-radius...radius).map { y in
                (y: y, first: y < 0 ? 1 : 0, last: Int(Double(radius * radius - y * y).squareRoot()))
            }.filter { $0.last >= $0.first }
            rowCount = lines.count
            rows = AlignedBuffer(count: 4 * rowCount)
            var start = 0
            for (index, line) in lines.enumerated() {
                let count = line.last - line.first + 1
                for (part, value) in [line.y, line.first, count, start].enumerated() { rows[part * rowCount + index] = Int32(value) }
                start += count
            }
            pixels = start
        }

        var list: slice_rows {
            let base = UnsafePointer(rows.base)
            return slice_rows(row_count: Int32(rowCount), y: base, first_x: base + rowCount, count: base + 2 * rowCount,
                              start: base + 3 * rowCount, radius: Float(radius))
        }
    }

    /// Orientations all over the sphere: 3 × 2 matrices of padded central slices.
    private static let matrices: [[Float]] = (0..<repeats).map { index in
        let a = Double(index) * 2.4, t = acos(1 - 2 * (Double(index) + 0.5) / Double(repeats))
        let x = [cos(a) * cos(t), sin(a) * cos(t), -sin(t)], y = [-sin(a), cos(a), 0]
        return (0..<3).flatMap { [Float(2 * x[$0]), Float(2 * y[$0])] }
    }

    /// For the disc with padding 2, and a margin.
    private static let layout = CentredLayout(dimension: .three, box: 64, currentSize: 58)

    private static func ball(_ data: AlignedBuffer<Float>) -> fourier_ball {
        fourier_ball(data: data.base, row_starts: layout.rowStarts, width: Int32(layout.rowLength), side: Int32(layout.rows),
                     origin: Int32(layout.extent), reach: Float(layout.reach), linear_limit: .infinity)
    }

    private static func extraction() -> Measurement {
        let disc = Disc(radius: 28), data = filled(2 * layout.count), out = filled(2 * stride)
        let seconds = shortestTime {
            var source = ball(data), rows = disc.list
            for matrix in matrices { slice_extract_3d(&source, matrix, &rows, out.base, out.base + stride) }
        }
        return Measurement(name: "slices of a volume, \(disc.pixels) pixels", seconds: seconds,
                           work: 52e-9 * Double(repeats * disc.pixels), unit: "GFlop")
    }

    private static func insertion() -> Measurement {
        let disc = Disc(radius: 28), sums = filled(4 * layout.count), slice = filled(3 * stride)
        let seconds = shortestTime {
            var target = ball(sums), rows = disc.list
            for matrix in matrices {
                slice_insert_3d(&target, matrix, &rows, slice.base, slice.base + stride, slice.base + 2 * stride, 1,
                                Int32(-layout.extent), Int32(layout.extent + 1))
            }
        }
        return Measurement(name: "slices into a volume, \(disc.pixels) pixels", seconds: seconds,
                           work: 80e-9 * Double(repeats * disc.pixels), unit: "GFlop")
    }

    /// One orientation of one particle with eight shifts on its way into the reconstruction.
    private static func shiftedSums(_ bound: Double) -> Measurement {
        let count = 8, image = filled(2 * stride), weights = filled(stride), phases = filled(32 * 2 * stride)
        let sum = filled(2 * stride), weightSum = filled(stride)
        let shifts = (0..<count).map { UInt32($0 * 4) }, factors = [Float](repeating: 0.1, count: count)
        let seconds = shortestTime {
            for _ in 0..<repeats {
                add_shifted_sum(image.base, weights.base, 0.8, phases.base, shifts, factors, count, stride, sum.base, weightSum.base)
            }
        }
        return Measurement(name: "weighted sum of \(count) shifts, \(stride) pixels", seconds: seconds,
                           work: 1e-9 * Double(repeats * stride * (4 * count + 10)), unit: "GFlop", bound: (bound, "SGEMM"))
    }
}
