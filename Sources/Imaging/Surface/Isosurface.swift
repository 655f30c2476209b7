import Arrays
import Parallel

/// The surface of equal density of a map, by surface nets (Gibson 1998, MICCAI, LNCS 1496:888): each cell of eight neighbouring
/// voxels that the surface crosses gets one vertex, the mean of the points where its edges cross the level; each edge
/// that crosses it joins the vertices of the four cells around it. Half as many triangles as marching cubes, without its slivers.
///
/// The surface is open where it meets the border of the map. Vertices and triangles come in the order of the voxels, whatever
/// the number of threads.
package struct Isosurface {
    private let map: UnsafePointer<Float>
    private let shape: Shape
    private let level: Float
    private let bits: OccupancyBits
    private let pool: ThreadPool
    /// Cells that the surface crosses, bits as of `OccupancyBits`; cell (x, y, z) lies between that voxel and (x + 1, y + 1, z + 1).
    private let active: AlignedBuffer<UInt64>
    /// Number of the first vertex of each word of `active`.
    private let firstVertex: AlignedBuffer<UInt32>

    /// The surface of `map` at `level`.
    ///
    /// - Returns: an empty mesh where nothing crosses the level or an axis has fewer than two voxels.
    package static func mesh(of map: RealArray, level: Float, pool: ThreadPool) -> SurfaceMesh {
        let shape = map.shape
        guard shape.x > 1, shape.y > 1, shape.z > 1 else { return SurfaceMesh() }
        return map.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return SurfaceMesh() }
            return Isosurface(map: base, shape: shape, level: level, pool: pool).mesh()
        }
    }

    private init(map: UnsafePointer<Float>, shape: Shape, level: Float, pool: ThreadPool) {
        (self.map, self.shape, self.level, self.pool) = (map, shape, level, pool)
        bits = OccupancyBits(of: map, shape: shape, level: level, pool: pool)
        active = AlignedBuffer<UInt64>(count: bits.words.count)
        firstVertex = AlignedBuffer<UInt32>(count: bits.words.count + 1)
        findActiveCells()
    }

    private func findActiveCells() {
        let (bits, active, shape) = (bits, active, shape)
        pool.forEach(count: shape.z - 1) { z, _ in
            for y in 0..<shape.y - 1 {
                let (a, b, c, d) = (bits.row(y, z), bits.row(y + 1, z), bits.row(y, z + 1), bits.row(y + 1, z + 1))
                let target = active.base + (z * shape.y + y) * bits.wordsPerRow
                for word in 0..<bits.wordsPerRow {
                    let any = a[word] | b[word] | c[word] | d[word], all = a[word] & b[word] & c[word] & d[word]
                    let (na, nb, nc, nd) = (bits.next(a, word), bits.next(b, word), bits.next(c, word), bits.next(d, word))
                    let mixed = (any | na | nb | nc | nd) & ~(all & na & nb & nc & nd)
                    target[word] = mixed & Self.cellMask(word, width: shape.x)
                }
            }
        }
        var total: UInt32 = 0
        for word in 0..<active.count {
            firstVertex.base[word] = total
            total += UInt32(active.base[word].nonzeroBitCount)
        }
        firstVertex.base[active.count] = total
    }

    /// The bits of cells in a word: there is one fewer in a row than voxels.
    @inline(__always)
    private static func cellMask(_ word: Int, width: Int) -> UInt64 {
        let cells = width - 1 - word * 64
        return cells >= 64 ? .max : cells <= 0 ? 0 : (1 << UInt64(cells)) - 1
    }

    private func mesh() -> SurfaceMesh {
        var mesh = SurfaceMesh()
        let vertices = Int(firstVertex.base[active.count])
        mesh.positions = [Float](repeating: 0, count: vertices * 3)
        mesh.normals = mesh.positions
        mesh.positions.withUnsafeMutableBufferPointer { positions in
            mesh.normals.withUnsafeMutableBufferPointer { normals in
                guard let positions = positions.baseAddress, let normals = normals.baseAddress else { return }
                placeVertices(positions, normals)
            }
        }
        mesh.triangles = joinVertices()
        return mesh
    }
}

