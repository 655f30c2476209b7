import Arrays
import Geometry
import Parallel

/// How well a map agrees with turned copies of itself: correlation of Fourier coefficients, up to any shell.
///
/// Coefficients are weighted by 1/√amplitude of their shell: a compromise between the low shells, which alone are reliable in
/// early maps, and the high ones, which tell angles apart.
struct SelfCorrelation: Sendable {
    private let sampler: TransformSampler
    /// Frequencies of half a ball, by increasing shell.
    private let points: [Vector3]
    private let values: [(real: Float, imaginary: Float)]
    private let weights: [Float]
    /// Number of points within shells 0 ... index.
    private let countWithin: [Int]
    let highestShell: Int

    init(_ reference: PaddedReference, highestShell: Int) {
        sampler = TransformSampler(reference)
        let shells = Swift.max(1, Swift.min(highestShell, reference.layout.box / 2 - 1))
        self.highestShell = shells
        var found: [(shell: Int, point: Vector3)] = []
        for z in -shells...shells {
            for y in -shells...shells {
                for x in 0...shells {
                    // One of every pair of Friedel mates; the mean density says nothing.
                    if x == 0 && (y < 0 || y == 0 && z <= 0) { continue }
                    let shell = Int(Double(x * x + y * y + z * z).squareRoot() + 0.5)
                    if shell <= shells { found.append((shell, Vector3(Double(x), Double(y), Double(z)))) }
                }
            }
        }
        let sorted = found.enumerated().sorted { ($0.element.shell, $0.offset) < ($1.element.shell, $1.offset) }
        points = sorted.map(\.element.point)
        let sampler = self.sampler
        let values = points.map { sampler.value(at: $0) }
        self.values = values
        var power = [Double](repeating: 0, count: shells + 1)
        var count = [Int](repeating: 0, count: shells + 1)
        for (index, entry) in sorted.enumerated() {
            power[entry.element.shell] += Double(values[index].real * values[index].real)
                + Double(values[index].imaginary * values[index].imaginary)
            count[entry.element.shell] += 1
        }
        weights = sorted.map { entry in
            let mean = power[entry.element.shell] / Double(Swift.max(1, count[entry.element.shell]))
            return mean > 0 ? Float(1 / mean.squareRoot()) : 0
        }
        var total = 0
        countWithin = count.map { total += $0; return total }
    }

    /// Correlation (−1 … 1) of the map with copies of it turned by A⁻¹ S A for each operator S, averaged.
    func score(_ orientation: RotationMatrix, operators: [RotationMatrix], upToShell shell: Int) -> Double {
        let count = countWithin[Swift.min(shell, highestShell)]
        var sum = 0.0
        // Interpolation lowers the power of the turned copy.
        var (norm, turnedNorm) = (0.0, 0.0)
        let turns = operators.map { orientation.transpose * $0 * orientation }
        points.withUnsafeBufferPointer { points in
            values.withUnsafeBufferPointer { values in
                weights.withUnsafeBufferPointer { weights in
                    for turn in turns {
                        for index in 0..<count {
                            let other = sampler.value(at: turn * points[index])
                            let (re, im) = values[index]
                            let weight = weights[index]
                            sum += Double(weight * (re * other.real + im * other.imaginary))
                            norm += Double(weight * (re * re + im * im))
                            turnedNorm += Double(weight * (other.real * other.real + other.imaginary * other.imaginary))
                        }
                    }
                }
            }
        }
        let product = norm * turnedNorm
        return product > 0 ? sum / product.squareRoot() : 0
    }
}
