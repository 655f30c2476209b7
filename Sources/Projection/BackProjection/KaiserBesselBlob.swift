import Foundation

/// The generalised Kaiser–Bessel window ("blob") with which gridding weights are smoothed (Lewitt, J. Opt. Soc. Am. A 7 (1990) 1834).
package struct KaiserBesselBlob: Sendable, Hashable {
    /// In units of the original, not the padded, Fourier grid. RELION's default is 1.9.
    package var radius: Double
    /// Order of the Bessel function: smoothness at the edge.
    package var order: Int
    /// Taper.
    package var alpha: Double

    package init(radius: Double = 1.9, order: Int = 0, alpha: Double = 15) {
        self.radius = radius
        self.order = order
        self.alpha = alpha
    }

    /// The window's three-dimensional transform at distance `w`, relative to that at 0.
    ///
    /// - Parameter w: distance from the centre in units of the padded box; the window counts as twice its radius there, whatever
    ///   the padding.
    package func relativeTransform(at w: Double) -> Double {
        let argument = 2 * Double.pi * 2 * radius * w
        return bessel(alpha * alpha - argument * argument) / bessel(alpha * alpha)
    }

    /// I_ν(√t)/√t^ν for t > 0 and J_ν(√−t)/√−t^ν for t < 0, ν = order + 3/2: one entire function of t.
    private func bessel(_ t: Double) -> Double {
        let nu = Double(order) + 1.5
        if t < -100 { return besselByRecurrence((-t).squareRoot()) }
        var term = 1 / (pow(2, nu) * tgamma(nu + 1)), sum = term, k = 1.0
        repeat {
            term *= t / 4 / (k * (nu + k))
            sum += term
            k += 1
        } while abs(term) > 1e-17 * abs(sum) && k < 1000
        return sum
    }

    /// J_ν(x)/x^ν by upward recurrence from the closed forms of order 1/2 and 3/2; stable for x larger than ν.
    private func besselByRecurrence(_ x: Double) -> Double {
        let common = (2 / (Double.pi * x)).squareRoot()
        var lower = common * sin(x), upper = common * (sin(x) / x - cos(x)), nu = 1.5
        for _ in 0..<order {
            (lower, upper) = (upper, 2 * nu / x * upper - lower)
            nu += 1
        }
        return upper / pow(x, nu)
    }
}
