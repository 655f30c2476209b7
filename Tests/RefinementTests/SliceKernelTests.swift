import Arrays
import CKernels
import Geometry
import Parallel
import Projection
import Randomness
import Testing

@testable import Refinement

/// The C kernels against the plain definitions.
@Suite struct SliceKernelTests {
    private static func randomMap(box: Int) -> RealArray {
        var generator = CounterGenerator(seed: 3, stream: 0)
        return RealArray(shape: .cube(box), values: (0..<box * box * box).map { _ in Float(generator.uniform() - 0.5) })
    }

    /// Trilinear interpolation of the padded transform, written out.
    @Test func extractionInterpolatesTrilinearly() {
        let pool = ThreadPool(threads: 1)
        let reference = PaddedReference(map: Self.randomMap(box: 16), pool: pool)
        let set = ReferenceSet([reference], isVolume: true)
        let layout = PixelLayout(radius: reference.layout.maximumRadius)
        let geometry = SliceGeometry(padding: reference.layout.padding, extentRatio: 1, magnification: [1, 0, 0, 1])
        let slice = AlignedBuffer<Float>(count: layout.planarCount)
        for angles in [EulerAngles.zero, EulerAngles(rot: 33, tilt: 71, psi: -120), EulerAngles(rot: 180, tilt: 90, psi: 90)] {
            let rotation = angles.matrix
            set.extract(0, rotation, geometry, layout, into: slice.base)
            for pixel in 0..<layout.count {
                let x = Double(layout.x[pixel]), y = Double(layout.y[pixel])
                let p = (rotation.row0 * x + rotation.row1 * y) * reference.layout.padding
                let expected = Self.interpolate(reference, p)
                // Positions are single precision: 10⁻⁶ of a voxel times the largest difference between neighbours.
                #expect(abs(slice[pixel] - expected.real) < 1e-6 && abs(slice[pixel + layout.stride] - expected.imaginary) < 1e-6)
            }
        }
    }

    private static func interpolate(_ reference: PaddedReference, _ point: Vector3) -> ComplexFloat {
        let mirrored = point.x < 0
        let p = mirrored ? -1 * point : point
        let x = Int(p.x.rounded(.down)), y = Int(p.y.rounded(.down)), z = Int(p.z.rounded(.down))
        let f = (p.x - Double(x), p.y - Double(y), p.z - Double(z))
        var re = 0.0, im = 0.0
        for (dz, wz) in [(0, 1 - f.2), (1, f.2)] {
            for (dy, wy) in [(0, 1 - f.1), (1, f.1)] {
                for (dx, wx) in [(0, 1 - f.0), (1, f.0)] {
                    let value = reference.values[reference.layout.index(x + dx, y + dy, z + dz)]
                    re += wx * wy * wz * Double(value.real)
                    im += wx * wy * wz * Double(value.imaginary)
                }
            }
        }
        return ComplexFloat(Float(re), Float(mirrored ? -im : im))
    }

    /// Beyond the radius the nearest element, within it as before; against the plain implementation.
    @Test(arguments: [0, 3]) func extractionTakesTheNearestNeighbour(radius: Int) {
        let reference = PaddedReference(map: Self.randomMap(box: 16), interpolation: .nearestNeighbour(minimumRadius: radius),
                                        pool: ThreadPool(threads: 1))
        let set = ReferenceSet([reference], isVolume: true)
        let layout = PixelLayout(radius: reference.layout.maximumRadius)
        let geometry = SliceGeometry(padding: reference.layout.padding, extentRatio: 1, magnification: [1, 0, 0, 1])
        let slice = AlignedBuffer<Float>(count: layout.planarCount)
        let rotation = EulerAngles(rot: 33, tilt: 71, psi: -120).matrix
        set.extract(0, rotation, geometry, layout, into: slice.base)
        let plain = SliceExtraction.slice(reference, axes: SliceAxes(orientation: rotation, scale: reference.layout.padding), imageBox: 16)
        for pixel in 0..<layout.count {
            let x = Int(layout.x[pixel]), y = Int(layout.y[pixel])
            // The plain one has nothing beyond its sphere; rows there end at the same radius.
            // Points on the border between the two ways fall on either side by rounding.
            guard x * x + y * y < 64, x * x + y * y != radius * radius else { continue }
            let expected = plain.values[(y < 0 ? y + 16 : y) * 9 + x]
            #expect(abs(slice[pixel] - expected.real) < 1e-6 && abs(slice[pixel + layout.stride] - expected.imaginary) < 1e-6, "\(x) \(y)")
        }
    }

