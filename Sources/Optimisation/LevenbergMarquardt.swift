/// Non-linear least squares (Levenberg 1944; Marquardt 1963): minimises Σ residual².
package struct LevenbergMarquardt: Sendable {
    /// Stops when a step lowers the sum by less than this fraction.
    package var relativeTolerance: Double
    package var largestIterationCount: Int
    /// Steps for numerical derivatives, one per parameter, in its unit.
    package var derivativeSteps: [Double]

    package init(derivativeSteps: [Double], relativeTolerance: Double = 1e-10, largestIterationCount: Int = 200) {
        self.derivativeSteps = derivativeSteps
        self.relativeTolerance = relativeTolerance
        self.largestIterationCount = largestIterationCount
    }

    /// - Parameter residuals: one number per observation; the same count for all points.
    /// - Precondition: `start.count == derivativeSteps.count`.
    package func minimise(from start: [Double], residuals: ([Double]) -> [Double]) -> OptimisationResult {
        precondition(start.count == derivativeSteps.count)
        var point = start
        var current = residuals(point)
        var sum = dot(current, current)
        var damping = 1e-3
        for iteration in 0..<largestIterationCount {
            let (matrix, right) = normalEquations(point, current, residuals)
            var hasImproved = false
            while damping < 1e12 {
                var damped = matrix
                for i in point.indices {
                    let diagonal = matrix[i * point.count + i]
                    damped[i * point.count + i] = diagonal + damping * max(diagonal, 1e-30)
                }
                if let step = LinearSystem.solveSymmetric(damped, right) {
                    let trial = zip(point, step).map { $0 - $1 }
                    let next = residuals(trial)
                    let nextSum = dot(next, next)
                    if nextSum < sum {
                        let gain = sum - nextSum
                        (point, current) = (trial, next)
                        hasImproved = gain > relativeTolerance * sum
                        sum = nextSum
                        damping = max(1e-12, damping / 10)
                        break
                    }
                }
                damping *= 10
            }
            if !hasImproved {
                return OptimisationResult(point: point, value: sum, iterations: iteration + 1, hasConverged: true)
            }
        }
        return OptimisationResult(
            point: point, value: sum, iterations: largestIterationCount, hasConverged: false)
    }

    /// JᵀJ and Jᵀr by central differences.
    private func normalEquations(
        _ point: [Double], _ current: [Double], _ residuals: ([Double]) -> [Double]
    ) -> (matrix: [Double], right: [Double]) {
        let n = point.count
        let columns = point.indices.map { index -> [Double] in
            var (low, high) = (point, point)
            low[index] -= derivativeSteps[index]
            high[index] += derivativeSteps[index]
            return zip(residuals(high), residuals(low)).map { ($0 - $1) / (2 * derivativeSteps[index]) }
        }
        var matrix = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0...i {
                matrix[i * n + j] = dot(columns[i], columns[j])
                matrix[j * n + i] = matrix[i * n + j]
            }
        }
        return (matrix, columns.map { dot($0, current) })
    }
}
