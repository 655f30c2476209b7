import Foundation
import Parallel
import Projection
import Refinement
import Reporting
import Testing
import TestSupport

/// A few mini-batches of the gradient method on simulated particles, from nothing.
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint), .serialized)
struct GradientRunTests {
    private func settings() -> RefinementSettings {
        var s = RefinementSettings()
        s.dimensionality = .twoD
        s.start = .randomSubsets
        s.classCount = 3
        s.iterationCount = 12
        s.particleDiameter = 200
        s.fillsMaskWithZeros = true
        s.correctsCTF = true
        s.correctsNorm = true
        s.psiStep = 24
        s.offsetRangeInPixels = 4
        s.offsetStepInPixels = 2
        s.gradient.isEnabled = true
        s.gradient.initialSubsetSize = 60
        s.gradient.finalSubsetSize = 120
        s.gradient.writeInterval = 5
        return s
    }

    private func run(threads: Int = 2, _ change: (inout RefinementSettings) -> Void = { _ in }) throws -> [RefinementSnapshot] {
        let (data, groups) = try GoldenRun.data(star: SharedData.golden("noisy/particles.star"), folder: SharedData.golden(""))
        var settings = settings()
        change(&settings)
        return try GoldenRun.run(settings, data: data, references: [], groups: groups, threads: threads)
    }

    @Test func explainsTheData() throws {
        let snapshots = try run()
        #expect(snapshots.map(\.state.iteration) == [0, 5, 10, 12])
        // The last iteration looks at all particles, the others at subsets.
        #expect(snapshots.map(\.state.subsetSize).dropFirst() == [77, 120, -1])
        let last = try #require(snapshots.last), model = last.models[0]
        #expect(last.particles.allSatisfy { (0..<3).contains($0.classIndex) })
        #expect(abs(model.classWeights.reduce(0, +) - 1) < 1e-9)
        #expect(model.references.allSatisfy { $0.values.allSatisfy({ $0.isFinite }) })
        #expect(zip(model.references, snapshots[0].models[0].references).allSatisfy { $0.values != $1.values })
        #expect(model.gradient.classCount == 3 && model.gradient.first.count == 6)
    }

    @Test func sameBitsForAnyNumberOfThreads() throws {
        let one = try #require(try run(threads: 1).last), two = try #require(try run(threads: 2).last)
        #expect(one.models[0].references[0].values == two.models[0].references[0].values)
        #expect(one.models[0].gradient.first[0] == two.models[0].gradient.first[0])
    }

    @Test func stepSizeMatters() throws {
        let usual = try #require(try run().last), short = try #require(try run { $0.gradient.stepSize = 0.05 }.last)
        #expect(usual.models[0].references[0].values != short.models[0].references[0].values)
    }

    /// What files round is kept here, and moments go through the arrays that files hold.
    @Test("a run that stops and goes on ends with the same bits", arguments: [RefinementSettings.Dimensionality.twoD, .threeD])
    func goesOn(dimensionality: RefinementSettings.Dimensionality) throws {
        let snapshots = try run {
            $0.dimensionality = dimensionality
            $0.paddingFactor = 1
            $0.classCount = 2
            $0.iterationCount = 4
            $0.healpixOrder = 0
            $0.gradient.writeInterval = 1
        }
        let middle = try #require(snapshots.first { $0.state.iteration == 2 }), last = try #require(snapshots.last)
        var model = middle.models[0]
        let moments = model.gradient, classes = moments.classCount
        let layout = CentredLayout(dimension: model.isVolume ? .three : .two, box: model.box, padding: 1)
        model.gradient = GradientMoments(layout: layout, first: (0..<2 * classes).map { moments.firstOnFullGrid($0) },
                                         second: (0..<classes).map { moments.secondOnFullGrid($0) })
        var settings = middle.settings
        settings.start = .references
        var (data, groups) = try GoldenRun.data(star: SharedData.golden("noisy/particles.star"), folder: SharedData.golden(""))
        data.particles = middle.particles
        let output = RecordedOutput()
        let engine = try RefinementEngine(
            settings: settings, data: data, references: model.references, groupNames: groups.names, masks: RefinementMasks(),
            pool: ThreadPool(threads: 2), reporter: Reporter(verbosity: .silent), output: output, checkForAbort: {})
        engine.resume(middle.state, models: [model])
        try engine.run()
        let again = try #require(output.snapshots.last)
        #expect(again.state.iteration == 4 && output.snapshots.count == 2)
        #expect(again.state.stepSize == last.state.stepSize && again.models[0].tau2Fudge == last.models[0].tau2Fudge)
        for index in 0..<classes {
            #expect(again.models[0].references[index].values == last.models[0].references[index].values)
            for half in [index, index + classes] {
                #expect(again.models[0].gradient.firstOnFullGrid(half).values == last.models[0].gradient.firstOnFullGrid(half).values)
            }
            #expect(again.models[0].gradient.secondOnFullGrid(index).values == last.models[0].gradient.secondOnFullGrid(index).values)
        }
    }
}
