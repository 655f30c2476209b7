import Arrays
import Foundation
import Randomness

/// Gaussian blobs at random places within a particle, positive and half as strong negative ones.
struct RandomBlobs {
    private static let count = 40
    let box: Int
    let isVolume: Bool
    /// Particle diameter in pixels.
    let diameter: Double
    let seed: Int
    let stream: Int

    /// The field, scaled to the standard deviation of `amplitudes`; blobs have the size that `amplitudes` has at their place.
    func field(amplitudes: RealArray) -> RealArray {
        var generator = CounterGenerator(seed: seed, stream: stream)
        var result = RealArray(shape: amplitudes.shape)
        for sign in [1.0, -0.5] {
            for _ in 0..<Self.count { add(sign, amplitudes, &generator, to: &result) }
        }
        let wanted = Self.deviation(amplitudes.values), found = Self.deviation(result.values)
        if found > 0 { for i in result.values.indices { result.values[i] *= Float(wanted / found) } }
        return result
    }

    private func add(_ sign: Double, _ amplitudes: RealArray, _ generator: inout CounterGenerator,
                     to result: inout RealArray) {
        let spread = diameter / (isVolume ? 6 : 7)
        func coordinate() -> Double { Self.normal(&generator) * spread + Double(box) / 2 }
        let x = coordinate(), y = coordinate(), z = isVolume ? coordinate() : 0
        let range = 0..<Double(box)
        guard range.contains(x), range.contains(y), !isVolume || range.contains(z) else { return }
        let amplitude = sign * abs(Double(amplitudes[Int(x), Int(y), Int(z)]))
        let inverse = 10 / diameter
        // Beyond three widths a Gaussian is below 10⁻⁴.
        let reach = diameter / 3
        func window(_ centre: Double, _ extent: Int) -> Range<Int> {
            let low = max(0, Int(centre - reach)), high = min(extent, Int(centre + reach) + 1)
            return low..<max(low, high)
        }
        for k in isVolume ? window(z, box) : 0..<1 {
            for j in window(y, box) {
                for i in window(x, box) {
                    let a = (Double(i) - x) * inverse, b = (Double(j) - y) * inverse
                    let c = isVolume ? (Double(k) - z) * inverse : 0
                    result[i, j, k] += Float(amplitude * exp(-a * a - b * b - c * c))
                }
            }
        }
    }

    private static func normal(_ generator: inout CounterGenerator) -> Double {
        (-2 * log(1 - generator.uniform())).squareRoot() * cos(2 * .pi * generator.uniform())
    }

    private static func deviation(_ values: [Float]) -> Double {
        let n = Double(values.count)
        let mean = values.reduce(0) { $0 + Double($1) } / n
        return (values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n).squareRoot()
    }
}
