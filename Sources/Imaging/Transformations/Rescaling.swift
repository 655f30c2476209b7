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
