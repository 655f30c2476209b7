import Arrays
import Foundation

@testable import Projection

/// Repeatable pseudo-random values in −1 ..< 1.
func noise(_ shape: Shape, seed: UInt64 = 1) -> RealArray {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return RealArray(shape: shape, values: (0..<shape.count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
    })
}

/// A few Gaussian blobs off the centre: smooth, without symmetry, negligible at the edge.
func blobs(box: Int) -> RealArray {
    let centres: [(Double, Double, Double, Double)] = [(0.1, 0.02, -0.05, 1), (-0.08, 0.1, 0.03, 0.7), (0, -0.12, 0.09, 0.5)]
    var map = RealArray(shape: .cube(box))
    let width = 0.08 * Double(box)
    for z in 0..<box {
        for y in 0..<box {
            for x in 0..<box {
                var value = 0.0
                for (cx, cy, cz, height) in centres {
                    let dx = Double(x - box / 2) - cx * Double(box), dy = Double(y - box / 2) - cy * Double(box)
                    let dz = Double(z - box / 2) - cz * Double(box)
                    value += height * exp(-(dx * dx + dy * dy + dz * dz) / (2 * width * width))
                }
                map[x, y, z] = Float(value)
            }
        }
    }
    return map
}

func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let n = Double(a.count)
    let ma = a.reduce(0) { $0 + Double($1) } / n, mb = b.reduce(0) { $0 + Double($1) } / n
    var ab = 0.0, aa = 0.0, bb = 0.0
    for (x, y) in zip(a, b) {
        let p = Double(x) - ma, q = Double(y) - mb
        ab += p * q
        aa += p * p
        bb += q * q
    }
    return ab / (aa * bb).squareRoot()
}

func largestDifference(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }
