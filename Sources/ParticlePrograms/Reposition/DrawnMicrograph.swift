import Arrays

/// A micrograph that is made of particles: their sum, and how many cover each pixel.
struct DrawnMicrograph: Sendable {
    private(set) var sum: RealArray
    private var cover: RealArray

    enum Mode: Sendable {
        /// The old micrograph minus the drawing.
        case subtract
        /// The drawing with a fraction of the normalised old micrograph.
        case mix(Double)
    }

    init(shape: Shape) {
        sum = RealArray(shape: shape)
        cover = RealArray(shape: shape)
    }

    /// Draws the pixels of an image within a radius, its centre n/2 at a pixel of the micrograph.
    mutating func add(_ image: RealArray, centre: (x: Int, y: Int), radius: Double) {
        let half = image.shape.x / 2
        for row in 0..<image.shape.y {
            let y = centre.y + row - half
            if y < 0 || y >= sum.shape.y { continue }
            for column in 0..<image.shape.x {
                let x = centre.x + column - half
                if x < 0 || x >= sum.shape.x { continue }
                let (dx, dy) = (Double(column - half), Double(row - half))
                if (dx * dx + dy * dy).squareRoot().rounded() < radius {
                    sum[x, y] += image[column, row]
                    cover[x, y] += 1
                }
            }
        }
    }

    /// The new micrograph.
    func finished(over old: RealArray, inverts: Bool, mode: Mode) -> RealArray {
        var result = sum
        let statistics = PixelStatistics(old)
        let deviation = statistics.standardDeviation > 0 ? statistics.standardDeviation : 1
        for i in result.values.indices {
            var value = Double(result.values[i])
            if cover.values[i] > 0 { value /= Double(cover.values[i]) }
            if inverts { value = -value }
            switch mode {
            case .subtract: value = Double(old.values[i]) - value
            case .mix(let fraction):
                value = (1 - fraction) * value + fraction * (Double(old.values[i]) - statistics.mean) / deviation
            }
            result.values[i] = Float(value)
        }
        return result
    }
}
