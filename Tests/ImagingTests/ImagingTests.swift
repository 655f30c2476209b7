import Arrays
import Fourier
import Foundation
import Geometry
import Parallel
import Randomness
import Testing

@testable import Imaging

private func noise(_ shape: Shape, seed: Int = 1) -> RealArray {
    var generator = CounterGenerator(seed: seed, stream: 0)
    return RealArray(shape: shape, values: (0..<shape.count).map { _ in Float(generator.uniform() * 2 - 1) })
}

@Suite struct MaskTests {
    @Test func sphereHasARaisedCosineEdge() {
        let mask = SphericalMask(radiusInPixels: 4, edgeWidthInPixels: 2).weights(shape: .square(16))
        #expect(mask[8 + 3, 8] == 1 && mask[8 + 4, 8] == 1 && mask[8 + 6, 8] == 0 && mask[0, 0] == 0)
        #expect(abs(mask[8 + 5, 8] - 0.5) < 1e-6)
        #expect(mask[8, 8 - 5] == mask[8 - 5, 8])
    }

    @Test func backgroundIsTheWeightedMeanOutside() {
        // A constant image has its own value as background and is left alone.
        var flat = RealArray(shape: .cube(10), repeating: 3)
        SphericalMask(radiusInPixels: 3, edgeWidthInPixels: 1.5).apply(to: &flat, background: .average)
        #expect(flat.values.allSatisfy { abs($0 - 3) < 1e-6 })
        var zeroed = RealArray(shape: .square(10), repeating: 3)
        SphericalMask(radiusInPixels: 3, edgeWidthInPixels: 0).apply(to: &zeroed, background: .zero)
        #expect(zeroed[5, 5] == 3 && zeroed[0, 0] == 0)
        var replaced = zeroed
        SphericalMask(radiusInPixels: 3, edgeWidthInPixels: 0)
            .apply(to: &replaced, background: .image(RealArray(shape: .square(10), repeating: 7)))
        #expect(replaced[5, 5] == 3 && replaced[0, 0] == 7)
    }

    @Test(arguments: [Shape(x: 9, y: 7), Shape(x: 8, y: 6, z: 5)]) func distanceMapIsExact(shape: Shape) {
        var generator = CounterGenerator(seed: 4, stream: shape.count)
        let members = (0..<shape.count).map { _ in generator.uniform() < 0.03 }
        let limit = 4.0
        let squared = DistanceMap(shape: shape, limit: limit, pool: ThreadPool(threads: 2)) { members[$0] }.squared
        func position(_ i: Int) -> SIMD3<Int> { SIMD3(i % shape.x, i / shape.x % shape.y, i / (shape.x * shape.y)) }
        for i in 0..<shape.count {
            var best = Int.max
            for j in 0..<shape.count where members[j] {
                let d = position(i) &- position(j)
                best = min(best, (d &* d).wrappedSum())
            }
            if Double(best) < limit * limit {
                #expect(squared.values[i] == Float(best), "\(shape) \(i)")
            } else {
                #expect(Double(squared.values[i]) >= limit * limit)
            }
        }
    }

    @Test func extensionShrinksWhenNegative() {
        let ball = SphericalMask(radiusInPixels: 6, edgeWidthInPixels: 0).weights(shape: .cube(24))
        let pool = ThreadPool(threads: 1)
        func volume(_ change: Double) -> Float {
            MapMask(threshold: 0.5, extensionInPixels: change, edgeWidthInPixels: 0).make(from: ball, pool: pool).values.reduce(0, +)
        }
        #expect(volume(-2) < volume(0) && volume(0) < volume(2))
        let soft = MapMask(threshold: 0.5, extensionInPixels: 0, edgeWidthInPixels: 4).make(from: ball, pool: pool)
        #expect(abs(soft[12 + 5 + 2, 12, 12] - 0.5) < 1e-6)
    }

    @Test func shellHasTwoEdges() {
        let mask = ShellMask(innerRadiusInPixels: 4, outerRadiusInPixels: 7, edgeWidthInPixels: 2, centre: SIMD3(1, 0, 0))
        let array = mask.make(shape: .cube(24))
        #expect(array[13, 12, 12] == 0 && array[13 + 5, 12, 12] == 1 && array[13 + 10, 12, 12] == 0)
        #expect(abs(array[13 + 3, 12, 12] - 0.5) < 1e-6 && abs(array[13 + 8, 12, 12] - 0.5) < 1e-6)
    }

    @Test func helicalMaskIsCutAlongZ() {
        var mask = RealArray(shape: .cube(20), repeating: 1)
        mask.keepCentralSections(fraction: 0.4, edgeWidthInPixels: 2)
        #expect(mask[0, 0, 10] == 1 && mask[0, 0, 13] == 1 && abs(mask[0, 0, 15] - 0.5) < 1e-6 && mask[0, 0, 17] == 0)
    }
}

