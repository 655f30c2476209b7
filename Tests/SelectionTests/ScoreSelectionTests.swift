import Arrays
import Foundation
import Selection
import Testing

@Suite struct ScoreSelectionTests {
    let scores: [Double?] = [0.9, 0.2, nil, 0.6, 0.4]
    let counts = [10, 200, 50, 30, 40]

    @Test func classesWithinTheRange() {
        #expect(ScoreSelection().classes(scores: scores, particleCounts: counts) == [0, 3])
        var selection = ScoreSelection()
        selection.maximum = 0.7
        #expect(selection.classes(scores: scores, particleCounts: counts) == [3])
        selection = ScoreSelection()
        selection.minimum = 0.4
        selection.isRelative = true  // 0.36 of the best, 0.9
        #expect(selection.classes(scores: scores, particleCounts: counts) == [0, 3, 4])
    }

    @Test func leastNumbersGoDownTheRanking() {
        var selection = ScoreSelection()
        selection.smallestParticleCount = 75
        #expect(selection.classes(scores: scores, particleCounts: counts) == [0, 3, 4])
        selection.smallestParticleCount = 100
        #expect(selection.classes(scores: scores, particleCounts: counts) == [0, 3, 4, 1])
        selection.smallestParticleCount = -1
        selection.smallestClassCount = 3
        #expect(selection.classes(scores: scores, particleCounts: counts) == [0, 3, 4])
    }

    @Test func groupsOfSimilarScaleJoinWithinOpticsGroups() {
        let groups = (1...8).map { Regrouping.Group(number: $0, scale: Double(9 - $0), opticsGroup: $0 <= 4 ? 1 : 2, particleCount: 10) }
        let new = Regrouping.newGroups(of: groups, count: 4)
        #expect(new == [4: 1, 3: 1, 2: 2, 1: 2, 8: 3, 7: 3, 6: 4, 5: 4])
    }

    @Test func regressionFindsTheSeparatingTerm() throws {
        let terms = (0..<200).map { [Double($0 % 7), Double($0)] }
        let model = try #require(ClassScoreModel(fitting: terms, to: (0..<200).map { $0 < 100 ? 0 : 1 }, ridge: 1))
        #expect(abs(model.weights[0]) < 0.3 && model.weights[1] > 1)
        let scores = terms.map(model.score)
        #expect(RankingQuality.areaUnderCurve(scores: scores, isGood: (0..<200).map { $0 >= 100 }) ?? 0 > 0.99)
        #expect(RankingQuality.areaUnderCurve(scores: [1, 1], isGood: [true, false]) == 0.5)
    }

    /// A disc of density: area, centre and outline are those of geometry.
    @Test func densityOfADisc() {
        let box = 64, radius = 10.0
        var image = RealArray(shape: .square(box))
        for y in 0..<box { for x in 0..<box where hypot(Double(x - 36), Double(y - 32)) <= radius { image[x, y] = 1 } }
        let average = ClassAverage(number: 1, image: image, pixelSizeInAngstrom: 4, maskDiameterInAngstrom: 200, resolutionInAngstrom: 20,
                                   distribution: 0.1, particleCount: 100)
        let measurement = FeatureMeasurement(facts: ClassificationFacts(classCount: 10, bestResolutionInAngstrom: 20))
        let features = measurement.features(of: average)
        // Smoothing moves the outline by less than a pixel.
        #expect(abs(Double(features.density.count) - .pi * radius * radius) < 0.15 * .pi * radius * radius)
        #expect(abs(features.outlineRatio - 1) < 0.1)
        #expect(features.edgeSignal == 0 && features.scatteredSignal == 0)
        let offset = features.terms[ScoreTerm.allCases.firstIndex(of: .offset) ?? 0]
        #expect(abs(offset - 4 / 25.0) < 0.02)
        #expect(features.terms.filter { !$0.isFinite } == [])
        let flat = measurement.features(of: ClassAverage(
            number: 1, image: RealArray(shape: .square(box)), pixelSizeInAngstrom: 4, maskDiameterInAngstrom: 200,
            resolutionInAngstrom: .infinity, distribution: 0, particleCount: 0))
        #expect(flat.terms.filter { !$0.isFinite } == [])
        #expect(ClassScoreModel.fitted.score(flat.terms).isFinite)
    }
}
