import Arrays
import Fourier
import Parallel
import Testing

@testable import Projection

@Suite struct SphereTransformTests {
    static let layouts: [CentredLayout] = [
        CentredLayout(dimension: .three, box: 8), CentredLayout(dimension: .three, box: 8, padding: 1),
        CentredLayout(dimension: .three, box: 10, currentSize: 6), CentredLayout(dimension: .three, box: 7, padding: 2),
        CentredLayout(dimension: .two, box: 12), CentredLayout(dimension: .two, box: 9, padding: 1.5, currentSize: 8),
        CentredLayout(dimension: .three, box: 24, padding: 2, currentSize: 20),
    ]

    private func shape(_ layout: CentredLayout) -> Shape {
        layout.dimension == .three ? .cube(layout.box) : .square(layout.box)
    }

    /// The definition through a padded map and a full transform.
    @Test(arguments: layouts) func agreesWithAFullTransformOfThePaddedMap(layout: CentredLayout) {
        let map = noise(shape(layout))
        let values = AlignedBuffer<ComplexFloat>(count: layout.count)
        SphereTransform(layout: layout).forward(map, correction: nil, scale: 1, into: values.base, pool: ThreadPool(threads: 2))
        let padded = layout.dimension == .three ? Shape.cube(layout.paddedBox) : Shape.square(layout.paddedBox)
        var full = FourierTransform(shape: padded).forward(map.windowed(to: padded))
        full.movePhaseOriginToCentre()
        let n = layout.paddedBox, scale = Float(padded.count)
        // Rounding of sums of some thousands of values of order 1.
        let tolerance: Float = 2e-4
        for z in layout.zRange {
            for y in -layout.extent...layout.extent {
                for x in 0..<layout.rowCount(y, z) {
                    let value = values[layout.index(x, y, z)]
                    if x * x + y * y + z * z > layout.radius * layout.radius {
                        #expect(value == .zero)
                        continue
                    }
                    let expected = full[x, frequencyIndex(y, length: n), frequencyIndex(z, length: n)].multiplied(by: scale)
                    #expect((value - expected).length < tolerance, "\(layout) at \(x) \(y) \(z)")
                }
            }
        }
    }

    @Test(arguments: layouts) func inverseGivesTheBandLimitedMap(layout: CentredLayout) {
        let map = noise(shape(layout)), pool = ThreadPool(threads: 2)
        let transform = SphereTransform(layout: layout)
        let values = AlignedBuffer<ComplexFloat>(count: layout.count)
        let padded = layout.dimension == .three ? Shape.cube(layout.paddedBox) : Shape.square(layout.paddedBox)
        transform.forward(map, correction: nil, scale: 1 / Float(padded.count), into: values.base, pool: pool)
        let back = transform.inverse(values.base, scale: 1, pool: pool)
        // Reference: the same sphere cut out of a full transform.
        let full = FourierTransform(shape: padded)
        var spectrum = full.forward(map.windowed(to: padded))
        for z in 0..<padded.z {
            for y in 0..<padded.y {
                for x in 0...padded.x / 2 {
                    let ky = signedFrequency(y, length: padded.y), kz = signedFrequency(z, length: padded.z)
                    if x * x + ky * ky + kz * kz > layout.radius * layout.radius { spectrum[x, y, z] = .zero }
                }
            }
        }
        let expected = full.inverse(spectrum).windowed(to: map.shape)
        #expect(largestDifference(back.values, expected.values) < 1e-5, "\(layout)")
    }

    @Test func anyNumberOfThreadsGivesTheSameBits() {
        let layout = CentredLayout(dimension: .three, box: 20), map = noise(.cube(20))
        func run(_ threads: Int) -> (PaddedReference, RealArray) {
            let pool = ThreadPool(threads: threads)
            let reference = PaddedReference(map: map, pool: pool)
            return (reference, SphereTransform(layout: layout).inverse(reference.values.base, scale: 1, pool: pool))
        }
        let one = run(1), many = run(4)
        #expect(one.1 == many.1)
        #expect(one.0.powerSpectrum == many.0.powerSpectrum)
        #expect((0..<layout.count).allSatisfy { one.0.values[$0] == many.0.values[$0] })
    }
}
