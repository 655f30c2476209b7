import Arrays
import ComplexModule
import Fourier
import Parallel

/// Evens out amplitudes over directions: a map from unevenly distributed views has stronger amplitudes in some directions, and
/// correlations of amplitudes would measure that instead of signal.
///
/// Each coefficient's power, relative to the mean of its shell, is averaged along its direction over all shells of the range;
/// its amplitude is divided by the root of that. Directions are the pixels of the surface of the innermost shell of the range, at
/// half the frequency of the lowest resolution of the B-factor fit, as in RELION.
struct AngularAmplitudes {
    let settings: PostprocessingSettings
    let pool: ThreadPool

    func evened(_ spectrum: consuming FourierArray) -> FourierArray {
        let power = spectrum.powerSpectrum(pool: pool)
        let inner = max(
            1, Int(Double(spectrum.shape.x) * settings.pixelSizeInAngstrom / settings.lowestFittedResolution))
        let side = 2 * inner + 3
        var sums = [Double](repeating: 0, count: side * side * side), counts = sums
        forEachCoefficient(spectrum, inner: inner) { direction, shell, index in
            guard power[shell] > 0 else { return }
            sums[direction] += Double(spectrum.values[index].power) / power[shell]
            counts[direction] += 1
        }
        let factors = zip(sums, counts).map { $0 > 0 ? Float(1 / ($0 / $1).squareRoot()) : 1 }
        var result = spectrum
        forEachCoefficient(result, inner: inner) { direction, _, index in
            result.values[index] = result.values[index].multiplied(by: factors[direction])
        }
        return result
    }

    private func forEachCoefficient(
        _ spectrum: FourierArray, inner: Int, _ body: (_ direction: Int, _ shell: Int, _ index: Int) -> Void
    ) {
        let shells = RadialShells(realShape: spectrum.realShape)
        let columns = spectrum.shape.x, n = spectrum.realShape.x, side = 2 * inner + 3, middle = inner + 1
        for z in 0..<n {
            let kz = Double(signedFrequency(z, length: n))
            shells.forEach(inSection: z) { shell, index in
                guard shell >= inner else { return }
                let x = Double(index % columns), ky = Double(signedFrequency(index / columns % n, length: n))
                let scale = Double(inner) / (x * x + ky * ky + kz * kz).squareRoot()
                let dx = Int((x * scale).rounded()), dy = Int((ky * scale).rounded()), dz = Int((kz * scale).rounded())
                body(((dz + middle) * side + dy + middle) * side + dx + middle, shell, index)
            }
        }
    }
}
