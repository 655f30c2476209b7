import Arrays
import Foundation
import Randomness

/// Gaussian blobs at random places within a particle, positive and half as strong negative ones, drawn as RELION draws them.
struct RandomBlobs {
    private static let count = 40
    let isVolume: Bool
    /// Particle diameter in pixels.
    let diameter: Double

    /// A blob: its centre along x, y, z and the value there.
    private struct Blob {
        var centre: [Double]
        var amplitude: Double
    }

    /// The field, scaled to the standard deviation of `amplitudes`; blobs have the size that `amplitudes` has at their place.
    func field(amplitudes: RealArray, drawingFrom generator: inout AdditiveFeedbackGenerator) -> RealArray {
        var sums = [Double](repeating: 0, count: amplitudes.values.count)
        for sign in [1.0, -0.5] {
            for _ in 0..<Self.count {
                guard let blob = draw(amplitudes, &generator) else { continue }
                add(blob, sign: sign, shape: amplitudes.shape, to: &sums)
            }
        }
        let wanted = Self.deviation(amplitudes.values.map(Double.init)), found = Self.deviation(sums)
        let scale = found > 0 ? wanted / found : 1
        return RealArray(shape: amplitudes.shape, values: sums.map { Float($0 * scale) })
    }

    /// Nil for blobs outside the box.
    private func draw(_ amplitudes: RealArray, _ generator: inout AdditiveFeedbackGenerator) -> Blob? {
        let shape = amplitudes.shape, lengths = isVolume ? [shape.x, shape.y, shape.z] : [shape.x, shape.y]
        let spread = diameter / (isVolume ? 6 : 7)
        let centre = lengths.map { generator.standardNormal() * spread + Double($0) / 2 }
        guard zip(centre, lengths).allSatisfy({ $0 >= 0 && $0 < Double($1) }) else { return nil }
        let value = amplitudes[Int(centre[0]), Int(centre[1]), isVolume ? Int(centre[2]) : 0]
        return Blob(centre: centre, amplitude: abs(Double(value)))
    }

    private func add(_ blob: Blob, sign: Double, shape: Shape, to sums: inout [Double]) {
        let x = profile(blob.centre[0], shape.x), y = profile(blob.centre[1], shape.y)
        let z = isVolume ? profile(blob.centre[2], shape.z) : [1]
        for k in z.indices where z[k] > 0 {
            for j in y.indices where y[j] > 0 {
                let factor = sign * blob.amplitude * z[k] * y[j], row = (k * shape.y + j) * shape.x
                for i in x.indices { sums[row + i] += factor * x[i] }
            }
        }
    }

    /// The Gaussian along one axis. In volumes it ends after 10/3 widths, where it is 10⁻⁵.
    private func profile(_ centre: Double, _ length: Int) -> [Double] {
        let reach = isVolume ? diameter / 3 : .infinity
        let first = max(0, centre - reach).rounded(.towardZero), end = min(Double(length), centre + reach)
        return (0..<length).map { i in
            guard Double(i) >= first && Double(i) < end else { return 0 }
            let distance = (Double(i) - centre) * 10 / diameter
            return exp(-distance * distance)
        }
    }

    private static func deviation(_ values: [Double]) -> Double {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
    }
}
