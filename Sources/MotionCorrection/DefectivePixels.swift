import Arrays
import Foundation
import Parallel
import Randomness

/// Pixels of the camera that cannot be believed, and what takes their place.
///
/// Each gets the value of a random good neighbour in the same frame, so that noise stays noise; where there are too few good neighbours, a
/// random value with the mean and spread of the frames.
package struct DefectivePixels: Sendable {
    /// Pixels found by their counts alone: neither in the gain reference nor in the list of defects.
    package let hot: [Int]
    package let mean: Double
    package let deviation: Double
    private let pixels: [Int]
    /// Good neighbours of pixel i: neighbours[starts[i] ..< starts[i + 1]].
    private let neighbours: [Int32]
    private let starts: [Int]
    private let frameCount: Int
    private let shape: Shape

    package static let hotDeviations = 6.0
    private static let fewestNeighbours = 6

    package var count: Int { pixels.count }

    /// - Parameters:
    ///   - known: pixels that are known to be bad.
    init(store: FrameStore, known: Set<Int>, settings: MotionSettings, pool: ThreadPool) {
        let shape = store.shape
        self.shape = shape
        frameCount = store.count
        guard settings.findsHotPixels else {
            (hot, pixels, neighbours, starts, mean, deviation) = ([], [], [], [0], 0, 0)
            return
        }
        let sum = store.sum(pool: pool)
        var bad = known
        if let gain = store.gain { for (i, factor) in gain.values.enumerated() where factor == 0 { bad.insert(i) } }
        var isBad = [Bool](repeating: false, count: shape.count)
        for i in bad { isBad[i] = true }
        // Pixels that are known to be bad say nothing about the others.
        var total = 0.0, squares = 0.0
        let believed = Double(max(1, shape.count - bad.count))
        for (i, value) in sum.values.enumerated() where !isBad[i] { total += Double(value) }
        let mean = total / believed
        for (i, value) in sum.values.enumerated() where !isBad[i] { squares += (Double(value) - mean) * (Double(value) - mean) }
        let deviation = (squares / believed).squareRoot()
        let threshold = Float(mean + Self.hotDeviations * deviation)
        let hot = sum.values.indices.filter { sum.values[$0] > threshold && !isBad[$0] }
        bad.formUnion(hot)
        for i in hot { isBad[i] = true }
        self.hot = hot
        (self.mean, self.deviation) = (mean / Double(store.count), deviation / Double(store.count))
        let sorted = bad.sorted()
        var neighbours: [Int32] = [], starts = [0]
        let reach = settings.repairReach
        for i in sorted {
            let x = i % shape.x, y = i / shape.x
            for v in max(0, y - reach)...min(shape.y - 1, y + reach) {
                for u in max(0, x - reach)...min(shape.x - 1, x + reach) where !isBad[v * shape.x + u] {
                    neighbours.append(Int32(v * shape.x + u))
                }
            }
            starts.append(neighbours.count)
        }
        (pixels, self.neighbours, self.starts) = (sorted, neighbours, starts)
    }

    /// Mends a frame; the same frame is always mended with the same numbers.
    func repair(_ image: UnsafeMutablePointer<Float>, rowStride: Int, frame: Int) {
        var generator = CounterGenerator(seed: 1, stream: frame)
        func place(_ pixel: Int) -> Int { pixel / shape.x * rowStride + pixel % shape.x }
        for (i, pixel) in pixels.enumerated() {
            let choices = starts[i + 1] - starts[i]
            if choices > Self.fewestNeighbours {
                let choice = starts[i] + Int(generator.uniform() * Double(choices))
                image[place(pixel)] = image[place(Int(neighbours[choice]))]
            } else {
                image[place(pixel)] = Float(mean + deviation * generator.standardNormal())
            }
        }
    }
}
