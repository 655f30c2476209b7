import Arrays
import Fourier
import Foundation
import Imaging
import Testing

@Suite struct AreaResamplingTests {
    /// Weights and sums of up to fifty Float terms below 1.
    private static let tolerance: Float = 1e-5

    private func mean(_ image: RealArray) -> Double { image.values.reduce(0.0) { $0 + Double($1) } / Double(image.values.count) }

    private func ramp(_ width: Int, _ height: Int) -> RealArray {
        RealArray(shape: Shape(x: width, y: height), values: (0..<width * height).map { Float(($0 * 37) % 101) / 101 })
    }

    @Test func meanIsKeptWhateverTheSizes() {
        for (width, height) in [(1, 1), (7, 5), (16, 16), (33, 20)] {
            let image = ramp(width, height)
            for (newWidth, newHeight) in [(1, 1), (3, 4), (7, 5), (16, 9), (50, 41)] {
                let other = image.resampledByArea(width: newWidth, height: newHeight)
                #expect(other.shape == Shape(x: newWidth, y: newHeight) && abs(mean(other) - mean(image)) < Double(Self.tolerance), "\(width) × \(height) to \(newWidth) × \(newHeight)")
            }
        }
    }

    @Test func wholeBlocksAreTheirMeans() {
        let image = ramp(12, 6), small = image.resampledByArea(width: 4, height: 3)
        for y in 0..<3 {
            for x in 0..<4 {
                var sum: Float = 0
                for v in 0..<2 { for u in 0..<3 { sum += image[3 * x + u, 2 * y + v] } }
                #expect(abs(small[x, y] - sum / 6) < Self.tolerance)
            }
        }
        let doubled = image.resampledByArea(width: 24, height: 12)
        #expect((0..<24).allSatisfy { abs(doubled[$0, 3] - image[$0 / 2, 1]) < Self.tolerance })
    }

    @Test func rectanglesStandInTheMiddle() {
        let square = RealArray(shape: Shape(x: 8, y: 4), repeating: 1).fitted(intoSquareOf: 4, margin: 5)
        #expect(square.values == [5, 5, 5, 5, 1, 1, 1, 1, 1, 1, 1, 1, 5, 5, 5, 5])
    }
}

@Suite struct ImageSetStatisticsTests {
    /// A wave along x and a constant image: average, deviation and the two peaks are known.
    @Test(arguments: [(16, 16), (15, 12)]) func waves(size: (Int, Int)) {
        let (width, height) = size, shape = Shape(x: width, y: height), transform = FourierTransform(shape: shape), frequency = 3
        var wave = RealArray(shape: shape)
        for y in 0..<height { for x in 0..<width { wave[x, y] = 2 * Float(cos(2 * .pi * Double(frequency * x) / Double(width))) } }
        var first = ImageSetStatistics(shape: shape), second = first
        first.add(wave, transform)
        second.add(RealArray(shape: shape, repeating: 4), transform)
        first.merge(second)
        #expect(first.count == 2)
        for i in wave.values.indices {
            #expect(abs(first.average.values[i] - (wave.values[i] + 4) / 2) < 1e-5)
            #expect(abs(first.standardDeviation.values[i] - abs(wave.values[i] - 4) / 2) < 1e-5)
        }
        // |F|² is 1 at ±3 for the wave (half its amplitude, squared), and the mean of two images halves it.
        let spectrum = first.logarithmicSpectrum
        for kx in [-frequency, frequency] { #expect(abs(spectrum[width / 2 + kx, height / 2] - Float(log10(0.5))) < 1e-4) }
        #expect(spectrum.values.filter { $0 > -6 }.count == 2)
        let shells = first.radialSpectrum
        #expect(shells.indices.max { shells[$0] < shells[$1] } == frequency)
    }
}
