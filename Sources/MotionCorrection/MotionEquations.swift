import Metadata
import Optimisation

/// Normal equations of the local motion model, and its solution without what the noise alone would explain.
///
/// The model is built up in space: a movement that is the same everywhere, then linear terms, then quadratic ones. What a stage explains beyond the one
/// before is an estimate with p coefficients, of which noise alone explains p σ² on average; it is multiplied by 1 − p σ²/explained, or 0 (James & Stein
/// 1961), which makes the expected error smaller whatever the true movement is. Movement that stands out clearly is kept as it is; where the dose
/// is too small to see any, the model vanishes instead of following the noise.
struct MotionEquations {
    private static let n = LocalMotionModel.coefficientsPerAxis
    /// Spatial terms of the model (1, x, x², y, y², xy) that each stage has; three powers of time go with each.
    private static let stages = [[0], [0, 1, 3], [0, 1, 2, 3, 4, 5]]

    private var matrix = [Double](repeating: 0, count: n * n)
    private var right = [[Double](repeating: 0, count: n), [Double](repeating: 0, count: n)]
    /// Weighted sums of squares of what was measured, without the tracks' constants.
    private var squares = [0.0, 0.0]
    private var freedom = -Double(n)

    init(_ tracks: [LocalMotionModel.Track], timeUnit: Double) {
        let n = Self.n
        for track in tracks {
            let rows = track.times.map { LocalMotionModel.basis(frame: $0 / timeUnit, place: track.place) }
            let count = Double(rows.count)
            let mean = (0..<n).map { i in rows.reduce(0) { $0 + $1[i] } / count }
            let meanShift = track.shifts.reduce(.zero, +) / count
            for (row, shift) in zip(rows, track.shifts) {
                let centred = (0..<n).map { row[$0] - mean[$0] }, value = shift - meanShift
                for i in 0..<n {
                    for j in 0..<n { matrix[i * n + j] += track.weight * centred[i] * centred[j] }
                    for axis in 0..<2 { right[axis][i] += track.weight * centred[i] * value[axis] }
                }
                for axis in 0..<2 { squares[axis] += track.weight * value[axis] * value[axis] }
            }
            freedom += count - 1
        }
    }

    /// The coefficients along x (0) or y (1); nil when they are not determined.
    func solution(_ axis: Int) -> [Double]? {
        guard let full = leastSquares(Self.stages[Self.stages.count - 1], axis) else { return nil }
        let noise = freedom > 0 ? max(0, rest(full, axis)) / freedom : 0
        var result = [Double](repeating: 0, count: Self.n), last = result, lastRest = squares[axis], lastCount = 0
        for terms in Self.stages {
            guard let next = leastSquares(terms, axis) else { return nil }
            let left = rest(next, axis), explained = lastRest - left, count = 3 * terms.count
            let share = explained > 0 ? max(0, 1 - Double(count - lastCount) * noise / explained) : 0
            for i in result.indices { result[i] += share * (next[i] - last[i]) }
            (last, lastRest, lastCount) = (next, left, count)
        }
        return result
    }

    /// What a least-squares solution leaves of the squares.
    private func rest(_ solution: [Double], _ axis: Int) -> Double {
        squares[axis] - zip(solution, right[axis]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private func leastSquares(_ terms: [Int], _ axis: Int) -> [Double]? {
        let columns = terms.flatMap { term in (0..<3).map { 3 * term + $0 } }
        let part = columns.flatMap { i in columns.map { matrix[i * Self.n + $0] } }
        guard let values = LinearSystem.solveSymmetric(part, columns.map { right[axis][$0] }) else { return nil }
        var result = [Double](repeating: 0, count: Self.n)
        for (column, value) in zip(columns, values) { result[column] = value }
        return result
    }
}