    /// Insertion is the transpose of extraction: ⟨insert(s), F⟩ = ⟨s, extract(F)⟩; and slabs together insert the whole.
    @Test(arguments: [Interpolation.trilinear, .nearestNeighbour(minimumRadius: 3)])
    func insertionIsTheTransposeOfExtraction(interpolation: Interpolation) {
        let pool = ThreadPool(threads: 1)
        let reference = PaddedReference(map: Self.randomMap(box: 16), interpolation: interpolation, pool: pool)
        let layout = PixelLayout(radius: reference.layout.maximumRadius)
        let geometry = SliceGeometry(padding: reference.layout.padding, extentRatio: 1, magnification: [1, 0, 0, 1])
        let rotation = EulerAngles(rot: 12, tilt: 105, psi: 77).matrix
        let accumulator = SliceAccumulator(layout: reference.layout, interpolation: interpolation)
        let data = AlignedBuffer<Float>(count: layout.planarCount), ones = AlignedBuffer<Float>(count: layout.stride)
        var generator = CounterGenerator(seed: 9, stream: 1)
        for pixel in 0..<layout.count {
            data[pixel] = Float(generator.uniform())
            data[pixel + layout.stride] = Float(generator.uniform())
            ones[pixel] = 1
        }
        let whole = WeightedSlice(matrix: geometry.matrix3D(rotation), layout: layout, data: UnsafePointer(data.base),
                                  weights: UnsafePointer(ones.base), weight: 1)
        for slab in 0..<accumulator.slabCount { accumulator.insert([whole], slab: slab) }
        var inserted = 0.0, weights = 0.0
        for i in 0..<reference.layout.count {
            let value = reference.values[i], sum = accumulator.values.base + 4 * i
            inserted += Double(value.real * sum[0] + value.imaginary * sum[1])
            weights += Double(sum[2])
        }
        let slice = AlignedBuffer<Float>(count: layout.planarCount)
        ReferenceSet([reference], isVolume: true).extract(0, rotation, geometry, layout, into: slice.base)
        var extracted = 0.0
        for i in 0..<layout.planarCount { extracted += Double(slice[i] * data[i]) }
        #expect(abs(inserted - extracted) < 1e-5 * max(1, abs(extracted)))
        // Interpolation weights of a point sum to one.
        #expect(abs(weights - Double(layout.count)) < 1e-3)
    }

    /// Magnification may stretch an image beyond its reference: what lies out there is zero, and is not inserted.
    @Test(arguments: [[1.2, 0, 0, 1], [1.2, 0.3, -0.3, 1.2], [1, 0, 0, 2.5]]) func slicesEndWhereTheReferenceDoes(magnification: [Double]) {
        let pool = ThreadPool(threads: 1)
        let reference = PaddedReference(map: Self.randomMap(box: 16), pool: pool)
        let layout = PixelLayout(radius: reference.layout.maximumRadius)
        let geometry = SliceGeometry(padding: reference.layout.padding, extentRatio: 1, magnification: magnification)
        let slice = AlignedBuffer<Float>(count: layout.planarCount), ones = AlignedBuffer<Float>(count: layout.stride)
        for pixel in 0..<layout.count { ones[pixel] = 1 }
        for angles in [EulerAngles.zero, EulerAngles(rot: 33, tilt: 71, psi: -120), EulerAngles(rot: 90, tilt: 90, psi: 90)] {
            let matrix = geometry.matrix3D(angles.matrix)
            slice.pointer.update(repeating: 7)
            ReferenceSet([reference], isVolume: true).extract(0, angles.matrix, geometry, layout, into: slice.base)
            var within = 0
            for pixel in 0..<layout.count {
                let x = Float(layout.x[pixel]), y = Float(layout.y[pixel])
                let p = SIMD3(matrix.0 * x + matrix.1 * y, matrix.2 * x + matrix.3 * y, matrix.4 * x + matrix.5 * y)
                let length = Double((p * p).sum()).squareRoot()
                // Points on the rim may fall on either side.
                if length < reference.layout.reach - 1e-3 { within += 1 }
                if length < reference.layout.reach + 1e-3 { continue }
                #expect(slice[pixel] == 0 && slice[pixel + layout.stride] == 0)
            }
            let accumulator = SliceAccumulator(layout: reference.layout)
            let whole = WeightedSlice(matrix: matrix, layout: layout, data: UnsafePointer(slice.base),
                                      weights: UnsafePointer(ones.base), weight: 1)
            for slab in 0..<accumulator.slabCount { accumulator.insert([whole], slab: slab) }
            let weights = (0..<reference.layout.count).reduce(0.0) { $0 + Double(accumulator.values[4 * $1 + 2]) }
            #expect(abs(weights - Double(within)) < 1e-3 * Double(layout.count))
            #expect(within < layout.count)
        }
    }

