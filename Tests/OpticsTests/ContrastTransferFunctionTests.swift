import Arrays
import Foundation
import Geometry
import Optics
import TestSupport
import Testing

@Suite struct ContrastTransferFunctionTests {
    /// Single-precision sine with double-precision argument reduction: a few ulps of 1.
    static let floatSine = 4e-7

    static let typical = ContrastTransferFunction(
        defocusUInAngstrom: 15000, defocusVInAngstrom: 12000, defocusAngleInDegrees: 35, voltageInKilovolts: 300,
        sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1)

    /// Known values of electron optics.
    @Test func wavelengths() {
        #expect(abs(ElectronBeam.wavelengthInAngstrom(voltageInKilovolts: 300) - 0.019687) < 1e-6)
        #expect(abs(ElectronBeam.wavelengthInAngstrom(voltageInKilovolts: 200) - 0.025079) < 1e-6)
        #expect(abs(ElectronBeam.wavelengthInAngstrom(voltageInKilovolts: 100) - 0.037014) < 1e-6)
    }

    @Test func originHasTheAmplitudeContrast() {
        #expect(abs(Self.typical.value(x: 0, y: 0) - 0.1) < 1e-12)
        var phasePlate = Self.typical
        phasePlate.phaseShiftInDegrees = 90
        #expect(abs(phasePlate.value(x: 0, y: 0) - cos(asin(0.1))) < 1e-12)
    }

    @Test func defocusLiesAlongItsAngle() {
        let angle = 35 * Double.pi / 180
        #expect(abs(Self.typical.defocus(x: cos(angle), y: sin(angle)) - 15000) < 1e-8)
        #expect(abs(Self.typical.defocus(x: -sin(angle), y: cos(angle)) - 12000) < 1e-8)
        // The quadratic form of γ is the same defocus.
        let phase = Self.typical.phase
        let wavelength = Self.typical.wavelengthInAngstrom
        for degrees in stride(from: 0.0, to: 180, by: 17) {
            let (x, y) = (cos(degrees), sin(degrees))
            let quadratic = phase.xx * x * x + phase.xy * x * y + phase.yy * y * y
            #expect(abs(quadratic / (-.pi * wavelength) - Self.typical.defocus(x: x, y: y)) < 1e-6)
        }
    }

    static let shapes = [Shape(x: 8, y: 8), Shape(x: 9, y: 9), Shape(x: 64, y: 40), Shape(x: 1, y: 7)]

    @Test(arguments: shapes)
    func gridAgreesWithSingleValues(shape: Shape) {
        let grid = FrequencyGrid(imageShape: shape, pixelSizeInAngstrom: 1.1)
        var stretched = Self.typical
        stretched.magnification = Magnification(xx: 1.01, xy: 0.004, yx: -0.003, yy: 0.99)
        stretched.bFactorInSquareAngstrom = 50
        stretched.scale = 0.9
        let offsets = (0..<grid.count).map { Float($0 % 7) * 0.3 }
        for ctf in [Self.typical, stretched] {
            for form in [ContrastTransferFunction.Form.signed, .magnitude, .signOnly] {
                for intact in [ContrastTransferFunction.IntactRange.none, .untilFirstPeak, .afterFirstPeak] {
                    let values = ctf.values(on: grid, form: form, intact: intact, phaseOffset: offsets)
                    for row in 0..<grid.rows {
                        for column in 0..<grid.columns {
                            let index = row * grid.columns + column
                            let expected = ctf.value(
                                x: grid.x(column), y: grid.y(row), form: form, intact: intact,
                                phaseOffset: Double(offsets[index]))
                            #expect(abs(Double(values[index]) - expected) < Self.floatSine, "\(row) \(column)")
                        }
                    }
                }
            }
        }
    }

