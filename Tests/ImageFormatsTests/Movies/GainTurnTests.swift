import Arrays
import ImageFormats
import Testing

@Suite struct GainTurnTests {
    private let image = RealArray(shape: Shape(x: 3, y: 2), values: [1, 2, 3, 4, 5, 6])

    private static let all = (0..<4).flatMap { quarters in GainTurn.Reflection.allCases.map { GainTurn(quarters: quarters, reflection: $0) } }

    @Test func quartersAreClockwiseWithTheFirstRowOnTop() {
        let turned = GainTurn(quarters: 1).applied(to: image)
        #expect(turned.shape == Shape(x: 2, y: 3) && turned.values == [4, 1, 5, 2, 6, 3])
        #expect(GainTurn(quarters: 2).applied(to: image).values == [6, 5, 4, 3, 2, 1])
        #expect(GainTurn(reflection: .upsideDown).applied(to: image).values == [4, 5, 6, 1, 2, 3])
        #expect(GainTurn(reflection: .leftToRight).applied(to: image).values == [3, 2, 1, 6, 5, 4])
    }

    @Test func twoTurnsAreOne() {
        for first in Self.all {
            for second in Self.all {
                #expect(first.then(second).applied(to: image) == second.applied(to: first.applied(to: image)), "\(first) \(second)")
            }
        }
    }
}
