extension SurfaceMesh {
    /// The mesh without connected parts that have fewer than `share` of the largest part's triangles: specks of noise about a
    /// molecule. Order is kept.
    ///
    /// - Parameter share: 0 keeps all, 1 only the largest part (and others as large).
    package func withoutParts(smallerThan share: Double) -> SurfaceMesh {
        guard share > 0, triangleCount > 0 else { return self }
        let part = partOfEachVertex()
        var sizes = [Int](repeating: 0, count: vertexCount)
        for t in stride(from: 0, to: triangles.count, by: 3) { sizes[part[Int(triangles[t])]] += 1 }
        let bound = Double(sizes.max() ?? 0) * share
        let isKept = part.map { sizes[$0] > 0 && Double(sizes[$0]) >= bound }
        return keepingVertices(isKept)
    }

    /// The number of connected parts.
    package var partCount: Int {
        let part = partOfEachVertex()
        return part.indices.count { part[$0] == $0 }
    }

    /// For each vertex the first vertex of the part it is in, by union-find with path halving (Tarjan & van Leeuwen 1984, J ACM 31:245).
    private func partOfEachVertex() -> [Int] {
        var parent = Array(0..<vertexCount)
        func root(_ vertex: Int) -> Int {
            var v = vertex
            while parent[v] != v {
                parent[v] = parent[parent[v]]
                v = parent[v]
            }
            return v
        }
        for t in stride(from: 0, to: triangles.count, by: 3) {
            let a = root(Int(triangles[t]))
            for corner in 1...2 {
                let (x, y) = (root(a), root(Int(triangles[t + corner])))
                parent[max(x, y)] = min(x, y)
            }
        }
        return parent.indices.map(root)
    }

    private func keepingVertices(_ isKept: [Bool]) -> SurfaceMesh {
        var result = SurfaceMesh(), number = [UInt32](repeating: 0, count: vertexCount)
        for vertex in 0..<vertexCount where isKept[vertex] {
            number[vertex] = UInt32(result.vertexCount)
            result.positions += positions[vertex * 3..<vertex * 3 + 3]
            result.normals += normals[vertex * 3..<vertex * 3 + 3]
        }
        for t in stride(from: 0, to: triangles.count, by: 3) where isKept[Int(triangles[t])] {
            for corner in 0..<3 { result.triangles.append(number[Int(triangles[t + corner])]) }
        }
        return result
    }
}
