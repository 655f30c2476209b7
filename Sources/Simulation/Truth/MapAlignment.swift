import Arrays
import Foundation
import Fourier
import Geometry
import Parallel

/// Turns a refined map into the frame (and hand) of the true one.
package enum MapAlignment {
    /// The map resampled: result(r) = map(±Gᵀ (r + t)), with minus where the hands differ.
    ///
    /// The map is first sampled twice as finely in Fourier space, so that interpolation by straight lines costs little below Nyquist.
    package static func apply(
        _ comparison: PoseComparison, to map: RealArray, pixelSizeInAngstrom: Double, pool: ThreadPool
    ) -> RealArray {
        let n = map.shape.x
        let fineShape = Shape.cube(2 * n)
        let spectrum = FourierTransform(shape: map.shape).forward(map, pool: pool)
        let fine = FourierTransform(shape: fineShape).inverse(spectrum.resized(to: fineShape), pool: pool)
        let back = comparison.frame.transpose
        let sign = comparison.isMirrored ? -2.0 : 2.0
        let moved = comparison.translation / pixelSizeInAngstrom
        let sections = pool.map(count: n) { z, _ in
            var section = [Float](repeating: 0, count: n * n)
            for y in 0..<n {
                for x in 0..<n {
                    let r = Vector3(Double(x - n / 2), Double(y - n / 2), Double(z - n / 2)) + moved
                    section[y * n + x] = value(of: fine, at: back * r * sign)
                }
            }
            return section
        }
        return RealArray(shape: map.shape, values: sections.flatMap { $0 })
    }

    /// Trilinear, from the centre of the map; outside it goes on periodically, as its Fourier series does.
    private static func value(of map: RealArray, at p: Vector3) -> Float {
        let n = map.shape.x
        func wrap(_ i: Int) -> Int { ((i % n) + n) % n }
        let (fx, fy, fz) = (p.x.rounded(.down), p.y.rounded(.down), p.z.rounded(.down))
        let (tx, ty, tz) = (Float(p.x - fx), Float(p.y - fy), Float(p.z - fz))
        let (x0, y0, z0) = (wrap(Int(fx) + n / 2), wrap(Int(fy) + n / 2), wrap(Int(fz) + n / 2))
        let (x1, y1, z1) = (wrap(x0 + 1), wrap(y0 + 1), wrap(z0 + 1))
        func line(_ y: Int, _ z: Int) -> Float { map[x0, y, z] + tx * (map[x1, y, z] - map[x0, y, z]) }
        let low = line(y0, z0) + ty * (line(y1, z0) - line(y0, z0))
        let high = line(y0, z1) + ty * (line(y1, z1) - line(y0, z1))
        return low + tz * (high - low)
    }
}