    /// Every parameter changes the result.
    @Test func everyParameterCounts() {
        let grid = FrequencyGrid(box: 32, pixelSizeInAngstrom: 2)
        let plain = Self.typical.values(on: grid)
        let changes: [(inout ContrastTransferFunction) -> Void] = [
            { $0.defocusUInAngstrom += 500 }, { $0.defocusVInAngstrom += 500 }, { $0.defocusAngleInDegrees += 10 },
            { $0.voltageInKilovolts = 200 }, { $0.sphericalAberrationInMillimetres = 1 },
            { $0.amplitudeContrast = 0.07 }, { $0.phaseShiftInDegrees = 30 }, { $0.bFactorInSquareAngstrom = 20 },
            { $0.scale = 0.5 }, { $0.magnification.xy = 0.01 },
        ]
        for change in changes {
            var other = Self.typical
            change(&other)
            #expect(other.values(on: grid) != plain)
        }
        #expect(Self.typical.values(on: grid, isDamped: false) == plain)
        #expect(Self.typical.fault == nil)
        var wrong = Self.typical
        wrong.amplitudeContrast = 1.2
        #expect(wrong.fault != nil)
    }

    @Test func croppedGridIsACornerOfTheWhole() {
        let whole = FrequencyGrid(box: 32, pixelSizeInAngstrom: 2)
        let cropped = FrequencyGrid(box: 32, pixelSizeInAngstrom: 2, croppedTo: 16)
        let a = Self.typical.values(on: whole)
        let b = Self.typical.values(on: cropped)
        for row in 0..<16 where row != 8 {
            let wholeRow = row < 8 ? row : row + 16
            for column in 0...8 { #expect(a[wholeRow * whole.columns + column] == b[row * cropped.columns + column]) }
        }
    }

    /// The reference program's projections with and without its transfer function.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func ratioOfReferenceProjectionsIsTheTransferFunction() throws {
        let plain = try Self.stack("project_noctf.mrcs")
        let transferred = try Self.stack("project_ctf.mrcs")
        let rows = try Self.defocusRows("project_ctf.star")
        #expect(rows.count == 24)
        let box = 64
        let grid = FrequencyGrid(box: box, pixelSizeInAngstrom: 3.54)
        for image in stride(from: 0, to: 24, by: 5) {
            let row = rows[image]
            let ctf = ContrastTransferFunction(
                defocusUInAngstrom: row[0], defocusVInAngstrom: row[1], defocusAngleInDegrees: row[2],
                voltageInKilovolts: 200, sphericalAberrationInMillimetres: 1.4, amplitudeContrast: 0.1,
                phaseShiftInDegrees: row[5], bFactorInSquareAngstrom: row[3], scale: row[4])
            var error = 0.0
            var power = 0.0
            for (column, line) in [(1, 2), (5, 60), (10, 3), (12, 52), (20, 1), (7, 20), (3, 40), (15, 15)] {
                let a = Self.coefficient(plain, image, box, column, line)
                let b = Self.coefficient(transferred, image, box, column, line)
                let value = ctf.value(x: grid.x(column), y: grid.y(line))
                error += pow(b.0 - value * a.0, 2) + pow(b.1 - value * a.1, 2)
                power += b.0 * b.0 + b.1 * b.1
            }
            // Both stacks are stored in single precision.
            #expect(error < 1e-9 * power, "image \(image): \(error / power)")
        }
    }

    static func stack(_ name: String) throws -> [Float] {
        let data = try Data(contentsOf: SharedData.golden(name))
        return data.dropFirst(1024).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    static func defocusRows(_ name: String) throws -> [[Double]] {
        let text = try String(contentsOf: SharedData.golden(name), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.contains(".mrcs") }.map { line in
            line.split(separator: " ").dropFirst(3).prefix(6).compactMap { Double($0) }
        }
    }

    /// One coefficient of the discrete transform.
    static func coefficient(_ stack: [Float], _ image: Int, _ n: Int, _ column: Int, _ row: Int) -> (Double, Double) {
        var sum = (0.0, 0.0)
        for y in 0..<n {
            for x in 0..<n {
                let angle = -2 * Double.pi * Double((column * x + row * y) % n) / Double(n)
                let value = Double(stack[image * n * n + y * n + x])
                sum = (sum.0 + value * cos(angle), sum.1 + value * sin(angle))
            }
        }
        return sum
    }
}
