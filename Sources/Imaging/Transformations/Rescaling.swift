import Arrays
import Fourier
import Parallel

extension RealArray {
    /// A square image or cubic map resampled to another box by cropping or padding its transform. Values keep their scale.
    package func rescaled(toBox box: Int, pool: ThreadPool? = nil) -> RealArray {
        let newShape = shape.z > 1 ? Shape.cube(box) : Shape.square(box)
        return rescaled(to: newShape, pool: pool)
    }

    /// Resampled to another shape in Fourier space.
    package func rescaled(to newShape: Shape, pool: ThreadPool? = nil) -> RealArray {
        if newShape == shape { return self }
        let spectrum = FourierTransform(shape: shape).forward(self, pool: pool)
        return FourierTransform(shape: newShape).inverse(spectrum.resized(to: newShape), pool: pool)
    }

    /// An image or map resampled to about the pixel size `newPixelSize`, whose box is made even as RELION does.
    ///
    /// A rectangular image is padded to a square (with its mean), resampled and cut again, so that both axes get the same
    /// pixel size.
    /// - Returns: the array and its exact pixel size.
    package func rescaled(fromPixelSize pixelSize: Double, to newPixelSize: Double, pool: ThreadPool? = nil)
        -> (image: RealArray, pixelSizeInAngstrom: Double)
    {
        let longest = max(shape.x, shape.y)
        func evenExtent(_ extent: Int, _ factor: Double) -> Int {
            let rounded = Int((Double(extent) * factor).rounded())
            return max(2, rounded - rounded % 2)
        }
        let box = evenExtent(longest, pixelSize / newPixelSize)
        let exact = Double(longest) * pixelSize / Double(box)
        if shape.x == shape.y || shape.z > 1 { return (rescaled(toBox: box, pool: pool), exact) }
        let square = windowed(to: .square(longest), fill: Float(PixelStatistics(self).mean)).rescaled(toBox: box, pool: pool)
        let cut = Shape(x: evenExtent(shape.x, pixelSize / exact), y: evenExtent(shape.y, pixelSize / exact))
        return (square.windowed(to: cut), exact)
    }

    /// Sum over one axis: the projection of a map along it, as a picture (x, y), (x, z) or (y, z).
    package func projection(along axis: FrequencyFilter.Axis) -> RealArray {
        let planeShape: Shape =
            switch axis {
            case .z: Shape(x: shape.x, y: shape.y)
            case .y: Shape(x: shape.x, y: shape.z)
            case .x: Shape(x: shape.y, y: shape.z)
            }
        var picture = RealArray(shape: planeShape)
        var index = 0
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                for x in 0..<shape.x {
                    switch axis {
                    case .z: picture[x, y] += values[index]
                    case .y: picture[x, z] += values[index]
                    case .x: picture[y, z] += values[index]
                    }
                    index += 1
                }
            }
        }
        return picture
    }

    /// The section through the centre n/2 at right angles to an axis, as a picture.
    package func centralSection(across axis: FrequencyFilter.Axis) -> RealArray {
        switch axis {
        case .z: return section(shape.z / 2)
        case .y:
            var picture = RealArray(shape: Shape(x: shape.x, y: shape.z))
            for z in 0..<shape.z { for x in 0..<shape.x { picture[x, z] = self[x, shape.y / 2, z] } }
            return picture
        case .x:
            var picture = RealArray(shape: Shape(x: shape.y, y: shape.z))
            for z in 0..<shape.z { for y in 0..<shape.y { picture[y, z] = self[shape.x / 2, y, z] } }
            return picture
        }
    }
}
