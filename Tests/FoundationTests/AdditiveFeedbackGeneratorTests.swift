import Randomness
import Testing

@Suite struct AdditiveFeedbackGeneratorTests {
    /// The published first values of the GNU C library's `rand`.
    @Test func matchesTheCLibrary() {
        var one = AdditiveFeedbackGenerator(seed: 1)
        #expect([one.next(), one.next(), one.next()] == [1_804_289_383, 846_930_886, 1_681_692_777])
        var other = AdditiveFeedbackGenerator(seed: 12345)
        #expect(other.next() == 383_100_999)
    }
}
