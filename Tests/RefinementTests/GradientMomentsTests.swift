import Arrays
import Parallel
import Projection
import Testing
@testable import Refinement

/// Moments, steps and what becomes of them when the image size changes.
struct GradientMomentsTests {
    private let pool = ThreadPool(threads: 2)
    /// Single precision, a few operations.
    private let tolerance: Float = 1e-5

    private func gradient(_ layout: CentredLayout, _ value: ComplexFloat, weight: Float) -> BackProjection {
        let result = BackProjection(layout: layout)
        for i in 0..<layout.count {
            result.data.base[i] = value
            result.weight.base[i] = weight
        }
        return result
    }

    @Test func momentsOfConstantGradients() {
        let layout = CentredLayout(dimension: .two, box: 16, padding: 1, currentSize: 8)
        var moments = GradientMoments()
        moments.grow(to: layout, classCount: 1)
        for iteration in 1...2 {
            // 6/2 and 2/max(1, 0.5) after weighting.
            let a = gradient(layout, .init(6, 0), weight: 2), b = gradient(layout, .init(2, 0), weight: 0.5)
            let update = moments.update(classIndex: 0, half1: a, half2: b, pool: pool)
            let i = layout.index(1, 1)
            #expect(abs(moments.first[0][i].real - 3) < tolerance && abs(moments.first[1][i].real - 2) < tolerance)
            // |3 − 2|²/2.5² = 0.16, taken in by a thousandth.
            let second: Float = iteration == 1 ? 0.999 + 0.001 * 0.16 : 0.998001 + 0.001999 * 0.16
            #expect(abs(moments.second[0][i] - second) < tolerance)
            #expect(abs(a.data[i].real - 2.5 / second.squareRoot()) < tolerance)
            #expect(abs(update.noise[1] - 1) < 1e-5)
        }
    }

    @Test func momentsOutliveSmallerImages() {
        let large = CentredLayout(dimension: .three, box: 12, padding: 1, currentSize: 10)
        let small = CentredLayout(dimension: .three, box: 12, padding: 1, currentSize: 6)
        var moments = GradientMoments()
        moments.grow(to: small, classCount: 2)
        moments.grow(to: large, classCount: 2)
        _ = moments.update(classIndex: 1, half1: gradient(large, .init(4, 2), weight: 1),
                           half2: gradient(large, .init(4, 2), weight: 1), pool: pool)
        _ = moments.update(classIndex: 1, half1: gradient(small, .init(0, 0), weight: 1),
                           half2: gradient(small, .init(0, 0), weight: 1), pool: pool)
        let far = large.index(4, 1, 1), near = large.index(1, 1, 1)
        #expect(moments.first[1][far] == .init(4, 2))
        #expect(abs(moments.first[1][near].real - 3.6) < tolerance)
        #expect(moments.first[0][near] == .zero && moments.second[0][far] == GradientMoments.initialSecond)
        // Through files and back.
        let full = CentredLayout(dimension: .three, box: 12, padding: 1)
        let again = GradientMoments(layout: full, first: (0..<4).map { moments.firstOnFullGrid($0) },
                                    second: (0..<2).map { moments.secondOnFullGrid($0) })
        #expect(again.firstOnFullGrid(1).values == moments.firstOnFullGrid(1).values)
        #expect(again.secondOnFullGrid(1).values == moments.secondOnFullGrid(1).values)
        #expect(moments.firstOnFullGrid(1).shape == Shape(x: 14, y: 12, z: 12))
    }

    @Test func stepsFollowConfidence() {
        let step = GradientReconstruction(stepSize: 0.5, fudge: 2, correlation: [0, 0, 0.9])
        let c = step.confidence(amplitudes: [1, 1, 1], noise: [4, 0, 4])
        // 2·2·1/4 = 1 → 1/2; no noise, no estimate; the correlation as lower bound.
        #expect(c == [0.5, 0, 0.9])
    }

    /// With c = 1 and no gradient nothing changes but the corners; with c = 0 the map decays by the step.
    @Test func stepsWithoutGradient() {
        let layout = CentredLayout(dimension: .three, box: 16, padding: 1)
        var map = RealArray(shape: .cube(16))
        for (i, (x, y, z)) in [(8, 8, 8), (9, 7, 8), (6, 8, 10)].enumerated() { map[x, y, z] = Float(i + 1) }
        map = ReferenceGrid.lowPass(map, resolution: 4, pixelSize: 1, pool: pool)
        let none = gradient(layout, .zero, weight: 1)
        for (c, expected) in [(1.0, Float(1)), (0.0, Float(0.7))] {
            let step = GradientReconstruction(stepSize: 0.3, fudge: 1, correlation: [Double](repeating: c, count: 9))
            let result = step.stepped(map, along: none, noise: [Double](repeating: 0, count: 9), pool: pool)
            #expect(abs(result[8, 8, 8] - expected * map[8, 8, 8]) < 1e-4 * abs(map[8, 8, 8]))
        }
    }
}
