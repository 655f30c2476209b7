import Arrays
import Optics

/// The pixels at which particles are looked for: the micrograph in the middle of a square, at a smaller number of pixels.
///
/// The square has the micrograph's longer side (and room at the edges, where that is asked for), so that one pixel of the
/// working image has the same size along both axes. Working images have their origin in the square's first pixel.
package struct PickingGrid: Sendable, Hashable {
    /// Of the micrographs.
    package let shape: Shape
    package let pixelSizeInAngstrom: Double
    /// Side of the square, in pixels of the micrograph.
    package let size: Int
    /// Side of the working images; even.
    package let workSize: Int

    /// - Precondition: `workSize` is even, 2 ≤ `workSize` ≤ `size`.
    package init(shape: Shape, pixelSizeInAngstrom: Double, workSize: Int, padding: Int = 0) {
        (self.shape, self.pixelSizeInAngstrom, self.workSize) = (shape, pixelSizeInAngstrom, workSize)
        size = Self.size(of: shape, padding: padding)
        precondition(workSize >= 2 && workSize % 2 == 0 && workSize <= size)
    }

    /// Side of the square for micrographs of a shape.
    package static func size(of shape: Shape, padding: Int) -> Int { max(shape.x, shape.y) + 2 * max(0, padding) }

    /// Working pixels in a pixel of the micrograph; at most 1.
    package var scale: Double { Double(workSize) / Double(size) }
    /// Where the micrograph's first pixel stands in the square.
    var offsetX: Int { size / 2 - shape.x / 2 }
    var offsetY: Int { size / 2 - shape.y / 2 }

    /// Working pixels that show the micrograph, less `margin` pixels (of the micrograph) at each side.
    func columns(margin: Int) -> Range<Int> { range(shape.x, margin) }
    func rows(margin: Int) -> Range<Int> { range(shape.y, margin) }

    private func range(_ length: Int, _ margin: Int) -> Range<Int> {
        let inside = Int(Double(length) * scale), skipped = Int(Double(margin) * scale)
        let first = workSize / 2 - inside / 2
        let range = (first + skipped, first + inside - skipped)
        return max(0, range.0)..<max(0, range.0, min(workSize, range.1))
    }

    /// Micrograph coordinates of a working pixel.
    func position(column: Int, row: Int) -> (x: Double, y: Double) {
        let (left, top) = (columns(margin: 0).lowerBound, rows(margin: 0).lowerBound)
        return (Double(column - left) / scale, Double(row - top) / scale)
    }

    /// Frequencies of the working image's coefficients.
    package var frequencies: FrequencyGrid {
        FrequencyGrid(box: size, pixelSizeInAngstrom: pixelSizeInAngstrom, croppedTo: workSize)
    }

    // MARK: Sizes that transform fast

    /// The even size next to `size` whose transforms have small factors only; `size` itself where that is so.
    package static func fastSize(near size: Int, atMost limit: Int) -> Int {
        func isFast(_ n: Int) -> Bool { max(largestPrime(n), largestPrime(n / 2 + 1)) < largestAcceptablePrime }
        let even = max(2, size - size % 2)
        var (up, down) = (even, even)
        while !isFast(up), up <= limit { up += 2 }
        while !isFast(down), down > 2 { down -= 2 }
        return up - even > even - down || up > limit ? down : up
    }

    /// The next even size whose only prime factors are 2, 3, 5 and 7, for many transforms; `size` where the limit forbids it.
    package static func smoothSize(from size: Int, atMost limit: Int) -> Int {
        var smooth = max(2, size + size % 2)
        while largestPrime(smooth) > 7 { smooth += 2 }
        return smooth <= limit ? smooth : size
    }

    /// Lengths with larger prime factors transform slowly.
    private static let largestAcceptablePrime = 43

    static func largestPrime(_ number: Int) -> Int {
        var (factor, rest) = (2, max(1, number))
        while factor * factor <= rest {
            if rest % factor == 0 { rest /= factor } else { factor += 1 }
        }
        return rest
    }
}
