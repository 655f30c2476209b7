import Foundation

/// The grid of orientations that a refinement searches: directions of projection times in-plane rotations.
///
/// In three dimensions the directions are the centres of HEALPix pixels, less those that symmetry makes equivalent to
/// another and those outside the tilt limit; in two dimensions there is one direction. The grid is the coarse one;
/// each point has `2³ⁿ` (3D) or `2ⁿ` (2D) children at oversampling n, made on request. Directions, their order and the
/// places of children are those of RELION's sampling files.
package struct OrientationSampling: Sendable {
    package enum Kind: Sendable, Hashable {
        /// In-plane rotations only (2D classification).
        case inPlane
        /// Directions of the sphere at a HEALPix order.
        case sphere(healpixOrder: Int)
    }

    package let kind: Kind
    package let symmetry: SymmetryGroup
    /// The group whose operators local searches also try (`--relax_sym`); directions are then not reduced by symmetry.
    package let relaxedSymmetry: SymmetryGroup?
    /// Degrees from the equator: positive keeps |latitude| ≥ limit by tilt as RELION counts it, negative ≤; ±91: no limit.
    package let tiltLimitInDegrees: Double
    /// Step of the in-plane angle, degrees; divides 360.
    package let psiStep: Double
    /// The random shift of the whole grid in units of the coarse angular step (0: none); see `SamplingPerturbation`.
    package var perturbation: Double

    package let directions: [ViewDirection]
    /// HEALPix pixel of each direction; −1 in two dimensions.
    package let pixels: [Int]
    /// In-plane angles: 0, step, …, 360 − step.
    package let psis: [Double]

    package static let noTiltLimit = -91.0

    /// - Parameters:
    ///   - psiStep: degrees; rounded down so that it divides 360. `nil`: in 3D about the spacing of the directions,
    ///     60° / 2^order; in 2D 10°.
    ///   - symmetry: ignored in two dimensions.
    /// - Precondition: 0 ≤ order ≤ 12, psiStep > 0.
    package init(
        kind: Kind, psiStep: Double? = nil, symmetry: SymmetryGroup = .none, relaxedSymmetry: SymmetryGroup? = nil,
        tiltLimitInDegrees: Double = noTiltLimit, perturbation: Double = 0
    ) {
        self.kind = kind
        self.symmetry = kind == .inPlane ? .none : symmetry
        self.relaxedSymmetry = kind == .inPlane ? nil : relaxedSymmetry
        self.tiltLimitInDegrees = tiltLimitInDegrees
        self.perturbation = perturbation
        switch kind {
        case .inPlane:
            directions = [ViewDirection(rot: 0, tilt: 0)]
            pixels = [-1]
        case .sphere(let order):
            let kept = Self.keptPixels(
                of: HEALPix(order: order), symmetry: relaxedSymmetry == nil ? symmetry : nil,
                tiltLimit: tiltLimitInDegrees)
            pixels = kept.map(\.pixel)
            directions = kept.map(\.view)
        }
        let wanted = psiStep ?? Self.defaultPsiStep(kind)
        precondition(wanted > 0)
        let count = Int((360 / wanted).rounded(.up))
        let step = 360 / Double(count)
        self.psiStep = step
        psis = (0..<count).map { Double($0) * step }
    }

    private static func defaultPsiStep(_ kind: Kind) -> Double {
        if case .sphere(let order) = kind { return 360 / Double(6 << order) }
        return 10
    }

    package var isThreeDimensional: Bool { kind != .inPlane }

    package var healpixOrder: Int? {
        if case .sphere(let order) = kind { return order }
        return nil
    }

    /// Directions × in-plane angles of the coarse grid.
    package var orientationCount: Int { directions.count * psis.count }

    /// Approximate angle between neighbouring orientations, degrees, at an oversampling.
    package func angularStep(oversampling: Int = 0) -> Double {
        if let order = healpixOrder { return 360 / Double(6 << (order + oversampling)) }
        return psiStep / Double(1 << oversampling)
    }

    /// Children of one orientation.
    package func childCount(oversampling: Int) -> Int {
        isThreeDimensional ? 1 << (3 * oversampling) : 1 << oversampling
    }
}

// MARK: - Which directions are kept

extension OrientationSampling {
    private struct Candidate {
        var pixel: Int
        var view: ViewDirection
        var vector: Vector3
    }

    /// Above this number the borders of the asymmetric unit are not cleaned of doubles: they are a small part of a fine
    /// grid and the test takes the square of the number of directions.
    private static let largestCleanedCount = 4000

    private static func keptPixels(
        of grid: HEALPix, symmetry: SymmetryGroup?, tiltLimit: Double
    ) -> [(pixel: Int, view: ViewDirection)] {
        var candidates = (0..<grid.pixelCount).map { pixel in
            let view = grid.direction(pixel)
            return Candidate(pixel: pixel, view: view, vector: view.vector)
        }
        if let symmetry {
            let unit = AsymmetricUnit(of: symmetry.pointGroup)
            candidates = candidates.filter { unit.contains($0.view, vector: $0.vector) }
            if candidates.count < largestCleanedCount {
                candidates = withoutDoubles(candidates, symmetry, withinRadians: grid.largestPixelRadius / 2)
            }
        }
        return candidates.filter { isInside($0.view.tilt, limit: tiltLimit) }.map { ($0.pixel, $0.view) }
    }

    /// Keeps the first of directions that the group brings closer together than an angle.
    private static func withoutDoubles(
        _ candidates: [Candidate], _ symmetry: SymmetryGroup, withinRadians angle: Double
    ) -> [Candidate] {
        let threshold = cos(angle)
        var kept: [Candidate] = []
        for candidate in candidates {
            // The group is closed, so that mates of the candidate can be compared instead of mates of all kept ones.
            let mates = symmetry.operators.map { $0.pullBack(candidate.vector) }
            let isDouble = kept.contains { other in mates.contains { $0.dot(other.vector) > threshold } }
            if !isDouble { kept.append(candidate) }
        }
        return kept
    }

    private static func isInside(_ tilt: Double, limit: Double) -> Bool {
        if abs(limit) >= 90 { return true }
        let folded = abs(tilt > 90 ? tilt - 180 : tilt)
        return limit > 0 ? folded >= limit : folded <= -limit
    }
}
