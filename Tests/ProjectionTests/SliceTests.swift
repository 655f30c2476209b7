import Arrays
import ComplexModule
import Foundation
import Fourier
import Geometry
import Parallel
import Testing

@testable import Projection

@Suite struct SliceExtractionTests {
    let pool = ThreadPool(threads: 2)

    private func image(_ reference: PaddedReference, _ orientation: RotationMatrix, box: Int) -> RealArray {
        let axes = SliceAxes(orientation: orientation, scale: reference.layout.padding)
        var slice = SliceExtraction.slice(reference, axes: axes, imageBox: box)
        slice.movePhaseOriginToCorner()
        return FourierTransform(shape: .square(box)).inverse(slice)
    }

    private func projectionAlongZ(_ map: RealArray, _ pick: (RealArray, Int, Int, Int) -> Float) -> RealArray {
        var sum = RealArray(shape: .square(map.shape.x))
        for z in 0..<map.shape.z {
            for y in 0..<map.shape.y { for x in 0..<map.shape.x { sum[x, y] += pick(map, x, y, z) } }
        }
        return sum
    }

    /// At right angles a slice goes through points of the lattice: no interpolation, so gridding correction must be off.
    @Test func projectionsAlongTheAxesAreSums() {
        let box = 24, map = blobs(box: box)
        let reference = PaddedReference(map: map, correctsGridding: false, pool: pool)
        // The map is band-limited to 1e-5 of its power within the sphere.
        let tolerance: Float = 2e-4
        let alongZ = projectionAlongZ(map) { $0[$1, $2, $3] }
        #expect(largestDifference(image(reference, .identity, box: box).values, alongZ.values) < tolerance)
        // rot = 0, tilt = 90, psi = 0 looks along x: image x is −z of the reference, image y its y.
        let tilted = image(reference, EulerAngles(rot: 0, tilt: 90, psi: 0).matrix, box: box)
        let alongX = projectionAlongZ(map) { map, x, y, z in x == 0 ? 0 : map[z, y, (box - x) % box] }
        #expect(largestDifference(Array(tilted.values), alongX.values) < tolerance)
        // psi = 90: image x is y of the reference, image y its −x.
        let turned = image(reference, EulerAngles(rot: 0, tilt: 0, psi: 90).matrix, box: box)
        let rotated = projectionAlongZ(map) { map, x, y, z in y == 0 ? 0 : map[(box - y) % box, x, z] }
        #expect(largestDifference(turned.values, rotated.values) < tolerance)
    }

    /// With gridding correction, interpolation at any angle reproduces the projection of a map rotated beforehand.
    @Test func obliqueProjectionOfBlobsAgreesWithTheirFormula() {
        let box = 32, map = blobs(box: box)
        let reference = PaddedReference(map: map, pool: pool)
        let orientation = EulerAngles(rot: 31, tilt: 57, psi: -73).matrix
        let result = image(reference, orientation, box: box)
        let centres: [(Vector3, Double)] = [
            (Vector3(0.1, 0.02, -0.05), 1), (Vector3(-0.08, 0.1, 0.03), 0.7), (Vector3(0, -0.12, 0.09), 0.5),
        ]
        let width = 0.08 * Double(box)
        var expected = RealArray(shape: .square(box))
        for y in 0..<box {
            for x in 0..<box {
                for (centre, height) in centres {
                    let p = orientation * (centre * Double(box))
                    let dx = Double(x - box / 2) - p.x, dy = Double(y - box / 2) - p.y
                    let profile: Double = exp(-(dx * dx + dy * dy) / (2 * width * width))
                    expected[x, y] += Float(height * width * (2 * Double.pi).squareRoot() * profile)
                }
            }
        }
        // Trilinear interpolation leaves some 1e-3 of the maximum at padding 2.
        #expect(correlation(result.values, expected.values) > 0.99995)
        #expect(largestDifference(result.values, expected.values) < 0.01 * (expected.values.max() ?? 0))
    }

