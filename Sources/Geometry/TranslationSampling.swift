import Foundation

/// The grid of shifts that a refinement searches, in Å.
///
/// Points are listed with x slowest. Each has `4ⁿ` children at oversampling n, which divide its square evenly.
package struct TranslationSampling: Sendable, Hashable {
    package struct Shift: Sendable, Hashable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// Search range, Å; for helices of the direction across the axis.
    package let range: Double
    /// Coarse step, Å; for helices of the direction across the axis.
    package let step: Double
    /// Step along x, Å: differs from `step` for helices, whose axis is x.
    package let xStep: Double
    /// The random shift of the whole grid in units of the step (0: none); see `SamplingPerturbation`.
    package var perturbation: Double
    package let shifts: [Shift]

    /// Shifts within a circle: x² + y² ≤ range², with 0.001 Å² to spare for rounding.
    /// - Precondition: step > 0, range ≥ 0.
    package init(range: Double, step: Double, perturbation: Double = 0) {
        precondition(step > 0 && range >= 0)
        self.range = range
        self.step = step
        xStep = step
        self.perturbation = perturbation
        let count = Int((range / step).rounded(.up))
        shifts = (-count...count).flatMap { column in
            (-count...count).compactMap { row in
                let shift = Shift(x: Double(column) * step, y: Double(row) * step)
                return shift.x * shift.x + shift.y * shift.y < range * range + 0.001 ? shift : nil
            }
        }
    }

    /// Shifts within a rectangle, for helices: `xCount` steps either way along the axis, but not beyond `xRange`, and
    /// `range` across it.
    /// - Precondition: steps > 0, ranges and count ≥ 0.
    package init(
        range: Double, step: Double, xRange: Double, xStep: Double, xCount: Int, perturbation: Double = 0
    ) {
        precondition(step > 0 && xStep > 0 && range >= 0 && xCount >= 0)
        self.range = range
        self.step = step
        self.xStep = xStep
        self.perturbation = perturbation
        let rows = Int((range / step).rounded(.up))
        shifts = (-xCount...xCount).flatMap { column -> [Shift] in
            let x = Double(column) * xStep
            if column != 0 && abs(x) > xRange { return [] }
            return (-rows...rows).compactMap { row in
                let y = Double(row) * step
                return y * y < range * range + 0.001 ? Shift(x: x, y: y) : nil
            }
        }
    }

    package func step(oversampling: Int) -> Double { step / Double(1 << oversampling) }

    package func childCount(oversampling: Int) -> Int { 1 << (2 * oversampling) }

    /// The finer shifts of one coarse shift, in Å, y fastest, the random perturbation applied.
    package func children(of index: Int, oversampling: Int) -> [Shift] {
        let centre = shifts[index]
        let count = 1 << oversampling
        func offset(_ child: Int, _ step: Double) -> Double {
            (Double(child) + 0.5) * step / Double(count) - 0.5 * step + perturbation * step
        }
        return (0..<count * count).map { child in
            Shift(x: centre.x + offset(child / count, xStep), y: centre.y + offset(child % count, step))
        }
    }
}
