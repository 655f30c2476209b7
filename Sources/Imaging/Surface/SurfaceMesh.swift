/// Triangles of a surface in a map.
package struct SurfaceMesh: Sendable, Equatable {
    /// Three coordinates (x, y, z) a vertex, in voxels: voxel (0, 0, 0) of the map has its centre at (0, 0, 0).
    package var positions: [Float] = []
    /// Three components a vertex, of length 1: down the density, that is out of the molecule. (0, 0, 0) where the map is flat.
    package var normals: [Float] = []
    /// Three vertices a triangle, anticlockwise as seen from outside (where the density is lower).
    package var triangles: [UInt32] = []

    package init() {}

    package var vertexCount: Int { positions.count / 3 }
    package var triangleCount: Int { triangles.count / 3 }

    /// Area in square voxels.
    package var area: Double {
        var sum = 0.0
        for t in stride(from: 0, to: triangles.count, by: 3) {
            let n = crossProduct(ofTriangleAt: t)
            sum += (n.x * n.x + n.y * n.y + n.z * n.z).squareRoot() / 2
        }
        return sum
    }

    /// Volume within a closed surface in voxels, by the divergence theorem; negative where density is lower inside.
    package var enclosedVolume: Double {
        var sum = 0.0
        for t in stride(from: 0, to: triangles.count, by: 3) {
            let n = crossProduct(ofTriangleAt: t), a = Int(triangles[t]) * 3
            sum += Double(positions[a]) * n.x + Double(positions[a + 1]) * n.y + Double(positions[a + 2]) * n.z
        }
        return sum / 6
    }

    private func crossProduct(ofTriangleAt t: Int) -> (x: Double, y: Double, z: Double) {
        func edge(_ to: Int, _ axis: Int) -> Double {
            Double(positions[Int(triangles[to]) * 3 + axis] - positions[Int(triangles[t]) * 3 + axis])
        }
        let (ux, uy, uz) = (edge(t + 1, 0), edge(t + 1, 1), edge(t + 1, 2))
        let (vx, vy, vz) = (edge(t + 2, 0), edge(t + 2, 1), edge(t + 2, 2))
        return (uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)
    }
}
