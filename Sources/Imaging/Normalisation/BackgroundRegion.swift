import Arrays

/// The pixels of an image (or map) outside a circle (sphere), found once for many images of one shape.
package struct BackgroundRegion: Sendable {
    package let shape: Shape
    /// Positions of the pixels, ascending.
    package let indices: [Int32]
    /// Sums over the pixels that a plane is fitted with, positions from the centre n/2; zeros for maps.
    let moments: Moments

    struct Moments: Sendable {
        var meanX = 0.0, meanY = 0.0
        /// Sums of products of the deviations from the means.
        var xx = 0.0, xy = 0.0, yy = 0.0
        var determinant: Double { xx * yy - xy * xy }
        /// The pixels lie not all on one line.
        var spanPlane: Bool { determinant > 1e-9 * xx * yy }
    }

    /// - Parameter radius: pixels at a greater distance from the centre n/2 are in the region.
    package init(shape: Shape, radiusInPixels radius: Int) {
        self.shape = shape
        let limit = radius * radius
        var indices: [Int32] = []
        var sum = (n: 0.0, x: 0.0, y: 0.0, xx: 0.0, xy: 0.0, yy: 0.0)
        for z in 0..<shape.z {
            let dz = shape.z > 1 ? z - shape.z / 2 : 0
            for y in 0..<shape.y {
                let dy = y - shape.y / 2
                for x in 0..<shape.x {
                    let dx = x - shape.x / 2
                    guard dz * dz + dy * dy + dx * dx > limit else { continue }
                    indices.append(Int32((z * shape.y + y) * shape.x + x))
                    let (u, v) = (Double(dx), Double(dy))
                    sum = (sum.n + 1, sum.x + u, sum.y + v, sum.xx + u * u, sum.xy + u * v, sum.yy + v * v)
                }
            }
        }
        self.indices = indices
        guard shape.z == 1, sum.n > 0 else {
            moments = Moments()
            return
        }
        let (mx, my) = (sum.x / sum.n, sum.y / sum.n)
        moments = Moments(
            meanX: mx, meanY: my, xx: sum.xx - sum.n * mx * mx, xy: sum.xy - sum.n * mx * my, yy: sum.yy - sum.n * my * my)
    }

    /// Mean and standard deviation (divided by N) of an image's pixels in the region.
    package func statistics(_ image: UnsafeBufferPointer<Float>) -> (mean: Double, standardDeviation: Double) {
        guard !indices.isEmpty else { return (0, 0) }
        return indices.withUnsafeBufferPointer { indices in
            let count = Double(indices.count)
            var sum = 0.0, squares = 0.0
            for i in indices { sum += Double(image[Int(i)]) }
            let mean = sum / count
            for i in indices {
                let deviation = Double(image[Int(i)]) - mean
                squares += deviation * deviation
            }
            return (mean, (squares / count).squareRoot())
        }
    }

    /// Subtracts from a whole image the plane that fits its pixels in the region best (least squares).
    package func subtractPlane(_ image: UnsafeMutableBufferPointer<Float>) {
        guard shape.z == 1, moments.spanPlane else { return }
        let (cx, cy, width) = (shape.x / 2, shape.y / 2, shape.x)
        var sv = 0.0, sxv = 0.0, syv = 0.0
        indices.withUnsafeBufferPointer { indices in
            for i in indices {
                let (row, column) = Int(i).quotientAndRemainder(dividingBy: width)
                let value = Double(image[Int(i)])
                sv += value
                sxv += Double(column - cx) * value
                syv += Double(row - cy) * value
            }
        }
        let mean = sv / Double(indices.count)
        // Centred moments leave a 2 × 2 system.
        let (xv, yv) = (sxv - moments.meanX * sv, syv - moments.meanY * sv)
        let a = (xv * moments.yy - yv * moments.xy) / moments.determinant
        let b = (yv * moments.xx - xv * moments.xy) / moments.determinant
        let c = mean - a * moments.meanX - b * moments.meanY
        for y in 0..<shape.y {
            let start = b * Double(y - cy) + c - a * Double(cx)
            for x in 0..<width { image[y * width + x] -= Float(start + a * Double(x)) }
        }
    }
}