    @Test func smallerImagesAndLowerResolutionAreTheSameSlice() {
        let reference = PaddedReference(map: blobs(box: 24), currentSize: 16, pool: pool)
        let axes = SliceAxes(orientation: EulerAngles(rot: 10, tilt: 20, psi: 30).matrix, scale: 2)
        let large = SliceExtraction.slice(reference, axes: axes, imageBox: 24)
        let small = SliceExtraction.slice(reference, axes: axes, imageBox: 12)
        #expect(large.resized(to: .square(12))[3, 2] == small[3, 2])
        #expect(large[9, 0] == .zero && large[7, 0] != .zero)
    }

    @Test func nearestNeighbourDiffersBeyondItsRadiusOnly() {
        let map = blobs(box: 24)
        let linear = PaddedReference(map: map, correctsGridding: false, pool: pool)
        let nearest = PaddedReference(map: map, interpolation: .nearestNeighbour(minimumRadius: 4), correctsGridding: false, pool: pool)
        let axes = SliceAxes(orientation: EulerAngles(rot: 10, tilt: 20, psi: 30).matrix, scale: 2)
        let a = SliceExtraction.slice(linear, axes: axes, imageBox: 24), b = SliceExtraction.slice(nearest, axes: axes, imageBox: 24)
        #expect(a[3, 1] == b[3, 1])
        #expect(a[6, 1] != b[6, 1])
    }

    @Test func twoDimensionalReferencesTurnInThePlane() {
        let map = noise(.square(16))
        var slice = SliceExtraction.slice(
            PaddedReference(map: map, correctsGridding: false, pool: pool),
            axes: SliceAxes(orientation: EulerAngles(rot: 0, tilt: 0, psi: 180).matrix, scale: 2), imageBox: 16)
        slice.movePhaseOriginToCorner()
        let turned = FourierTransform(shape: .square(16)).inverse(slice)
        // Compare at low resolution, within the disc: the reference has no corners.
        var expected = FourierTransform(shape: .square(16)).forward(map)
        var result = FourierTransform(shape: .square(16)).forward(turned)
        expected.movePhaseOriginToCentre()
        result.movePhaseOriginToCentre()
        #expect((result[3, 2] - expected[3, 2].conjugate).length < 1e-5)
        #expect((result[0, 5] - expected[0, 5].conjugate).length < 1e-5)
    }

    @Test func volumesTurnInSpace() {
        let box = 24, map = blobs(box: box)
        let reference = PaddedReference(map: map, dataDimension: .three, correctsGridding: false, pool: pool)
        var rotated = FourierArray(realShape: .cube(box))
        let axes = SliceAxes(orientation: EulerAngles(rot: 0, tilt: 0, psi: 90).matrix, scale: 2)
        rotated.values.withUnsafeMutableBufferPointer {
            SliceExtraction.extractVolume(reference, axes: axes, imageBox: box, into: $0.baseAddress!)
        }
        rotated.movePhaseOriginToCorner()
        let result = FourierTransform(shape: .cube(box)).inverse(rotated)
        var worst: Float = 0
        for z in 0..<box { for y in 1..<box { for x in 0..<box { worst = max(worst, abs(result[x, y, z] - map[box - y, x, z])) } } }
        #expect(worst < 1e-3)
    }
}

@Suite struct SliceInsertionTests {
    private func randomSlice(_ box: Int, seed: UInt64) -> (FourierArray, [Float]) {
        var slice = FourierTransform(shape: .square(box)).forward(noise(.square(box), seed: seed))
        slice.movePhaseOriginToCentre()
        return (slice, noise(.square(box), seed: seed + 50).values.prefix(slice.values.count).map { abs($0) + 0.1 })
    }

