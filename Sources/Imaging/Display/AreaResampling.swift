import Arrays

extension RealArray {
    /// The image drawn into a smaller or larger one, each new pixel being the mean over the area it covers.
    ///
    /// Shrinking loses no pixel and makes no rings, as thumbnails want; enlarging repeats pixels. Work: one multiplication a pixel
    /// and axis.
    /// - Precondition: an image with pixels; the new one has at least one.
    package func resampledByArea(width: Int, height: Int) -> RealArray {
        precondition(shape.z == 1 && shape.count > 0 && width > 0 && height > 0)
        if width == shape.x, height == shape.y { return self }
        let across = AreaWeights(from: shape.x, to: width), down = AreaWeights(from: shape.y, to: height)
        var rows = RealArray(shape: Shape(x: width, y: shape.y)), result = RealArray(shape: Shape(x: width, y: height))
        let (oldWidth, oldHeight) = (shape.x, shape.y)
        values.withUnsafeBufferPointer { source in
            rows.values.withUnsafeMutableBufferPointer { target in
                for y in 0..<oldHeight {
                    for x in 0..<width {
                        var sum: Float = 0
                        let first = across.first[x], offset = across.offset[x]
                        for i in 0..<across.offset[x + 1] - offset { sum += across.weight[offset + i] * source[y * oldWidth + first + i] }
                        target[y * width + x] = sum
                    }
                }
            }
        }
        rows.values.withUnsafeBufferPointer { source in
            result.values.withUnsafeMutableBufferPointer { target in
                for y in 0..<height {
                    let first = down.first[y], offset = down.offset[y]
                    for i in 0..<down.offset[y + 1] - offset {
                        let weight = down.weight[offset + i]
                        for x in 0..<width { target[y * width + x] += weight * source[(first + i) * width + x] }
                    }
                }
            }
        }
        return result
    }

    /// The image in the middle of a square of `edge` pixels, its longer side filling it.
    /// - Parameter margin: value of pixels outside a rectangular image.
    package func fitted(intoSquareOf edge: Int, margin: Float) -> RealArray {
        let longer = max(shape.x, shape.y)
        let width = max(1, edge * shape.x / longer), height = max(1, edge * shape.y / longer)
        let small = resampledByArea(width: width, height: height)
        if width == edge, height == edge { return small }
        var square = RealArray(shape: .square(edge), repeating: margin)
        let left = (edge - width) / 2, top = (edge - height) / 2
        for y in 0..<height { for x in 0..<width { square[left + x, top + y] = small[x, y] } }
        return square
    }
}

/// For each new pixel the old ones it covers and by which share of the new one.
private struct AreaWeights {
    var first: [Int] = []
    /// Where a pixel's weights begin; one more than pixels.
    var offset = [0]
    var weight: [Float] = []

    init(from old: Int, to new: Int) {
        let scale = Double(old) / Double(new)
        for pixel in 0..<new {
            let start = Double(pixel) * scale, end = min(Double(old), start + scale)
            let low = min(old - 1, Int(start)), high = max(low, min(old - 1, Int(end.rounded(.up)) - 1))
            first.append(low)
            let shares = (low...high).map { max(0, min(end, Double($0 + 1)) - max(start, Double($0))) }
            let sum = shares.reduce(0, +)
            weight += shares.map { Float($0 / sum) }
            offset.append(weight.count)
        }
    }
}
