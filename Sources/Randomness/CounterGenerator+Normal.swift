import Foundation

extension CounterGenerator {
    /// From the normal distribution of mean 0 and variance 1 (Box & Muller 1958; the second of each pair is not kept).
    package mutating func standardNormal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }
}
