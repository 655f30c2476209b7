import Foundation
import Randomness
import Testing

@testable import Refinement

@Suite struct SignificantSamplesTests {
    /// The same choice as sorting all weights.
    @Test(arguments: [1, 2, 63, 64, 1000, 20_000]) func agreesWithSorting(count: Int) {
        var generator = CounterGenerator(seed: 5, stream: count)
        let scores = (0..<count).map { _ in Float(-30 * generator.uniform()) }
        var selection = SignificantSamples()
        #expect(scores.withUnsafeBufferPointer { buffer in
            selection.select(buffer.baseAddress.unsafelyUnwrapped, count: count, fraction: 0.999, limit: 0)
        })
        let best = scores.max() ?? 0
        let weights = scores.map { exp(Double($0 - best)) }
        let total = weights.reduce(0, +)
        var reached = 0.0, expected = 0
        for weight in weights.sorted(by: >) {
            reached += weight
            expected += 1
            if reached > 0.999 * total { break }
        }
        #expect(selection.positions.count == expected)
        #expect(abs(selection.sum / total - 1) < 1e-9)
        #expect(selection.maximum == best)
    }

    @Test func keepsALimit() {
        let scores = [Float](repeating: 0, count: 500).enumerated().map { Float($0.offset) * 1e-4 }
        var selection = SignificantSamples()
        _ = scores.withUnsafeBufferPointer {
            selection.select($0.baseAddress.unsafelyUnwrapped, count: 500, fraction: 0.999, limit: 7)
        }
        #expect(selection.positions == (493..<500).map { UInt32($0) })
    }

    @Test func refusesImpossibleParticles() {
        let scores = [Float](repeating: -.infinity, count: 10)
        var selection = SignificantSamples()
        #expect(!scores.withUnsafeBufferPointer {
            selection.select($0.baseAddress.unsafelyUnwrapped, count: 10, fraction: 0.999, limit: 0)
        })
    }
}
