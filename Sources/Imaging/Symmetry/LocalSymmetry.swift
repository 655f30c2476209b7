import Arrays
import Geometry
import Parallel

/// Symmetry between parts of a map that the map as a whole does not have: domains that occur several times, each copy with its
/// own rotation and shift (non-crystallographic symmetry).
///
/// A domain is where its mask is; the motions, in pixels about the centre of the box (box/2), take it to its copies.
package struct LocalSymmetry: Sendable {
    package struct Domain: Sendable {
        /// 0 outside to 1 inside.
        package var mask: RealArray
        /// To each further copy; the domain itself is not among them.
        package var motions: [RigidMotion]

        package init(mask: RealArray, motions: [RigidMotion]) {
            self.mask = mask
            self.motions = motions
        }
    }

    package let domains: [Domain]

    /// Masks below this weight say nothing.
    private static let smallestWeight: Float = 1e-6

    /// - Precondition: at least one domain; all masks have the shape of the maps.
    package init(domains: [Domain]) {
        precondition(!domains.isEmpty)
        self.domains = domains
    }

    /// The map in which each copy of a domain is the mean of all of them.
    ///
    /// Soft edges of masks blend to the map as it was, and copies that overlap share by their masks' weights. Each voxel is read
    /// at the places that correspond to it in the other copies (cubic convolution); what it has itself is not interpolated.
    /// Floor: copies² × 64 multiply-adds for a voxel within a mask.
    package func averaged(_ map: RealArray, pool: ThreadPool) -> RealArray {
        let shape = map.shape
        precondition(domains.allSatisfy { $0.mask.shape == shape })
        let copies = domains.map { domain in [RigidMotion.identity] + domain.motions }
        let planes = MapSampler.with(map) { density in
            withMasks { masks in
                pool.map(count: shape.z) { z, _ -> [Float] in
                    Plane(density: density, masks: masks, copies: copies).averaged(map, z: z)
                }
            }
        }
        return RealArray(shape: shape, values: planes.flatMap { $0 })
    }

    private func withMasks<Result>(_ body: ([MapSampler]) -> Result) -> Result {
        func next(_ index: Int, _ samplers: [MapSampler]) -> Result {
            if index == domains.count { return body(samplers) }
            return MapSampler.with(domains[index].mask) { next(index + 1, samplers + [$0]) }
        }
        return next(0, [])
    }

    /// One section of the result.
    private struct Plane {
        let density: MapSampler
        let masks: [MapSampler]
        let copies: [[RigidMotion]]
        let inverses: [[RigidMotion]]

        init(density: MapSampler, masks: [MapSampler], copies: [[RigidMotion]]) {
            self.density = density
            self.masks = masks
            self.copies = copies
            inverses = copies.map { $0.map(\.inverse) }
        }

        func averaged(_ map: RealArray, z: Int) -> [Float] {
            let shape = map.shape, start = z * shape.y * shape.x
            var result = Array(map.values[start..<start + shape.y * shape.x])
            for y in 0..<shape.y {
                for x in 0..<shape.x {
                    let point = Vector3(Double(x - shape.x / 2), Double(y - shape.y / 2), Double(z - shape.z / 2))
                    let own = result[y * shape.x + x]
                    let (sum, weight) = sums(at: point, own: own)
                    if weight > 0 { result[y * shape.x + x] = weight > 1 ? sum / weight : sum + (1 - weight) * own }
                }
            }
            return result
        }

        /// Σ mask · mean over the copies, and Σ mask, over all copies of all domains.
        private func sums(at point: Vector3, own: Float) -> (sum: Float, weight: Float) {
            var sum: Float = 0, weight: Float = 0
            for domain in copies.indices {
                for (number, back) in inverses[domain].enumerated() {
                    let origin = back * point
                    let mask = masks[domain].linear(at: origin)
                    guard mask > LocalSymmetry.smallestWeight else { continue }
                    var mean = own
                    for (other, motion) in copies[domain].enumerated() where other != number {
                        mean += density.cubic(at: motion * origin)
                    }
                    sum += mask * mean / Float(copies[domain].count)
                    weight += mask
                }
            }
            return (sum, weight)
        }
    }
}
