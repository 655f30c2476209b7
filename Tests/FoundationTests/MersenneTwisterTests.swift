import Randomness
import Testing

@Suite struct MersenneTwisterTests {
    /// The value that the C++ standard demands of `mt19937`: the ten thousandth with the default seed.
    @Test func tenThousandthValue() {
        var generator = MersenneTwister(seed: 5489)
        for _ in 1..<10_000 { _ = generator.next() }
        #expect(generator.next() == 4_123_659_995)
    }

    @Test func drawsEvenly() {
        var generator = MersenneTwister(seed: 1), counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[generator.next(below: 7)] += 1 }
        // Five standard deviations of a count.
        #expect(counts.allSatisfy { abs($0 - 10_000) < 5 * 93 })
    }

    /// Orders that `std::shuffle` of the GNU C++ library 12 gives to 0, 1, 2 …, condensed to Σ value · factor^(n−1−i) mod 2⁶⁴,
    /// and what the generator gives afterwards. Lengths: even and odd, both sides of the limit of two exchanges a number.
    @Test(arguments: [
        (1, 10, 9_149_339_113_876_876_281, 550_290_313), (2, 11, 11_040_057_578_457_965_607, 4_070_471_979),
        (3, 2, 1, 303_761_048), (4, 1, 0, 4_153_361_530), (5, 1000, 7_545_624_977_525_515_840, 1_599_585_190),
        (6, 65_535, 2_928_405_841_469_712_685, 636_018_545), (7, 65_536, 1_756_786_662_546_731_668, 524_374_275),
        (8, 100_000, 10_083_621_944_952_271_508, 2_776_411_629),
    ] as [(Int, Int, UInt64, UInt32)])
    func shufflesAsTheLibrary(seed: Int, count: Int, digest: UInt64, next: UInt32) {
        var generator = MersenneTwister(seed: seed), values = Array(0..<count)
        generator.shuffle(&values, in: 0..<count)
        #expect(values.reduce(UInt64(0)) { $0 &* 6_364_136_223_846_793_005 &+ UInt64($1) } == digest)
        #expect(generator.next() == next)
    }

    @Test func shufflesAPart() {
        var generator = MersenneTwister(seed: 2), same = MersenneTwister(seed: 2), values = Array(0..<15), whole = Array(0..<11)
        generator.shuffle(&values, in: 2..<13)
        same.shuffle(&whole, in: 0..<11)
        #expect(values == [0, 1] + whole.map { $0 + 2 } + [13, 14])
    }
}
