import Arrays
import Foundation
import Fourier
import Parallel

/// A solvent mask from a map: binarised at a threshold, extended or shrunk, with a soft edge outside.
package struct MapMask: Sendable {
    package var threshold: Double
    /// Voxels nearer than this to the binary mask are added; with a negative value voxels nearer than that to the outside
    /// are taken away.
    package var extensionInPixels: Double
    /// Width of the raised cosine from 1 to 0 outside the extended mask.
    package var edgeWidthInPixels: Double

    package init(threshold: Double, extensionInPixels: Double, edgeWidthInPixels: Double) {
        self.threshold = threshold
        self.extensionInPixels = extensionInPixels
        self.edgeWidthInPixels = edgeWidthInPixels
    }

    /// The mask of `map`, values 0 ... 1.
    package func make(from map: RealArray, pool: ThreadPool) -> RealArray {
        let shape = map.shape
        var mask = RealArray(shape: shape, values: map.values.map { Double($0) >= threshold ? 1 : 0 })
        if extensionInPixels != 0 {
            let grows = extensionInPixels > 0
            let limit = abs(extensionInPixels)
            let source = mask.values
            let distance = DistanceMap(shape: shape, limit: limit, pool: pool) { (source[$0] > 0.5) == grows }.squared.values
            let squaredLimit = Float(limit * limit)
            for i in mask.values.indices where distance[i] < squaredLimit { mask.values[i] = grows ? 1 : 0 }
        }
        if edgeWidthInPixels > 0 {
            let width = edgeWidthInPixels
            let source = mask.values
            let distance = DistanceMap(shape: shape, limit: width, pool: pool) { source[$0] > 0.5 }.squared.values
            let squaredWidth = Float(width * width)
            for i in mask.values.indices where source[i] < 0.5 && distance[i] < squaredWidth {
                mask.values[i] = Float(0.5 + 0.5 * cos(.pi * Double(distance[i]).squareRoot() / width))
            }
        }
        return mask
    }
}
