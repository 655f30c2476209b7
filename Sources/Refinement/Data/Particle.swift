/// One particle as the engine knows it: what is fixed (optics, group) and what is refined (pose, class, norm).
///
/// Offsets are in Å of the image; the content moves by the offset to be centred. Angles in degrees, RELION convention.
package struct Particle: Sendable {
    /// Row in the input table; images are read by it.
    package var index: Int
    package var opticsGroup: Int
    package var group: Int
    /// 1 or 2 for random halves, 0 when there are none.
    package var halfSet = 0

    package var defocusU = 0.0
    package var defocusV = 0.0
    package var defocusAngle = 0.0
    package var phaseShift = 0.0
    package var ctfBFactor = 0.0
    package var ctfScale = 1.0

    package var rot = 0.0
    package var tilt = 0.0
    package var psi = 0.0
    package var offsetX = 0.0
    package var offsetY = 0.0
    /// Class counted from 0; −1: none yet.
    package var classIndex = -1
    package var normCorrection = 1.0
    package var logLikelihoodContribution = 0.0
    package var maximumProbability = 0.0
    package var significantSampleCount = 0

    /// Prior angles and offsets; nil where the input has none.
    package var priorRot: Double?
    package var priorTilt: Double?
    package var priorPsi: Double?
    package var priorOffsetX = 0.0
    package var priorOffsetY = 0.0

    package init(index: Int, opticsGroup: Int, group: Int) {
        self.index = index
        self.opticsGroup = opticsGroup
        self.group = group
    }
}
