import Arrays
import Geometry
import Parallel

/// Finds the motion that takes a domain of a map to another copy of it, by how well the densities agree.
///
/// The misfit of a motion is the root mean square, weighted with the mask, of the difference between the density of the domain
/// and that at the places it is moved to (linear interpolation). Pixels count from the centre of the box (n/2).
package struct MotionSearch: Sendable {
    private struct Voxel: Sendable {
        var point: SIMD3<Double>
        var density: Float
        var weight: Float
    }

    private let map: RealArray
    /// Those within the mask, in an order that mixes all parts of the domain.
    private let voxels: [Voxel]
    /// Centre of mass of the mask: motions turn about it.
    package let centre: Vector3

    /// - Precondition: map and mask have one shape.
    package init(map: RealArray, mask: RealArray) {
        precondition(map.shape == mask.shape)
        self.map = map
        centre = mask.centreOfMass()
        let shape = map.shape
        var inside: [Voxel] = []
        for (i, weight) in mask.values.enumerated() where weight > Self.smallestWeight {
            let (row, x) = i.quotientAndRemainder(dividingBy: shape.x), (z, y) = row.quotientAndRemainder(dividingBy: shape.y)
            let point = SIMD3(Double(x - shape.x / 2), Double(y - shape.y / 2), Double(z - shape.z / 2))
            inside.append(Voxel(point: point, density: map.values[i], weight: weight))
        }
        voxels = Self.mixed(inside)
    }

    private static let smallestWeight: Float = 1e-6

    package var isEmpty: Bool { voxels.isEmpty }

    /// Takes steps of a length that is prime to the number of voxels, about the golden section of it.
    private static func mixed(_ voxels: [Voxel]) -> [Voxel] {
        let count = voxels.count
        guard count > 2 else { return voxels }
        var step = max(1, Int(Double(count) * 0.618034))
        while gcd(step, count) != 1 { step += 1 }
        return (0..<count).map { voxels[$0 * step % count] }
    }

    private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }

    /// A motion that turns the domain and takes its centre to `target`.
    package func motion(_ rotation: RotationMatrix, to target: Vector3) -> RigidMotion {
        RigidMotion(rotation: rotation, shift: target - rotation * centre)
    }

    package func misfit(of motion: RigidMotion) -> Double {
        MapSampler.with(map) { misfit($0, motion, voxels[...]) }
    }

    private func misfit(_ density: MapSampler, _ motion: RigidMotion, _ voxels: ArraySlice<Voxel>) -> Double {
        let columns = motion.rotation.transpose
        return voxels.withUnsafeBufferPointer { voxels in
            var sum = 0.0, weights = 0.0
            for voxel in voxels {
                let p = voxel.point
                let place = p.x * columns.row0 + p.y * columns.row1 + p.z * columns.row2 + motion.shift
                let difference = density.linear(at: place) - voxel.density
                sum += Double(voxel.weight * difference * difference)
                weights += Double(voxel.weight)
            }
            return weights > 0 ? (sum / weights).squareRoot() : 0
        }
    }

    /// Voxels that decide which motions are looked at with all of them, and how many motions these are at least.
    private static let fewVoxels = 800, mostPromising = 2000

    /// The motions in the order of their misfits, best first. Of very many, only those that are among the best on some of the
    /// voxels are looked at in full, and returned.
    package func ranked(_ motions: [RigidMotion], pool: ThreadPool, progress: @Sendable (Int) -> Void = { _ in })
        -> [(motion: RigidMotion, misfit: Double)]
    {
        var candidates = motions
        if motions.count > 2 * Self.mostPromising, voxels.count > 2 * Self.fewVoxels {
            let rough = misfits(of: motions, voxels[0..<Self.fewVoxels], pool, progress)
            let kept = max(Self.mostPromising, motions.count / 100)
            let order = rough.indices.sorted { (rough[$0], $0) < (rough[$1], $1) }.prefix(kept)
            candidates = order.sorted().map { motions[$0] }
        }
        let found = misfits(of: candidates, voxels[...], pool, progress)
        return found.indices.sorted { (found[$0], $0) < (found[$1], $1) }.map { (candidates[$0], found[$0]) }
    }

    private func misfits(
        of motions: [RigidMotion], _ part: ArraySlice<Voxel>, _ pool: ThreadPool, _ progress: @Sendable (Int) -> Void
    ) -> [Double] {
        let chunk = 32
        let parts = pool.map(count: (motions.count + chunk - 1) / chunk) { index, _ in
            let range = index * chunk..<min(motions.count, (index + 1) * chunk)
            let values = MapSampler.with(map) { density in range.map { misfit(density, motions[$0], part) } }
            progress(range.count)
            return values
        }
        return parts.flatMap { $0 }
    }
}
