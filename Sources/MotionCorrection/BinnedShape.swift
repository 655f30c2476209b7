import Arrays
import Foundation

/// Sizes of the transforms that bin a movie by leaving out high frequencies.
///
/// A frame is set into a larger one when that makes for a quicker transform; the larger one is binned by exactly the same factor, so that its
/// part that shows the frame is the micrograph.
package struct BinnedShape: Sendable, Equatable {
    /// Of the transform of a frame, and of what is transformed back.
    package let padded: Shape
    package let paddedBinned: Shape
    /// Of the micrograph.
    package let micrograph: Shape

    /// Micrograph's sides; nil when they are not even, as they must be.
    package static func micrograph(of movie: Shape, binning: Double) -> Shape? {
        let x = Int(Double(movie.x) / binning + 1e-6), y = Int(Double(movie.y) / binning + 1e-6)
        return x > 0 && y > 0 && x % 2 == 0 && y % 2 == 0 ? Shape(x: x, y: y) : nil
    }

    init(movie: Shape, micrograph: Shape, binning: Double) {
        self.micrograph = micrograph
        let x = Self.lengths(movie.x, micrograph.x, binning), y = Self.lengths(movie.y, micrograph.y, binning)
        padded = Shape(x: x.full, y: y.full)
        paddedBinned = Shape(x: x.binned, y: y.binned)
    }

    /// How much longer a padded side may be than the frame's.
    private static let mostPadding = 1.06

    private static func lengths(_ length: Int, _ binned: Int, _ binning: Double) -> (full: Int, binned: Int) {
        var full = FrameImages.quickLength(atLeast: length)
        while Double(full) <= mostPadding * Double(length) {
            let small = Double(full) / binning
            if abs(small - small.rounded()) < 1e-6, Int(small.rounded()) % 2 == 0 { return (full, Int(small.rounded())) }
            full = FrameImages.quickLength(atLeast: full + 2)
        }
        return (length, binned)
    }
}
