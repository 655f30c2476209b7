import Arrays
import Imaging
import Parallel
import Testing

@Suite struct FrameSumTests {
    @Test func meanAndGain() {
        let shape = Shape(x: 3, y: 1)
        var sum = FrameSum(shape: shape)
        sum.add(
            [RealArray(shape: shape, values: [1, 2, 0]), RealArray(shape: shape, values: [3, 2, 0])], frameCount: 2,
            pool: ThreadPool(threads: 2))
        #expect(sum.image.values == [4, 4, 0] && sum.frameCount == 2)
        // Eight counts in three pixels of two frames.
        #expect(abs(sum.mean - 8.0 / 6) < 1e-15)
        #expect(sum.gain.values == [Float(2.0 / 4 * 8 / 6), Float(2.0 / 4 * 8 / 6), 1])
    }

    @Test func threadsGiveTheSameBits() {
        let shape = Shape(x: 300, y: 300)
        let images = (0..<5).map { index in
            RealArray(shape: shape, values: (0..<shape.count).map { Float($0 % 97) * 0.1 + Float(index) * 1e-4 })
        }
        let results = [1, 2, 3].map { threads in
            var sum = FrameSum(shape: shape)
            sum.add(images, frameCount: 5, pool: ThreadPool(threads: threads))
            return sum.gain
        }
        #expect(results[0] == results[1] && results[0] == results[2])
    }
}
