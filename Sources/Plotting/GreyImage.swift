import Arrays

/// An 8-bit image to be shown; row 0 is at the top, as in RELION's display.
package struct GreyImage: Sendable, Hashable {
    /// How densities become grey: what is black and what is white.
    package enum Contrast: Sendable, Hashable {
        /// The mean is grey; this many standard deviations below are black, above white.
        case sigma(Double)
        /// This fraction of the pixels at either end is saturated.
        case percentile(Double)
        case range(ClosedRange<Float>)
        /// Lowest to highest value.
        case full
    }

    package let width: Int
    package let height: Int
    /// `width * height` grey values, x fastest.
    package let pixels: [UInt8]

    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height)
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Pixels that are not finite become black.
    package init(_ image: RealArray, contrast: Contrast = .sigma(3)) {
        precondition(image.shape.isImage)
        let limits = Self.limits(image.values, contrast: contrast)
        let scale = limits.white > limits.black ? 255 / (limits.white - limits.black) : 0
        let pixels = image.values.map { value -> UInt8 in
            let grey = (value - limits.black) * scale
            return grey.isFinite ? UInt8(min(255, max(0, grey.rounded()))) : 0
        }
        self.init(width: image.shape.x, height: image.shape.y, pixels: pixels)
    }

    private static func limits(_ values: [Float], contrast: Contrast) -> (black: Float, white: Float) {
        let finite = values.filter(\.isFinite)
        guard !finite.isEmpty else { return (0, 1) }
        switch contrast {
        case .range(let range): return (range.lowerBound, range.upperBound)
        case .full: return (finite.min() ?? 0, finite.max() ?? 1)
        case .percentile(let fraction):
            let sorted = finite.sorted()
            let skipped = min((sorted.count - 1) / 2, Int(Double(sorted.count) * fraction))
            return (sorted[skipped], sorted[sorted.count - 1 - skipped])
        case .sigma(let factor):
            let mean = finite.reduce(0.0) { $0 + Double($1) } / Double(finite.count)
            let variance = finite.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(finite.count)
            let deviation = factor * variance.squareRoot()
            return (Float(mean - deviation), Float(mean + deviation))
        }
    }
}
