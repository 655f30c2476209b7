/// Small dense systems of linear equations.
package enum LinearSystem {
    /// Solves A x = b for a symmetric positive definite A (n × n, row-major) by Cholesky's method.
    ///
    /// - Returns: `nil` when A is not positive definite within rounding.
    package static func solveSymmetric(_ matrix: [Double], _ right: [Double]) -> [Double]? {
        let n = right.count
        precondition(matrix.count == n * n)
        var l = matrix
        for j in 0..<n {
            for i in j..<n {
                var sum = l[i * n + j]
                for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
                if i == j {
                    guard sum > matrix[j * n + j] * 1e-14, sum > 0 else { return nil }
                    l[j * n + j] = sum.squareRoot()
                } else {
                    l[i * n + j] = sum / l[j * n + j]
                }
            }
        }
        var x = right
        for i in 0..<n {
            for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
            x[i] /= l[i * n + i]
        }
        for i in stride(from: n - 1, through: 0, by: -1) {
            for k in stride(from: i + 1, to: n, by: 1) { x[i] -= l[k * n + i] * x[k] }
            x[i] /= l[i * n + i]
        }
        return x
    }

    /// Coefficients of basis functions that fit values best in the sense of weighted least squares.
    ///
    /// - Parameters:
    ///   - basis: one array of values per basis function.
    ///   - weights: one per value; 0 leaves it out.
    /// - Returns: `nil` when the basis functions depend on one another.
    package static func fit(basis: [[Double]], to values: [Double], weights: [Double]) -> [Double]? {
        let n = basis.count
        precondition(basis.allSatisfy { $0.count == values.count } && weights.count == values.count)
        var matrix = [Double](repeating: 0, count: n * n)
        var right = [Double](repeating: 0, count: n)
        for i in 0..<n {
            for index in values.indices { right[i] += weights[index] * basis[i][index] * values[index] }
            for j in 0...i {
                var sum = 0.0
                for index in values.indices { sum += weights[index] * basis[i][index] * basis[j][index] }
                matrix[i * n + j] = sum
                matrix[j * n + i] = sum
            }
        }
        return solveSymmetric(matrix, right)
    }
}
