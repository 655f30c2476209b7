import Arrays
import CTFEstimation
import Testing

@Suite struct FitImageTests {
    @Test func spectrumLeftAndRingsRight() {
        let simulated = SimulatedSpectrum(
            transfer: SimulatedSpectrum.transfer(15000, astigmatism: 500, angle: 20), contrast: 1)
        let settings = CTFSearchSettings(microscope: simulated.transfer.microscope)
        let spectrum = simulated.spectrum(box: 256, pixelSize: 2)
        let fit = CTFEstimator(settings, box: 256, pixelSizeInAngstrom: 2).fit(spectrum)
        let image = FitImage.image(spectrum, fit, settings)
        #expect(image.shape == spectrum.image.shape)
        #expect(image.values.allSatisfy { $0 >= 0 && $0 <= 1 })
        // Both halves show the same rings: mirrored through the centre they correlate.
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for y in 30..<226 {
            for x in 140..<220 {
                let right = Double(image[x, y]) - 0.5, left = Double(image[256 - x, 256 - y]) - 0.5
                (ab, aa, bb) = (ab + right * left, aa + right * right, bb + left * left)
            }
        }
        #expect(ab / (aa * bb).squareRoot() > 0.3)
        // Beyond the range of the fit there is nothing on the right.
        #expect(image[255, 255] == 0.5)
    }
}
