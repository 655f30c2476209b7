/// Minimisation with gradients: limited-memory BFGS with a backtracking line search (Nocedal & Wright 2006, algorithm 7.5).
package struct LimitedMemoryBFGS: Sendable {
    /// Number of steps that make up the approximation of the curvature.
    package var memory: Int
    /// Stops when the gradient's norm is below this fraction of max(1, norm of the point).
    package var gradientTolerance: Double
    package var largestIterationCount: Int
    /// Length of the first step as a fraction of the point's scale: no curvature is known yet.
    package var firstStepLength: Double

    package init(
        memory: Int = 8, gradientTolerance: Double = 1e-6, largestIterationCount: Int = 500,
        firstStepLength: Double = 1
    ) {
        self.memory = memory
        self.gradientTolerance = gradientTolerance
        self.largestIterationCount = largestIterationCount
        self.firstStepLength = firstStepLength
    }

    /// - Parameter function: the value at a point; writes the gradient there.
    package func minimise(
        from start: [Double], _ function: (_ point: [Double], _ gradient: inout [Double]) -> Double
    ) -> OptimisationResult {
        var point = start
        var gradient = [Double](repeating: 0, count: start.count)
        var value = function(point, &gradient)
        var history: [Step] = []
        for iteration in 0..<largestIterationCount {
            if norm(gradient) <= gradientTolerance * max(1, norm(point)) {
                return OptimisationResult(point: point, value: value, iterations: iteration, hasConverged: true)
            }
            var direction = descent(gradient, history)
            // Rounding can spoil the approximation: start again with the steepest descent.
            if dot(direction, gradient) >= 0 {
                history.removeAll()
                direction = gradient.map { -$0 }
            }
            let first = history.isEmpty ? firstStepLength / max(norm(gradient), .leastNonzeroMagnitude) : 1
            guard let next = search(point, value, gradient, direction, first, function) else {
                return OptimisationResult(point: point, value: value, iterations: iteration, hasConverged: true)
            }
            let step = Step(change: minus(next.point, point), gradientChange: minus(next.gradient, gradient))
            if step.curvature > 1e-12 * norm(step.change) * norm(step.gradientChange) {
                history.append(step)
                if history.count > memory { history.removeFirst() }
            }
            (point, value, gradient) = (next.point, next.value, next.gradient)
        }
        return OptimisationResult(
            point: point, value: value, iterations: largestIterationCount, hasConverged: false)
    }

    private struct Step {
        var change: [Double]
        var gradientChange: [Double]
        var curvature: Double

        init(change: [Double], gradientChange: [Double]) {
            self.change = change
            self.gradientChange = gradientChange
            curvature = dot(change, gradientChange)
        }
    }

    /// The two-loop recursion: minus the approximate inverse Hessian times the gradient.
    private func descent(_ gradient: [Double], _ history: [Step]) -> [Double] {
        var q = gradient
        var factors: [Double] = []
        for step in history.reversed() {
            let factor = dot(step.change, q) / step.curvature
            add(-factor, step.gradientChange, to: &q)
            factors.append(factor)
        }
        if let last = history.last {
            let scale = last.curvature / dot(last.gradientChange, last.gradientChange)
            for index in q.indices { q[index] *= scale }
        }
        for (step, factor) in zip(history, factors.reversed()) {
            let other = dot(step.gradientChange, q) / step.curvature
            add(factor - other, step.change, to: &q)
        }
        return q.map { -$0 }
    }

    private typealias Place = (point: [Double], value: Double, gradient: [Double])

    /// A step that satisfies the weak Wolfe conditions, by bracketing; `nil` when no decrease is left.
    private func search(
        _ point: [Double], _ value: Double, _ gradient: [Double], _ direction: [Double], _ first: Double,
        _ function: ([Double], inout [Double]) -> Double
    ) -> Place? {
        let slope = dot(gradient, direction)
        let (sufficientDecrease, flatEnough) = (1e-4, 0.9)
        var (low, high) = (0.0, Double.infinity)
        var length = first
        var best: Place?
        for _ in 0..<40 {
            var trial = point
            add(length, direction, to: &trial)
            var trialGradient = gradient
            let trialValue = function(trial, &trialGradient)
            if !(trialValue <= value + sufficientDecrease * length * slope) {
                high = length
            } else {
                if trialValue < value { best = (trial, trialValue, trialGradient) }
                if dot(trialGradient, direction) >= flatEnough * slope { return best }
                low = length
            }
            length = high.isFinite ? (low + high) / 2 : 2 * low
        }
        return best
    }
}

@inline(__always) func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
}

@inline(__always) func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }

@inline(__always) func minus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

@inline(__always) func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
    for index in b.indices { b[index] += factor * a[index] }
}
