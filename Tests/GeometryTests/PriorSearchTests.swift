import Foundation
import Geometry
import Testing

@Suite struct PriorSearchTests {
    static func grid(_ order: Int, _ symmetry: String = "C1") throws -> OrientationSampling {
        OrientationSampling(kind: .sphere(healpixOrder: order), symmetry: try SymmetryGroup(name: symmetry))
    }

    /// The definition, written out: all directions, all operators.
    static func plainSelection(
        _ sampling: OrientationSampling, _ prior: OrientationPrior
    ) -> (indices: [Int], weights: [Double]) {
        let sigma = max(prior.sigmaRot, prior.sigmaTilt)
        var indices: [Int] = []
        var weights: [Double] = []
        for (index, view) in sampling.directions.enumerated() {
            var angle = sampling.symmetry.operators.map {
                AngularDistance.angle($0.apply(to: view.vector), prior.angles.direction)
            }.min() ?? 0
            if prior.isBimodal && angle > 90 { angle = 180 - angle }
            if angle < prior.cutoff * sigma {
                indices.append(index)
                weights.append(exp(-angle * angle / (2 * sigma * sigma)))
            }
        }
        let sum = weights.reduce(0, +)
        return (indices, weights.map { $0 / sum })
    }

    @Test(arguments: ["C1", "D2", "I2", "T", "C3"], [false, true])
    func directionsAreThoseOfTheDefinition(symmetry: String, isBimodal: Bool) throws {
        let search = PriorSearch(try Self.grid(4, symmetry))
        let places: [(rot: Double, tilt: Double)] = [(0, 0), (33, 71), (-170, 120), (90, 180)]
        for (rot, tilt) in places {
            var prior = OrientationPrior(
                angles: EulerAngles(rot: rot, tilt: tilt, psi: 12), sigmaRot: 4, sigmaTilt: 5, sigmaPsi: 4)
            prior.isBimodal = isBimodal
            let found = search.select(prior)
            let expected = Self.plainSelection(search.sampling, prior)
            #expect(found.directions == expected.indices)
            for (a, b) in zip(found.directionWeights, expected.weights) { #expect(abs(a - b) < 1e-9) }
            #expect(abs(found.directionWeights.reduce(0, +) - 1) < 1e-12)
        }
    }

    @Test func psisWrapAround() throws {
        let search = PriorSearch(try Self.grid(2))
        var prior = OrientationPrior(angles: EulerAngles(rot: 0, tilt: 50, psi: 352), sigmaRot: 0, sigmaTilt: 0, sigmaPsi: 6)
        // Step 15°, within 18° of 352°: 345 and 0.
        #expect(search.select(prior).psis == [0, 23])
        #expect(search.select(prior).directions.count == search.sampling.directions.count)
        prior.isBimodal = true
        #expect(search.select(prior).psis == [0, 11, 12, 23])
        prior.sigmaPsi = 0.1
        #expect(search.select(prior).psis.count == 1)
        prior.sigmaPsiFromZero = 6
        prior.sigmaPsi = 0
        #expect(search.select(prior).psis == [0, 1, 23])
    }

    @Test func noSelectionIsEmpty() throws {
        let search = PriorSearch(try Self.grid(1))
        let prior = OrientationPrior(
            angles: EulerAngles(rot: 1, tilt: 80, psi: 0), sigmaRot: 0.01, sigmaTilt: 0.01, sigmaPsi: 0.01)
        let found = search.select(prior)
        #expect(found.directions.count == 1 && found.directionWeights == [1] && found.psis == [0])
    }

    @Test func priorsOnOneAngle() throws {
        let search = PriorSearch(try Self.grid(3))
        let vectors = search.sampling.directions
        let tilt = search.select(
            OrientationPrior(angles: EulerAngles(rot: 0, tilt: 90, psi: 0), sigmaRot: 0, sigmaTilt: 5, sigmaPsi: 0))
        #expect(tilt.directions.allSatisfy { abs(vectors[$0].tilt - 90) < 15 } && tilt.directions.count > 100)
        let rot = search.select(
            OrientationPrior(angles: EulerAngles(rot: 30, tilt: 0, psi: 0), sigmaRot: 5, sigmaTilt: 0, sigmaPsi: 0))
        #expect(rot.directions.allSatisfy { index in
            let v = vectors[index].vector
            return abs(asin(v.y * cos(.pi / 6) - v.x * sin(.pi / 6))) < 15 * .pi / 180
        })
        var body = OrientationPrior(angles: .zero, sigmaRot: 0, sigmaTilt: 0, sigmaPsi: 0)
        body.sigmaTiltFromNinety = 5
        let near = search.select(body)
        #expect(near.directions.allSatisfy { AngularDistance.angle(vectors[$0].vector, Vector3(1, 0, 0)) <= 15 })
        #expect(!near.directions.isEmpty && near.directions.count < 40)
    }

    @Test func relaxedSymmetryAddsMates() throws {
        let c2 = try SymmetryGroup(name: "C2")
        let sampling = OrientationSampling(kind: .sphere(healpixOrder: 3), relaxedSymmetry: c2)
        let search = PriorSearch(sampling)
        let prior = OrientationPrior(
            angles: EulerAngles(rot: 40, tilt: 60, psi: 0), sigmaRot: 4, sigmaTilt: 4, sigmaPsi: 4)
        let found = search.select(prior)
        let alone = PriorSearch(OrientationSampling(kind: .sphere(healpixOrder: 3))).select(prior)
        #expect(found.directions.count == 2 * alone.directions.count)
        for pair in stride(from: 0, to: found.directions.count, by: 2) {
            let (a, b) = (sampling.directions[found.directions[pair]], sampling.directions[found.directions[pair + 1]])
            #expect(abs(abs(a.rot - b.rot) - 180) < 1e-9 && abs(a.tilt - b.tilt) < 1e-9)
        }
    }

    @Test func distributionAsCylinders() throws {
        let sampling = try Self.grid(0)
        var shares = [Double](repeating: 0.01, count: 12)
        shares[3] = 0.5
        shares[7] = 0
        let text = AngularDistribution(radius: 100).bild(shares: shares, sampling: sampling)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 22 && lines[6].hasPrefix(".color 0.6") && lines[7].hasPrefix(".cylinder"))
        // 50 % of π · 100 · 60 / 360.
        #expect(lines[7].hasSuffix(" 26.1799"))
    }
}
