import Arrays
import ComplexModule
import Foundation
import Parallel
import Testing

@testable import Fourier

private let tolerance: Float = 3e-6

private func expectClose(_ a: RealArray, _ b: RealArray, _ what: Comment) {
    #expect(a.shape == b.shape)
    for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) < tolerance, what) }
}

@Suite struct CentringTests {
    @Test(arguments: [1, 2, 5, 6]) func movingTheCentreIsARotationOfTheIndices(n: Int) {
        let a = noise(Shape(x: n, y: n + 1, z: n))
        let corner = a.movingCentreToCorner()
        #expect(corner[0, 0, 0] == a[n / 2, (n + 1) / 2, n / 2])
        #expect(corner.movingCornerToCentre() == a)
    }

    @Test(arguments: [Shape.square(8), Shape.square(7), Shape.cube(6), Shape(x: 5, y: 6, z: 7)])
    func phaseOriginAgreesWithMovingPixels(shape: Shape) {
        let a = noise(shape), transform = FourierTransform(shape: shape)
        var spectrum = transform.forward(a)
        spectrum.movePhaseOriginToCentre()
        expectClose(transform.inverse(spectrum), a.movingCentreToCorner(), "\(shape)")
        spectrum.movePhaseOriginToCorner()
        expectClose(transform.inverse(spectrum), a, "\(shape)")
    }

    @Test func translationMovesContentForward() {
        let shape = Shape(x: 10, y: 8), transform = FourierTransform(shape: shape)
        var a = RealArray(shape: shape)
        a[2, 3] = 1
        var spectrum = transform.forward(a)
        spectrum.translate(by: 3, -2)
        let moved = transform.inverse(spectrum)
        #expect(abs(moved[5, 1] - 1) < tolerance)
        spectrum.translate(by: 0.25, 0.5)
        spectrum.translate(by: -3.25, 1.5)
        expectClose(transform.inverse(spectrum), a, "fractions")
    }
}

@Suite struct ShellTests {
    @Test func shellsOfASmallSquare() {
        // 4 × 4: stored (kx, ky) with kx 0...2, ky 0, 1, 2, −1.
        #expect(RadialShells(realShape: .square(4)).counts() == [1, 5, 5])
    }

    @Test func shellsDoNotDependOnThreads() {
        let a = FourierTransform(shape: .cube(12)).forward(noise(.cube(12)))
        #expect(a.powerSpectrum(pool: ThreadPool(threads: 3)) == a.powerSpectrum())
    }

    @Test func powerOfACosine() {
        let shape = Shape.square(16), transform = FourierTransform(shape: shape)
        var a = RealArray(shape: shape)
        for y in 0..<16 { for x in 0..<16 { a[x, y] = 2 * Float(cos(2 * .pi * Double(5 * x) / 16)) } }
        let spectrum = transform.forward(a), counts = RadialShells(realShape: shape).counts()
        for (r, power) in spectrum.powerSpectrum().enumerated() {
            #expect(abs(power - (r == 5 ? 1 / counts[5] : 0)) < 1e-6, "shell \(r)")
        }
    }

    @Test func rectangularArraysUseTheFrequencyUnitOfX() {
        let shape = Shape(x: 16, y: 8), transform = FourierTransform(shape: shape)
        var a = RealArray(shape: shape)
        for y in 0..<8 { for x in 0..<16 { a[x, y] = Float(cos(2 * .pi * Double(2 * y) / 8)) } }
        let power = transform.forward(a).powerSpectrum()
        #expect(power.indices.max { power[$0] < power[$1] } == 4)
    }

    @Test func filterByShells() {
        var spectrum = FourierTransform(shape: .square(8)).forward(noise(.square(8)))
        let dc = spectrum.values[0]
        spectrum.multiplyShells(by: [2, 0, 1])
        #expect(spectrum.values[0] == dc.multiplied(by: 2))
        #expect(spectrum[1, 0] == .zero && spectrum[3, 0] == .zero && spectrum[2, 0] != .zero)
    }

