import Arrays
import Foundation
import Geometry
import Parallel
import Randomness
import Testing

@testable import Imaging

/// A map with two copies of a domain, from a closed form.
private struct TwoDomains {
    static let box = 40
    static let motion = RigidMotion(rotation: EulerAngles(rot: 30, tilt: 70, psi: -50).matrix, shift: Vector3(-1.3, 2.4, 0.7))
    /// Of the domain, pixels about the centre; its motion takes it away from where it is.
    static let centre = Vector3(9, 2, -4)
    static let pool = ThreadPool(threads: 2)

    /// A few Gaussian blobs about the domain's centre.
    static func density(_ p: Vector3) -> Double {
        let atoms: [(Vector3, Double)] = [
            (Vector3(0, 0, 0), 1), (Vector3(3, 1, 0), 0.8), (Vector3(-2, 2, 1), -0.6), (Vector3(0, -3, 2), 0.9), (Vector3(1, 1, -3), 0.7),
        ]
        return atoms.reduce(0) { sum, atom in
            let d = p - centre - atom.0
            return sum + atom.1 * exp(-d.dot(d) / 3.5)
        }
    }

    static func map(_ value: (Vector3) -> Double) -> RealArray {
        var map = RealArray(shape: .cube(box))
        for z in 0..<box {
            for y in 0..<box {
                for x in 0..<box {
                    map[x, y, z] = Float(value(Vector3(Double(x - box / 2), Double(y - box / 2), Double(z - box / 2))))
                }
            }
        }
        return map
    }

    static let truth = map { density($0) + density(motion.inverse * $0) }
    static let mask = map { p in
        let r = (p - centre).dot(p - centre).squareRoot()
        return r < 7 ? 1 : r > 9 ? 0 : 0.5 + 0.5 * cos(.pi * (r - 7) / 2)
    }
    static let symmetry = LocalSymmetry(domains: [.init(mask: mask, motions: [motion])])

    /// Mean squared difference of two maps within `radius` of the domain or its copy.
    static func error(_ a: RealArray, _ b: RealArray) -> Double {
        let near = map { p in
            let q = motion.inverse * p
            return min((p - centre).dot(p - centre), (q - centre).dot(q - centre)) < 49 ? 1 : 0
        }
        var sum = 0.0, count = 0.0
        for i in a.values.indices where near.values[i] > 0 {
            sum += pow(Double(a.values[i] - b.values[i]), 2)
            count += 1
        }
        return sum / count
    }
}

@Suite struct LocalSymmetryTests {
    /// Cubic convolution errs by about (Δ/σ)³/20 of the amplitude for blobs of σ = 1.3 pixels.
    private static let interpolationTolerance = 0.02

    @Test func averagingKeepsAMapThatHasTheSymmetry() {
        let map = TwoDomains.truth
        let averaged = TwoDomains.symmetry.averaged(map, pool: TwoDomains.pool)
        #expect(TwoDomains.error(averaged, map).squareRoot() < Self.interpolationTolerance)
    }

    @Test func averagingHalvesTheNoiseOfTwoCopies() {
        var generator = CounterGenerator(seed: 3, stream: 0)
        var noisy = TwoDomains.truth
        for i in noisy.values.indices { noisy.values[i] += Float(0.3 * generator.standardNormal()) }
        let averaged = TwoDomains.symmetry.averaged(noisy, pool: TwoDomains.pool)
        let before = TwoDomains.error(noisy, TwoDomains.truth), after = TwoDomains.error(averaged, TwoDomains.truth)
        // Half the variance is what independent noise leaves; interpolated noise has a little less of its own.
        #expect(after < 0.55 * before && after > 0.3 * before, "\(before) \(after)")
    }

    @Test func nothingChangesOutsideTheMasks() {
        let map = TwoDomains.map { sin($0.x * 0.7 + $0.y * 0.3) + cos($0.z) }
        let averaged = TwoDomains.symmetry.averaged(map, pool: TwoDomains.pool)
        let outside = TwoDomains.map { p in
            let q = TwoDomains.motion.inverse * p, c = TwoDomains.centre
            return min((p - c).dot(p - c), (q - c).dot(q - c)) > 121 ? 1 : 0
        }
        let kept = map.values.indices.filter { outside.values[$0] > 0 }
        #expect(kept.count > 1000 && kept.allSatisfy { averaged.values[$0] == map.values[$0] })
        #expect(averaged.values != map.values)
    }

    @Test func wrongWayRoundIsNoSymmetry() {
        let inverted = LocalSymmetry(domains: [.init(mask: TwoDomains.mask, motions: [TwoDomains.motion.inverse])])
        let averaged = inverted.averaged(TwoDomains.truth, pool: TwoDomains.pool)
        #expect(TwoDomains.error(averaged, TwoDomains.truth).squareRoot() > 3 * Self.interpolationTolerance)
    }

    @Test func bitsDoNotDependOnThreads() {
        let one = TwoDomains.symmetry.averaged(TwoDomains.truth, pool: ThreadPool(threads: 1))
        #expect(one == TwoDomains.symmetry.averaged(TwoDomains.truth, pool: ThreadPool(threads: 3)))
    }

    @Test func rightAngledTurnsMoveVoxelsExactly() {
        // A quarter turn about z takes voxels to voxels: interpolation has nothing to do, and masks of 1 give the plain mean.
        let quarter = RigidMotion(rotation: RotationMatrix(angleInDegrees: 90, axis: Vector3(0, 0, 1)), shift: .zero)
        let box = 8
        var map = RealArray(shape: .cube(box)), mask = RealArray(shape: .cube(box))
        map[6, 4, 4] = 1
        mask[6, 4, 4] = 1
        let averaged = LocalSymmetry(domains: [.init(mask: mask, motions: [quarter])]).averaged(map, pool: TwoDomains.pool)
        // (2, 0) about the centre goes to (0, 2).
        #expect(abs(averaged[6, 4, 4] - 0.5) < 1e-6 && abs(averaged[4, 6, 4] - 0.5) < 1e-6 && averaged[4, 2, 4] == 0)
    }
}
