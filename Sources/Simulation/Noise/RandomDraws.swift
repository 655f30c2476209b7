import Foundation
import Randomness

extension CounterGenerator {
    /// Two independent numbers of the standard normal distribution (Box & Muller 1958).
    mutating func normalPair() -> (Double, Double) {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        return (radius * cos(angle), radius * sin(angle))
    }

    /// One number of the standard normal distribution.
    mutating func normal() -> Double { normalPair().0 }

    /// Uniform in low ..< high.
    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

    /// A count of the Poisson distribution with the given mean.
    ///
    /// Small means: products of uniform numbers (Knuth). Others: transformed rejection, algorithm PTRS of Hörmann (1993),
    /// Insurance: Mathematics and Economics 12, 39; exact for any mean from 10.
    mutating func poisson(_ mean: Double) -> Int {
        if mean <= 0 { return 0 }
        if mean < 10 {
            let limit = exp(-mean)
            var product = uniform(), count = 0
            while product > limit {
                product *= uniform()
                count += 1
            }
            return count
        }
        let root = mean.squareRoot()
        let b = 0.931 + 2.53 * root
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let vr = 0.9277 - 3.6224 / (b - 2)
        while true {
            let u = uniform() - 0.5, v = uniform()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
            if us >= 0.07, v <= vr { return Int(k) }
            if k < 0 || (us < 0.013 && v > us) { continue }
            if log(v * inverseAlpha / (a / (us * us) + b)) <= k * log(mean) - mean - logFactorial(k) { return Int(k) }
        }
    }
}

/// log k! for k >= 0: Stirling's series, for small k after the recurrence; better than 10⁻¹⁰.
private func logFactorial(_ k: Double) -> Double {
    var x = k + 1, correction = 0.0
    while x < 10 {
        correction -= log(x)
        x += 1
    }
    let r = 1 / (x * x)
    return correction + (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + (1 / 12.0 - r * (1 / 360.0 - r / 1260)) / x
}
