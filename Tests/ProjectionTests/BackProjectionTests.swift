import Arrays
import ComplexModule
import Foundation
import Fourier
import Geometry
import Parallel
import Testing

@testable import Projection

/// Accumulators of exact slices of a map at evenly spread orientations, each inserted at its images under a group.
private func accumulate(_ map: RealArray, group: [RotationMatrix] = [.identity], views: Int, first: Int = 0, every: Int = 1,
                        dimension: CentredLayout.Dimension = .three, weight: Float = 1) -> BackProjection {
    let box = map.shape.x, pool = ThreadPool(threads: 2)
    let reference = PaddedReference(map: map, pool: pool)
    let accumulators = BackProjection(layout: CentredLayout(dimension: dimension, box: box))
    for i in stride(from: first, to: views, by: every) {
        // Spiral points on the sphere.
        let z = 1 - (2 * Double(i) + 1) / Double(views)
        let angles = dimension == .three
            ? EulerAngles(rot: Double(i) * 137.50776, tilt: acos(z) * 180 / .pi, psi: Double(i) * 47)
            : EulerAngles(rot: 0, tilt: 0, psi: Double(i) * 360 / Double(views))
        for element in group {
            let axes = SliceAxes(orientation: angles.matrix * element, scale: 2)
            let seen = SliceAxes(orientation: angles.matrix, scale: 2)
            var slice = SliceExtraction.slice(reference, axes: seen, imageBox: box)
            for k in slice.values.indices { slice.values[k] = slice.values[k].multiplied(by: weight) }
            let weights = [Float](repeating: weight, count: slice.values.count)
            slice.values.withUnsafeBufferPointer { values in
                weights.withUnsafeBufferPointer {
                    accumulators.insert([InsertedSlice(values: values.baseAddress!, weights: $0.baseAddress!, imageBox: box, axes: axes)],
                                        pool: pool)
                }
            }
        }
    }
    return accumulators
}

@Suite struct ReconstructionTests {
    let pool = ThreadPool(threads: 2)

    @Test func slicesGiveTheMapBack() {
        let map = blobs(box: 24), accumulators = accumulate(map, views: 600)
        accumulators.symmetrise(pool: pool)
        for threads in [1, 3] {
            let result = accumulators.reconstruct(prior: nil, pool: ThreadPool(threads: threads))
            #expect(correlation(result.values, map.values) > 0.9995)
            // Two interpolations, each corrected by the radial form of the kernel: about one per cent of the maximum.
            #expect(largestDifference(result.values, map.values) < 0.02)
        }
        let gridded = accumulators.reconstructWithGridding(prior: nil, iterations: 10, pool: pool)
        #expect(correlation(gridded.values, map.values) > 0.999)
        #expect(largestDifference(gridded.values, map.values) < 0.05)
        let fewer = accumulators.reconstructWithGridding(prior: nil, iterations: 1, blob: KaiserBesselBlob(alpha: 10), pool: pool)
        #expect(fewer != gridded)
    }

    @Test func anyNumberOfThreadsGivesTheSameBits() throws {
        func run(_ threads: Int) throws -> (RealArray, ReconstructionSpectra) {
            let accumulators = accumulate(blobs(box: 16), views: 60), pool = ThreadPool(threads: threads)
            accumulators.symmetrise(group: try SymmetryGroup(name: "D2"), pool: pool)
            let spectra = accumulators.spectra(prior: .given([Double](repeating: 1, count: 9)), pool: pool)
            return (accumulators.reconstruct(prior: WienerPrior(tau2: spectra.tau2), pool: pool), spectra)
        }
        let one = try run(1), many = try run(5)
        #expect(one.0 == many.0)
        #expect(one.1 == many.1)
    }

    @Test func twoDimensionalClassAverages() {
        let map = blobs(box: 24).section(12)
        let accumulators = accumulate(map, views: 72, dimension: .two)
        accumulators.symmetrise(pool: pool)
        let result = accumulators.reconstruct(prior: nil, pool: pool)
        #expect(correlation(result.values, map.values) > 0.999)
        #expect(largestDifference(result.values, map.values) < 0.02)
    }

