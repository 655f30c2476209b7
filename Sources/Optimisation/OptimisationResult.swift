/// Where a minimisation ended.
package struct OptimisationResult: Sendable, Hashable {
    package var point: [Double]
    package var value: Double
    package var iterations: Int
    /// False when the largest number of iterations came first.
    package var hasConverged: Bool
}
