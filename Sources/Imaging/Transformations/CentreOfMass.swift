import Arrays
import Geometry

extension RealArray {
    /// Centre of mass of the positive values, relative to the centre n/2, in pixels; zero if nothing is positive.
    package func centreOfMass() -> Vector3 {
        var sum = Vector3.zero, mass = 0.0
        var index = 0
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                var rowMass = 0.0, rowMoment = 0.0
                for x in 0..<shape.x {
                    let value = Double(values[index])
                    if value > 0 {
                        rowMass += value
                        rowMoment += value * Double(x - shape.x / 2)
                    }
                    index += 1
                }
                let dz = shape.z > 1 ? Double(z - shape.z / 2) : 0
                sum += Vector3(rowMoment, rowMass * Double(y - shape.y / 2), rowMass * dz)
                mass += rowMass
            }
        }
        return mass > 0 ? sum / mass : .zero
    }
}
