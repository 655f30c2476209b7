import Arrays

extension SurfaceMesh {
    /// The value of a map at each vertex (trilinear), to colour a surface by local resolution or by another map.
    ///
    /// - Parameters:
    ///   - scale: voxels of `map` for one voxel of the map the surface was made of, origins coinciding.
    ///   - offsetInVoxels: how far to go outwards along the normal first, in voxels of the surface's map: local resolution
    ///     drops to background right at the surface.
    package func values(of map: RealArray, scale: Float = 1, offsetInVoxels: Float = 0) -> [Float] {
        let sampler = TrilinearSampler(shape: map.shape)
        return map.values.withUnsafeBufferPointer { values in
            (0..<vertexCount).map { vertex in
                func coordinate(_ axis: Int) -> Float {
                    (positions[vertex * 3 + axis] + offsetInVoxels * normals[vertex * 3 + axis]) * scale
                }
                return sampler.value(values, coordinate(0), coordinate(1), coordinate(2))
            }
        }
    }
}

/// Trilinear interpolation; coordinates outside the map are moved to its border.
private struct TrilinearSampler {
    let shape: Shape

    func value(_ map: UnsafeBufferPointer<Float>, _ x: Float, _ y: Float, _ z: Float) -> Float {
        guard shape.count > 0 else { return 0 }
        let (i, u) = split(x, shape.x), (j, v) = split(y, shape.y), (k, w) = split(z, shape.z)
        let (i1, j1, k1) = (min(i + 1, shape.x - 1), min(j + 1, shape.y - 1), min(k + 1, shape.z - 1))
        func row(_ y: Int, _ z: Int) -> Float {
            let start = (z * shape.y + y) * shape.x
            return map[start + i] * (1 - u) + map[start + i1] * u
        }
        return (row(j, k) * (1 - v) + row(j1, k) * v) * (1 - w) + (row(j, k1) * (1 - v) + row(j1, k1) * v) * w
    }

    private func split(_ x: Float, _ length: Int) -> (Int, Float) {
        let bounded = min(Float(length - 1), max(0, x.isNaN ? 0 : x))
        let whole = Int(bounded)
        return (whole, bounded - Float(whole))
    }
}
