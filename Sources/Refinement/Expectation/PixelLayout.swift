import Arrays
import CKernels

/// The pixels of an image's half-plane transform inside a radius, as a list: the form in which the engine keeps spectra.
///
/// Every Friedel pair occurs once: of the line x = 0 only y >= 0 is listed. Pixels are ordered by rows (y rising, then x).
/// A spectrum on a layout is planar: `stride` real parts, then `stride` imaginary parts, zero beyond `count`.
final class PixelLayout: @unchecked Sendable {  // The rows are written once, in init.
    /// Largest frequency, in pixels of the image's transform.
    let radius: Int
    let count: Int
    /// `count` rounded up to a multiple of 16.
    let stride: Int
    let x: [Int32]
    let y: [Int32]
    /// round(√(x² + y²)) of each pixel.
    let shell: [Int32]
    /// 1 where x + y is even, −1 where it is odd: moves the phase origin from the corner to the centre of the image.
    let centringSign: [Float]
    private let rowMemory: AlignedBuffer<Int32>
    private let rowCount: Int

    init(radius: Int) {
        self.radius = radius
        var x: [Int32] = [], y: [Int32] = [], shell: [Int32] = []
        var rows: [(y: Int, first: Int, count: Int, start: Int)] = []
        for row in -radius...radius {
            let first = row < 0 ? 1 : 0
            let last = Int(Double(radius * radius - row * row).squareRoot())
            if last < first { continue }
            rows.append((row, first, last - first + 1, x.count))
            for column in first...last {
                x.append(Int32(column))
                y.append(Int32(row))
                shell.append(Int32(Double(column * column + row * row).squareRoot().rounded()))
            }
        }
        count = x.count
        stride = (x.count + 15) & ~15
        centringSign = zip(x, y).map { ($0 + $1) & 1 == 0 ? 1 : -1 }
        self.x = x
        self.y = y
        self.shell = shell
        rowCount = rows.count
        rowMemory = AlignedBuffer(count: 4 * rows.count)
        for (index, row) in rows.enumerated() {
            rowMemory[index] = Int32(row.y)
            rowMemory[rowCount + index] = Int32(row.first)
            rowMemory[2 * rowCount + index] = Int32(row.count)
            rowMemory[3 * rowCount + index] = Int32(row.start)
        }
    }

    /// Floats of one planar spectrum.
    var planarCount: Int { 2 * stride }

    /// The rows for the kernels; valid as long as the layout lives.
    var rows: slice_rows {
        let base = UnsafePointer(rowMemory.base)
        return slice_rows(row_count: Int32(rowCount), y: base, first_x: base + rowCount, count: base + 2 * rowCount,
                          start: base + 3 * rowCount, radius: Float(radius))
    }

    /// Position of each pixel in a half-plane transform (FFTW order) of a square image of `box` pixels.
    /// - Precondition: radius <= box / 2.
    func positions(inBox box: Int) -> [Int32] {
        let width = Int32(box / 2 + 1)
        return zip(x, y).map { ($1 >= 0 ? $1 : $1 + Int32(box)) * width + $0 }
    }

    /// Position in this layout of each pixel of a smaller one.
    func positions(of smaller: PixelLayout) -> [Int32] {
        let mine = rows
        return (0..<smaller.count).map { pixel in
            let row = Int(smaller.y[pixel] - mine.y[0])
            return mine.start[row] + smaller.x[pixel] - mine.first_x[row]
        }
    }
}
