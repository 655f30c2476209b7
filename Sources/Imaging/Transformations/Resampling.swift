import Arrays
import Fourier
import Geometry
import Parallel

extension RealArray {
    /// Resamples by linear interpolation: output(p) = input(matrix · p + offset), with p counted from the centres n/2.
    ///
    /// Points outside the input give 0; nothing is wrapped around. Images use the upper left 2 × 2 part.
    /// - Parameter newShape: of the output; nil: as the input.
    package func resampled(
        by matrix: RotationMatrix, offset: Vector3 = .zero, newShape: Shape? = nil, pool: ThreadPool? = nil
    ) -> RealArray {
        let target = newShape ?? shape
        var result = RealArray(shape: target)
        let source = LinearInterpolation(shape: shape)
        values.withUnsafeBufferPointer { input in
            result.values.withUnsafeMutableBufferPointer { output in
                nonisolated(unsafe) let (input, output) = (input, output)  // Rows of the output are disjoint.
                (pool ?? .one).forEachChunk(count: target.y * target.z, chunk: 64) { rows, _ in
                    for row in rows {
                        let y = Double(row % target.y - target.y / 2)
                        let z = target.z > 1 ? Double(row / target.y - target.z / 2) : 0
                        let start = y * matrix.column(1) + z * matrix.column(2) + offset
                        for x in 0..<target.x {
                            let point = start + Double(x - target.x / 2) * matrix.column(0)
                            output[row * target.x + x] = source.value(input, at: point)
                        }
                    }
                }
            }
        }
        return result
    }

    /// Moves the content by `shift` pixels with linear interpolation; zeros come in from outside. Whole pixels are exact.
    package func translated(by shift: Vector3, pool: ThreadPool? = nil) -> RealArray {
        resampled(by: .identity, offset: shape.z > 1 ? -shift : Vector3(-shift.x, -shift.y, 0), pool: pool)
    }

    /// Turns an image and moves it: RELION's in-plane transformation by psi and origin offsets (the offset is applied
    /// first, then the rotation), with linear interpolation.
    package func aligned(psiInDegrees: Double, xOff: Double, yOff: Double) -> RealArray {
        // Rz(psi) maps input to output; the output point goes back through its inverse, then the offset.
        let inverse = RotationMatrix(angleInDegrees: -psiInDegrees, axis: Vector3(0, 0, 1))
        return resampled(by: inverse, offset: Vector3(-xOff, -yOff, 0))
    }

    /// Mean over all elements of a point group, by linear interpolation.
    package func symmetrised(_ group: SymmetryGroup, pool: ThreadPool? = nil) -> RealArray {
        var sum = self
        for element in group.operators.dropFirst() {
            let turned = resampled(by: element.right, pool: pool)
            for i in sum.values.indices { sum.values[i] += turned.values[i] }
        }
        let factor = 1 / Float(group.order)
        for i in sum.values.indices { sum.values[i] *= factor }
        return sum
    }
}

extension RotationMatrix {
    fileprivate func column(_ c: Int) -> Vector3 { Vector3(row0[c], row1[c], row2[c]) }
}

/// Linear interpolation in an array, positions counted from the centre n/2.
private struct LinearInterpolation {
    let shape: Shape
    let centre: Vector3
    /// A position this far outside still counts as on the edge.
    static let tolerance = 1e-6

    init(shape: Shape) {
        self.shape = shape
        centre = Vector3(Double(shape.x / 2), Double(shape.y / 2), shape.z > 1 ? Double(shape.z / 2) : 0)
    }

    @inline(__always)
    func value(_ data: UnsafeBufferPointer<Float>, at point: Vector3) -> Float {
        let p = point + centre
        let last = Vector3(Double(shape.x - 1), Double(shape.y - 1), Double(shape.z - 1))
        let isVolume = shape.z > 1
        guard p.x >= -Self.tolerance, p.y >= -Self.tolerance, p.x <= last.x + Self.tolerance, p.y <= last.y + Self.tolerance
        else { return 0 }
        if isVolume && (p.z < -Self.tolerance || p.z > last.z + Self.tolerance) { return 0 }
        let (x0, y0) = (max(0, Int(p.x)), max(0, Int(p.y)))
        let (x1, y1) = (min(x0 + 1, shape.x - 1), min(y0 + 1, shape.y - 1))
        let (wx, wy) = (p.x - Double(x0), p.y - Double(y0))
        @inline(__always) func plane(_ z: Int) -> Double {
            let (a, b) = ((z * shape.y + y0) * shape.x, (z * shape.y + y1) * shape.x)
            let upper = Double(data[a + x0]) * (1 - wx) + Double(data[a + x1]) * wx
            let lower = Double(data[b + x0]) * (1 - wx) + Double(data[b + x1]) * wx
            return upper * (1 - wy) + lower * wy
        }
        if !isVolume { return Float(plane(0)) }
        let z0 = max(0, Int(p.z))
        let wz = p.z - Double(z0)
        return Float(plane(z0) * (1 - wz) + plane(min(z0 + 1, shape.z - 1)) * wz)
    }
}