    private func backProject(threads: Int, interpolation: Interpolation = .trilinear, count: Int = 5) -> BackProjection {
        let accumulators = BackProjection(layout: CentredLayout(dimension: .three, box: 12), interpolation: interpolation)
        let inputs = (0..<count).map { randomSlice(12, seed: UInt64($0 + 1)) }
        func insert(_ index: Int, _ slices: [InsertedSlice]) {
            if index == inputs.count { return accumulators.insert(slices, pool: ThreadPool(threads: threads)) }
            inputs[index].0.values.withUnsafeBufferPointer { values in
                inputs[index].1.withUnsafeBufferPointer { weights in
                    let angles = EulerAngles(rot: Double(37 * index), tilt: Double(25 * index + 10), psi: Double(11 * index))
                    insert(index + 1, slices + [InsertedSlice(
                        values: values.baseAddress!, weights: weights.baseAddress!, imageBox: 12,
                        axes: SliceAxes(orientation: angles.matrix, scale: 2))])
                }
            }
        }
        insert(0, [])
        return accumulators
    }

    @Test func anyNumberOfThreadsGivesTheSameBits() {
        let one = backProject(threads: 1)
        for threads in [2, 3, 7] {
            let many = backProject(threads: threads)
            #expect((0..<one.layout.count).allSatisfy { one.data[$0] == many.data[$0] && one.weight[$0] == many.weight[$0] })
        }
    }

    @Test func totalWeightIsThatOfThePixelsWithinTheSphere() {
        let accumulators = backProject(threads: 2, count: 1)
        let weights = randomSlice(12, seed: 1).1
        var expected = 0.0
        for row in 0..<12 {
            let y = signedFrequency(row, length: 12)
            for x in (y < 0 ? 1 : 0)...6 where x * x + y * y <= 36 { expected += Double(weights[row * 7 + x]) }
        }
        let total = accumulators.weight.pointer.reduce(0.0) { $0 + Double($1) }
        #expect(abs(total - expected) < 1e-4)
    }

    /// ⟨insert(s), F⟩ = ⟨s, extract(F)⟩ for the real inner product over all of space, where a stored point with x > 0 stands for two.
    @Test(arguments: [Interpolation.trilinear, .nearestNeighbour(minimumRadius: 2)])
    func insertionIsTheTransposeOfExtraction(interpolation: Interpolation) {
        let box = 12, pool = ThreadPool(threads: 1)
        let reference = PaddedReference(map: noise(.cube(box)), interpolation: interpolation, pool: pool)
        let accumulators = BackProjection(layout: reference.layout, interpolation: interpolation)
        let (slice, _) = randomSlice(box, seed: 9)
        let axes = SliceAxes(orientation: EulerAngles(rot: 12, tilt: 33, psi: 71).matrix, scale: 2)
        slice.values.withUnsafeBufferPointer {
            accumulators.insert([InsertedSlice(values: $0.baseAddress!, weights: nil, imageBox: box, axes: axes)], pool: pool)
        }
        accumulators.enforceHermitianSymmetry()
        let extracted = SliceExtraction.slice(reference, axes: axes, imageBox: box)
        var image = 0.0, volume = 0.0
        for row in 0..<box {
            let y = signedFrequency(row, length: box)
            // Corners of the image are cut by the reference's radius; Nyquist rows have no conjugate.
            for x in 0...box / 2 where !(x == 0 && y < 0) {
                let i = row * (box / 2 + 1) + x
                image += Double(slice.values[i].real * extracted.values[i].real)
                    + Double(slice.values[i].imaginary * extracted.values[i].imaginary)
            }
        }
        let layout = reference.layout
        for z in layout.zRange {
            for y in -layout.extent...layout.extent {
                for x in 0..<layout.rowCount(y, z) {
                    let a = accumulators.data[layout.index(x, y, z)], b = reference.values[layout.index(x, y, z)]
                    // On x = 0 the sum over the plane counts both members of each pair of conjugates.
                    let share = x == 0 && !(y == 0 && z == 0) ? 0.5 : 1.0
                    volume += share * Double(a.real * b.real + a.imaginary * b.imaginary)
                }
            }
        }
        #expect(abs(image - volume) < 1e-5 * max(1, abs(image)), "\(image) against \(volume)")
    }
}