// MARK: - Vertices

extension Isosurface {
    private func placeVertices(_ positions: UnsafeMutablePointer<Float>, _ normals: UnsafeMutablePointer<Float>) {
        nonisolated(unsafe) let (surface, positions, normals) = (self, positions, normals)
        let width = bits.wordsPerRow, shape = shape
        pool.forEach(count: shape.z - 1) { z, _ in
            for y in 0..<shape.y - 1 {
                for word in 0..<width {
                    let index = (z * shape.y + y) * width + word
                    var left = surface.active.base[index], vertex = Int(surface.firstVertex.base[index])
                    while left != 0 {
                        let x = word * 64 + left.trailingZeroBitCount
                        left &= left - 1
                        let corner = surface.corners(x, y, z)
                        let place = surface.crossing(corner)
                        let normal = surface.slope(corner, at: place, x, y, z)
                        let position = SIMD4(Float(x), Float(y), Float(z), 0) + place
                        for axis in 0..<3 {
                            positions[vertex * 3 + axis] = position[axis]
                            normals[vertex * 3 + axis] = normal[axis]
                        }
                        vertex += 1
                    }
                }
            }
        }
    }

    /// The eight voxels of a cell; bit 0 of the lane is x, bit 1 y, bit 2 z.
    @inline(__always)
    private func corners(_ x: Int, _ y: Int, _ z: Int) -> SIMD8<Float> {
        let p = map + (z * shape.y + y) * shape.x + x, row = shape.x, plane = shape.x * shape.y
        return SIMD8(p[0], p[1], p[row], p[row + 1], p[plane], p[plane + 1], p[plane + row], p[plane + row + 1])
    }

    /// Mean of the points at which edges of a cell cross the level, from the cell's first voxel.
    @inline(__always)
    private func crossing(_ corner: SIMD8<Float>) -> SIMD4<Float> {
        var sum = SIMD4<Float>.zero, count: Float = 0
        for axis in 0..<3 {
            let step = 1 << axis
            for start in 0..<8 where start & step == 0 {
                let a = corner[start], b = corner[start | step]
                guard (a >= level) != (b >= level) else { continue }
                var point = SIMD4(Float(start & 1), Float(start >> 1 & 1), Float(start >> 2), 0)
                let part = (level - a) / (b - a)
                // Infinite densities and ones that are not numbers leave the middle of the edge.
                point[axis] = part >= 0 && part <= 1 ? part : 0.5
                sum += point
                count += 1
            }
        }
        return sum / count
    }

    /// Unit vector down the density at `place` in a cell: central differences at the cell's voxels, interpolated.
    @inline(__always)
    private func slope(_ corner: SIMD8<Float>, at place: SIMD4<Float>, _ x: Int, _ y: Int, _ z: Int) -> SIMD4<Float> {
        var sum = SIMD4<Float>.zero
        for index in 0..<8 {
            let (i, j, k) = (x + (index & 1), y + (index >> 1 & 1), z + index >> 2)
            let wx = index & 1 == 0 ? 1 - place.x : place.x, wy = index >> 1 & 1 == 0 ? 1 - place.y : place.y
            let wz = index >> 2 == 0 ? 1 - place.z : place.z
            sum += difference(i, j, k) * (wx * wy * wz)
        }
        let length = (sum * sum).sum().squareRoot()
        return length > 0 && length.isFinite ? sum / -length : .zero
    }

    /// Central difference at a voxel; one-sided at the border.
    @inline(__always)
    private func difference(_ x: Int, _ y: Int, _ z: Int) -> SIMD4<Float> {
        let p = map + (z * shape.y + y) * shape.x + x
        func along(_ i: Int, _ n: Int, _ stride: Int) -> Float {
            let low = i > 0 ? -1 : 0, high = i < n - 1 ? 1 : 0
            return (p[high * stride] - p[low * stride]) / Float(high - low)
        }
        return SIMD4(along(x, shape.x, 1), along(y, shape.y, shape.x), along(z, shape.z, shape.x * shape.y), 0)
    }
}

