import Arrays
import Foundation

/// Interpolation in Fourier space multiplies the real-space map by the transform of the interpolation kernel: sinc² of the
/// distance from the centre for (tri)linear, sinc for nearest-neighbour. Dividing by it before a projection, or after a
/// reconstruction, undoes that. The radial form of the kernel is the one RELION uses.
package struct GriddingCorrection: Sendable {
    /// 1 / kernel at integer squared distances from the centre.
    private let factors: [Float]

    /// - Parameter dimension: of the array in real space.
    package init(layout: CentredLayout, interpolation: Interpolation) {
        let half = layout.box / 2
        let farthest = half * half * layout.dimension.rawValue
        let isLinear = interpolation != .nearestNeighbour(minimumRadius: 0)
        factors = (0...farthest).map { squared in
            if squared == 0 { return 1 }
            let argument = Double.pi * Double(squared).squareRoot() / Double(layout.paddedBox)
            let sinc = sin(argument) / argument
            return Float(1 / (isLinear ? sinc * sinc : sinc))
        }
    }

    /// Factor for the value at (dx, dy, dz) pixels from the centre.
    @inline(__always)
    func factor(squaredDistance: Int) -> Float { factors[squaredDistance] }
}
