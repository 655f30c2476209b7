import Foundation
import Parallel
import Reporting
import TestSupport
import Testing

@testable import Refinement

@Suite struct SelfOrganisingMapTests {
    private func settings(_ change: (inout SelfOrganisingMap.Settings) -> Void = { _ in }) -> SelfOrganisingMap.Settings {
        var settings = SelfOrganisingMap.Settings()
        change(&settings)
        return settings
    }

    /// Four nodes in a chain: 0 and 1 share most particles, then 1 and 2, then 2 and 3.
    private func chain(_ change: (inout SelfOrganisingMap.Settings) -> Void = { _ in }) -> SelfOrganisingMap {
        var map = SelfOrganisingMap(capacity: 5, settings: settings {
            $0.initialNodes = 4
            change(&$0)
        })
        var activity = SelfOrganisingMap.Activity(capacity: 5)
        for (pair, count) in [(0, 5), (1, 3), (2, 2)] {
            for _ in 0..<count { activity.add(.init(best: pair, second: pair + 1, shares: [(pair, 1)])) }
        }
        map.update(with: activity, momentum: 0)
        return map
    }

    @Test func activitiesAreSharesOfParticles() {
        let map = chain()
        #expect(map.nodes.map(\.activity) == [0.5, 0.3, 0.2, 0, 0])
        #expect(abs(map.edge(0, 1) - 0.5) < 1e-12 && map.edge(1, 0) == map.edge(0, 1) && map.edge(0, 2) == 0)
        #expect(map.nodes[0].age == 5)
    }

    @Test func connectivityChoosesTheStrongestEdges() {
        // Four nodes with one neighbour each on average: two edges.
        var map = chain { $0.connectivity = 1 }
        map.connect()
        #expect(map.neighbours(of: 1).map(\.node) == [0, 2] && map.neighbours(of: 3).isEmpty)
        #expect(abs(map.neighbours(of: 1).reduce(0) { $0 + $1.share } - 1) < 1e-12)
        map = chain { $0.connectivity = 0 }
        map.connect()
        #expect((0..<4).allSatisfy { map.neighbours(of: $0).isEmpty })
        map = chain()
        map.connect()
        #expect(map.neighbours(of: 2).map(\.node) == [1, 3])
    }

    @Test func neighboursShareThePull() {
        var map = chain { $0.neighbourPull = 0.4 }
        map.connect()
        let shares = map.shares(best: 1)
        #expect(shares.map(\.node) == [1, 0, 2] && shares[0].share == 1)
        #expect(abs(shares[1].share - 0.4 * 5 / 8) < 1e-12 && abs(shares[2].share - 0.4 * 3 / 8) < 1e-12)
    }

    @Test func growsBesideTheParentAndRests() {
        var map = chain()
        let early = map.grow(from: 1, iteration: 3), grown = map.grow(from: 1, iteration: 4)
        #expect(early == nil && grown == 4)
        #expect(map.neighbours(of: 4).map(\.node) == [1])
        #expect(abs(map.nodes.reduce(0) { $0 + $1.activity } - 1) < 1e-12)
        let full = map.grow(from: 1, iteration: 20)
        #expect(full == nil)
    }

    @Test func idleNodesAreGivenUp() {
        var map = chain()
        let idle = map.dropInactive(), none = map.dropInactive()
        #expect(idle == 3 && none == nil && map.activeNodes == [0, 1, 2] && map.edge(2, 3) == 0)
        var busy = chain { $0.inactivityThreshold = 0.9 }
        // Two remain, whatever they do.
        let dropped = (0..<3).map { _ in busy.dropInactive() }
        #expect(dropped == [3, 2, nil])
    }

    @Test func tooFewClassesAreRefused() {
        #expect(throws: InputError.self) { try SelfOrganisingMap(classCount: 2, settings: settings()) }
        #expect(throws: InputError.self) { try SelfOrganisingMap(classCount: 4, settings: settings { $0.initialNodes = 5 }) }
    }
}

/// Mini-batches of the gradient method with classes as nodes of a map.
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint), .serialized)
struct SelfOrganisingRunTests {
    private func run(threads: Int = 2, _ change: (inout SelfOrganisingMap.Settings) -> Void = { _ in }) throws -> RefinementSnapshot {
        let (data, groups) = try GoldenRun.data(star: SharedData.golden("noisy/particles.star"), folder: SharedData.golden(""))
        var s = RefinementSettings()
        s.dimensionality = .twoD
        s.start = .randomSubsets
        s.classCount = 6
        s.iterationCount = 12
        s.particleDiameter = 200
        s.fillsMaskWithZeros = true
        s.correctsCTF = true
        s.psiStep = 24
        s.offsetRangeInPixels = 4
        s.offsetStepInPixels = 2
        s.gradient.isEnabled = true
        s.gradient.initialSubsetSize = 80
        s.gradient.finalSubsetSize = 120
        var map = SelfOrganisingMap.Settings()
        change(&map)
        s.gradient.map = map
        let snapshots = try GoldenRun.run(s, data: data, references: [], groups: groups, threads: threads)
        #expect(snapshots[0].selfOrganisingMap?.activeNodes == Array(0..<map.initialNodes))
        return try #require(snapshots.last)
    }

    @Test("the map grows in the middle of the run; other classes stay empty")
    func grows() throws {
        let last = try run(), map = try #require(last.selfOrganisingMap), active = map.activeNodes
        // Between the initial and the final phase, every fourth iteration: 4 and 8.
        #expect(active == [0, 1, 2, 3])
        #expect(last.particles.allSatisfy { active.contains($0.classIndex) })
        for index in 0..<6 {
            let isEmpty = last.models[0].references[index].values.allSatisfy { $0 == 0 }
            #expect(isEmpty != active.contains(index))
            #expect((last.models[0].classWeights[index] > 0) == active.contains(index))
        }
        #expect(abs(last.models[0].classWeights.reduce(0, +) - 1) < 1e-9)
    }

    @Test("each of its settings changes the result, threads do not")
    func settingsMatter() throws {
        let base = try run()
        #expect(try run(threads: 1).models[0].references == base.models[0].references)
        #expect(try run { $0.neighbourPull = 0.8 }.models[0].references != base.models[0].references)
        #expect(try run { $0.connectivity = 0 }.models[0].references != base.models[0].references)
        #expect(try run { $0.initialNodes = 4 }.selfOrganisingMap?.activeNodes.count == 6)
        #expect(try #require(try run { $0.inactivityThreshold = 0.99 }.selfOrganisingMap).activeNodes.count < 4)
    }
}