    @Test func radialAverageOfARadialFunction() {
        var a = RealArray(shape: .cube(9))
        for z in 0..<9 {
            for y in 0..<9 {
                for x in 0..<9 {
                    let d = Float((x - 4) * (x - 4) + (y - 4) * (y - 4) + (z - 4) * (z - 4))
                    a[x, y, z] = Float(RadialShells.shell(squaredRadius: d))
                }
            }
        }
        #expect(a.radialAverage() == [0, 1, 2, 3, 4])
    }
}

@Suite struct ShellCorrelationTests {
    @Test func ofAMapWithItselfItsNegativeAndAnother() {
        let a = noise(.cube(16)), b = noise(.cube(16), seed: 99)
        let same = FourierShellCorrelation(a, a)
        #expect(same.correlation.allSatisfy { abs($0 - 1) < 1e-12 })
        #expect(same.differentialPhaseResidualInDegrees.allSatisfy { $0 < 1e-4 })
        var negative = a
        for i in negative.values.indices { negative.values[i] *= -0.5 }
        #expect(FourierShellCorrelation(a, negative).correlation.allSatisfy { abs($0 + 1) < 1e-6 })
        // Independent noise: the correlation of n coefficients has a spread of about 1/sqrt(n); allow five of them.
        let independent = FourierShellCorrelation(a, b).correlation
        let counts = RadialShells(realShape: .cube(16)).counts()
        for r in 2..<9 { #expect(abs(independent[r]) < 5 / counts[r].squareRoot(), "shell \(r)") }
    }

    @Test func resolutionIsThatOfTheLastShellAboveTheThreshold() {
        var a = FourierTransform(shape: .cube(16)).forward(noise(.cube(16)))
        let b = a
        a.multiplyShells(by: [1, 1, 1, 1, 1])
        let fsc = FourierShellCorrelation(a, b)
        #expect(fsc.resolutionInAngstrom(threshold: 0.143, box: 16, pixelSizeInAngstrom: 2) == 8)
    }
}

@Suite struct WindowTests {
    @Test func realWindowKeepsTheCentre() {
        for n in 1...9 {
            for m in 1...9 {
                var a = RealArray(shape: .square(n))
                a[n / 2, n / 2] = 1
                let b = a.windowed(to: .square(m), fill: -1)
                #expect(b[m / 2, m / 2] == 1, "\(n) to \(m)")
                #expect(b.values.filter { $0 == -1 }.count == max(0, m * m - min(n, m) * min(n, m)), "\(n) to \(m)")
            }
        }
    }

    @Test(arguments: [Shape.square(8), Shape.cube(8)]) func paddingThenCroppingATransformGivesItBack(shape: Shape) {
        var spectrum = FourierTransform(shape: shape).forward(noise(shape))
        spectrum.multiplyShells(by: [1, 1, 1, 1])  // Band-limited below Nyquist, so that no corner is cut.
        let larger = shape.isImage ? Shape.square(14) : Shape.cube(14)
        #expect(spectrum.resized(to: larger).resized(to: shape) == spectrum)
    }

    @Test func paddingInterpolates() {
        let shape = Shape.square(8)
        var a = RealArray(shape: shape)
        for y in 0..<8 { for x in 0..<8 { a[x, y] = Float(cos(2 * .pi * Double(x + 2 * y) / 8)) } }
        let fine = FourierTransform(shape: .square(16)).inverse(FourierTransform(shape: shape).forward(a).resized(to: .square(16)))
        for y in 0..<16 {
            for x in 0..<16 {
                #expect(abs(fine[x, y] - Float(cos(2 * .pi * (Double(x) + 2 * Double(y)) / 16))) < tolerance)
            }
        }
    }

    @Test func paddingCutsTheCorners() {
        var spectrum = FourierArray(realShape: .square(8))
        for i in spectrum.values.indices { spectrum.values[i] = .one }
        let padded = spectrum.resized(to: .square(12))
        #expect(padded[4, 0] == .one && padded[3, 3] == .zero && padded[0, 4] == .one)
    }
}
