/// What is known beforehand about the orientation of a particle: angles with Gaussian widths, in degrees.
package struct OrientationPrior: Sendable, Hashable {
    package var angles: EulerAngles
    /// Widths; 0 or less: nothing is known about this angle.
    package var sigmaRot: Double
    package var sigmaTilt: Double
    package var sigmaPsi: Double
    /// Whether the opposite direction and psi + 180° are as likely (helices, whose polarity is not known).
    package var isBimodal = false
    /// Orientations farther than this many widths are not searched.
    package var cutoff = 3.0
    /// Further width about the direction (rot, tilt) = (0, 90) of rotations of a body; 0: none.
    package var sigmaTiltFromNinety = 0.0
    /// Further width about psi = 0 of rotations of a body; 0: none.
    package var sigmaPsiFromZero = 0.0

    package init(angles: EulerAngles, sigmaRot: Double, sigmaTilt: Double, sigmaPsi: Double) {
        self.angles = angles
        self.sigmaRot = sigmaRot
        self.sigmaTilt = sigmaTilt
        self.sigmaPsi = sigmaPsi
    }
}

/// The part of a grid that a prior leaves, with weights that add up to 1 over the directions and over the in-plane angles.
package struct PriorSelection: Sendable, Hashable {
    /// Indices into `OrientationSampling.directions`, ascending except for mates under relaxed symmetry.
    package var directions: [Int] = []
    package var directionWeights: [Double] = []
    /// Indices into `OrientationSampling.psis`, ascending.
    package var psis: [Int] = []
    package var psiWeights: [Double] = []

    package init() {}

    mutating func removeAll() {
        directions.removeAll(keepingCapacity: true)
        directionWeights.removeAll(keepingCapacity: true)
        psis.removeAll(keepingCapacity: true)
        psiWeights.removeAll(keepingCapacity: true)
    }

    static func normalise(_ weights: inout [Double]) {
        let sum = weights.reduce(0, +)
        if sum > 0 { for index in weights.indices { weights[index] /= sum } }
    }
}
