import Arrays
import ComplexModule
import Foundation

extension RealArray {
    /// Moves the centre, index n/2 of each axis, to index 0 (with wrap-around): content whose origin is the middle of the box
    /// becomes content whose origin is the corner.
    package func movingCentreToCorner() -> RealArray { rolled { $0 / 2 } }

    /// The opposite of `movingCentreToCorner`.
    package func movingCornerToCentre() -> RealArray { rolled { $0 - $0 / 2 } }

    /// `result[i] = self[(i + offset) mod n]` along each axis, `offset` being a function of n.
    private func rolled(_ offset: (Int) -> Int) -> RealArray {
        var result = RealArray(shape: shape)
        let dx = offset(shape.x) % max(1, shape.x), dy = offset(shape.y), dz = shape.z > 1 ? offset(shape.z) : 0
        values.withUnsafeBufferPointer { input in
            result.values.withUnsafeMutableBufferPointer { output in
                guard let from = input.baseAddress, let to = output.baseAddress else { return }
                for z in 0..<shape.z {
                    for y in 0..<shape.y {
                        let source = from + (((z + dz) % shape.z) * shape.y + (y + dy) % shape.y) * shape.x
                        let target = to + (z * shape.y + y) * shape.x
                        target.update(from: source + dx, count: shape.x - dx)
                        (target + shape.x - dx).update(from: source, count: dx)
                    }
                }
            }
        }
        return result
    }
}

extension FourierArray {
    /// Changes the phase origin from the corner to the centre (n/2) of the box: the transform as if coordinates in real space
    /// were counted from the centre. For even boxes every second coefficient changes sign.
    package mutating func movePhaseOriginToCentre() {
        translate(by: -Double(realShape.x / 2), -Double(realShape.y / 2), realShape.z > 1 ? -Double(realShape.z / 2) : 0)
    }

    /// The opposite of `movePhaseOriginToCentre`: what the inverse transform needs to put the origin at n/2.
    package mutating func movePhaseOriginToCorner() {
        translate(by: Double(realShape.x / 2), Double(realShape.y / 2), realShape.z > 1 ? Double(realShape.z / 2) : 0)
    }
}
