import Testing
@testable import Refinement

@Suite struct ScoutBarTests {
    /// Whatever its remainder adds or takes away, the sample that looked best is scored in full.
    @Test(arguments: [-500, -30, 0, 5, 24, 26, 80, 3000] as [Float]) func theSampleThatLookedBestPasses(remainder: Float) {
        let first: Float = 1234, reach: Float = 5
        let bar = ScoutBar(full: first + remainder, first: first, reach: reach)
        #expect(first >= bar.threshold(reach: reach))
    }

    @Test func usualRemaindersGrantNothing() {
        let bar = ScoutBar(full: 103, first: 100, reach: 5)
        #expect(bar.excess == 0)
        #expect(bar.threshold(reach: 7) == 103 - ScoutTable.margin - 7)
    }

    @Test func betterSamplesRaiseTheBar() {
        var bar = ScoutBar(full: 150, first: 100, reach: 5)
        let before = bar.threshold(reach: 5)
        bar.raise(to: 160)
        bar.raise(to: 90)
        #expect(bar.threshold(reach: 5) == before + 10)
    }
}
