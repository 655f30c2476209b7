import Arrays
import Foundation
import Geometry
import Optics
import Reporting
import Testing

@Suite struct AberrationsTests {
    @Test func polynomialsInTableOrder() {
        let even = (0..<9).map { ZernikePolynomial.even($0) }
        #expect(even.map(\.m) == [0, -2, 0, 2, -4, -2, 0, 2, 4] && even.map(\.n) == [0, 2, 2, 2, 4, 4, 4, 4, 4])
        let odd = (0..<6).map { ZernikePolynomial.odd($0) }
        #expect(odd.map(\.m) == [-1, 1, -3, -1, 1, 3] && odd.map(\.n) == [1, 1, 3, 3, 3, 3])
        #expect(ZernikePolynomial.evenCount(upTo: 4) == 9 && ZernikePolynomial.oddCount(upTo: 3) == 6)
    }

    /// Born & Wolf, table 9.2.
    @Test func closedForms() {
        let (x, y) = (0.3, -0.45)
        let r = x * x + y * y
        let expected: [(ZernikePolynomial, Double)] = [
            (.even(0), 1), (.even(1), 2 * x * y), (.even(2), 2 * r - 1), (.even(3), x * x - y * y),
            (.even(6), 6 * r * r - 6 * r + 1), (.even(7), (4 * r - 3) * (x * x - y * y)),
            (.odd(0), y), (.odd(1), x), (.odd(3), (3 * r - 2) * y), (.odd(4), (3 * r - 2) * x),
            (.odd(5), x * x * x - 3 * x * y * y), (.odd(2), 3 * x * x * y - y * y * y),
        ]
        for (polynomial, value) in expected {
            #expect(abs(polynomial.value(x: x, y: y) - value) < 1e-14, "\(polynomial.m) \(polynomial.n)")
        }
    }

    @Test func beamTiltIsAxialComa() {
        let (cs, wavelength) = (2.7, 0.0197)
        var aberrations = Aberrations()
        aberrations.addBeamTilt(
            x: 0.4, y: -0.2, sphericalAberrationInMillimetres: cs, wavelengthInAngstrom: wavelength)
        let grid = FrequencyGrid(box: 16, pixelSizeInAngstrom: 1)
        let factors = aberrations.phaseFactors(on: grid) ?? []
        for (column, row) in [(3, 2), (8, 0), (1, 12)] {
            let (x, y) = (grid.x(column), grid.y(row))
            let tiltDotK = 0.4e-3 * x - 0.2e-3 * y
            let phase = -2 * Double.pi * cs * 1e7 * wavelength * wavelength * tiltDotK * (x * x + y * y)
            let factor = factors[row * grid.columns + column]
            #expect(abs(Double(factor.real) - cos(phase)) < 1e-6 && abs(Double(factor.imaginary) - sin(phase)) < 1e-6)
        }
        let tilt = aberrations.extractBeamTilt(
            sphericalAberrationInMillimetres: cs, wavelengthInAngstrom: wavelength)
        #expect(abs(tilt.x - 0.4) < 1e-12 && abs(tilt.y + 0.2) < 1e-12)
        #expect(aberrations.odd.allSatisfy { abs($0) < 1e-9 })
        #expect(Aberrations.none.phaseOffset(on: grid) == nil && Aberrations.none.phaseFactors(on: grid) == nil)
    }

    @Test func symmetricAberrationsChangeTheTransfer() {
        let grid = FrequencyGrid(box: 16, pixelSizeInAngstrom: 1)
        let offset = Aberrations(even: [0.1, 0, 0, 0.5]).phaseOffset(on: grid)
        let (x, y) = (grid.x(5), grid.y(14))
        #expect(abs(Double(offset?[14 * 9 + 5] ?? 0) - (0.1 + 0.5 * (x * x - y * y))) < 1e-7)
    }

    @Test func ewaldSidesAreConjugateSectors() {
        let ctf = ContrastTransferFunctionTests.typical
        let grid = FrequencyGrid(box: 8, pixelSizeInAngstrom: 2)
        let p = ctf.ewaldValues(on: grid, side: .p)
        let q = ctf.ewaldValues(on: grid, side: .q)
        let plain = ctf.values(on: grid)
        for index in 0..<grid.count {
            #expect(abs(p[index].real - plain[index]) < 1e-6)
            #expect(p[index] == q[index].conjugate)
        }
        // Both Friedel mates of the column x = 0 are stored.
        #expect(p[grid.columns] == p[7 * grid.columns].conjugate)
        // Beyond 180° the sides are exchanged; a sector splits the plane.
        #expect(ctf.ewaldValues(on: grid, side: .p, sectorAngleInDegrees: 250)
            == ctf.ewaldValues(on: grid, side: .q, sectorAngleInDegrees: 70))
        #expect(ctf.ewaldValues(on: grid, side: .p, sectorAngleInDegrees: 70) != p)
        let weights = ctf.ewaldWeights(on: grid, particleDiameterInAngstrom: 1e9)
        // No displacement against so large a particle: the weight is |CTF|.
        for index in 0..<grid.count { #expect(abs(weights[index] - abs(plain[index])) < 1e-4) }
    }

    @Test func detectorCurve() throws {
        let curve = try DetectorTransfer(frequenciesPerPixel: [0, 0.25, 0.5], values: [1, 0.8, 0.3], name: "mtf.star")
        #expect(curve.value(atFrequencyPerPixel: 0.125) == 0.9 && curve.value(atFrequencyPerPixel: 0.7) == 0.3)
        let grid = FrequencyGrid(box: 8, pixelSizeInAngstrom: 2)
        #expect(curve.values(on: grid, detectorPixelSizeInAngstrom: 1)[4] == 0.8)
        #expect(throws: InputError.self) {
            try DetectorTransfer(frequenciesPerPixel: [0, 0.5], values: [1, 0], name: "mtf.star")
        }
        #expect(throws: InputError.self) {
            try DetectorTransfer(frequenciesPerPixel: [0.5, 0], values: [1, 0.5], name: "mtf.star")
        }
    }

    @Test func magnificationStandsBeforeTheRotation() {
        let m = Magnification(xx: 2, xy: 0, yx: 0, yy: 4)
        #expect(m.applied(to: .identity).elements == [0.5, 0, 0, 0, 0.25, 0, 0, 0, 1])
        #expect(m.apply(1, 1) == (2, 4))
    }
}
