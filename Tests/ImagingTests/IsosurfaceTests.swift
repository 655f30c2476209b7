import Arrays
import Foundation
import Imaging
import Parallel
import Testing

@Suite struct IsosurfaceTests {
    private let pool = ThreadPool(threads: 2)

    /// Density falls linearly with the distance from the surface of each ball: the surface at 0 is the ball's.
    private func balls(_ centres: [(Double, Double, Double, radius: Double)], shape: Shape) -> RealArray {
        var map = RealArray(shape: shape)
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                for x in 0..<shape.x {
                    var depth = -Double.infinity
                    for ball in centres {
                        let (dx, dy, dz) = (Double(x) - ball.0, Double(y) - ball.1, Double(z) - ball.2)
                        depth = max(depth, ball.radius - (dx * dx + dy * dy + dz * dz).squareRoot())
                    }
                    map[x, y, z] = Float(depth)
                }
            }
        }
        return map
    }

    /// How often each directed edge occurs; a closed, oriented surface has each once in both directions.
    private func isClosed(_ mesh: SurfaceMesh) -> Bool {
        var balance: [SIMD2<UInt32>: Int] = [:]
        for t in stride(from: 0, to: mesh.triangles.count, by: 3) {
            for i in 0..<3 {
                let (a, b) = (mesh.triangles[t + i], mesh.triangles[t + (i + 1) % 3])
                balance[SIMD2(min(a, b), max(a, b)), default: 0] += a < b ? 1 : -1
            }
        }
        return balance.values.allSatisfy { $0 == 0 }
    }

    private func eulerCharacteristic(_ mesh: SurfaceMesh) -> Int { mesh.vertexCount - mesh.triangleCount * 3 / 2 + mesh.triangleCount }

    /// Rows of 70 voxels need two words. A net lies within the sphere: its area and volume are smaller by about (cell / radius)² / 4.
    @Test func sphere() {
        let mesh = Isosurface.mesh(of: balls([(36.3, 21.1, 19.7, radius: 15)], shape: Shape(x: 70, y: 42, z: 40)), level: 0, pool: pool)
        #expect(isClosed(mesh))
        #expect(eulerCharacteristic(mesh) == 2)
        #expect(mesh.partCount == 1)
        #expect(abs(mesh.area / (4 * .pi * 225) - 1) < 0.01)
        #expect(abs(mesh.enclosedVolume / (4 / 3 * .pi * 3375) - 1) < 0.01)
        for v in 0..<mesh.vertexCount {
            let p = (0..<3).map { Double(mesh.positions[v * 3 + $0]) }, n = (0..<3).map { Double(mesh.normals[v * 3 + $0]) }
            let d = [p[0] - 36.3, p[1] - 21.1, p[2] - 19.7]
            let r = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).squareRoot()
            // A chord across a cell (at most √3 long) lies at most 3 / (8 · 15) below the sphere.
            #expect(abs(r - 15) < 0.03)
            #expect((d[0] * n[0] + d[1] * n[1] + d[2] * n[2]) / r > 0.999)
        }
    }

    /// A torus has a hole: V − E + F = 0.
    @Test func torus() {
        let shape = Shape.cube(48)
        var map = RealArray(shape: shape)
        for z in 0..<48 {
            for y in 0..<48 {
                for x in 0..<48 {
                    let (dx, dy, dz) = (Double(x) - 23.5, Double(y) - 23.5, Double(z) - 23.5)
                    let ring = (dx * dx + dy * dy).squareRoot() - 14
                    map[x, y, z] = Float(6 - (ring * ring + dz * dz).squareRoot())
                }
            }
        }
        let mesh = Isosurface.mesh(of: map, level: 0, pool: pool)
        #expect(isClosed(mesh) && eulerCharacteristic(mesh) == 0)
        #expect(abs(mesh.area / (4 * .pi * .pi * 14 * 6) - 1) < 0.01)
    }

    @Test func smallPartsGo() {
        let map = balls([(16, 16, 16, radius: 10), (40, 16, 16, radius: 4), (40, 30, 20, radius: 1.5)], shape: Shape(x: 56, y: 40, z: 32))
        let mesh = Isosurface.mesh(of: map, level: 0, pool: pool)
        #expect(mesh.partCount == 3)
        #expect(mesh.withoutParts(smallerThan: 0) == mesh)
        let two = mesh.withoutParts(smallerThan: 0.1), one = mesh.withoutParts(smallerThan: 1)
        #expect(two.partCount == 2 && one.partCount == 1)
        #expect(isClosed(one) && abs(one.enclosedVolume / (4 / 3 * .pi * 1000) - 1) < 0.02)
    }

    /// At the border the surface is open, and nothing is read outside the map. Vertices lie in the middle of cells: half a voxel
    /// along each of the three arcs is missing.
    @Test func surfaceThatLeavesTheMap() {
        let mesh = Isosurface.mesh(of: balls([(0, 0, 0, radius: 9)], shape: .cube(16)), level: 0, pool: pool)
        #expect(mesh.triangleCount > 0 && !isClosed(mesh))
        #expect(mesh.positions.allSatisfy { $0 >= 0 && $0 <= 15 })
        let octant = 4 * Double.pi * 81 / 8, arcs = 3 * Double.pi / 2 * 9
        #expect(abs(mesh.area / (octant - arcs / 2) - 1) < 0.01)
    }

    @Test func nothingToSee() {
        #expect(Isosurface.mesh(of: RealArray(shape: .cube(8), repeating: 1), level: 0, pool: pool) == SurfaceMesh())
        #expect(Isosurface.mesh(of: RealArray(shape: .cube(8)), level: 1, pool: pool) == SurfaceMesh())
        #expect(Isosurface.mesh(of: RealArray(shape: .square(8), repeating: 1), level: 0.5, pool: pool) == SurfaceMesh())
        var broken = RealArray(shape: .cube(8), repeating: .nan)
        broken[4, 4, 4] = .infinity
        let mesh = Isosurface.mesh(of: broken, level: 0, pool: pool)
        #expect(mesh.vertexCount == 8 && mesh.positions.allSatisfy(\.isFinite) && mesh.normals.allSatisfy(\.isFinite))
    }

    @Test func threadsGiveTheSameBits() {
        let map = balls([(20, 20, 20, radius: 12.3)], shape: .cube(41))
        let meshes = [1, 2, 5].map { Isosurface.mesh(of: map, level: 0.2, pool: ThreadPool(threads: $0)) }
        #expect(meshes[0] == meshes[1] && meshes[0] == meshes[2])
    }
}

