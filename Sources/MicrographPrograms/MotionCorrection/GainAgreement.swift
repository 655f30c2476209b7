import Arrays
import Foundation
import ImageFormats

/// How a gain reference agrees with the counts of a movie, in each of the ways in which it can lie.
///
/// The expected count of a pixel is the inverse of its factor, so that differences of neighbouring pixels of the two correlate; those of
/// the sample hardly do, since it is smooth beside a pixel. A reference with a spread of 5 % shows in one frame of 0.5 electrons a
/// pixel: the correlation is 0.02 to 0.04, and its error 1/√N, 0.0005 with four million pairs.
struct GainAgreement {
    /// Correlation over its error by chance, relative to how the reference lies now.
    private(set) var significance: [GainTurn: Double] = [:]

    /// Rows that are looked at.
    private static let rowStep = 2
    private static let leastSignificance = 12.0
    /// A way is better than the present one when it has this many times its significance.
    private static let leastRatio = 3.0

    /// - Parameters:
    ///   - counts: sum of frames without gain.
    ///   - factors: as they lie now; zero: no value.
    init(counts: RealArray, factors: RealArray) {
        for turn in GainTurn.all where turn.shape(of: factors.shape) == counts.shape {
            significance[turn] = Self.significance(counts, factors, turn)
        }
    }

    /// The turn after which the reference agrees, when it certainly does not now.
    var betterTurn: GainTurn? {
        guard let (turn, best) = significance.max(by: { $0.value < $1.value }), turn != GainTurn() else { return nil }
        let present = significance[GainTurn()] ?? 0
        return best > Self.leastSignificance && best > Self.leastRatio * present ? turn : nil
    }

    private static func significance(_ counts: RealArray, _ factors: RealArray, _ turn: GainTurn) -> Double {
        let shape = counts.shape, source = factors.shape
        return counts.values.withUnsafeBufferPointer { counts in
            factors.values.withUnsafeBufferPointer { factors in
                var product = 0.0, squares = (counts: 0.0, gains: 0.0), pairs = 0.0
                for y in stride(from: 0, to: shape.y, by: rowStep) {
                    var last: Float = 0
                    for x in 0..<shape.x {
                        let place = turn.source(x: x, y: y, shape: source), factor = factors[place.y * source.x + place.x]
                        let sensitivity = factor > 0 ? 1 / factor : 0
                        if last > 0, sensitivity > 0 {
                            let count = Double(counts[y * shape.x + x] - counts[y * shape.x + x - 1]), gain = Double(sensitivity - last)
                            product += count * gain
                            squares.counts += count * count
                            squares.gains += gain * gain
                            pairs += 1
                        }
                        last = sensitivity
                    }
                }
                let scale = (squares.counts * squares.gains).squareRoot()
                return scale > 0 && scale.isFinite ? product / scale * pairs.squareRoot() : 0
            }
        }
    }
}

extension GainAgreement {
    /// Frames of a movie that say enough about its pixels.
    private static let fewestElectrons = 0.5
    private static let mostFrames = 8

    /// The sum of the first frames of a movie.
    static func counts(of movie: any MovieReader) throws -> RealArray {
        var sum = try movie.frame(0)
        var frames = 1
        func mean() -> Double { sum.values.reduce(0) { $0 + Double($1) } / Double(max(1, sum.values.count)) }
        while frames < min(mostFrames, movie.frameCount), mean() < fewestElectrons {
            let next = try movie.frame(frames)
            for i in sum.values.indices { sum.values[i] += next.values[i] }
            frames += 1
        }
        return sum
    }
}
