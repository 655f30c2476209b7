import Foundation

/// What a particle says about the nodes of a self-organising map.
extension ExpectationWorker {
    /// Which node explains the particle best, and which comes second, from the weights of the significant samples and the scores of
    /// all others.
    func vote(_ map: SelfOrganisingMap, at index: Int) -> SelfOrganisingMap.Vote? {
        let weights = significantWeights()
        guard let best = weights.indices.max(by: { weights[$0] < weights[$1] }), weights[best] > 0 else { return nil }
        let list = candidates[index], length = list.directions.count * list.psis.count * shiftCount
        var second: (node: Int, score: Float)?
        for node in map.activeNodes where node != best {
            let score = (0..<length).reduce(-Float.infinity) { max($0, scores[scoreStarts[index] + node * length + $1]) }
            if score > second?.score ?? -.infinity { second = (node, score) }
        }
        // Neighbours that no sample speaks for get nothing.
        let shares = map.shares(best: best).filter { weights[$0.node] > 0 }
        return .init(best: best, second: second?.node, shares: shares)
    }

    /// Sum of the probabilities of the significant samples by class.
    func significantWeights() -> [Double] {
        var result = [Double](repeating: 0, count: context.model.classCount), next = 0
        let positions = fineSelection.positions
        for orientation in orientations {
            let end = orientation.scoreStart + orientation.shifts.count * context.translationChildCount * context.grid.childCount
            while next < positions.count, Int(positions[next]) < end {
                result[orientation.classIndex] += exp(Double(fineScores[Int(positions[next])] - fineSelection.maximum)) / normalisation
                next += 1
            }
        }
        return result
    }
}
