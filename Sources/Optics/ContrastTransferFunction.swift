import Foundation

/// How the microscope transfers phase contrast, as a function of spatial frequency k (in 1/Å, x to the right, y to higher
/// rows).
///
///     CTF(k) = −scale · sin γ(k) · exp(−B k²/4)
///     γ(k) = −π λ Δf(k) k² + ½ π Cs λ³ k⁴ − phase shift − asin(Q)
///
/// Defocus is positive underfocus, so that CTF(0) = +Q · scale. Astigmatism: Δf = U along the direction at
/// `defocusAngleInDegrees` from x (towards +y), V across it. The same parameters as CTFFIND and RELION (Rohou & Grigorieff 2015).
package struct ContrastTransferFunction: Sendable, Hashable {
    package var defocusUInAngstrom: Double
    package var defocusVInAngstrom: Double
    package var defocusAngleInDegrees: Double
    package var voltageInKilovolts: Double
    package var sphericalAberrationInMillimetres: Double
    /// Fraction Q, 0 … 1.
    package var amplitudeContrast: Double
    package var phaseShiftInDegrees: Double
    /// Fall-off of amplitudes, Å²; positive dampens.
    package var bFactorInSquareAngstrom: Double
    package var scale: Double
    package var magnification: Magnification

    package init(
        defocusUInAngstrom: Double, defocusVInAngstrom: Double, defocusAngleInDegrees: Double,
        voltageInKilovolts: Double, sphericalAberrationInMillimetres: Double, amplitudeContrast: Double,
        phaseShiftInDegrees: Double = 0, bFactorInSquareAngstrom: Double = 0, scale: Double = 1,
        magnification: Magnification = .none
    ) {
        self.defocusUInAngstrom = defocusUInAngstrom
        self.defocusVInAngstrom = defocusVInAngstrom
        self.defocusAngleInDegrees = defocusAngleInDegrees
        self.voltageInKilovolts = voltageInKilovolts
        self.sphericalAberrationInMillimetres = sphericalAberrationInMillimetres
        self.amplitudeContrast = amplitudeContrast
        self.phaseShiftInDegrees = phaseShiftInDegrees
        self.bFactorInSquareAngstrom = bFactorInSquareAngstrom
        self.scale = scale
        self.magnification = magnification
    }

    package var wavelengthInAngstrom: Double {
        ElectronBeam.wavelengthInAngstrom(voltageInKilovolts: voltageInKilovolts)
    }

    /// What makes these parameters unusable, as "found" and "expected"; `nil` when nothing does.
    package var fault: (found: String, expected: String)? {
        let all = [
            defocusUInAngstrom, defocusVInAngstrom, defocusAngleInDegrees, voltageInKilovolts,
            sphericalAberrationInMillimetres, amplitudeContrast, phaseShiftInDegrees, bFactorInSquareAngstrom, scale,
        ]
        if !all.allSatisfy(\.isFinite) { return ("a CTF parameter is not a finite number", "finite numbers") }
        if voltageInKilovolts <= 0 { return ("a voltage of \(voltageInKilovolts) kV", "more than 0") }
        if !(0...1).contains(amplitudeContrast) {
            return ("an amplitude contrast of \(amplitudeContrast)", "a fraction between 0 and 1")
        }
        let tiny = 1e-6
        if abs(defocusUInAngstrom) < tiny && abs(defocusVInAngstrom) < tiny && amplitudeContrast < tiny
            && abs(sphericalAberrationInMillimetres) < tiny
        {
            return ("a CTF that is zero everywhere", "defocus, spherical aberration or amplitude contrast")
        }
        return nil
    }

    /// γ as a polynomial of the true frequency: quadratic form, fourth-order term, constant.
    package struct Phase: Sendable, Hashable {
        package var xx: Double
        /// Factor of x·y (twice the off-diagonal element).
        package var xy: Double
        package var yy: Double
        package var fourth: Double
        package var constant: Double

        @inline(__always) package func at(_ x: Double, _ y: Double) -> Double {
            let square = x * x + y * y
            return xx * x * x + xy * x * y + yy * y * y + fourth * square * square + constant
        }

        /// Change of γ per 1/Å.
        package func gradient(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
            let square = x * x + y * y
            return (2 * xx * x + xy * y + 4 * fourth * square * x, 2 * yy * y + xy * x + 4 * fourth * square * y)
        }
    }

    package var phase: Phase {
        let wavelength = wavelengthInAngstrom
        let angle = defocusAngleInDegrees * .pi / 180
        let (c, s) = (cos(angle), sin(angle))
        let (u, v) = (defocusUInAngstrom, defocusVInAngstrom)
        let factor = -Double.pi * wavelength
        let amplitude = amplitudeContrast >= 1 ? Double.pi / 2 : asin(amplitudeContrast)
        return Phase(
            xx: factor * (u * c * c + v * s * s), xy: factor * 2 * (u - v) * c * s,
            yy: factor * (u * s * s + v * c * c),
            fourth: .pi / 2 * sphericalAberrationInMillimetres * 1e7 * wavelength * wavelength * wavelength,
            constant: -phaseShiftInDegrees * .pi / 180 - amplitude)
    }

    /// Defocus in Å along a direction.
    package func defocus(x: Double, y: Double) -> Double {
        let angle = atan2(y, x) - defocusAngleInDegrees * .pi / 180
        let mean = (defocusUInAngstrom + defocusVInAngstrom) / 2
        return mean + (defocusUInAngstrom - defocusVInAngstrom) / 2 * cos(2 * angle)
    }

    /// The value at one nominal frequency, in double precision; the plain form of what the grid evaluation computes.
    package func value(
        x: Double, y: Double, form: Form = .signed, intact: IntactRange = .none, isDamped: Bool = true,
        phaseOffset: Double = 0
    ) -> Double {
        let (tx, ty) = magnification.apply(x, y)
        let gamma = phase.at(tx, ty) + phaseOffset
        var value = intact.contains(gamma) ? 1 : -sin(gamma)
        if isDamped { value *= exp(-bFactorInSquareAngstrom / 4 * (tx * tx + ty * ty)) }
        return Self.kept(form.applied(to: value) * scale)
    }

    /// Smallest magnitude of a value: nobody divides by zero.
    package static let smallestMagnitude = 1e-8

    @inline(__always) static func kept(_ value: Double) -> Double {
        abs(value) < smallestMagnitude ? (value >= 0 ? smallestMagnitude : -smallestMagnitude) : value
    }
}
