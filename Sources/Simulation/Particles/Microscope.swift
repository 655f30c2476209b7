import Foundation

/// Electron optics of a simulated microscope.
///
/// Written from the definitions and apart from the module that the other programs use, so that simulated data can tell
/// when that module is wrong.
package struct Microscope: Sendable {
    package var voltageInKilovolts: Double
    package var sphericalAberrationInMillimetres: Double
    package var amplitudeContrast: Double
    /// Envelope exp(−B k²/4), Å².
    package var envelopeBFactor = 0.0
    /// Beam tilt in mrad; turns the phase of the image by 2π Cs λ² k² (tilt · k).
    package var beamTilt = SIMD2<Double>(0, 0)
    /// Of a phase plate, degrees.
    package var phaseShiftInDegrees = 0.0

    package init(voltageInKilovolts: Double, sphericalAberrationInMillimetres: Double, amplitudeContrast: Double) {
        self.voltageInKilovolts = voltageInKilovolts
        self.sphericalAberrationInMillimetres = sphericalAberrationInMillimetres
        self.amplitudeContrast = amplitudeContrast
    }

    private static let electronRestEnergyInVolts = 510_998.95

    /// Relativistic wavelength in Å: 12.2643 / √(V + 0.978466·10⁻⁶ V²).
    package var wavelength: Double {
        let v = voltageInKilovolts * 1000
        return 12.264_324_7 / (v * (1 + v * 0.978_466e-6)).squareRoot()
    }

    /// Phase in rad that a projected potential of 1 V·Å gives to the wave.
    package var interactionConstant: Double {
        let v = voltageInKilovolts * 1000, rest = Self.electronRestEnergyInVolts
        return 2 * .pi / (wavelength * v) * (rest + v) / (2 * rest + v)
    }

    var sphericalAberrationInAngstrom: Double { sphericalAberrationInMillimetres * 1e7 }

    /// How far, in Å, a defocus (Å) spreads information of spatial frequency `k` (1/Å): the gradient of the wave aberration.
    package func delocalisation(atFrequency k: Double, defocus: Double) -> Double {
        let lambda = wavelength
        return abs(lambda * defocus * k - sphericalAberrationInAngstrom * lambda * lambda * lambda * k * k * k)
    }

    /// The phase at which the sine of the contrast transfer function starts at low frequency, rad.
    var constantPhase: Double {
        atan(amplitudeContrast / (1 - amplitudeContrast * amplitudeContrast).squareRoot()) + phaseShiftInDegrees * .pi / 180
    }
}

/// Defocus of one image: two principal values (Å, positive = underfocus) and the angle in degrees of U from the x axis.
package struct Defocus: Sendable, Equatable {
    package var u: Double
    package var v: Double
    package var angleInDegrees: Double

    package init(u: Double, v: Double, angleInDegrees: Double) {
        self.u = u
        self.v = v
        self.angleInDegrees = angleInDegrees
    }

    package var mean: Double { (u + v) / 2 }
}
