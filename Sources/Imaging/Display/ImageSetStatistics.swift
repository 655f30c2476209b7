import Arrays
import Foundation
import Fourier

/// Average, standard deviation and power spectrum of many images of one shape, each looked at once.
package struct ImageSetStatistics: Sendable {
    package let shape: Shape
    package private(set) var count = 0
    private var sum: [Double]
    private var sumOfSquares: [Double]
    /// Sum of |F|² over the half-plane.
    private var power: [Double]

    package init(shape: Shape) {
        self.shape = shape
        sum = [Double](repeating: 0, count: shape.count)
        sumOfSquares = sum
        power = [Double](repeating: 0, count: shape.halfPlane.count)
    }

    /// Adds an image. Its mean is taken off before the transform, which would otherwise be one bright point.
    /// - Precondition: `image.shape == shape == transform.shape`.
    package mutating func add(_ image: RealArray, _ transform: FourierTransform) {
        precondition(image.shape == shape && transform.shape == shape)
        let mean = Float(PixelStatistics(image).mean)
        var centred = image
        image.values.withUnsafeBufferPointer { values in
            sum.withUnsafeMutableBufferPointer { sum in
                sumOfSquares.withUnsafeMutableBufferPointer { squares in
                    for i in 0..<values.count {
                        let value = Double(values[i])
                        sum[i] += value
                        squares[i] += value * value
                    }
                }
            }
        }
        centred.values.withUnsafeMutableBufferPointer { values in for i in 0..<values.count { values[i] -= mean } }
        let spectrum = transform.forward(centred)
        spectrum.values.withUnsafeBufferPointer { values in
            power.withUnsafeMutableBufferPointer { power in for i in 0..<values.count { power[i] += Double(values[i].power) } }
        }
        count += 1
    }

    /// Adds what others have collected.
    package mutating func merge(_ other: ImageSetStatistics) {
        precondition(other.shape == shape)
        count += other.count
        for i in sum.indices {
            sum[i] += other.sum[i]
            sumOfSquares[i] += other.sumOfSquares[i]
        }
        for i in power.indices { power[i] += other.power[i] }
    }

    package var average: RealArray { RealArray(shape: shape, values: sum.map { Float($0 / Double(max(1, count))) }) }

    /// Of each pixel over the images, divided by their number.
    package var standardDeviation: RealArray {
        let count = Double(max(1, count))
        return RealArray(shape: shape, values: zip(sum, sumOfSquares).map { Float(max(0, $1 / count - ($0 / count) * ($0 / count)).squareRoot()) })
    }

    /// Mean of |F|² with the origin in the middle, as its logarithm to base 10; the origin itself gets its neighbour's value.
    package var logarithmicSpectrum: RealArray {
        var full = RealArray(shape: shape)
        let columns = shape.x / 2 + 1, scale = 1 / Double(max(1, count))
        for y in 0..<shape.y {
            let ky = y - shape.y / 2
            for x in 0..<shape.x {
                let kx = x - shape.x / 2
                // F(−k) is the conjugate of F(k); the origin is zero, since the mean was taken off.
                let isMirrored = kx < 0
                let column = kx == 0 && ky == 0 ? min(1, columns - 1) : abs(kx)
                let row = isMirrored ? (shape.y - ky) % shape.y : (ky + shape.y) % shape.y
                full[x, y] = Float(log10(max(1e-30, power[row * columns + column] * scale)))
            }
        }
        return full
    }

    /// Mean of |F|² in each shell (see `RadialShells`).
    package var radialSpectrum: [Double] {
        let shells = RadialShells(realShape: shape), scale = 1 / Double(max(1, count))
        var totals = [Double](repeating: 0, count: shells.shellCount), counts = totals
        shells.forEach(inSection: 0) { shell, index in
            totals[shell] += power[index] * scale
            counts[shell] += 1
        }
        return zip(totals, counts).map { $1 > 0 ? $0 / $1 : 0 }
    }
}
