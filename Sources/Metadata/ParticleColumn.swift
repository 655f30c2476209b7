/// The columns of particle tables that programs read and write by name, with the values that stand for a missing column.
package enum ParticleColumn: String, Sendable, CaseIterable {
    // Transfer function: Å, degrees, Å², factor.
    case defocusU = "rlnDefocusU"
    case defocusV = "rlnDefocusV"
    case defocusAngle = "rlnDefocusAngle"
    case phaseShift = "rlnPhaseShift"
    case bFactor = "rlnCtfBfactor"
    case ctfScale = "rlnCtfScalefactor"
    case ctfMaximalResolution = "rlnCtfMaxResolution"
    case ctfFigureOfMerit = "rlnCtfFigureOfMerit"
    // Pose: degrees and Å.
    case rot = "rlnAngleRot"
    case tilt = "rlnAngleTilt"
    case psi = "rlnAnglePsi"
    case originX = "rlnOriginXAngst"
    case originY = "rlnOriginYAngst"
    case originZ = "rlnOriginZAngst"
    // Prior pose: degrees and Å.
    case rotPrior = "rlnAngleRotPrior"
    case tiltPrior = "rlnAngleTiltPrior"
    case psiPrior = "rlnAnglePsiPrior"
    case psiFlipRatio = "rlnAnglePsiFlipRatio"
    case rotFlipRatio = "rlnAngleRotFlipRatio"
    case originXPrior = "rlnOriginXPriorAngst"
    case originYPrior = "rlnOriginYPriorAngst"
    case originZPrior = "rlnOriginZPriorAngst"
    // Where the particle was found, in pixels of the micrograph.
    case coordinateX = "rlnCoordinateX"
    case coordinateY = "rlnCoordinateY"
    case coordinateZ = "rlnCoordinateZ"
    case helicalTrackLength = "rlnHelicalTrackLengthAngst"
    // Results of refinement.
    case normCorrection = "rlnNormCorrection"
    case logLikelihood = "rlnLogLikeliContribution"
    case maximalProbability = "rlnMaxValueProbDistribution"
    // Whole numbers.
    case significantSamples = "rlnNrOfSignificantSamples"
    case classNumber = "rlnClassNumber"
    case groupNumber = "rlnGroupNumber"
    case randomSubset = "rlnRandomSubset"
    case opticsGroup = "rlnOpticsGroup"
    case helicalTubeID = "rlnHelicalTubeID"
    case beamTiltClass = "rlnBeamTiltClass"
    // Text.
    case imageName = "rlnImageName"
    case micrographName = "rlnMicrographName"
    case groupName = "rlnGroupName"
    case tomogramName = "rlnTomoName"

    package var label: String { rawValue }

    /// The value of every particle where the table lacks the column: 1 for factors, 0.5 for flip ratios, else 0.
    package var standardValue: Double {
        switch self {
        case .ctfScale, .normCorrection: 1
        case .psiFlipRatio, .rotFlipRatio: 0.5
        default: 0
        }
    }
}
