import Arrays
import Foundation

/// A spherical shell with soft edges on both sides, about any point.
package struct ShellMask: Sendable {
    package var innerRadiusInPixels: Double
    package var outerRadiusInPixels: Double
    /// Width of the raised cosines, inside the inner and outside the outer radius.
    package var edgeWidthInPixels: Double
    /// Relative to the centre n/2, in pixels.
    package var centre: SIMD3<Double>

    package init(innerRadiusInPixels: Double, outerRadiusInPixels: Double, edgeWidthInPixels: Double, centre: SIMD3<Double> = .zero) {
        self.innerRadiusInPixels = innerRadiusInPixels
        self.outerRadiusInPixels = outerRadiusInPixels
        self.edgeWidthInPixels = edgeWidthInPixels
        self.centre = centre
    }

    package func weight(distance: Double) -> Double {
        let width = edgeWidthInPixels
        if distance < innerRadiusInPixels - width || distance >= outerRadiusInPixels + width { return 0 }
        if distance < innerRadiusInPixels { return 0.5 - 0.5 * cos(.pi * (distance - innerRadiusInPixels + width) / width) }
        if distance < outerRadiusInPixels { return 1 }
        return 0.5 - 0.5 * cos(.pi * (outerRadiusInPixels + width - distance) / width)
    }

    package func make(shape: Shape) -> RealArray {
        var mask = RealArray(shape: shape)
        let middle = SIMD3(Double(shape.x / 2), Double(shape.y / 2), shape.z > 1 ? Double(shape.z / 2) : 0) + centre
        var index = 0
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                for x in 0..<shape.x {
                    let d = SIMD3(Double(x), Double(y), Double(z)) - middle
                    mask.values[index] = Float(weight(distance: (d * d).sum().squareRoot()))
                    index += 1
                }
            }
        }
        return mask
    }
}

extension RealArray {
    /// Keeps the central `fraction` of a helical mask along z; beyond it a raised cosine of `edgeWidthInPixels`, then zero.
    package mutating func keepCentralSections(fraction: Double, edgeWidthInPixels width: Double) {
        let half = Double(shape.z) * fraction / 2
        let plane = shape.x * shape.y
        for z in 0..<shape.z {
            let beyond = Double(abs(z - shape.z / 2)) - half
            if beyond < 0 { continue }
            let weight = beyond > width ? 0 : Float(0.5 + 0.5 * cos(.pi * beyond / width))
            for i in z * plane..<(z + 1) * plane { values[i] *= weight }
        }
    }
}
