import Arrays
import Foundation
import Randomness

/// A counting camera whose pixels differ: sensitivity, rows that see nothing, pixels that count too much.
package struct Detector: Sendable {
    /// What counts are multiplied by to make them even; 0 for pixels that see nothing.
    package let gain: RealArray
    /// Electrons a frame that a pixel adds of its own.
    private let darkCounts: [Int: Double]

    private static let pixelSpread = 0.05, slowVariation = 0.05, hotCounts = 25.0

    package init(_ settings: MovieSettings) {
        let size = settings.size
        var gain = RealArray(shape: .square(size)), generator = CounterGenerator(seed: settings.seed, stream: MovieStream.detector)
        for y in 0..<size {
            for x in 0..<size {
                let slow = 1 + Self.slowVariation * sin(3 * Double(x) / Double(size))
                gain[x, y] = settings.hasGain ? Float(max(0.3, (1 + Self.pixelSpread * generator.normal()) * slow)) : 1
            }
        }
        for row in 0..<min(settings.deadRows, size) {
            let y = (row + 1) * size / (settings.deadRows + 2)
            for x in 0..<size { gain[x, y] = 0 }
        }
        var hot: [Int: Double] = [:]
        for _ in 0..<settings.hotPixels { hot[Int(generator.uniform() * Double(size * size))] = Self.hotCounts }
        self.gain = gain
        darkCounts = hot
    }

    /// Replaces the electrons that each pixel expects by what it counts.
    func count(_ expected: inout [Float], using generator: inout CounterGenerator) {
        expected.withUnsafeMutableBufferPointer { expected in
            gain.values.withUnsafeBufferPointer { gain in
                for i in expected.indices {
                    expected[i] = gain[i] > 0 ? Float(min(255, generator.poisson(Double(expected[i] / gain[i])))) : 0
                }
            }
            for (i, dark) in darkCounts.sorted(by: { $0.key < $1.key }) where expected[i] > 0 || dark > 0 {
                expected[i] = min(255, expected[i] + Float(generator.poisson(dark)))
            }
        }
    }
}

/// Streams of random numbers: what belongs to a movie, a frame and the camera never shares one.
enum MovieStream {
    static let detector = 1
    static func truth(_ movie: Int) -> Int { 1_000_003 * (movie + 1) }
    static func ice(_ movie: Int) -> Int { truth(movie) + 1 }
    static func frame(_ frame: Int, of movie: Int) -> Int { truth(movie) + 2 + frame }
}