// MARK: - Triangles

extension Isosurface {
    /// Number of the vertex of an active cell.
    @inline(__always)
    private func vertex(_ x: Int, _ y: Int, _ z: Int) -> UInt32 {
        let word = (z * shape.y + y) * bits.wordsPerRow + x >> 6
        return firstVertex.base[word] + UInt32((active.base[word] & ((1 << UInt64(x & 63)) - 1)).nonzeroBitCount)
    }

    private func joinVertices() -> [UInt32] {
        nonisolated(unsafe) let surface = self
        let layers: [[UInt32]] = pool.map(count: shape.z) { z, _ in surface.triangles(inLayer: z) }
        var all = [UInt32]()
        all.reserveCapacity(layers.reduce(0) { $0 + $1.count })
        for layer in layers { all += layer }
        return all
    }

    /// Triangles about the edges that start at voxels of section `z`, in the order of rows; edges along the border have
    /// no four cells around them.
    private func triangles(inLayer z: Int) -> [UInt32] {
        var result = [UInt32]()
        let isInnerZ = z > 0 && z < shape.z - 1
        for y in 0..<shape.y {
            let row = bits.row(y, z), isInnerY = y > 0 && y < shape.y - 1
            for word in 0..<bits.wordsPerRow {
                let inside = row[word]
                let valid = Self.cellMask(word, width: shape.x)
                // Cells reach one voxel to the left as well, except at the first voxel of a row.
                let notFirst: UInt64 = word == 0 ? ~1 : .max
                if isInnerY && isInnerZ {
                    forEachBit((inside ^ bits.next(row, word)) & valid, word) { x in
                        append(&result, inside, x, (x, y - 1, z - 1), (x, y, z - 1), (x, y, z), (x, y - 1, z))
                    }
                }
                if isInnerZ && y < shape.y - 1 {
                    forEachBit((inside ^ bits.row(y + 1, z)[word]) & valid & notFirst, word) { x in
                        append(&result, inside, x, (x - 1, y, z - 1), (x - 1, y, z), (x, y, z), (x, y, z - 1))
                    }
                }
                if isInnerY && z < shape.z - 1 {
                    forEachBit((inside ^ bits.row(y, z + 1)[word]) & valid & notFirst, word) { x in
                        append(&result, inside, x, (x - 1, y - 1, z), (x, y - 1, z), (x, y, z), (x - 1, y, z))
                    }
                }
            }
        }
        return result
    }

    @inline(__always)
    private func forEachBit(_ bits: UInt64, _ word: Int, _ body: (Int) -> Void) {
        var left = bits
        while left != 0 {
            body(word * 64 + left.trailingZeroBitCount)
            left &= left - 1
        }
    }

    /// Two triangles of the four cells around an edge, anticlockwise as seen along the edge's positive direction from its
    /// far end; turned round where the edge runs into the density.
    @inline(__always)
    private func append(
        _ result: inout [UInt32], _ inside: UInt64, _ x: Int, _ a: (Int, Int, Int), _ b: (Int, Int, Int), _ c: (Int, Int, Int),
        _ d: (Int, Int, Int)
    ) {
        let (p, q, r, s) = (vertex(a.0, a.1, a.2), vertex(b.0, b.1, b.2), vertex(c.0, c.1, c.2), vertex(d.0, d.1, d.2))
        // The edge's start is inside: the way out is its positive direction.
        let isLeaving = inside >> UInt64(x & 63) & 1 == 1
        result.append(p)
        result.append(isLeaving ? q : r)
        result.append(isLeaving ? r : q)
        result.append(p)
        result.append(isLeaving ? r : s)
        result.append(isLeaving ? s : r)
    }
}
