import Foundation
import Testing

@testable import StarFormat

@Suite struct NumberTextTests {
    /// What the C library's `%12.6f` and its relatives make of a number, cut to twelve characters.
    private func printed(_ value: Double) -> String {
        let magnitude = abs(value)
        let isScientific = (magnitude > 0 && magnitude < 0.001) || magnitude > 100_000
        let format = isScientific ? (value < 0 ? "%12.5e" : "%12.6e") : (value < 0 ? "%12.5f" : "%12.6f")
        return String(String(format: format, value).prefix(12))
    }

    private func field(_ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: NumberText.maximalWidth) { field in
            String(decoding: field[..<NumberText.write(value, to: field.baseAddress!)], as: UTF8.self)
        }
    }

    @Test func numbersAreFormattedAsPrintfDoes() {
        var values: [Double] = [0, 1, -1, 0.001, -0.001, 9.99e-4, 99_998.9999999, 99_999.999999, 100_000, 100_001, 1e9, -1e9,
                                0.0000005, 0.5000005, 2.5e-7, 123.4567895, -135, 1.0000005, -1.000005, 1e-30, 3e30, .infinity]
        var state: UInt64 = 7
        for _ in 0..<200_000 {
            state = state &* 6364136223846793005 &+ 1442695040888963407
            let unit = Double(state >> 11) / 9007199254740992
            values.append((unit - 0.5) * pow(10, Double(state % 13) - 6))
        }
        for value in values where field(value) != printed(value) {
            Issue.record("\(value): \(field(value)) instead of \(printed(value))")
        }
    }

    @Test func threeDigitExponentsAreNotCut() {
        #expect(field(1.5e-100) == "1.50000e-100")
        #expect(field(-1.5e-100) == "-1.5000e-100")
        #expect(NumberText.double("1.50000e-100") == 1.5e-100)
    }

    @Test(arguments: ["0", "-1", "+2.5", ".5", "5.", "1e5", "1.25E-3", "123456789012345678901234567890", "0.1", "1e-300", "inf",
                      "3.1415926535897932384626", "9007199254740993", "1e22", "1e23"])
    func readsNumbersExactly(_ text: String) { #expect(NumberText.double(text) == Double(text)) }

    @Test(arguments: ["", "-", "abc", "1x", "1e", "1e+", "--1", "1.2.3", " 1"])
    func refusesOtherText(_ text: String) {
        #expect(NumberText.double(text) == nil)
        #expect(NumberText.int(text) == nil)
    }

    @Test(arguments: [0, 7, -1, 123_456_789_012, -123_456_789_012, .max, .min])
    func wholeNumbersAreTwelveWide(_ value: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: NumberText.maximalWidth) { field in
            let text = String(decoding: field[..<NumberText.write(value, to: field.baseAddress!)], as: UTF8.self)
            #expect(text == String(format: "%12ld", value))
        }
    }

    @Test func wholeNumbers() {
        #expect(NumberText.int("-12") == -12)
        #expect(NumberText.int("3.000000") == 3)
        #expect(NumberText.int("3.5") == nil)
    }

    @Test func vectors() {
        #expect(NumberText.vector([1, -2.5, 0.1]) == "[1,-2.5,0.1]")
        #expect(NumberText.vector("[1, -2.5,0.1]") ?? [] == [1, -2.5, 0.1])
        #expect(NumberText.vector("[]") ?? [1] == [])
        #expect(NumberText.vector("[1,a]") == nil)
        #expect(NumberText.vector("1,2") == nil)
    }
}
