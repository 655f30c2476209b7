import Foundation
import Optics

/// What is searched for, in a form that is smooth where the astigmatism vanishes.
///
/// Defocus along the angle φ: mean + cosine · cos 2φ + sine · sin 2φ, in Å.
struct RingParameters: Sendable, Hashable {
    var mean: Double
    var cosine = 0.0
    var sine = 0.0
    /// Radians.
    var phaseShift = 0.0

    /// (U − V) / 2.
    var halfAstigmatism: Double { (cosine * cosine + sine * sine).squareRoot() }
    /// Of the larger defocus, −90 … 90.
    var angleInDegrees: Double { atan2(sine, cosine) * 90 / .pi }

    init(mean: Double, cosine: Double = 0, sine: Double = 0, phaseShift: Double = 0) {
        (self.mean, self.cosine, self.sine, self.phaseShift) = (mean, cosine, sine, phaseShift)
    }

    init(_ transfer: ContrastTransferFunction) {
        let half = (transfer.defocusUInAngstrom - transfer.defocusVInAngstrom) / 2
        let angle = transfer.defocusAngleInDegrees * .pi / 90
        self.init(
            mean: (transfer.defocusUInAngstrom + transfer.defocusVInAngstrom) / 2, cosine: half * cos(angle),
            sine: half * sin(angle), phaseShift: transfer.phaseShiftInDegrees * .pi / 180)
    }

    func transfer(_ microscope: Microscope) -> ContrastTransferFunction {
        ContrastTransferFunction(
            defocusUInAngstrom: mean + halfAstigmatism, defocusVInAngstrom: mean - halfAstigmatism,
            defocusAngleInDegrees: angleInDegrees, voltageInKilovolts: microscope.voltageInKilovolts,
            sphericalAberrationInMillimetres: microscope.sphericalAberrationInMillimetres,
            amplitudeContrast: microscope.amplitudeContrast, phaseShiftInDegrees: phaseShift * 180 / .pi)
    }
}
