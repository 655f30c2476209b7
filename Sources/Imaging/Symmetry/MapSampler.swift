import Arrays
import Geometry

/// Values of a map between its voxels; outside the box a map is zero.
///
/// Points are in pixels about the centre (box/2). Only valid within the closure of `withSampler`.
struct MapSampler: @unchecked Sendable {  // The memory is only read, and outlives the closure.
    private let values: UnsafePointer<Float>
    private let shape: Shape
    private let centre: SIMD3<Double>

    static func with<Result>(_ map: RealArray, _ body: (MapSampler) -> Result) -> Result {
        map.values.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a map has voxels") }
            return body(MapSampler(values: base, shape: map.shape))
        }
    }

    private init(values: UnsafePointer<Float>, shape: Shape) {
        self.values = values
        self.shape = shape
        centre = SIMD3(Double(shape.x / 2), Double(shape.y / 2), Double(shape.z / 2))
    }

    /// Linear interpolation: never beyond the range of the values, right for masks.
    func linear(at point: Vector3) -> Float {
        let place = point + centre
        if place.min() >= 0, place.x < Double(shape.x - 1), place.y < Double(shape.y - 1), place.z < Double(shape.z - 1) {
            return linearInside(place)
        }
        let (cell, f) = split(point)
        let wx = SIMD2(1 - f.x, f.x)
        var sum: Float = 0
        for z in 0..<2 {
            for y in 0..<2 {
                let w = (z == 0 ? 1 - f.z : f.z) * (y == 0 ? 1 - f.y : f.y)
                if w == 0 { continue }
                for x in 0..<2 { sum += w * wx[x] * voxel(cell.x + x, cell.y + y, cell.z + z) }
            }
        }
        return sum
    }

    /// All eight voxels around the place, counted from the first voxel, are in the map.
    @inline(__always)
    private func linearInside(_ place: Vector3) -> Float {
        let (x, y, z) = (Int(place.x), Int(place.y), Int(place.z))
        let fx = Float(place.x - Double(x)), fy = Float(place.y - Double(y)), fz = Float(place.z - Double(z))
        let near = values + ((z &* shape.y &+ y) &* shape.x &+ x)
        let far = near + shape.x &* shape.y
        let low = SIMD4(near[0], near[shape.x], far[0], far[shape.x])
        let high = SIMD4(near[1], near[shape.x &+ 1], far[1], far[shape.x &+ 1])
        let alongX = low + fx * (high - low)
        let nearY = alongX.x + fy * (alongX.y - alongX.x), farY = alongX.z + fy * (alongX.w - alongX.z)
        return nearY + fz * (farY - nearY)
    }

    /// Cubic convolution (Keys 1981, IEEE Trans ASSP 29:1153, a = −1/2) over 4 × 4 × 4 voxels: third order, so that it blurs
    /// densities much less than linear interpolation does.
    func cubic(at point: Vector3) -> Float {
        let (cell, f) = split(point)
        guard cell.x >= -2, cell.y >= -2, cell.z >= -2, cell.x <= shape.x, cell.y <= shape.y, cell.z <= shape.z else { return 0 }
        let wx = Self.weights(f.x), wy = Self.weights(f.y), wz = Self.weights(f.z)
        let isInside = cell.x >= 1 && cell.y >= 1 && cell.z >= 1
            && cell.x + 2 < shape.x && cell.y + 2 < shape.y && cell.z + 2 < shape.z
        var sum = SIMD4<Float>.zero
        for z in 0..<4 {
            var plane = SIMD4<Float>.zero
            for y in 0..<4 {
                let row = isInside ? inner(cell.x - 1, cell.y + y - 1, cell.z + z - 1)
                    : edge(cell.x - 1, cell.y + y - 1, cell.z + z - 1)
                plane += wy[y] * row
            }
            sum += wz[z] * plane
        }
        return (wx * sum).sum()
    }

    private func split(_ point: Vector3) -> (cell: SIMD3<Int>, fraction: SIMD3<Float>) {
        let p = point + centre
        // Far outside nothing is read; keep the conversion to whole numbers defined.
        let low = p.rounded(.down).clamped(lowerBound: SIMD3(repeating: -9), upperBound: SIMD3(repeating: 1e9))
        return (SIMD3<Int>(Int(low.x), Int(low.y), Int(low.z)), SIMD3<Float>(p - low))
    }

    private func inner(_ x: Int, _ y: Int, _ z: Int) -> SIMD4<Float> {
        let row = values + (z * shape.y + y) * shape.x + x
        return SIMD4(row[0], row[1], row[2], row[3])
    }

    private func edge(_ x: Int, _ y: Int, _ z: Int) -> SIMD4<Float> {
        SIMD4(voxel(x, y, z), voxel(x + 1, y, z), voxel(x + 2, y, z), voxel(x + 3, y, z))
    }

    private func voxel(_ x: Int, _ y: Int, _ z: Int) -> Float {
        guard x >= 0, y >= 0, z >= 0, x < shape.x, y < shape.y, z < shape.z else { return 0 }
        return values[(z * shape.y + y) * shape.x + x]
    }

    private static func weights(_ f: Float) -> SIMD4<Float> {
        let f2 = f * f, f3 = f2 * f
        return SIMD4(-0.5 * f3 + f2 - 0.5 * f, 1.5 * f3 - 2.5 * f2 + 1, -1.5 * f3 + 2 * f2 + 0.5 * f, 0.5 * f3 - 0.5 * f2)
    }
}
