import Arrays
import ComplexModule
import Foundation
import Parallel
import Testing

@testable import Fourier

/// Repeatable pseudo-random values in −1 ..< 1.
func noise(_ shape: Shape, seed: UInt64 = 1) -> RealArray {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return RealArray(shape: shape, values: (0..<shape.count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
    })
}

/// The definition, in double precision.
func naiveTransform(_ a: RealArray) -> [Complex<Double>] {
    var result: [Complex<Double>] = []
    let s = a.shape
    for kz in 0..<s.z {
        for ky in 0..<s.y {
            for kx in 0...s.x / 2 {
                var sum = Complex<Double>.zero
                for z in 0..<s.z {
                    for y in 0..<s.y {
                        for x in 0..<s.x {
                            let turns = Double(kx * x) / Double(s.x) + Double(ky * y) / Double(s.y) + Double(kz * z) / Double(s.z)
                            sum += Complex(length: Double(a[x, y, z]), phase: -2 * .pi * turns)
                        }
                    }
                }
                result.append(Complex(sum.real / Double(s.count), sum.imaginary / Double(s.count)))
            }
        }
    }
    return result
}

/// Single-precision rounding of values of order 1 summed by an FFT: a few ulps.
private let tolerance = 2e-6

@Suite struct FourierTransformTests {
    static let shapes: [Shape] =
        (1...9).map { Shape.square($0) } + (2...6).map { Shape.cube($0) }
        + [Shape(x: 6, y: 5), Shape(x: 5, y: 8), Shape(x: 4, y: 6, z: 5), Shape(x: 7, y: 1), Shape(x: 3, y: 17, z: 2)]

    @Test(arguments: shapes) func forwardAgreesWithTheDefinition(shape: Shape) {
        let a = noise(shape)
        let result = FourierTransform(shape: shape).forward(a)
        for (value, expected) in zip(result.values, naiveTransform(a)) {
            #expect(abs(Double(value.real) - expected.real) < tolerance, "\(shape)")
            #expect(abs(Double(value.imaginary) - expected.imaginary) < tolerance, "\(shape)")
        }
    }

    @Test(arguments: shapes) func inverseUndoesForward(shape: Shape) {
        let a = noise(shape), transform = FourierTransform(shape: shape)
        let b = transform.inverse(transform.forward(a))
        for (x, y) in zip(a.values, b.values) { #expect(abs(Double(x - y)) < tolerance, "\(shape)") }
    }

    @Test(arguments: [Shape.square(12), Shape.cube(10), Shape(x: 9, y: 4, z: 6), Shape(x: 33, y: 20, z: 18), Shape(x: 1030, y: 1024), Shape(x: 1501, y: 700)])
    func inPlaceAgreesWithOutOfPlace(shape: Shape) {
        let a = noise(shape), transform = FourierTransform(shape: shape)
        let expected = transform.forward(a)
        let buffer = AlignedBuffer<Float>(count: transform.inPlaceCount)
        let stride = transform.inPlaceRowStride
        for row in 0..<shape.y * shape.z {
            for x in 0..<shape.x { buffer[row * stride + x] = a.values[row * shape.x + x] }
        }
        #expect(transform.worksInBlocks == (shape.x > 1000))
        transform.forwardInPlace(buffer.base)
        for i in 0..<expected.values.count {
            #expect(abs(Double(buffer[2 * i] - expected.values[i].real)) < tolerance, "\(shape)")
            #expect(abs(Double(buffer[2 * i + 1] - expected.values[i].imaginary)) < tolerance, "\(shape)")
        }
        transform.inverseInPlace(buffer.base)
        for row in 0..<shape.y * shape.z {
            for x in 0..<shape.x {
                #expect(abs(Double(buffer[row * stride + x] - a.values[row * shape.x + x])) < tolerance, "\(shape)")
            }
        }
    }

    @Test func anyNumberOfThreadsGivesTheSameBits() {
        let shape = Shape(x: 30, y: 21, z: 26), a = noise(shape), transform = FourierTransform(shape: shape)
        let single = transform.forward(a)
        for threads in 2...5 {
            let pool = ThreadPool(threads: threads)
            #expect(transform.forward(a, pool: pool) == single)
            #expect(transform.inverse(single, pool: pool) == transform.inverse(single))
        }
    }

    @Test func batchesAgreeWithSingleImages() {
        // Odd boxes put every second image of a batch at an unaligned address.
        for box in [8, 7] {
            let shape = Shape.square(box), transform = FourierTransform(shape: shape), count = 5
            let images = (0..<count).map { noise(shape, seed: UInt64($0 + 3)) }
            let real = images.flatMap(\.values)
            var spectra = [ComplexFloat](repeating: .zero, count: count * shape.halfPlane.count)
            transform.forwardBatch(real, into: &spectra, count: count, pool: ThreadPool(threads: 2))
            for (i, image) in images.enumerated() {
                for (k, expected) in transform.forward(image).values.enumerated() {
                    let value = spectra[i * shape.halfPlane.count + k]
                    #expect(abs(Double((value - expected).length)) < tolerance)
                }
            }
            var back = [Float](repeating: 0, count: real.count)
            transform.inverseBatch(overwriting: &spectra, into: &back, count: count, pool: ThreadPool(threads: 2))
            for (x, y) in zip(real, back) { #expect(abs(Double(x - y)) < tolerance) }
        }
    }

    @Test(arguments: [Shape.square(6), Shape(x: 5, y: 4, z: 3)]) func doublePrecision(shape: Shape) {
        let a = noise(shape), transform = DoubleFourierTransform(shape: shape)
        let spectrum = transform.forward(a.values.map(Double.init))
        // Double rounding over some tens of terms.
        for (value, expected) in zip(spectrum, naiveTransform(a)) { #expect((value - expected).length < 1e-15) }
        for (x, y) in zip(transform.inverse(spectrum), a.values) { #expect(abs(x - Double(y)) < 1e-14) }
    }

    @Test func linesAndRows() {
        let line = LineTransform(length: 10), block = line.makeBlock()
        for i in 0..<10 { block[i * LineTransform.batch + 3] = Complex(Float(cos(2 * .pi * Double(2 * i) / 10)), 0) }
        line.forward(block.base)
        for k in 0..<10 {
            let expected: Float = k == 2 || k == 8 ? 5 : 0
            #expect(abs(block[k * LineTransform.batch + 3].real - expected) < 1e-5)
        }
        line.inverse(block.base)
        #expect(abs(block[3].real - 10) < 1e-5)
        let row = RowTransform(length: 6), real = AlignedBuffer<Float>(count: 6), half = AlignedBuffer<ComplexFloat>(count: 4)
        real[1] = 1
        row.forward(real.base, into: half.base)
        #expect(abs(half[3].real + 1) < 1e-6)
        row.inverse(half.base, into: real.base)
        #expect(abs(real[1] - 6) < 1e-5)
    }
}
