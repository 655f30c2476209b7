import Arrays
import Foundation
import Imaging
import Parallel

/// The isosurface of a map of 256³ voxels against reading the map's memory once.
enum SurfaceBenchmark {
    static let benchmark = Benchmark(name: "surface", summary: "isosurface of a map of 256³ voxels") { floor, pool in
        let map = folds(box: 256)
        var mesh = SurfaceMesh()
        let seconds = shortestTime { mesh = Isosurface.mesh(of: map, level: 0.35, pool: pool) }
        let gigabytes = Double(map.shape.count) * 4e-9
        let parts = shortestTime { _ = mesh.withoutParts(smallerThan: 0.01) }
        let triangles = Double(mesh.triangleCount) * 1e-6
        return [
            Measurement(
                name: String(format: "256³ voxels, %.2f million triangles", triangles), seconds: seconds, work: gigabytes,
                unit: "GB", bound: (floor.copyAll, "copying memory")),
            Measurement(name: "small parts left out", seconds: parts, work: triangles, unit: "M triangles"),
        ]
    }

    /// A ball of wound sheets about 12 voxels apart: as much surface as a protein at high resolution.
    private static func folds(box: Int) -> RealArray {
        var map = RealArray(shape: .cube(box))
        let centre = Double(box / 2), radius = 0.4 * Double(box)
        for z in 0..<box {
            for y in 0..<box {
                for x in 0..<box {
                    let (dx, dy, dz) = (Double(x) - centre, Double(y) - centre, Double(z) - centre)
                    guard dx * dx + dy * dy + dz * dz < radius * radius else { continue }
                    map[x, y, z] = Float(sin(dx / 4) * cos(dy / 4) + sin(dy / 4) * cos(dz / 4) + sin(dz / 4) * cos(dx / 4))
                }
            }
        }
        return map
    }
}
