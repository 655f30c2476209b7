import Arrays
import Foundation
import Geometry
import Optimisation
import Parallel

/// Finds the rotation that brings the symmetry axes of a map onto those of a point group's convention.
///
/// A map turned by A has the symmetry S when the map itself is invariant under A⁻¹ S A. The correlation of the map with its
/// copies turned that way is climbed from many starting orientations, first on the lowest shells, where the peaks are wide,
/// then on more shells with fewer candidates.
package struct SymmetryAlignment: Sendable {
    package var symmetry: SymmetryGroup
    /// Number of starting orientations, spread evenly; 0: starts from the present orientation only.
    package var startCount = 400
    /// Only turns about z.
    package var onlyAboutZ = false
    /// Half width of the final grid, in steps, and its step in degrees.
    package var localRange = 2
    package var localStepInDegrees = 2.0

    package init(symmetry: SymmetryGroup) { self.symmetry = symmetry }

    package struct Solution: Sendable {
        /// Turns the map into the convention.
        package var rotation: RotationMatrix
        /// Mean correlation of the map with its symmetry mates, −1 … 1.
        package var correlation: Double
    }

    /// - Parameters:
    ///   - reference: of a small map; see `PaddedReference`.
    ///   - highestShell: frequencies used, in units of 1/box.
    package func solve(_ reference: PaddedReference, highestShell: Int, pool: ThreadPool) -> Solution {
        let search = Search(
            alignment: self, correlation: SelfCorrelation(reference, highestShell: highestShell), pool: pool)
        var candidates = search.starts()
        for stage in search.stages {
            candidates = search.climb(candidates, stage)
        }
        let best = search.polish(candidates[0])
        let all = symmetry.operators.dropFirst().map(\.right)
        return Solution(
            rotation: leastTurn(best),
            correlation: all.isEmpty ? 1 : search.correlation.score(best, operators: all, upToShell: highestShell))
    }

    /// Of all rotations with the same result up to the group, the one that turns the map least.
    private func leastTurn(_ rotation: RotationMatrix) -> RotationMatrix {
        var candidates = symmetry.operators.filter { $0.right.determinant > 0 }.map { $0.right * rotation }
        if case .cyclic = symmetry.pointGroup, !onlyAboutZ {
            // The rotation about the axis is arbitrary, and either end of the axis may point up.
            candidates = [rotation, RotationMatrix.diagonal(1, -1, -1) * rotation].map { m in
                let angle = atan2(m.row0.y - m.row1.x, m.row0.x + m.row1.y) * 180 / .pi
                return RotationMatrix(angleInDegrees: angle, axis: Vector3(0, 0, 1)) * m
            }
        }
        return candidates.max { $0.trace < $1.trace } ?? rotation
    }
}

/// The search of one map.
private struct Search: Sendable {
    let alignment: SymmetryAlignment
    let correlation: SelfCorrelation
    let pool: ThreadPool
    /// Rotations by one step about the axes that generate the group: what is invariant under them has the group.
    let generators: [RotationMatrix]

    init(alignment: SymmetryAlignment, correlation: SelfCorrelation, pool: ThreadPool) {
        self.alignment = alignment
        self.correlation = correlation
        self.pool = pool
        generators = alignment.symmetry.generatingRotations
    }

    struct Stage {
        var shell: Int
        var stepInDegrees: Double
        var evaluations: Int
        var kept: Int
    }

    /// Steps shrink as the highest shell grows: a point at a third of the box moves by about half a wavelength.
    var stages: [Stage] {
        let last = correlation.highestShell
        let limits = [6, 12, 20].map { min($0, last) }
        return [
            Stage(shell: limits[0], stepInDegrees: 12, evaluations: 40, kept: 24),
            Stage(shell: limits[1], stepInDegrees: 5, evaluations: 60, kept: 6),
            Stage(shell: limits[2], stepInDegrees: 2, evaluations: 80, kept: 1),
        ]
    }

    func starts() -> [RotationMatrix] {
        let count = alignment.startCount
        if alignment.onlyAboutZ {
            return (0..<max(1, count)).map { index in
                EulerAngles(rot: 360 * Double(index) / Double(max(1, count)), tilt: 0, psi: 0).matrix
            }
        }
        return count > 0 ? (0..<count).map { RotationMatrix.spiral($0, of: count) } : [.identity]
    }