@Suite struct FilterTests {
    @Test func filtersActOnTheRightFrequencies() {
        // A cosine of period 8 px in a rectangular image; 1 Å pixels.
        let shape = Shape(x: 32, y: 48)
        func wave(_ period: Double) -> RealArray {
            RealArray(shape: shape, values: (0..<shape.count).map { Float(cos(2 * .pi * Double($0 / 32) / period)) })
        }
        let both = RealArray(shape: shape, values: zip(wave(8).values, wave(24).values).map(+))
        let low = both.filtered(by: .lowPass(resolutionInAngstrom: 14, pixelSizeInAngstrom: 1, box: 48))
        let high = both.filtered(by: .highPass(resolutionInAngstrom: 14, pixelSizeInAngstrom: 1, box: 48))
        for i in 0..<shape.count {
            #expect(abs(low.values[i] - wave(24).values[i]) < 1e-5 && abs(high.values[i] - wave(8).values[i]) < 1e-5)
        }
        // Along x there is only the zero frequency.
        let alongX = both.filtered(by: .lowPass(resolutionInAngstrom: 14, pixelSizeInAngstrom: 1, box: 48, axis: .x))
        #expect(zip(alongX.values, both.values).allSatisfy { abs($0 - $1) < 1e-5 })
        let sharpened = both.filtered(by: .bFactor(-100, pixelSizeInAngstrom: 1))
        let (fine, coarse) = (exp(25.0 / 64), exp(25.0 / 576))
        for i in 0..<shape.count {
            #expect(abs(Double(sharpened.values[i]) - fine * Double(wave(8).values[i]) - coarse * Double(wave(24).values[i])) < 1e-5)
        }
    }

    @Test func laplacianOfGaussianVanishesAtZeroFrequency() {
        let filter = FrequencyFilter.laplacianOfGaussian(diameterInAngstrom: 10, pixelSizeInAngstrom: 1)
        #expect(filter.factor(0) == 0)
        // r²/σ² exp(−r²/2σ²) has its maximum 2/e at r = √2 σ, σ = 1/20 per pixel.
        #expect(abs(filter.factor(2.0.squareRoot() / 20) - 2 / M_E) < 1e-12)
    }

    @Test(arguments: [Shape.square(16), .square(15), .cube(8), Shape(x: 12, y: 10)]) func randomPhasesKeepAmplitudes(shape: Shape) {
        let image = noise(shape)
        let random = image.phaseRandomised(fromShell: 3, seed: 2)
        let transform = FourierTransform(shape: shape)
        let before = transform.forward(image), after = transform.forward(random)
        for i in before.values.indices {
            #expect(abs(before.values[i].power.squareRoot() - after.values[i].power.squareRoot()) < 1e-6, "\(shape) \(i)")
        }
        let correlation = FourierShellCorrelation(before, after).correlation
        #expect(correlation[1] > 0.9999 && abs(correlation[shape.x / 2 - 1]) < 0.9)
    }

    @Test func matchedAmplitudes() {
        let reference = noise(.square(16), seed: 5).filtered(by: .bFactor(50, pixelSizeInAngstrom: 1))
        let matched = noise(.square(16)).matchingAmplitudes(of: reference)
        let transform = FourierTransform(shape: .square(16))
        let a = CornerSpectrum(transform.forward(matched), .amplitude).means
        let b = CornerSpectrum(transform.forward(reference), .amplitude).means
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 })
    }
}

@Suite struct TransformationTests {
    @Test func wholeShiftsAreExact() {
        let image = noise(Shape(x: 7, y: 6))
        let moved = image.translated(by: Vector3(2, -1, 0))
        for y in 0..<6 {
            for x in 0..<7 {
                let (sx, sy) = (x - 2, y + 1)
                #expect(moved[x, y] == (sx >= 0 && sy < 6 ? image[sx, sy] : 0))
            }
        }
    }

