import Arrays
import Fourier
import Parallel

/// Squared distance of every voxel to the nearest voxel of a set, exact up to a limit; separable in x, y and z
/// (Saito & Toriwaki, Pattern Recogn. 27 (1994) 1551).
struct DistanceMap {
    static let beyond: Float = 1e12

    /// Squared distances in pixels²; `beyond` where no voxel of the set is nearer than `limit` pixels.
    let squared: RealArray

    /// - Parameter isMember: of the voxel at an index.
    init(shape: Shape, limit: Double, pool: ThreadPool, isMember: @Sendable (Int) -> Bool) {
        let reach = Int(limit.rounded(.up))
        var current = RealArray(shape: shape, repeating: Self.beyond)
        current.values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let values = values  // Rows are disjoint.
            pool.forEachChunk(count: shape.y * shape.z, chunk: 64) { rows, _ in
                for row in rows { Self.scanRow(values, row * shape.x, shape.x, reach, isMember) }
            }
        }
        current = Self.minimise(current, along: .y, reach: reach, pool: pool)
        if shape.z > 1 { current = Self.minimise(current, along: .z, reach: reach, pool: pool) }
        squared = current
    }

    private static func scanRow(
        _ values: UnsafeMutableBufferPointer<Float>, _ start: Int, _ length: Int, _ reach: Int, _ isMember: (Int) -> Bool
    ) {
        var last = -reach - 1
        for x in 0..<length {
            if isMember(start + x) { last = x }
            if x - last <= reach { values[start + x] = Float((x - last) * (x - last)) }
        }
        last = length + reach
        for x in (0..<length).reversed() {
            if values[start + x] == 0 { last = x }
            if last - x <= reach { values[start + x] = min(values[start + x], Float((last - x) * (last - x))) }
        }
    }

    private enum Axis { case y, z }

    /// min over d of input(position + d) + d², row by row.
    private static func minimise(_ input: RealArray, along axis: Axis, reach: Int, pool: ThreadPool) -> RealArray {
        let shape = input.shape
        let length = axis == .y ? shape.y : shape.z
        let stride = axis == .y ? shape.x : shape.x * shape.y
        var output = input
        input.values.withUnsafeBufferPointer { source in
            output.values.withUnsafeMutableBufferPointer { target in
                nonisolated(unsafe) let (source, target) = (source, target)  // Rows of the target are disjoint.
                pool.forEachChunk(count: shape.y * shape.z, chunk: 64) { rows, _ in
                    for row in rows {
                        let position = axis == .y ? row % shape.y : row / shape.y
                        let start = row * shape.x
                        for d in max(-reach, -position)...min(reach, length - 1 - position) where d != 0 {
                            let added = Float(d * d)
                            let other = start + d * stride
                            for x in 0..<shape.x { target[start + x] = min(target[start + x], source[other + x] + added) }
                        }
                    }
                }
            }
        }
        return output
    }
}