    /// Products of bfloat16 numbers are exact in single precision: only the order of the sum differs.
    @Test(arguments: [1, 3, 4, 9, 37]) func shortInnerProducts(rows: Int) {
        let length = 160, columns = 7
        var generator = CounterGenerator(seed: 3, stream: rows)
        func shortened(_ count: Int) -> (short: [UInt16], exact: [Double]) {
            let values = (0..<count).map { _ in Float(generator.uniform() - 0.5) }
            var short = [UInt16](repeating: 0, count: count)
            bfloat_from_float(values, count, &short)
            let exact = short.map { Double(Float(bitPattern: UInt32($0) << 16)) }
            for (value, rounded) in zip(values, exact) { #expect(abs(Double(value) - rounded) <= abs(rounded) / 256) }
            return (short, exact)
        }
        let a = shortened(rows * length), b = shortened(columns * length)
        guard bfloat_products_are_fast() != 0 else { return }
        var out = [Float](repeating: 0, count: rows * columns)
        bfloat_dot_block(a.short, length, Int32(rows), b.short, length, Int32(columns), length, &out, columns)
        for i in 0..<rows {
            for j in 0..<columns {
                let expected = (0..<length).reduce(0.0) { $0 + a.exact[i * length + $1] * b.exact[j * length + $1] }
                #expect(abs(Double(out[i * columns + j]) - expected) < 2e-5)
            }
        }
    }

    /// The fused kernels against sums written out, in double precision.
    @Test func weightedSumsOfShiftedImages() {
        let stride = 80, count = 3
        var generator = CounterGenerator(seed: 5, stream: 1)
        func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.uniform() - 0.5) } }
        let image = values(2 * stride), weights = values(stride), phases = values(8 * 2 * stride), slice = values(2 * stride)
        let shifts: [UInt32] = [1, 4, 7], factors: [Float] = [0.25, 0.5, 0.125]
        var sum = values(2 * stride), weightSum = values(stride), cross = values(stride), power = values(stride)
        let before = (sum, weightSum, cross, power)
        add_shifted_sum(image, weights, 0.875, phases, shifts, factors, count, stride, &sum, &weightSum)
        add_shifted_products(image, slice, 0.875, phases, shifts, factors, count, stride, &cross, &power)
        for k in 0..<stride {
            var re = 0.0, im = 0.0
            for (shift, factor) in zip(shifts, factors) {
                re += Double(factor) * Double(phases[Int(shift) * 2 * stride + k])
                im += Double(factor) * Double(phases[Int(shift) * 2 * stride + stride + k])
            }
            let x = Double(image[k]), y = Double(image[k + stride]), a = Double(slice[k]), b = Double(slice[k + stride])
            // A dozen operations on numbers below one.
            #expect(abs(Double(sum[k] - before.0[k]) - (x * re - y * im)) < 1e-6)
            #expect(abs(Double(sum[k + stride] - before.0[k + stride]) - (x * im + y * re)) < 1e-6)
            #expect(abs(Double(weightSum[k] - before.1[k]) - 0.875 * Double(weights[k])) < 1e-6)
            #expect(abs(Double(cross[k] - before.2[k]) - ((x * re - y * im) * a + (x * im + y * re) * b)) < 1e-6)
            #expect(abs(Double(power[k] - before.3[k]) - 0.875 * (a * a + b * b)) < 1e-6)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 8, 9]) func innerProducts(rows: Int) {
        let length = 160, columns = 7
        var generator = CounterGenerator(seed: 1, stream: rows)
        let a = (0..<rows * length).map { _ in Float(generator.uniform() - 0.5) }
        let b = (0..<columns * length).map { _ in Float(generator.uniform() - 0.5) }
        var out = [Float](repeating: 0, count: rows * columns)
        dot_block(a, length, Int32(rows), b, length, Int32(columns), length, &out, columns)
        for i in 0..<rows {
            for j in 0..<columns {
                let expected = (0..<length).reduce(0.0) { $0 + Double(a[i * length + $1]) * Double(b[j * length + $1]) }
                // 160 terms of at most 1/4, single precision.
                #expect(abs(Double(out[i * columns + j]) - expected) < 1e-5)
            }
        }
    }
}
