import Arrays
import Foundation
import Geometry
import Parallel
import Projection
import Randomness
import Testing

@Suite struct SymmetryAlignmentTests {
    static let pool = ThreadPool(threads: 2)
    static let box = 32

    /// Places of a few blobs and of all their mates, turned by `rotation`.
    static func places(_ group: SymmetryGroup, _ rotation: RotationMatrix) -> [Vector3] {
        let seeds = [Vector3(4.5, 1.5, 5), Vector3(7, -2, 1), Vector3(2, 5, -6), Vector3(-3, -1, 8)]
        return seeds.flatMap { seed in group.operators.map { rotation * ($0.right * seed) } }
    }

    static func map(_ places: [Vector3], width: Double = 1.3) -> RealArray {
        var map = RealArray(shape: .cube(box))
        for place in places {
            for z in 0..<box {
                for y in 0..<box {
                    for x in 0..<box {
                        let d = Vector3(Double(x), Double(y), Double(z)) - Vector3(repeating: Double(box / 2)) - place
                        map[x, y, z] += Float(exp(-d.dot(d) / (2 * width * width)))
                    }
                }
            }
        }
        return map
    }

    static func reference(_ map: RealArray) -> PaddedReference {
        PaddedReference(map: map, dataDimension: .three, pool: pool)
    }

    /// Largest distance from a mate of a place to the nearest place, in pixels.
    static func asymmetry(_ places: [Vector3], _ group: SymmetryGroup) -> Double {
        places.map { place in
            group.operators.map { element in
                places.map { ((element.right * place) - $0).length }.min() ?? 0
            }.max() ?? 0
        }.max() ?? 0
    }

    @Test(arguments: ["C2", "D2", "D7", "O", "I1"])
    func findsTheAxes(name: String) throws {
        let group = try SymmetryGroup(name: name)
        let turn = EulerAngles(rot: 37, tilt: 64, psi: -101).matrix
        let places = Self.places(group, turn)
        var alignment = SymmetryAlignment(symmetry: group)
        alignment.startCount = 150
        let solution = alignment.solve(Self.reference(Self.map(places)), highestShell: 15, pool: Self.pool)
        // A pixel at the rim stands for 6°; interpolation in a box of 32 allows a tenth of that.
        #expect(Self.asymmetry(places.map { solution.rotation * $0 }, group) < 0.15, "\(name)")
        #expect(solution.correlation > 0.98)
    }

    @Test func turnsNoMoreThanNeeded() throws {
        let d2 = try SymmetryGroup(name: "D2")
        let places = Self.places(d2, .identity)
        let solution = SymmetryAlignment(symmetry: d2).solve(
            Self.reference(Self.map(places)), highestShell: 15, pool: Self.pool)
        #expect(Self.asymmetry(places.map { solution.rotation * $0 }, d2) < 0.15)
        let c3 = try SymmetryGroup(name: "C3")
        var few = SymmetryAlignment(symmetry: c3)
        few.startCount = 150
        let cyclic = few.solve(
            Self.reference(Self.map(Self.places(c3, .identity))), highestShell: 15, pool: Self.pool)
        #expect(cyclic.rotation.rotationAngleInDegrees(to: .identity) < 1)
    }

    @Test func aboutZOnly() throws {
        let d3 = try SymmetryGroup(name: "D3")
        let turn = RotationMatrix(angleInDegrees: 23, axis: Vector3(0, 0, 1))
        let places = Self.places(d3, turn)
        var alignment = SymmetryAlignment(symmetry: d3)
        alignment.onlyAboutZ = true
        alignment.startCount = 40
        let solution = alignment.solve(Self.reference(Self.map(places)), highestShell: 15, pool: Self.pool)
        #expect(abs(solution.rotation.row2.z - 1) < 1e-12)
        #expect(Self.asymmetry(places.map { solution.rotation * $0 }, d3) < 0.15)
    }

    @Test func rotationMovesContent() throws {
        let turn = EulerAngles(rot: 20, tilt: 50, psi: 70).matrix
        let d2 = try SymmetryGroup(name: "D2")
        let places = [Vector3(5, 2, 1), Vector3(-3, 4, 6)]
        let turned = MapRotation.rotate(Self.reference(Self.map(places)), by: turn, pool: Self.pool)
        let expected = Self.map(places.map { turn * $0 })
        let error = zip(turned.values, expected.values).map { abs($0 - $1) }.max() ?? 1
        #expect(error < 0.03)
        let averaged = MapRotation.rotate(
            Self.reference(Self.map(places)), by: .identity, averagedOver: d2, pool: Self.pool)
        let mates = Self.map(places.flatMap { p in d2.operators.map { $0.right * p } })
        #expect((zip(averaged.values, mates.values).map { abs(4 * $0 - $1) }.max() ?? 1) < 0.1)
    }

    @Test func startsCoverAllRotations() {
        let starts = (0..<400).map { RotationMatrix.spiral($0, of: 400) }
        for index in 0..<50 {
            let angles = EulerAngles(
                rot: Double(index * 47 % 360), tilt: Double(index * 31 % 180), psi: Double(index * 71 % 360))
            // Even coverage by 400 rotations leaves no rotation farther than about 32°.
            #expect((starts.map { $0.rotationAngleInDegrees(to: angles.matrix) }.min() ?? 180) < 35)
        }
        #expect(starts.allSatisfy { abs($0.determinant - 1) < 1e-12 })
    }

    /// Groups with many subgroups, and one that is a subgroup of many.
    @Test(arguments: ["D2", "C4", "D3", "O"])
    func tellsTheGroup(name: String) throws {
        let group = try SymmetryGroup(name: name)
        let places = Self.places(group, EulerAngles(rot: -20, tilt: 71, psi: 15).matrix)
        let trials = try Self.trials(places)
        let found = try #require(SymmetrySearch().choose(trials))
        #expect(
            found.trial.group.name == name && found.isClear,
            "\(found.contrast) \(trials.map { "\($0.group.name) \($0.solution.correlation)" })")
    }

    /// A cloud without symmetry: some groups reach 0.5 by chance, but none stands out.
    @Test(arguments: 1...4)
    func seesNoneWhereThereIsNone(seed: Int) throws {
        var random = CounterGenerator(seed: seed, stream: 0)
        var places: [Vector3] = []
        while places.count < 30 {
            let place = Vector3(Double.random(in: -9..<9, using: &random), Double.random(in: -9..<9, using: &random), Double.random(in: -9..<9, using: &random))
            if place.length < 9 { places.append(place) }
        }
        let trials = try Self.trials(places)
        #expect(SymmetrySearch().choose(trials) == nil, "\(trials.map { "\($0.group.name) \($0.solution.correlation)" })")
    }

    private static func trials(_ places: [Vector3]) throws -> [SymmetrySearch.Trial] {
        let reference = Self.reference(Self.map(places))
        return try ["C2", "C3", "C4", "C5", "D2", "D3", "D4", "T", "O"].map { name in
            var alignment = SymmetryAlignment(symmetry: try SymmetryGroup(name: name))
            alignment.startCount = 150
            return SymmetrySearch.Trial(
                group: alignment.symmetry, solution: alignment.solve(reference, highestShell: 10, pool: Self.pool))
        }
    }
}
