/// The electrons that make an image.
package enum ElectronBeam {
    /// Relativistic wavelength in Å: h / √(2 m e V (1 + e V / 2 m c²)).
    /// - Precondition: voltage > 0.
    package static func wavelengthInAngstrom(voltageInKilovolts: Double) -> Double {
        let volts = voltageInKilovolts * 1e3
        return 12.2643247 / (volts * (1 + volts * 0.978466e-6)).squareRoot()
    }
}
