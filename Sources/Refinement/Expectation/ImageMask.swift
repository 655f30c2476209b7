import Arrays
import Foundation

/// The circular soft mask of particle images: 1 inside the radius, a raised-cosine edge, 0 outside.
///
/// Outside, the image is replaced by the mean of its own solvent (weighted by one minus the mask), or by a given background.
struct ImageMask: Sendable {
    let box: Int
    /// One minus the mask: the weight of the solvent.
    let solvent: [Float]
    private let solventSum: Double

    /// - Parameters: radius and edge in pixels.
    init(box: Int, radius: Double, edge: Double) {
        self.box = box
        let outer = radius + edge, centre = box / 2
        solvent = (0..<box * box).map { index in
            let dx = Double(index % box - centre), dy = Double(index / box - centre)
            let r = (dx * dx + dy * dy).squareRoot()
            if r < radius { return 0 }
            if r > outer { return 1 }
            return Float(0.5 + 0.5 * cos(Double.pi * (outer - r) / edge))
        }
        solventSum = solvent.reduce(0) { $0 + Double($1) }
    }

    /// Blends the solvent of `image` to its mean value, or to `background` where given.
    func apply(to image: UnsafeMutablePointer<Float>, background: UnsafePointer<Float>? = nil) {
        let count = box * box
        solvent.withUnsafeBufferPointer { solvent in
            if let background {
                for i in 0..<count { image[i] += solvent[i] * (background[i] - image[i]) }
                return
            }
            guard solventSum > 0 else { return }
            var sum = 0.0
            for i in 0..<count { sum += Double(solvent[i] * image[i]) }
            let mean = Float(sum / solventSum)
            for i in 0..<count { image[i] += solvent[i] * (mean - image[i]) }
        }
    }
}
