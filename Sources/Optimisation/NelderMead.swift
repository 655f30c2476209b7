/// Minimisation without derivatives by a simplex (Nelder & Mead 1965, Computer Journal 7:308).
package struct NelderMead: Sendable {
    /// Edge of the first simplex along each parameter, in the parameter's unit.
    package var initialSteps: [Double]
    /// Stops when the values at the corners differ by less than this.
    package var valueTolerance: Double
    /// Stops when the simplex is smaller than this fraction of the initial steps.
    package var sizeTolerance: Double
    package var largestIterationCount: Int

    package init(
        initialSteps: [Double], valueTolerance: Double = 0, sizeTolerance: Double = 1e-6,
        largestIterationCount: Int = 1000
    ) {
        self.initialSteps = initialSteps
        self.valueTolerance = valueTolerance
        self.sizeTolerance = sizeTolerance
        self.largestIterationCount = largestIterationCount
    }

    private typealias Corner = (point: [Double], value: Double)

    /// The best point found. Values that are not numbers count as infinite.
    /// - Precondition: `start.count == initialSteps.count`, at least one parameter.
    package func minimise(from start: [Double], _ function: ([Double]) -> Double) -> OptimisationResult {
        precondition(!start.isEmpty && start.count == initialSteps.count)
        func evaluate(_ point: [Double]) -> Corner {
            let value = function(point)
            return (point, value.isNaN ? .infinity : value)
        }
        var corners = [evaluate(start)]
        for index in start.indices {
            var point = start
            point[index] += initialSteps[index]
            corners.append(evaluate(point))
        }
        for iteration in 0..<largestIterationCount {
            corners.sort { $0.value < $1.value }
            if isSmall(corners) { return result(corners, iterations: iteration, hasConverged: true) }
            step(&corners, evaluate)
        }
        corners.sort { $0.value < $1.value }
        return result(corners, iterations: largestIterationCount, hasConverged: false)
    }

    private func result(_ corners: [Corner], iterations: Int, hasConverged: Bool) -> OptimisationResult {
        OptimisationResult(
            point: corners[0].point, value: corners[0].value, iterations: iterations, hasConverged: hasConverged)
    }

    private func isSmall(_ corners: [Corner]) -> Bool {
        let spread = corners[corners.count - 1].value - corners[0].value
        if spread.isFinite && spread < valueTolerance { return true }
        return corners.dropFirst().allSatisfy { corner in
            zip(zip(corner.point, corners[0].point), initialSteps).allSatisfy { pair, step in
                abs(pair.0 - pair.1) <= sizeTolerance * abs(step)
            }
        }
    }

    /// Reflection, expansion, contraction or shrinking of a sorted simplex.
    private func step(_ corners: inout [Corner], _ evaluate: ([Double]) -> Corner) {
        let last = corners.count - 1
        let worst = corners[last]
        var centre = [Double](repeating: 0, count: worst.point.count)
        for corner in corners.dropLast() {
            for index in centre.indices { centre[index] += corner.point[index] / Double(last) }
        }
        func along(_ t: Double) -> Corner { evaluate(zip(centre, worst.point).map { $0 + t * ($1 - $0) }) }
        let reflected = along(-1)
        if reflected.value < corners[0].value {
            let expanded = along(-2)
            corners[last] = expanded.value < reflected.value ? expanded : reflected
            return
        }
        if reflected.value < corners[last - 1].value {
            corners[last] = reflected
            return
        }
        let isOutside = reflected.value < worst.value
        let contracted = along(isOutside ? -0.5 : 0.5)
        if contracted.value < (isOutside ? reflected.value : worst.value) {
            corners[last] = contracted
            return
        }
        let best = corners[0].point
        for index in 1...last {
            corners[index] = evaluate(zip(best, corners[index].point).map { ($0 + $1) / 2 })
        }
    }
}
