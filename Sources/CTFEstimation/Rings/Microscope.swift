import Optics

/// What is known of the microscope before the fit.
package struct Microscope: Sendable, Hashable {
    package var voltageInKilovolts: Double
    package var sphericalAberrationInMillimetres: Double
    /// Fraction, 0 … 1.
    package var amplitudeContrast: Double

    package init(voltageInKilovolts: Double, sphericalAberrationInMillimetres: Double, amplitudeContrast: Double) {
        self.voltageInKilovolts = voltageInKilovolts
        self.sphericalAberrationInMillimetres = sphericalAberrationInMillimetres
        self.amplitudeContrast = amplitudeContrast
    }

    package var wavelengthInAngstrom: Double {
        ElectronBeam.wavelengthInAngstrom(voltageInKilovolts: voltageInKilovolts)
    }
}