    @Test func thePriorDampsAndItsOptionsMatter() {
        let accumulators = accumulate(blobs(box: 16), views: 100, weight: 0.001)
        accumulators.symmetrise(pool: pool)
        let free = accumulators.reconstruct(prior: nil, pool: pool)
        let tau2 = [Double](repeating: 1, count: 9)
        let damped = accumulators.reconstruct(prior: WienerPrior(tau2: tau2), pool: pool)
        let believed = accumulators.reconstruct(prior: WienerPrior(tau2: tau2, fudge: 1e6), pool: pool)
        let high = accumulators.reconstruct(prior: WienerPrior(tau2: tau2, firstShell: 5), pool: pool)
        func power(_ map: RealArray) -> Double { map.values.reduce(0) { $0 + Double($1 * $1) } }
        #expect(power(damped) < 0.9 * power(free))
        #expect(abs(power(believed) / power(free) - 1) < 0.05)
        #expect(power(high) > power(damped) && power(high) <= power(free) * 1.001)
        let suppressed = accumulators.reconstruct(prior: WienerPrior(tau2: [Double](repeating: 0, count: 9)), pool: pool)
        #expect(power(suppressed) < 0.01 * power(free))
    }

    /// C2 about z by accumulation of both copies agrees with symmetrised accumulators of one.
    @Test func pointGroupSymmetry() throws {
        let map = blobs(box: 16), half = RotationMatrix.diagonal(-1, -1, 1)
        let both = accumulate(map, group: [.identity, half], views: 200)
        both.symmetrise(pool: pool)
        let one = accumulate(map, views: 200)
        one.symmetrise(group: try SymmetryGroup(name: "C2"), pool: pool)
        // Right angles map lattice points onto each other: only the order of additions differs, and rounding decides which
        // points on the rim are in.
        var worst: Float = 0
        let inner = one.layout.radius - 2
        for z in -inner...inner {
            for y in -inner...inner {
                for x in 0...inner where x * x + y * y + z * z <= inner * inner {
                    let i = one.layout.index(x, y, z)
                    worst = max(worst, (one.data[i] - both.data[i]).length, abs(one.weight[i] - both.weight[i]))
                }
            }
        }
        #expect(worst < 1e-4 * (both.weight.pointer.max() ?? 0))
    }

    /// A rod along z that is rotated by 90° and moved by 3 pixels per unit.
    @Test func helicalSymmetryMovesAlongTheAxis() {
        let box = 24
        var map = RealArray(shape: .cube(box))
        for z in 8..<14 { for y in 11..<14 { for x in 15..<18 { map[x, y, z] = 1 } } }
        let accumulators = accumulate(map, views: 400)
        accumulators.symmetrise(helix: HelicalOperators(asymmetricUnits: 3, twistInDegrees: 90, riseInPixels: 3), pool: pool)
        let result = accumulators.reconstruct(prior: nil, pool: pool)
        // Copies: as it is; turned by +90° (x → y) and moved up 3; turned by −90° (x → −y) and moved down 3.
        func mean(_ xs: Range<Int>, _ ys: Range<Int>, _ zs: Range<Int>) -> Float {
            var sum: Float = 0
            for z in zs { for y in ys { for x in xs { sum += result[x, y, z] } } }
            return sum / Float(xs.count * ys.count * zs.count)
        }
        let inside = mean(15..<18, 11..<14, 9..<13)
        #expect(abs(mean(11..<14, 15..<18, 12..<16) - inside) < 0.1 * inside)
        #expect(abs(mean(11..<14, 7..<10, 6..<10) - inside) < 0.1 * inside)
        #expect(mean(7..<10, 11..<14, 9..<13) < 0.1 * inside)
        #expect(mean(11..<14, 15..<18, 6..<8) < 0.2 * inside)
    }
}

@Suite struct SpectraTests {
    let pool = ThreadPool(threads: 2)