    @Test(arguments: [8, 9]) func quarterTurnsAreExact(n: Int) {
        // +90° about z takes (x, y) to (−y, x).
        let image = noise(.square(n))
        let turned = image.aligned(psiInDegrees: 90, xOff: 0, yOff: 0)
        let c = n / 2
        for y in -(n - 1) / 2...(n - 1) / 2 {
            for x in -(n - 1) / 2...(n - 1) / 2 { #expect(abs(turned[c - y, c + x] - image[c + x, c + y]) < 1e-6) }
        }
    }

    @Test func mirrorsAreTheirOwnInverse() {
        let cube = noise(.cube(6)), image = noise(.square(5))
        for mirror in [RealArray.Mirror.x, .y, .z, .hand] { #expect(cube.mirrored(mirror).mirrored(mirror) == cube) }
        for mirror in [RealArray.Mirror.transpose, .antiTranspose] {
            #expect(image.mirrored(mirror) != image && image.mirrored(mirror).mirrored(mirror) == image)
        }
    }

    @Test func centreOfMassFollowsAShift() {
        var image = RealArray(shape: .cube(12))
        image[8, 5, 6] = 2
        image[6, 6, 6] = -5
        #expect(image.centreOfMass() == Vector3(2, -1, 0))
        #expect(RealArray(shape: .square(4)).centreOfMass() == .zero)
    }

    @Test func symmetrisedMapHasTheSymmetry() throws {
        let group = try SymmetryGroup(name: "D2")
        // Odd box: the two-folds take every voxel to a voxel.
        let map = noise(.cube(9)).symmetrised(group)
        for element in group.operators {
            let turned = map.resampled(by: element.right)
            #expect(zip(turned.values, map.values).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test func picturesOfMaps() {
        let map = noise(Shape(x: 4, y: 5, z: 6))
        #expect(map.centralSection(across: .z) == map.section(3))
        #expect(map.centralSection(across: .y)[1, 2] == map[1, 2, 2])
        #expect(map.centralSection(across: .x)[1, 2] == map[2, 1, 2])
        let total = map.values.reduce(0, +)
        for axis in [FrequencyFilter.Axis.x, .y, .z] {
            #expect(abs(map.projection(along: axis).values.reduce(0, +) - total) < 1e-4)
        }
    }
}

@Suite struct NormalisationTests {
    @Test func backgroundBecomesStandard() {
        var image = noise(.square(32))
        for y in 0..<32 { for x in 0..<32 { image[x, y] += Float(x) * 0.1 - Float(y) * 0.05 + 40 } }
        let normalisation = BackgroundNormalisation(backgroundRadiusInPixels: 12)
        #expect(normalisation.apply(to: &image) == .normalised)
        let statistics = normalisation.backgroundStatistics(image)
        #expect(abs(statistics.mean) < 1e-5 && abs(statistics.standardDeviation - 1) < 1e-5)
        // The ramp is gone: a second pass finds no plane.
        var again = image
        _ = normalisation.apply(to: &again)
        #expect(zip(again.values, image.values).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func dustIsReplaced() {
        var image = noise(.square(24))
        image[1, 1] = 500
        image[12, 12] = -500
        let normalisation = BackgroundNormalisation(
            backgroundRadiusInPixels: 9, whiteDustLimit: 5, blackDustLimit: 5, subtractsRamp: false)
        #expect(normalisation.apply(to: &image, seed: 7) == .normalised)
        #expect(abs(image[1, 1]) < 20)
    }

    @Test func flatAndFullImagesAreReported() {
        var flat = RealArray(shape: .square(16), repeating: 0.1)
        #expect(BackgroundNormalisation(backgroundRadiusInPixels: 5).apply(to: &flat) == .flatBackground)
        #expect(BackgroundNormalisation(backgroundRadiusInPixels: 50).apply(to: &flat) == .noBackground)
    }
}

@Suite struct DisplayTests {
    @Test func levelsSpanTheRange() {
        let image = RealArray(shape: Shape(x: 4, y: 1), values: [-1, 0, 1, .nan])
        #expect(ContrastStretch.range(black: -1, white: 1).levels(of: image) == [0, 127, 255, 0])
        #expect(ContrastStretch.range(black: 0, white: 0.5).levels(of: image) == [0, 0, 255, 0])
        #expect(ContrastStretch.full.levels(of: RealArray(shape: .square(2), repeating: 4)) == [0, 0, 0, 0])
        let limits = ContrastStretch.sigma(2).limits(of: RealArray(shape: Shape(x: 2, y: 1), values: [0, 2]))
        #expect(limits == (-1, 3))
    }

    @Test func coloursOfTheEnds() {
        #expect(ColourScheme.fire.colour(0) == SIMD3(0, 0, 0) && ColourScheme.fire.colour(255) == SIMD3(255, 0, 0))
        #expect(ColourScheme.ice.colour(0) == SIMD3(0, 255, 255) && ColourScheme.ice.colour(255) == SIMD3(254, 254, 254))
        #expect(ColourScheme.difference.colour(128) == SIMD3(0, 0, 0) && ColourScheme.difference.colour(255) == SIMD3(255, 255, 0))
        for scheme in ColourScheme.allCases { #expect(scheme.colours([0, 128, 255]).count == 9) }
    }
}