    /// Climbs from every candidate and keeps the best that differ from one another, best first.
    func climb(_ candidates: [RotationMatrix], _ stage: Stage) -> [RotationMatrix] {
        let climbed = pool.map(count: candidates.count) { index, _ in
            self.climb(candidates[index], stage.shell, stage.stepInDegrees, stage.evaluations)
        }
        let order = climbed.indices.sorted { (-climbed[$0].score, $0) < (-climbed[$1].score, $1) }
        var kept: [RotationMatrix] = []
        for index in order where kept.count < stage.kept {
            let rotation = climbed[index].rotation
            let isNew = kept.allSatisfy { other in
                alignment.symmetry.operators.allSatisfy {
                    other.rotationAngleInDegrees(to: $0.right * rotation) > stage.stepInDegrees
                }
            }
            if isNew { kept.append(rotation) }
        }
        return kept
    }

    private func climb(
        _ start: RotationMatrix, _ shell: Int, _ step: Double, _ evaluations: Int
    ) -> (rotation: RotationMatrix, score: Double) {
        let count = alignment.onlyAboutZ ? 1 : 3
        let simplex = NelderMead(
            initialSteps: [Double](repeating: step, count: count), sizeTolerance: 0.02,
            largestIterationCount: evaluations)
        let result = simplex.minimise(from: [Double](repeating: 0, count: count)) { offset in
            -correlation.score(turned(start, offset), operators: generators, upToShell: shell)
        }
        return (turned(start, result.point), -result.value)
    }

    /// A rotation changed by small turns in degrees: about z only, or about x, y and z.
    func turned(_ rotation: RotationMatrix, _ offset: [Double]) -> RotationMatrix {
        let vector = offset.count == 1 ? Vector3(0, 0, offset[0]) : Vector3(offset[0], offset[1], offset[2])
        let angle = vector.length
        return angle > 0 ? RotationMatrix(angleInDegrees: angle, axis: vector) * rotation : rotation
    }

    /// The best point of a local grid at full resolution, then a last climb.
    func polish(_ start: RotationMatrix) -> RotationMatrix {
        let range = max(0, alignment.localRange)
        let step = alignment.localStepInDegrees
        let line = (-range...range).map { Double($0) * step }
        let offsets =
            alignment.onlyAboutZ
            ? line.map { [$0] } : line.flatMap { x in line.flatMap { y in line.map { z in [x, y, z] } } }
        let scores = pool.map(count: offsets.count) { index, _ in
            correlation.score(
                turned(start, offsets[index]), operators: generators, upToShell: correlation.highestShell)
        }
        let best = scores.indices.max { (scores[$0], -$0) < (scores[$1], -$1) } ?? 0
        let centre = turned(start, offsets[best])
        if step <= 0 { return centre }
        return climb(centre, correlation.highestShell, step / 2, 100).rotation
    }
}

extension SymmetryGroup {
    /// One rotation (or mirror) per generating axis: the smallest turn about each.
    var generatingRotations: [RotationMatrix] {
        let rotations = operators.dropFirst().map(\.right)
        var chosen: [RotationMatrix] = []
        var size = 1
        for candidate in rotations where size < order {
            let next = Self.closure(chosen + [candidate], limit: order)
            if next > size {
                chosen.append(candidate)
                size = next
            }
        }
        return chosen
    }

    /// Number of different products of some matrices.
    private static func closure(_ generators: [RotationMatrix], limit: Int) -> Int {
        var found: [RotationMatrix] = [.identity]
        var index = 0
        while index < found.count && found.count <= limit {
            for generator in generators {
                let product = found[index] * generator
                if !found.contains(where: { $0.isClose(to: product, tolerance: 1e-4) }) { found.append(product) }
            }
            index += 1
        }
        return found.count
    }
}

extension RotationMatrix {
    /// The `index`-th of `count` rotations that cover all rotations evenly: a super-Fibonacci spiral (Alexa 2022, CVPR).
    package static func spiral(_ index: Int, of count: Int) -> RotationMatrix {
        let s = Double(index) + 0.5
        let t = s / Double(count)
        let (r, q) = (t.squareRoot(), (1 - t).squareRoot())
        let alpha = 2 * Double.pi * s / 2.0.squareRoot()
        // The real root of ψ⁴ = ψ + 4.
        let beta = 2 * Double.pi * s / 1.533751168755204288118041
        return RotationMatrix(quaternion: (q * cos(beta), r * sin(alpha), r * cos(alpha), q * sin(beta)))
    }

    /// From a unit quaternion w + xi + yj + zk.
    init(quaternion q: (w: Double, x: Double, y: Double, z: Double)) {
        let (w, x, y, z) = q
        self.init(
            rows: Vector3(1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
            Vector3(2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
            Vector3(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)))
    }
}
