import Arrays
import CTFEstimation
import Foundation
import Randomness
import Testing

@Suite struct SpectrumAverageTests {
    @Test func whiteNoiseIsFlat() {
        var generator = CounterGenerator(seed: 3, stream: 0)
        var image = RealArray(shape: Shape(x: 700, y: 600))
        for i in image.values.indices { image.values[i] = 100 + Float(generator.standardNormal()) }
        let average = SpectrumAverage(
            shape: image.shape, box: 128, micrographPixelSizeInAngstrom: 1, finestInAngstrom: 5)
        let spectrum = average.spectrum(of: [image])
        #expect(spectrum.pixelSizeInAngstrom == 1.4 && spectrum.box == 128)
        var sums = [0.0, 0.0], counts = [0.0, 0.0]
        for y in 1..<128 {
            for x in 1..<128 {
                let radius = Double((x - 64) * (x - 64) + (y - 64) * (y - 64)).squareRoot()
                guard radius > 2 && radius < 62 else { continue }
                sums[radius < 40 ? 0 : 1] += Double(spectrum.image[x, y])
                counts[radius < 40 ? 0 : 1] += 1
            }
        }
        // 15 frequencies a pixel: 0.13 of noise each, thousands of pixels.
        #expect(abs(sums[0] / counts[0] / (sums[1] / counts[1]) - 1) < 0.01)
    }

    @Test func aWaveIsWhereItBelongs() throws {
        // 10 Å along x and 20 Å along −y in a micrograph that is not square.
        let pixel = 1.25
        var image = RealArray(shape: Shape(x: 600, y: 480))
        for y in 0..<480 {
            for x in 0..<600 {
                image[x, y] = Float(cos(2 * .pi * pixel * (Double(x) / 10 - Double(y) / 20)))
            }
        }
        let average = SpectrumAverage(
            shape: image.shape, box: 256, micrographPixelSizeInAngstrom: pixel, finestInAngstrom: 5)
        let spectrum = average.spectrum(of: [image])
        let extent = spectrum.extentInAngstrom
        let brightest = try #require(
            spectrum.image.values.indices.max { spectrum.image.values[$0] < spectrum.image.values[$1] })
        var (x, y) = (brightest % 256 - 128, brightest / 256 - 128)
        if x < 0 { (x, y) = (-x, -y) }
        #expect(x == Int((extent / 10).rounded()) && y == -Int((extent / 20).rounded()))
        #expect(spectrum.image[128 + x, 128 + y] == spectrum.image[128 - x, 128 - y])
    }

    @Test(arguments: [Shape(x: 1024, y: 1024), Shape(x: 1211, y: 1007)])
    func micrographsGiveTheirDefocus(shape: Shape) {
        let simulated = SimulatedSpectrum(transfer: SimulatedSpectrum.transfer(16000, astigmatism: 600, angle: 35))
        let image = simulated.micrograph(shape, pixelSize: 1.1)
        let settings = CTFSearchSettings(microscope: simulated.transfer.microscope)
        let average = SpectrumAverage(
            shape: shape, box: 512, micrographPixelSizeInAngstrom: 1.1, finestInAngstrom: 5)
        let spectrum = average.spectrum(of: [image])
        let fit = CTFEstimator(settings, box: 512, pixelSizeInAngstrom: spectrum.pixelSizeInAngstrom).fit(spectrum)
        #expect(abs(fit.meanDefocus - 16000) < 40)
        #expect(fit.angleError(35) < 4)
        #expect(fit.isTrusted)
    }

    @Test func framesAreAveraged() {
        let simulated = SimulatedSpectrum(transfer: SimulatedSpectrum.transfer(12000))
        let shape = Shape.square(512)
        let frame = simulated.micrograph(shape, pixelSize: 1.5)
        let average = SpectrumAverage(shape: shape, box: 256, micrographPixelSizeInAngstrom: 1.5, finestInAngstrom: 6)
        let one = average.spectrum(of: [frame]), two = average.spectrum(of: [frame, frame])
        #expect(zip(one.image.values, two.image.values).allSatisfy { abs($0 - $1) <= 1e-5 * abs($0) })
    }
}
