/// The ring of crystalline ice at 3.7 Å.
enum IceRing {
    // 1/Å: the ring, and its surroundings on both sides.
    private static let ring = 0.25...0.28
    private static let inside = 0.225...0.245
    private static let outside = 0.285...0.305

    /// Mean of the spectrum in the ring over that of its surroundings, less 1; nil where the spectrum ends before.
    static func density(_ spectrum: AmplitudeSpectrum) -> Double? {
        guard 1 / spectrum.nyquistInAngstrom >= outside.upperBound,
            let ring = mean(spectrum, ring), let inner = mean(spectrum, inside), let outer = mean(spectrum, outside),
            inner + outer > 0
        else { return nil }
        return max(0, 2 * ring / (inner + outer) - 1)
    }

    private static func mean(_ spectrum: AmplitudeSpectrum, _ frequencies: ClosedRange<Double>) -> Double? {
        let centre = spectrum.box / 2, extent = spectrum.extentInAngstrom
        let low = frequencies.lowerBound * extent, high = frequencies.upperBound * extent
        var sum = 0.0, count = 0
        for y in 1 - centre..<centre where y != 0 {
            for x in 1..<centre {
                let radius = Double(x * x + y * y).squareRoot()
                guard radius >= low && radius <= high else { continue }
                sum += Double(spectrum.image[x + centre, y + centre])
                count += 1
            }
        }
        return count > 0 ? sum / Double(count) : nil
    }
}
