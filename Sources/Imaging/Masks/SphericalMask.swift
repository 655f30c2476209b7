import Arrays
import Foundation

/// A sphere (circle in an image) about the centre n/2 with a raised-cosine edge outside its radius.
///
/// The weight is 1 below `radius`, 0 beyond `radius + edgeWidth`, ½ + ½cos(π(r − radius)/edgeWidth) between.
package struct SphericalMask: Sendable, Hashable {
    package let radiusInPixels: Double
    package let edgeWidthInPixels: Double

    /// What stands outside after masking.
    package enum Background: Sendable {
        /// Mean of the pixels outside, each with one minus its weight.
        case average
        case zero
        /// Pixel by pixel, for instance noise with the spectrum of the data.
        case image(RealArray)
    }

    package init(radiusInPixels: Double, edgeWidthInPixels: Double) {
        self.radiusInPixels = radiusInPixels
        self.edgeWidthInPixels = max(0, edgeWidthInPixels)
    }

    @inline(__always)
    package func weight(distance: Double) -> Double {
        if distance < radiusInPixels { return 1 }
        let outer = radiusInPixels + edgeWidthInPixels
        if distance > outer || edgeWidthInPixels == 0 { return 0 }
        return 0.5 - 0.5 * cos(.pi * (outer - distance) / edgeWidthInPixels)
    }

    /// The mask as an array.
    package func weights(shape: Shape) -> RealArray {
        var result = RealArray(shape: shape)
        let (cx, cy, cz) = (shape.x / 2, shape.y / 2, shape.z > 1 ? shape.z / 2 : 0)
        result.values.withUnsafeMutableBufferPointer { values in
            var index = 0
            for z in 0..<shape.z {
                for y in 0..<shape.y {
                    let base = (z - cz) * (z - cz) + (y - cy) * (y - cy)
                    for x in 0..<shape.x {
                        values[index] = Float(weight(distance: Double(base + (x - cx) * (x - cx)).squareRoot()))
                        index += 1
                    }
                }
            }
        }
        return result
    }

    /// Replaces what lies outside the sphere.
    package func apply(to image: inout RealArray, background: Background) {
        MaskApplication(mask: weights(shape: image.shape)).apply(to: &image, background: background)
    }
}

/// A mask with values in 0 ... 1, computed once and applied to many images of its shape.
package final class MaskApplication: Sendable {
    package let mask: RealArray
    private let backgroundSum: Double

    package init(mask: RealArray) {
        self.mask = mask
        backgroundSum = mask.values.reduce(0.0) { $0 + Double(1 - $1) }
    }

    /// Mean of the pixels weighted with one minus the mask; 0 where the mask is 1 everywhere.
    package func backgroundMean(_ image: UnsafePointer<Float>) -> Double {
        guard backgroundSum > 0 else { return 0 }
        var sum = 0.0
        mask.values.withUnsafeBufferPointer { weights in
            for i in 0..<weights.count { sum += Double((1 - weights[i]) * image[i]) }
        }
        return sum / backgroundSum
    }

    /// Blends `image` (mask.shape.count values) towards `level` outside.
    package func blend(_ image: UnsafeMutablePointer<Float>, towards level: Float) {
        mask.values.withUnsafeBufferPointer { weights in
            for i in 0..<weights.count { image[i] = level + weights[i] * (image[i] - level) }
        }
    }

    package func apply(to image: inout RealArray, background: SphericalMask.Background) {
        precondition(image.shape == mask.shape)
        image.values.withUnsafeMutableBufferPointer { pixels in
            guard let base = pixels.baseAddress else { return }
            switch background {
            case .average: blend(base, towards: Float(backgroundMean(base)))
            case .zero: blend(base, towards: 0)
            case .image(let other):
                precondition(other.shape == mask.shape)
                for i in 0..<pixels.count { pixels[i] = other.values[i] + mask.values[i] * (pixels[i] - other.values[i]) }
            }
        }
    }
}