@Suite struct SurfaceValueTests {
    /// A map that is linear in x, y and z is interpolated without error, at another sampling as well.
    @Test func linearMap() {
        let pool = ThreadPool(threads: 1)
        var map = RealArray(shape: .cube(20)), half = RealArray(shape: .cube(10))
        func density(_ x: Double, _ y: Double, _ z: Double) -> Float { Float(2 * x - y + 0.5 * z) }
        for z in 0..<20 {
            for y in 0..<20 {
                for x in 0..<20 { map[x, y, z] = density(Double(x), Double(y), Double(z)) }
            }
        }
        for z in 0..<10 {
            for y in 0..<10 {
                for x in 0..<10 { half[x, y, z] = density(Double(2 * x), Double(2 * y), Double(2 * z)) }
            }
        }
        let mesh = Isosurface.mesh(of: map, level: 14.2, pool: pool)
        #expect(mesh.vertexCount > 100)
        for value in mesh.values(of: map) { #expect(abs(value - 14.2) < 1e-4) }
        for (vertex, value) in mesh.values(of: half, scale: 0.5).enumerated() {
            // The coarser map ends at voxel 18.
            if (0..<3).allSatisfy({ mesh.positions[vertex * 3 + $0] <= 18 }) { #expect(abs(value - 14.2) < 1e-4) }
        }
        // One voxel down the density: by the length of its gradient.
        let inner = (0..<mesh.vertexCount).first { v in (0..<3).allSatisfy { (3...16).contains(mesh.positions[v * 3 + $0]) } }
        if let inner { #expect(abs(mesh.values(of: map, offsetInVoxels: 1)[inner] - (14.2 - Float(5.25).squareRoot())) < 1e-3) }
    }

    @Test func levels() {
        var map = RealArray(shape: .cube(10))
        for i in map.values.indices { map.values[i] = Float(i) }
        map.values[0] = .nan
        let histogram = DensityHistogram(of: map, bins: 999)
        #expect(histogram.minimum == 1 && histogram.maximum == 999 && histogram.counts.reduce(0, +) == 999)
        // 100 voxels reach 900; a bin is 0.999 wide.
        #expect(abs(histogram.level(enclosing: 100) - 900) <= 1)
        #expect(histogram.level(enclosing: 5000) == 1)
        #expect(DensityHistogram(of: RealArray(shape: .cube(3), repeating: .nan)).suggestedLevel == 0)
        let flat = DensityHistogram(of: RealArray(shape: .cube(3), repeating: 2))
        #expect(flat.suggestedLevel == 2)
    }
}
