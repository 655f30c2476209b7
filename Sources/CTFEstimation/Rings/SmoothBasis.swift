/// Uniform cubic B-splines on 0 … 1: the smooth curves that a background or an envelope may follow.
struct SmoothBasis: Sendable {
    /// Functions that are not zero at a point.
    static let reach = 4
    let count: Int

    /// - Precondition: `count >= 4`.
    init(count: Int) {
        precondition(count >= Self.reach)
        self.count = count
    }

    /// The first function that is not zero at `t` (clamped to 0 … 1), and the values of it and the three after it.
    func values(at t: Double) -> (first: Int, values: SIMD4<Double>) {
        let intervals = Double(count - 3)
        let u = min(max(t, 0), 1) * intervals
        let first = min(Int(u), count - 4)
        let f = u - Double(first), g = 1 - f
        return (first, SIMD4(g * g * g, (3 * f - 6) * f * f + 4, (3 * g - 6) * g * g + 4, f * f * f) / 6)
    }

    /// The curve of given coefficients.
    func curve(_ coefficients: [Double], at t: Double) -> Double {
        let (first, values) = values(at: t)
        var sum = 0.0
        for i in 0..<Self.reach { sum += coefficients[first + i] * values[i] }
        return sum
    }
}
