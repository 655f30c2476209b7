import Foundation

/// The spectrum averaged along rings of equal phase, beside the rings that were fitted.
///
/// Averages along ellipses keep rings sharp that astigmatism would blur (Zhang 2016). A pixel counts at the frequency at which the
/// mean defocus has the phase that its own defocus gives it.
package struct RingProfile: Sendable {
    /// 1/Å, rising by half a pixel of the spectrum.
    package var frequency: [Double]
    /// Mean of the spectrum relative to its trend, background taken off.
    package var measured: [Double]
    /// The fitted rings, E · (2 CTF² − 1), averaged over the same pixels.
    package var fitted: [Double]
    /// 2 CTF² − 1 over the same pixels: rings without their envelope.
    package var rings: [Double]
    /// Correlation of measured and fitted rings nearby.
    package var agreement: [Double]

    init(_ model: RingModel, _ parameters: RingParameters, extentInAngstrom: Double) {
        let solution = model.solution(parameters)
        let (background, envelope) = model.curves(solution)
        let pixels = model.pixels, rings = pixels.rings(parameters)
        let step = 0.5 / extentInAngstrom
        let mapping = PhaseMapping(parameters, pixels.microscope)
        let last = (pixels.shells.last?.frequency ?? 0) * 1.05
        let count = Int(last / step) + 1
        var sums = [SIMD4<Double>](repeating: .zero, count: count)
        for shell in pixels.shells.indices {
            for i in pixels.range(ofShell: shell) {
                let bin = Int(mapping.equivalent(pixels.coordinates(i)) / step + 0.5)
                guard bin >= 0 && bin < count else { continue }
                let ring = Double(rings[i])
                sums[bin] += SIMD4(
                    Double(model.values[i]) - background[shell], envelope[shell] * ring, ring, 1)
            }
        }
        let filled = sums.indices.filter { sums[$0].w >= 4 }
        frequency = filled.map { Double($0) * step }
        measured = filled.map { sums[$0].x / sums[$0].w }
        fitted = filled.map { sums[$0].y / sums[$0].w }
        self.rings = filled.map { sums[$0].z / sums[$0].w }
        agreement = []
        agreement = Self.agreement(frequency, measured, self.rings, mapping)
    }

    /// At least so many bins on either side are compared.
    private static let smallestReach = 6

    /// The correlation of the curves over one ring on either side.
    private static func agreement(
        _ frequency: [Double], _ measured: [Double], _ rings: [Double], _ mapping: PhaseMapping
    ) -> [Double] {
        let step = frequency.count > 1 ? frequency[1] - frequency[0] : 1
        return frequency.indices.map { index in
            let period = 1 / max(1e-9, mapping.ringsPerFrequency(frequency[index]))
            let reach = max(smallestReach, Int(min(Double(frequency.count / 4), period / step)))
            let range = max(0, index - reach)...min(frequency.count - 1, index + reach)
            return correlation(measured[range], rings[range])
        }
    }

    private static func correlation(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
        let n = Double(a.count), meanA = a.reduce(0, +) / n, meanB = b.reduce(0, +) / n
        var (aa, ab, bb) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            aa += (x - meanA) * (x - meanA)
            ab += (x - meanA) * (y - meanB)
            bb += (y - meanB) * (y - meanB)
        }
        return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
    }

    /// Agreement from which rings count as seen.
    private static let threshold = 0.5

    /// The finest resolution in Å up to which the rings are seen without a gap longer than a ring; nil where they are nowhere.
    func resolution(_ parameters: RingParameters, _ microscope: Microscope) -> Double? {
        let mapping = PhaseMapping(parameters, microscope)
        guard let start = agreement.indices.first(where: { agreement[$0] >= Self.threshold }) else { return nil }
        var last = start
        for index in start..<agreement.count {
            if agreement[index] >= Self.threshold {
                last = index
            } else if (frequency[index] - frequency[last]) * mapping.ringsPerFrequency(frequency[index]) > 1 {
                break
            }
        }
        return frequency[last] > 0 ? 1 / frequency[last] : nil
    }
}

/// The phase of rings as a function of the frequency.
struct PhaseMapping {
    private let parameters: RingParameters
    private let wavelength: Double
    /// Defocus that spherical aberration takes away, Å per squared frequency.
    private let aberration: Double

    init(_ parameters: RingParameters, _ microscope: Microscope) {
        self.parameters = parameters
        wavelength = microscope.wavelengthInAngstrom
        aberration = microscope.sphericalAberrationInMillimetres * 1e7 * wavelength * wavelength / 2
    }

    /// The frequency at which the mean defocus gives the phase that a pixel has; its own where there is none.
    func equivalent(_ pixel: (square: Double, cosine: Double, sine: Double)) -> Double {
        let square = pixel.square
        let phase =
            parameters.mean * square + parameters.cosine * pixel.cosine + parameters.sine * pixel.sine
            - aberration * square * square
        let discriminant = parameters.mean * parameters.mean - 4 * aberration * phase
        guard discriminant > 0, phase > 0 else { return square.squareRoot() }
        return (2 * phase / (parameters.mean + discriminant.squareRoot())).squareRoot()
    }

    /// How many rings there are per 1/Å at a frequency, for the mean defocus.
    func ringsPerFrequency(_ k: Double) -> Double {
        abs(2 * wavelength * (parameters.mean * k - 2 * aberration * k * k * k))
    }
}
