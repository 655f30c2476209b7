import Arrays

extension RealArray {
    package enum Mirror: Sendable {
        /// The last pixel of an axis becomes the first.
        case x, y, z
        /// Along x about the centre n/2, with wrap-around: changes the hand and keeps the symmetry origin.
        case hand
        /// Rows become columns.
        case transpose
        /// Rows become columns, both counted from their ends.
        case antiTranspose
    }

    /// - Precondition: transposition is for square images.
    package func mirrored(_ mirror: Mirror) -> RealArray {
        let (nx, ny, nz) = (shape.x, shape.y, shape.z)
        switch mirror {
        case .x: return rearranged { x, y, z in (nx - 1 - x, y, z) }
        case .y: return rearranged { x, y, z in (x, ny - 1 - y, z) }
        case .z: return rearranged { x, y, z in (x, y, nz - 1 - z) }
        case .hand: return rearranged { x, y, z in (x == 0 ? 0 : nx - x, y, z) }
        case .transpose:
            precondition(shape.isSquare)
            return rearranged { x, y, z in (y, x, z) }
        case .antiTranspose:
            precondition(shape.isSquare)
            return rearranged { x, y, z in (nx - 1 - y, ny - 1 - x, z) }
        }
    }

    private func rearranged(_ source: (Int, Int, Int) -> (Int, Int, Int)) -> RealArray {
        var result = self
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                for x in 0..<shape.x {
                    let (sx, sy, sz) = source(x, y, z)
                    result[x, y, z] = self[sx, sy, sz]
                }
            }
        }
        return result
    }
}
