import Arrays
import Testing

@testable import Plotting

@Suite struct TicksTests {
    @Test func linearTicksAreRound() {
        let ticks = Ticks.linear(0...1, target: 5)
        #expect(ticks.major.map(\.label) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(Ticks.linear(-0.1...0.31, target: 4).major.map(\.label) == ["−0.1", "0", "0.1", "0.2", "0.3"])
        #expect(Ticks.linear(0...50000, target: 5).major.map(\.label) == ["0", "10000", "20000", "30000", "40000", "50000"])
    }

    @Test(arguments: [1, 2, 3, 5, 8, 13]) func linearTicksStayInRange(target: Int) {
        for upper in [1e-9, 0.003, 1, 7, 123, 4.5e7] {
            let ticks = Ticks.linear(-upper / 3...upper, target: target)
            #expect(!ticks.major.isEmpty)
            #expect(ticks.major.count <= 3 * target + 2)
            #expect(ticks.major.allSatisfy { $0.value >= -upper / 3 * 1.0001 && $0.value <= upper * 1.0001 })
        }
    }

    @Test func logarithmicTicksAreDecades() {
        #expect(Ticks.logarithmic(1...1000, target: 6).major.map(\.label) == ["1", "10", "100", "10³"])
        #expect(Ticks.logarithmic(1...10, target: 6).major.map(\.label) == ["1", "2", "5", "10"])
    }

    @Test func resolutionTicksAreRoundInAngstrom() {
        let ticks = Ticks.resolution(0...0.25, spacing: 0.02)
        #expect(["20", "10", "5", "4"].allSatisfy(ticks.major.map(\.label).contains))
        #expect(zip(ticks.major, ticks.major.dropFirst()).allSatisfy { $1.value - $0.value >= 0.02 })
    }

    @Test func histogramCountsEveryValueOnce() {
        let values = (0..<1000).map { Double($0 % 37) }
        for bins in [1, 7, 37, 100] {
            #expect(Histogram(values: values + [.nan, .infinity], bins: bins).counts.reduce(0, +) == 1000)
        }
        #expect(Histogram(values: [0, 1, 2, 3], bins: 2).counts == [2, 2])
    }

    @Test func contrastMapsTheRangeToGrey() {
        let image = RealArray(shape: Shape(x: 4, y: 1), values: [0, 1, 2, .nan])
        #expect(GreyImage(image, contrast: .range(0...2)).pixels == [0, 128, 255, 0])
        #expect(GreyImage(RealArray(shape: .square(2), repeating: 5), contrast: .full).pixels == [0, 0, 0, 0])
    }
}
