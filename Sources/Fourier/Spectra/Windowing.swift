import Arrays
import ComplexModule

extension FourierArray {
    /// Crops or pads the transform to that of an array of another shape: resampling of the real array.
    ///
    /// Coefficients keep their values (forward transforms are scaled by 1/N, so pixel values keep theirs too). When a square or
    /// cubic transform is padded, only |k| <= n/2 is kept: the corners and the unpaired Nyquist row would break Hermitian
    /// symmetry. Cropping keeps all of the new array, as RELION does.
    package func resized(to newShape: Shape) -> FourierArray {
        if newShape == realShape { return self }
        var result = FourierArray(realShape: newShape)
        let half = min(shape.x, newShape.halfPlane.x)
        let isPadding = newShape.halfPlane.x > shape.x
        let isRegular = realShape.isSquare || realShape.isCube
        let limit = isPadding && isRegular ? (shape.x - 1) * (shape.x - 1) : Int.max
        let depth = min(realShape.z, newShape.z), height = min(realShape.y, newShape.y)
        for zi in 0..<depth {
            let kz = signedFrequency(zi, length: depth)
            for yi in 0..<height {
                let ky = signedFrequency(yi, length: height)
                let source = row(ky, kz, of: realShape), target = row(ky, kz, of: newShape)
                for x in 0..<half where ky * ky + kz * kz + x * x <= limit {
                    result.values[target + x] = values[source + x]
                }
            }
        }
        return result
    }

    private func row(_ ky: Int, _ kz: Int, of shape: Shape) -> Int {
        let y = frequencyIndex(ky, length: shape.y), z = frequencyIndex(kz, length: shape.z)
        return (z * shape.y + y) * shape.halfPlane.x
    }
}

extension RealArray {
    /// Crops or pads about the centre (index n/2 stays at index m/2); `fill` where there was nothing.
    package func windowed(to newShape: Shape, fill: Float = 0) -> RealArray {
        if newShape == shape { return self }
        var result = RealArray(shape: newShape, repeating: fill)
        let dx = newShape.x / 2 - shape.x / 2, dy = newShape.y / 2 - shape.y / 2, dz = newShape.z / 2 - shape.z / 2
        let columns = max(0, -dx)..<max(max(0, -dx), min(shape.x, newShape.x - dx))
        values.withUnsafeBufferPointer { input in
            result.values.withUnsafeMutableBufferPointer { output in
                guard let from = input.baseAddress, let to = output.baseAddress else { return }
                for z in 0..<shape.z where z + dz >= 0 && z + dz < newShape.z {
                    for y in 0..<shape.y where y + dy >= 0 && y + dy < newShape.y {
                        let source = from + (z * shape.y + y) * shape.x + columns.lowerBound
                        let target = to + ((z + dz) * newShape.y + y + dy) * newShape.x + columns.lowerBound + dx
                        target.update(from: source, count: columns.count)
                    }
                }
            }
        }
        return result
    }
}
