import Foundation
import Optimisation

extension ClassScoreModel {
    /// Fits the model to classes of known quality by Newton's method, with a ridge on the standardised weights.
    ///
    /// - Parameters:
    ///   - terms: of each class.
    ///   - targets: of each class, from 0 (bad) to 1 (good).
    ///   - ridge: penalty on the squares of the weights, in classes.
    /// - Returns: nil when there are no classes.
    package init?(fitting terms: [[Double]], to targets: [Double], ridge: Double) {
        guard let first = terms.first, terms.count == targets.count else { return nil }
        let n = Double(terms.count)
        means = first.indices.map { term in terms.reduce(0) { $0 + $1[term] } / n }
        let means = means
        deviations = first.indices.map { term in
            let variance = terms.reduce(0) { $0 + ($1[term] - means[term]) * ($1[term] - means[term]) } / n
            return variance > 1e-18 ? variance.squareRoot() : 1
        }
        weights = first.map { _ in 0 }
        intercept = 0
        let rows = terms.map { standardised($0) + [1] }
        var solution = [Double](repeating: 0, count: first.count + 1)
        for _ in 0..<Self.newtonSteps {
            guard let step = Self.newtonStep(rows, targets, solution, ridge: ridge) else { break }
            for index in solution.indices { solution[index] += step[index] }
            if step.allSatisfy({ abs($0) < 1e-9 }) { break }
        }
        weights = Array(solution.dropLast())
        intercept = solution[first.count]
    }

    private static let newtonSteps = 50

    private static func newtonStep(_ rows: [[Double]], _ targets: [Double], _ solution: [Double], ridge: Double) -> [Double]? {
        let size = solution.count
        var matrix = [Double](repeating: 0, count: size * size), right = [Double](repeating: 0, count: size)
        for (row, target) in zip(rows, targets) {
            let p = 1 / (1 + exp(-zip(row, solution).reduce(0) { $0 + $1.0 * $1.1 }))
            let weight = max(p * (1 - p), 1e-6)
            for i in 0..<size {
                right[i] += (target - p) * row[i]
                for j in 0...i { matrix[i * size + j] += weight * row[i] * row[j] }
            }
        }
        for i in 0..<size {
            // The intercept, which is the last, is free.
            let penalty = i + 1 < size ? ridge : 1e-9
            matrix[i * size + i] += penalty
            if i + 1 < size { right[i] -= penalty * solution[i] }
            for j in 0..<i { matrix[j * size + i] = matrix[i * size + j] }
        }
        return LinearSystem.solveSymmetric(matrix, right)
    }
}

/// How well scores tell good from bad.
package enum RankingQuality {
    /// Area under the receiver's curve: the probability that a good class scores above a bad one, ties counting half.
    /// Nil unless both kinds are there.
    package static func areaUnderCurve(scores: [Double], isGood: [Bool]) -> Double? {
        let good = scores.indices.filter { isGood[$0] }, bad = scores.indices.filter { !isGood[$0] }
        guard !good.isEmpty, !bad.isEmpty else { return nil }
        var wins = 0.0
        for g in good { for b in bad { wins += scores[g] > scores[b] ? 1 : scores[g] == scores[b] ? 0.5 : 0 } }
        return wins / Double(good.count * bad.count)
    }
}
