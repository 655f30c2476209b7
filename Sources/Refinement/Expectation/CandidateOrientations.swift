import Geometry

/// The coarse orientations that one particle is compared with, and the logarithms of their priors.
///
/// Sample s of a particle is ((class · directions + direction) · psis + psi) · shifts + shift, counted within these lists.
struct CandidateOrientations {
    /// Directions and in-plane angles of the grid.
    var directions: [Int]
    var psis: [Int]
    /// Relative to their mean; nil: the class's own direction priors.
    var logDirectionPriors: [Float]?
    var logPsiPriors: [Float]?
    /// A single orientation of the particle's own (no angular search).
    var fixedRotation: RotationMatrix?

    /// The whole grid.
    init(grid: OrientationGrid) {
        directions = Array(0..<grid.directionCount)
        psis = Array(0..<grid.psiCount)
    }

    /// The particle's last orientation only.
    init(fixed: RotationMatrix) {
        directions = [0]
        psis = [0]
        fixedRotation = fixed
    }

    init(directions: [Int], logDirectionPriors: [Float], psis: [Int], logPsiPriors: [Float]) {
        self.directions = directions
        self.psis = psis
        self.logDirectionPriors = logDirectionPriors
        self.logPsiPriors = logPsiPriors
    }
}