    @Test func ofUniformWeights() {
        let accumulators = BackProjection(layout: CentredLayout(dimension: .three, box: 12, currentSize: 8))
        accumulators.weight.pointer.update(repeating: 2)
        let tau2 = [1, 0.5, 0.05, 0.02, 0.01, 0, 0].map { $0 * 1.0 }
        let spectra = accumulators.spectra(prior: .given(tau2), fudge: 2, pool: pool)
        // Weight 2, oversampling 8: noise 1/16; evidence 2·8·fudge·tau².
        for r in 0...3 {
            #expect(abs(spectra.sigma2[r] - 1.0 / 16) < 1e-12)
            #expect(abs(spectra.dataVersusPrior[r] - 32 * tau2[r]) < 1e-9)
            #expect(spectra.fourierCoverage[r] == (32 * tau2[r] >= 1 ? 1 : 0))
        }
        #expect(spectra.sigma2[6] == 0 && spectra.dataVersusPrior[5] == 0)
        let premultiplied = accumulators.spectra(prior: .given(tau2), averageSquaredCTF: [Double](repeating: 0.5, count: 7), pool: pool)
        #expect(abs(premultiplied.dataVersusPrior[1] - 0.5 * 16 * tau2[1]) < 1e-9)
    }

    @Test func priorFromCorrelation() {
        let accumulators = BackProjection(layout: CentredLayout(dimension: .three, box: 12))
        accumulators.weight.pointer.update(repeating: 2)
        let fsc = [1, 0.9, 0.5, 0.2, 0.1, 0, -0.3]
        let spectra = accumulators.spectra(prior: .correlation(fsc, isWholeSet: false), fudge: 3, pool: pool)
        #expect(abs(spectra.dataVersusPrior[0] - 3 * 999) < 1e-6)
        #expect(abs(spectra.dataVersusPrior[1] - 27) < 1e-9)
        #expect(abs(spectra.tau2[2] - 3.0 / 16) < 1e-9)
        #expect(abs(spectra.dataVersusPrior[6] - 3 * 0.001 / 0.999) < 1e-9)
        let whole = accumulators.spectra(prior: .correlation(fsc, isWholeSet: true), pool: pool)
        let expected = (2 * 0.5 / 1.5).squareRoot()
        #expect(abs(whole.dataVersusPrior[2] - expected / (1 - expected)) < 1e-9)
    }
}

@Suite struct HalfMapTests {
    let pool = ThreadPool(threads: 2)

    @Test func halvesOfOneMapCorrelateAndOfNoiseDoNot() {
        let map = blobs(box: 16)
        let first = accumulate(map, views: 400, first: 0, every: 2), second = accumulate(map, views: 400, first: 1, every: 2)
        for half in [first, second] { half.symmetrise(pool: pool) }
        let fsc = BackProjection.shellCorrelation(first, second, pool: pool)
        #expect(fsc[0] == 1)
        for r in 1...5 { #expect(fsc[r] > 0.99, "shell \(r)") }
        #expect(BackProjection.shellCorrelation(first, first, pool: pool).allSatisfy { abs($0 - 1) < 1e-6 })
        let other = accumulate(noise(.cube(16), seed: 5), views: 400)
        other.symmetrise(pool: pool)
        let noiseCorrelation = BackProjection.shellCorrelation(first, other, pool: pool)
        // Some 50 ... 400 independent coefficients a shell: three standard deviations of the fewest.
        for r in 3...7 { #expect(abs(noiseCorrelation[r]) < 0.42, "shell \(r)") }
    }

    @Test func joiningAveragesLowResolutionOnly() {
        let first = accumulate(blobs(box: 12), views: 50), second = accumulate(noise(.cube(12)), views: 50)
        let layout = first.layout, low = layout.index(2, 1, -3), high = layout.index(9, 1, 2), old = first.data[high]
        let mean = (first.data[low] + second.data[low]).multiplied(by: 0.5)
        // The same through copies, as processes exchange them.
        var a = first.lowResolution(upToShell: 3)
        let b = second.lowResolution(upToShell: 3)
        for i in a.data.indices {
            a.data[i] = (a.data[i] + b.data[i]).multiplied(by: 0.5)
            a.weight[i] = (a.weight[i] + b.weight[i]) / 2
        }
        BackProjection.joinLowResolution(first, second, upToShell: 3)
        #expect(first.data[low] == mean && second.data[low] == mean)
        #expect(first.data[high] == old && second.data[high] != old)
        #expect(first.lowResolution(upToShell: 3).data == a.data && first.lowResolution(upToShell: 3).weight == a.weight)
        second.setLowResolution(a.data, a.weight, upToShell: 3)
        #expect(second.data[low] == mean)
    }
}
