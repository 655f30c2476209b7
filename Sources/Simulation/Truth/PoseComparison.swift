import Foundation
import Geometry
import Randomness

/// How far refined orientations and origins are from the true ones, after the one rotation (and perhaps mirror) that
/// separates the two frames of reference.
///
/// A refinement from scratch ends in a frame of its own and in either hand. With refined orientations A', true ones A, a symmetry operator S
/// and the frame's rotation G, A' = A·S·G. Seen in the other hand, images turn by 180° in the plane: Rz(180)·A' = A·S·G.
package struct PoseComparison: Sendable {
    /// G, which turns the refined map's frame into the true one's: true(r) = refined(Gᵀ (r − t)) before a mirror.
    package let frame: RotationMatrix
    /// The refined map is the mirror image (by inversion) of the true one.
    package let isMirrored: Bool
    /// Centre of the refined map in the true map's frame, Å.
    package let translation: Vector3
    /// Angle between refined and true orientation of each particle, degrees.
    package let anglesInDegrees: [Double]
    /// Distance between refined and true centre of each particle in its image, Å.
    package let shiftsInAngstrom: [Double]

    package struct Pose: Sendable {
        package var orientation: RotationMatrix
        /// Minus the particle's displacement: the origins of a particle file, Å.
        package var origin: SIMD2<Double>

        package init(orientation: RotationMatrix, origin: SIMD2<Double>) {
            self.orientation = orientation
            self.origin = origin
        }
    }

    /// Candidates for the frame come from single particles; this many are tried, on this many particles.
    private static let candidateCount = 80, sampleCount = 400

    /// - Precondition: as many refined as true poses, at least one.
    package init(refined: [Pose], truth: [Pose], symmetry: SymmetryGroup) {
        precondition(refined.count == truth.count && !refined.isEmpty)
        let straight = Self.fitFrame(refined.map(\.orientation), truth.map(\.orientation), symmetry)
        let halfTurn = RotationMatrix.diagonal(-1, -1, 1)
        let turned = Self.fitFrame(refined.map { halfTurn * $0.orientation }, truth.map(\.orientation), symmetry)
        isMirrored = turned.median < straight.median
        let best = isMirrored ? turned : straight
        frame = best.frame
        anglesInDegrees = best.angles
        let good = best.angles.indices.filter { best.angles[$0] <= max(best.median, 1) }
        // The displacement belongs to the frame of the true map; a mirror by inversion turns its sign.
        let equivalents = zip(truth, best.operators).map { pose, operation in operation.apply(to: pose.orientation) }
        let differences = zip(refined, truth).map { $0.origin - $1.origin }
        let centre = symmetry.isTrivial ? Self.fitTranslation(equivalents, differences, good) : .zero
        translation = centre
        shiftsInAngstrom = zip(equivalents, differences).map { orientation, difference in
            let moved = orientation * centre
            let x = difference.x - moved.x, y = difference.y - moved.y
            return (x * x + y * y).squareRoot()
        }
    }

    private struct Fit {
        let frame: RotationMatrix
        let angles: [Double]
        let operators: [SymmetryOperator]
        let median: Double
    }

    private static func fitFrame(_ refined: [RotationMatrix], _ truth: [RotationMatrix], _ symmetry: SymmetryGroup) -> Fit {
        var generator = CounterGenerator(seed: 7, stream: 0)
        func draw(_ count: Int) -> [Int] { (0..<min(count, refined.count)).map { _ in Int(generator.next() % UInt64(refined.count)) } }
        let sample = draw(sampleCount)
        var best = (frame: RotationMatrix.identity, median: Double.infinity)
        for candidate in draw(candidateCount) {
            let frame = truth[candidate].transpose * refined[candidate]
            let angles = sample.map { nearest(refined[$0], truth[$0], frame, symmetry).angle }
            let median = Self.median(angles)
            if median < best.median { best = (frame, median) }
        }
        var frame = best.frame
        for _ in 0..<10 { frame = improved(frame, refined, truth, symmetry) }
        let matches = refined.indices.map { nearest(refined[$0], truth[$0], frame, symmetry) }
        let angles = matches.map(\.angle)
        return Fit(frame: frame, angles: angles, operators: matches.map(\.operation), median: median(angles))
    }

    private static func nearest(
        _ refined: RotationMatrix, _ truth: RotationMatrix, _ frame: RotationMatrix, _ symmetry: SymmetryGroup
    ) -> (angle: Double, operation: SymmetryOperator) {
        var best = (angle: Double.infinity, operation: SymmetryOperator.identity)
        for operation in symmetry.operators {
            let angle = refined.rotationAngleInDegrees(to: operation.apply(to: truth) * frame)
            if angle < best.angle { best = (angle, operation) }
        }
        return best
    }

    /// The mean of (A·S)ᵀ·A' over the better half of the particles, made a rotation again.
    private static func improved(
        _ frame: RotationMatrix, _ refined: [RotationMatrix], _ truth: [RotationMatrix], _ symmetry: SymmetryGroup
    ) -> RotationMatrix {
        let matches = refined.indices.map { nearest(refined[$0], truth[$0], frame, symmetry) }
        let limit = max(median(matches.map(\.angle)), 1e-6)
        var sum = [Double](repeating: 0, count: 9)
        for (i, match) in matches.enumerated() where match.angle <= limit {
            let e = (match.operation.apply(to: truth[i]).transpose * refined[i]).elements
            for j in 0..<9 { sum[j] += e[j] }
        }
        return orthonormal(RotationMatrix(elements: sum))
    }

    /// Gram–Schmidt: enough for a mean of rotations that lie within a few degrees.
    private static func orthonormal(_ m: RotationMatrix) -> RotationMatrix {
        let x = m.row0.normalised
        let y = (m.row1 - x * m.row1.dot(x)).normalised
        return RotationMatrix(rows: x, y, x.cross(y))
    }

    /// The displacement d in three dimensions whose projections best explain the differences of the origins, by least squares.
    private static func fitTranslation(_ orientations: [RotationMatrix], _ differences: [SIMD2<Double>], _ used: [Int]) -> Vector3 {
        var m = [[Double]](repeating: [0, 0, 0], count: 3), v = [0.0, 0.0, 0.0]
        for i in used {
            for (row, value) in [(orientations[i].row0, differences[i].x), (orientations[i].row1, differences[i].y)] {
                for a in 0..<3 {
                    v[a] += row[a] * value
                    for b in 0..<3 { m[a][b] += row[a] * row[b] }
                }
            }
        }
        let columns = (0..<3).map { Vector3(m[0][$0], m[1][$0], m[2][$0]) }
        let right = Vector3(v[0], v[1], v[2])
        let determinant = columns[0].dot(columns[1].cross(columns[2]))
        guard abs(determinant) > 1e-9 else { return .zero }
        return Vector3(right.dot(columns[1].cross(columns[2])), columns[0].dot(right.cross(columns[2])),
                       columns[0].dot(columns[1].cross(right))) / determinant
    }

    package static func median(_ values: [Double]) -> Double { percentile(values, 0.5) }

    /// The value below which a fraction of the values lies.
    package static func percentile(_ values: [Double], _ fraction: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * fraction))]
    }
}
