import Arrays
import ComplexModule
import Foundation

/// Higher-order aberrations of an optics group: phases that every image of the group has in common.
package struct Aberrations: Sendable, Hashable {
    /// Coefficients (radians) of the symmetric Zernike polynomials: a change of γ of the transfer function.
    package var even: [Double]
    /// Coefficients (radians) of the antisymmetric polynomials: a phase of the image's transform.
    package var odd: [Double]

    package init(even: [Double] = [], odd: [Double] = []) {
        self.even = even
        self.odd = odd
    }

    package static let none = Aberrations()
    package var hasEven: Bool { even.contains { $0 != 0 } }
    package var hasOdd: Bool { odd.contains { $0 != 0 } }

    // The two polynomials (∓1, 3) and (∓1, 1) make up axial coma without a shift of the image.
    private static let comaY = (linear: 0, cubic: 3)
    private static let comaX = (linear: 1, cubic: 4)

    /// Phase per milliradian of beam tilt, of 1/Å³: 2π Cs λ².
    private static func comaScale(
        sphericalAberrationInMillimetres cs: Double, wavelengthInAngstrom wavelength: Double
    ) -> Double { cs * 1e7 * wavelength * wavelength * 2 * .pi * 1e-3 }

    /// Adds the coma of a tilted beam (mrad): phase −2π Cs λ² (tilt · k) k².
    package mutating func addBeamTilt(
        x: Double, y: Double, sphericalAberrationInMillimetres: Double, wavelengthInAngstrom: Double
    ) {
        if odd.count < 6 { odd += [Double](repeating: 0, count: 6 - odd.count) }
        let scale = Self.comaScale(
            sphericalAberrationInMillimetres: sphericalAberrationInMillimetres,
            wavelengthInAngstrom: wavelengthInAngstrom)
        for (places, tilt) in [(Self.comaX, x), (Self.comaY, y)] {
            odd[places.cubic] -= scale * tilt / 3
            odd[places.linear] -= 2 * scale * tilt / 3
        }
    }

    /// Takes the coma out of the odd coefficients and gives it as beam tilt in mrad.
    package mutating func extractBeamTilt(
        sphericalAberrationInMillimetres: Double, wavelengthInAngstrom: Double
    ) -> (x: Double, y: Double) {
        if odd.count < 6 { odd += [Double](repeating: 0, count: 6 - odd.count) }
        let scale = Self.comaScale(
            sphericalAberrationInMillimetres: sphericalAberrationInMillimetres,
            wavelengthInAngstrom: wavelengthInAngstrom)
        let tilts = [Self.comaX, Self.comaY].map { places in
            let cubic = odd[places.cubic]
            odd[places.linear] -= 2 * cubic
            odd[places.cubic] = 0
            return scale == 0 ? 0 : -3 * cubic / scale
        }
        return (tilts[0], tilts[1])
    }

    /// Change of γ on a half-plane grid, radians; `nil` when there are no symmetric aberrations.
    package func phaseOffset(on grid: FrequencyGrid, magnification: Magnification = .none) -> [Float]? {
        guard hasEven else { return nil }
        return Self.sum(even, ZernikePolynomial.even, grid, magnification).map { Float($0) }
    }

    /// The factor exp(i phase) with which antisymmetric aberrations multiplied an image's transform; multiply with its
    /// conjugate to correct an image. `nil` when there are none.
    package func phaseFactors(on grid: FrequencyGrid, magnification: Magnification = .none) -> [ComplexFloat]? {
        guard hasOdd else { return nil }
        return Self.sum(odd, ZernikePolynomial.odd, grid, magnification).map {
            ComplexFloat(Float(cos($0)), Float(sin($0)))
        }
    }

    private static func sum(
        _ coefficients: [Double], _ polynomial: (Int) -> ZernikePolynomial, _ grid: FrequencyGrid,
        _ magnification: Magnification
    ) -> [Double] {
        let terms = coefficients.enumerated().filter { $0.element != 0 }.map { ($0.element, polynomial($0.offset)) }
        var result = [Double](repeating: 0, count: grid.count)
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let (x, y) = magnification.apply(grid.x(column), grid.y(row))
                var phase = 0.0
                for (factor, term) in terms { phase += factor * term.value(x: x, y: y) }
                result[row * grid.columns + column] = phase
            }
        }
        return result
    }
}
