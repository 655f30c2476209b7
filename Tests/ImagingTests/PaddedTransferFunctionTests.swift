import Imaging
import Optics
import Testing

@Suite struct PaddedTransferFunctionTests {
    static func function(defocus: Double) -> ContrastTransferFunction {
        ContrastTransferFunction(
            defocusUInAngstrom: defocus, defocusVInAngstrom: 0.8 * defocus, defocusAngleInDegrees: 20, voltageInKilovolts: 300,
            sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1, bFactorInSquareAngstrom: 300)
    }

    /// A point spread that stays within the box is not changed by cutting it to the box.
    @Test(arguments: [false, true]) func compactSpreadIsKept(isPremultiplied: Bool) {
        let box = 64
        let function = Self.function(defocus: 1500)
        let plain = function.values(on: FrequencyGrid(box: box, pixelSizeInAngstrom: 3))
        let padded = PaddedTransferFunction(box: box, pixelSizeInAngstrom: 3, isPremultiplied: isPremultiplied)
            .values(of: function)
        // Along the Nyquist lines the finer grid sees what the coarse one folds.
        for row in 0..<box where abs(row - box / 2) > 4 {
            for column in 0..<28 {
                let expected = isPremultiplied ? abs(plain[row * 33 + column]) : plain[row * 33 + column]
                #expect(abs(padded[row * 33 + column] - expected) < 0.03, "\(column) \(row)")
            }
        }
    }

    /// Fast oscillations, which a small box cannot hold, are dampened.
    @Test func wideSpreadIsCut() {
        let function = Self.function(defocus: 60000)
        let plain = function.values(on: FrequencyGrid(box: 32, pixelSizeInAngstrom: 3), isDamped: false)
        let padded = PaddedTransferFunction(box: 32, pixelSizeInAngstrom: 3).values(of: function, isDamped: false)
        let (a, b) = (plain.map { $0 * $0 }.reduce(0, +), padded.map { $0 * $0 }.reduce(0, +))
        #expect(b < 0.7 * a && b > 0)
    }
}
